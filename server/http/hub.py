"""Who waits for news of a workspace. Announcements come from worker threads, waiters live on the event loop.

A waiter holds the newest cursor only: however slow it reads, it misses nothing and nothing piles up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from protocol.ids import WorkspaceId
from server.accounts import Caller
from server.errors import RateLimited
from server.settings import Bounds

RETRY_SECONDS = 30


class Waiter:
    """One event stream: what it was told last, and whether it has ended."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.cursor = 0
        self.ended = False
        self._news = asyncio.Event()

    def tell(self, cursor: int) -> None:
        if cursor > self.cursor:
            self.cursor = cursor
            self._news.set()

    def end(self) -> None:
        self.ended = True
        self._news.set()

    async def news(self, seconds: float) -> bool:
        """Wait for news or the end; False when `seconds` passed without."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Hub:
    """All event streams of a server."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiters: dict[WorkspaceId, set[Waiter]] = {}
        self._of_session: dict[bytes, list[Waiter]] = {}  # oldest first
        self._count = 0
        self._stopping = False

    def begin(self) -> None:
        """On the loop that streams will live on."""
        self._loop = asyncio.get_running_loop()

    @property
    def count(self) -> int:
        return self._count

    @contextmanager
    def waiting(self, workspace: WorkspaceId, caller: Caller) -> Iterator[Waiter]:
        """Raises RateLimited for streams too many in all. Of one session the oldest ends when a further one comes:
        it may be what a broken connection has left behind."""
        if self._count >= self._bounds.streams:
            raise RateLimited("event streams enough", RETRY_SECONDS)
        mine = self._of_session.setdefault(caller.session, [])
        for oldest in mine[: max(0, len(mine) + 1 - self._bounds.streams_of_session)]:
            oldest.end()
        waiter = Waiter(caller)
        if self._stopping:
            waiter.end()
        others = self._waiters.setdefault(workspace, set())
        mine.append(waiter)
        others.add(waiter)
        self._count += 1
        try:
            yield waiter
        finally:
            self._count -= 1
            mine.remove(waiter)
            others.discard(waiter)
            if not mine and self._of_session.get(caller.session) is mine:
                del self._of_session[caller.session]
            if not others and self._waiters.get(workspace) is others:
                del self._waiters[workspace]

    def awaited(self, workspace: WorkspaceId) -> bool:
        """From any thread: whether somebody waits for it."""
        return workspace in self._waiters

    def all_awaited(self) -> list[WorkspaceId]:
        """From any thread."""
        return list(self._waiters)

    def announce(self, workspace: WorkspaceId, cursor: int, gone: frozenset[int]) -> None:
        """From any thread: the newest cursor; streams of accounts that are no longer members end."""
        self._call(self._announce, workspace, cursor, gone)

    def end_session(self, session: bytes) -> None:
        """From any thread."""
        self._call(self._end_session, session)

    def stop(self) -> None:
        """From any thread or signal handler: all streams end, and later ones at once."""
        self._call(self._stop)

    def _call(self, what: object, *arguments: object) -> None:
        assert callable(what)
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(what, *arguments)

    def _announce(self, workspace: WorkspaceId, cursor: int, gone: frozenset[int]) -> None:
        for waiter in self._waiters.get(workspace, ()):
            if waiter.caller.account in gone:
                waiter.end()
            else:
                waiter.tell(cursor)

    def _end_session(self, session: bytes) -> None:
        for waiter in self._of_session.get(session, ()):
            waiter.end()

    def _stop(self) -> None:
        self._stopping = True
        for waiters in self._waiters.values():
            for waiter in waiters:
                waiter.end()
