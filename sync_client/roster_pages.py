"""A whole roster from a server's pages, before anything of it could be verified: within bounds, or not at all.

What reads the stream keeps each page before it asks for the next. Here everything is held in memory until it can be
judged from the genesis on, and a server that says "there is more" without end must not fill a desk's memory.
"""

from __future__ import annotations

from protocol.limits import MAX_ROSTER_ENTRY
from protocol.roster import Entry
from sync_client.errors import ServerMisbehaved

MOST_ENTRIES = 1_000_000
MOST_BYTES = 1 << 29


class RosterPages:
    """Entries after position `known`, in order."""

    def __init__(self, known: int = 0) -> None:
        self.entries: list[Entry] = []
        self._known = known
        self._bytes = 0

    @property
    def position(self) -> int:
        """Of the last entry so far."""
        return self._known + len(self.entries)

    def add(self, page: list[Entry], head_position: int) -> bool:
        """Take the entries that follow; whether these were the last. Raises ServerMisbehaved."""
        self.entries += page
        self._bytes += sum(len(entry.body) + len(entry.signature) for entry in page)
        if any(len(entry.body) > MAX_ROSTER_ENTRY for entry in page):
            raise ServerMisbehaved("an entry of the roster over the limit")
        if self.position >= head_position:
            return True
        if not page:
            raise ServerMisbehaved("an empty page in the middle of the roster")
        if len(self.entries) > MOST_ENTRIES or self._bytes > MOST_BYTES:
            raise ServerMisbehaved("a roster without end")
        return False
