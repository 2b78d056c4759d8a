"""Connections: uvicorn's own, but whoever connects and says nothing, or never ends its headers, is dropped."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class PatientProtocol(H11Protocol):
    """uvicorn drops connections that are idle after a reply; this one also those that never end a request's headers,
    the first or a later one."""

    header_seconds = 30.0
    _patience: asyncio.TimerHandle | None = None
    _watched: object = None  # the request after which the headers of another began to come

    def connection_made(self, transport: Any) -> None:  # the base class takes any transport
        super().connection_made(transport)
        self._be_patient()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._patience is not None:
            self._patience.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def _watch(self) -> None:
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if begun and self._watched is not self.cycle:
            self._watched = self.cycle
            self._be_patient()

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
        self._patience = self.loop.call_later(self.header_seconds, self._give_up, self.cycle)

    def _give_up(self, before: object) -> None:
        """Unless a request's headers have ended since: then `cycle` is that request."""
        if self.cycle is before and not self.transport.is_closing():
            self.transport.close()
