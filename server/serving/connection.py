"""Connections: uvicorn's own, but whoever connects and says nothing, or never ends its headers, is dropped."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientProtocol(H11Protocol):
    """uvicorn drops connections that are idle after a reply; this one also those that never end a request's headers,
    the first or a later one."""

    header_seconds = 20.0
    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # the base class takes any transport
        super().connection_made(transport)
        self._be_patient(self.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._be_patient(self.timeout_keep_alive + self.header_seconds)

    def _be_patient(self, seconds: float) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self.loop.call_later(seconds, self._give_up, self.cycle)

    def _give_up(self, before: object) -> None:
        """No request has begun since: `before` is still the newest."""
        if self.cycle is before and not self.transport.is_closing():
            self.transport.close()
