"""The head of the server's operator-access journal that this desk has seen, kept as a pin.

The journal is the server's word; nobody's signature is in it. What the pin holds is that the word stays: a line that
was shown once cannot be changed, taken out or cut off without this desk noticing.
"""

from __future__ import annotations

from collections.abc import Sequence

from protocol.ids import HASH_SIZE, NO_HASH, WorkspaceId
from protocol.wire_security import JournalEntry, journal_hash
from vault.roster.errors import TrustError
from vault.store import Logs, Store

_NAME = "vault/operator-journal"
_SEQ = 8


class JournalAltered(TrustError):
    """`code` says how: "journal-altered" (another line where one was seen), "journal-shortened", "journal-broken"."""

    code = "journal-altered"
    title = "The operator's journal was changed"
    message = (
        "The server shows another journal of its operator than the one that this computer has seen before: a line was "
        "changed, taken out or cut off. Ask the operator why. A server that lost its disk and came back from a "
        "backup without its journal looks like this too."
    )


class JournalPin:
    """One for a vault."""

    def __init__(self, store: Store, logs: Logs, workspace: WorkspaceId) -> None:
        self._store = store
        self._logs = logs
        self._workspace = workspace

    def head(self) -> tuple[int, bytes]:
        """Number and hash of the newest line that was seen; (0, zeros) before the first."""
        with self._store.read() as tx:
            kept = self._logs.get(tx, _NAME)
        if kept is None or len(kept) != _SEQ + HASH_SIZE:
            return 0, NO_HASH
        return int.from_bytes(kept[:_SEQ], "big"), kept[_SEQ:]

    def accept(self, entries: Sequence[JournalEntry]) -> None:
        """Check a whole journal, from line 1 on, and keep its head. Raises JournalAltered; then nothing is kept."""
        self._check_chain(entries)
        seq, pinned = self.head()
        if len(entries) < seq:
            raise JournalAltered(f"{len(entries)} lines, {seq} were seen", "journal-shortened")
        if seq and entries[seq - 1].hash != pinned:
            raise JournalAltered(f"line {seq} is another")
        if len(entries) > seq:
            self._keep(entries[-1])

    def begin_anew(self, entries: Sequence[JournalEntry]) -> None:
        """A person has looked into it: from now on this journal is the one to hold the server to."""
        self._check_chain(entries)
        self._keep(entries[-1] if entries else None)

    def _check_chain(self, entries: Sequence[JournalEntry]) -> None:
        previous = NO_HASH
        for seq, one in enumerate(entries, 1):
            wanted = journal_hash(self._workspace, seq, previous, one.time, one.actor, one.action, one.detail)
            if (one.seq, one.previous, one.hash) != (seq, previous, wanted):
                raise JournalAltered(f"line {seq} does not follow", "journal-broken")
            previous = one.hash

    def _keep(self, newest: JournalEntry | None) -> None:
        value = None if newest is None else newest.seq.to_bytes(_SEQ, "big") + newest.hash
        with self._store.write() as tx:
            self._logs.set(tx, _NAME, value)
