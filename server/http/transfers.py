"""How much of large bodies and replies may be in memory at once: of one account, and of all.

A request's bytes count from the first that came until its reply was taken. Small ones do not count, so that a few
who send much leave the others' pulls and logins alone.
"""

from __future__ import annotations

from collections import Counter

from starlette.types import Message, Send

from server.errors import RateLimited
from server.settings import Bounds

SMALL = 1 << 18  # bytes of one request that are not counted
SLICE = 1 << 16
RETRY_SECONDS = 3


class Transfers:
    """Lives on the event loop."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._all = 0
        self._of: Counter[int] = Counter()

    @property
    def bytes(self) -> int:
        return self._all

    def begin(self) -> Transfer:
        return Transfer(self)

    def take(self, account: int, size: int) -> None:
        """Raises RateLimited."""
        bounds = self._bounds
        if self._all + size > bounds.transfers or self._of[account] + size > bounds.transfers_of_account:
            raise RateLimited("too much at once", RETRY_SECONDS)
        self._all += size
        self._of[account] += size

    def give_back(self, account: int, size: int) -> None:
        self._all -= size
        self._of[account] -= size
        if not self._of[account]:
            del self._of[account]


class Transfer:
    """One request. `account` 0 stands for all who have no session; their bodies are small."""

    def __init__(self, transfers: Transfers) -> None:
        self.account = 0
        self._transfers = transfers
        self._size = 0
        self._taken = 0

    def carry(self, size: int) -> None:
        """That many bytes more. Raises RateLimited."""
        self._size += size
        wanted = self._size - self._taken
        if self._size > SMALL and wanted:
            self._transfers.take(self.account, wanted)
            self._taken = self._size

    def end(self) -> None:
        if self._taken:
            self._transfers.give_back(self.account, self._taken)
        self._taken = self._size = 0


def in_slices(send: Send) -> Send:
    """`send`, but a large body goes out as it is taken, so that the request lasts as long as its bytes are here."""

    async def sending(message: Message) -> None:
        body = message.get("body", b"")
        if message["type"] != "http.response.body" or len(body) <= SLICE:
            await send(message)
            return
        view = memoryview(body)
        for start in range(0, len(body), SLICE):
            last = start + SLICE >= len(body) and not message.get("more_body", False)
            part = bytes(view[start : start + SLICE])
            await send({"type": "http.response.body", "body": part, "more_body": not last})

    return sending
