"""What every route needs: settings, storage, workspaces, sessions, streams, rates, figures."""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakValueDictionary

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from protocol.ids import WorkspaceId
from server.accounts import Sessions
from server.acts import SERVER, note, program_version
from server.errors import ServerError
from server.http.hub import Hub
from server.http.rates import Rates
from server.http.transfers import Transfers
from server.journal import journal, short
from server.metrics import Figures
from server.settings import Settings
from server.storage import Storage, WorkspaceStore
from server.workspaces import Workspaces

T = TypeVar("T")

READERS = 24
WRITERS = 16


class Context:
    """One for each application. Lives on the event loop; what is safe on threads says so itself."""

    def __init__(self, settings: Settings, storage: Storage) -> None:
        self.settings = settings
        self.storage = storage
        self.origins = settings.origins
        self.figures = Figures()
        self.hub = Hub(settings.bounds)
        self.rates = Rates(settings.bounds)
        self.transfers = Transfers(settings.bounds)
        self.sessions = Sessions(storage, settings, self.hub.end_session)
        self.workspaces = Workspaces(storage, settings.bounds, self.hub.announce, self._touched)
        self._readers = anyio.CapacityLimiter(READERS)
        self._writers = anyio.CapacityLimiter(WRITERS)
        self._turns: WeakValueDictionary[WorkspaceId, asyncio.Lock] = WeakValueDictionary()

    def _touched(self, store: WorkspaceStore, workspace: WorkspaceId, begins: bool) -> None:
        """A line in the workspace's journal: this process serves it from now on, or no more."""
        settings = self.settings
        detail = f"version {program_version()}, process {os.getpid()}"
        if begins:
            detail += f", space {settings.bounds.workspace_bytes >> 20} MiB, accounts {settings.signup}"
            note(store, workspace, settings.now(), SERVER, "serve", detail)
            return
        try:
            note(store, workspace, settings.now(), SERVER, "stop", detail)
        except (ServerError, SQLAlchemyError) as error:  # the end goes on, whatever the database does by then
            journal().warning("no-stop-line", workspace=short(workspace), error=type(error).__name__)

    async def read(self, work: Callable[[], T]) -> T:
        """Run blocking work that reads, on a thread."""
        return await anyio.to_thread.run_sync(work, limiter=self._readers)

    async def write(self, work: Callable[[], T], workspace: WorkspaceId | None = None) -> T:
        """Run blocking work that writes. Those of one workspace wait here for their turn, not on a thread each."""
        if workspace is None:
            return await anyio.to_thread.run_sync(work, limiter=self._writers)
        turn = self._turns.setdefault(workspace, asyncio.Lock())
        async with turn:
            return await anyio.to_thread.run_sync(work, limiter=self._writers)


def address_of(request: Request) -> str:
    """Where the request comes from; behind a proxy, what that proxy says."""
    return request.client.host if request.client is not None else ""


def counted_address(address: str) -> str:
    """What rates are counted by: an IPv4 address, or the /64 of an IPv6 one, of which anybody has plenty."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
