"""A roster with its past: entries in, states out, for any position.

States are not all kept: a checkpoint every `SPACING` entries, and a few that were asked for lately; what lies
between is folded again from entries that this object has judged already, without their signatures.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from protocol.codes import RosterCode
from protocol.errors import FormatError, RosterRefused
from protocol.fold import apply, parse_entry, reapply, start
from protocol.ids import NO_HASH, LogId, WorkspaceId
from protocol.losses import Loss, loss_of
from protocol.roster import Entry
from protocol.state import RosterState

SPACING = 64
RECENT = 16


class RosterHistory:
    """A verified roster. Positions run from 1 (the genesis) to `head.position`.

    Several threads may ask at once; `append` needs them kept out.
    """

    def __init__(self, entries: Iterable[Entry] = (), workspace: WorkspaceId | None = None) -> None:
        """Judge `entries` from the genesis on. Where `workspace` is given, no other genesis is taken."""
        self._expected = workspace
        self._entries: list[Entry] = []
        self._hashes: list[bytes] = []
        self._checkpoints: list[RosterState] = []  # positions 1, 1 + SPACING, 1 + 2 * SPACING, ...
        self._recent: dict[int, RosterState] = {}
        self._losses: list[Loss] = []
        self._loss_positions: list[int] = []
        self._stale: dict[tuple[LogId, int], tuple[int, int | None]] = {}
        self._head: RosterState | None = None
        for entry in entries:
            self.append(entry)

    @classmethod
    def of_verified(cls, entries: Iterable[Entry]) -> RosterHistory:
        """From entries that were judged before and kept where nobody else writes: signatures are not verified again.

        Everything else is. Raises as `append` does.
        """
        history = cls()
        for entry in entries:
            history._append(entry, verified=True)
        return history

    def copy(self) -> RosterHistory:
        """Another one with the same entries, to try more of them on."""
        other = RosterHistory(workspace=self._expected)
        other._entries, other._hashes = self._entries.copy(), self._hashes.copy()
        other._checkpoints, other._recent = self._checkpoints.copy(), self._recent
        other._losses, other._loss_positions = self._losses.copy(), self._loss_positions.copy()
        other._head = self._head
        return other

    def append(self, entry: Entry) -> RosterState:
        """Judge one more entry and take it; the new head. Raises as `protocol.fold.apply`, and then nothing changed."""
        return self._append(entry, verified=False)

    def _append(self, entry: Entry, *, verified: bool) -> RosterState:
        before = self._head
        if before is None:
            after = start(entry)
            if self._expected is not None and after.workspace != self._expected:
                raise RosterRefused("the genesis is another workspace's", RosterCode.WORKSPACE)
        else:
            after = reapply(before, entry) if verified else apply(before, entry)
            loss = loss_of(before, after, parse_entry(entry).operation)
            if loss is not None:
                self._losses.append(loss)
                self._loss_positions.append(loss.position)
        self._entries.append(entry)
        self._hashes.append(after.head)
        if (after.position - 1) % SPACING == 0:
            self._checkpoints.append(after)
        self._head = after
        return after

    @property
    def empty(self) -> bool:
        return self._head is None

    @property
    def head(self) -> RosterState:
        """The newest state. Raises FormatError before there is a genesis."""
        if self._head is None:
            raise FormatError("a roster without entries has no state", "roster-empty")
        return self._head

    @property
    def position(self) -> int:
        return len(self._entries)

    def entry(self, position: int) -> Entry:
        """The entry at `position`; raises FormatError outside 1..head."""
        self._check(position, 1)
        return self._entries[position - 1]

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries after `after`, in order."""
        yield from self._entries[after:]

    def hash_at(self, position: int) -> bytes:
        """The hash of the entry at `position`; 32 zero bytes for 0."""
        self._check(position, 0)
        return self._hashes[position - 1] if position else NO_HASH

    def at(self, position: int) -> RosterState:
        """The state after the entry at `position`; raises FormatError outside 1..head."""
        self._check(position, 1)
        if self._head is not None and position == self._head.position:
            return self._head
        index, offset = divmod(position - 1, SPACING)
        if not offset:
            return self._checkpoints[index]
        found = self._recent.get(position)
        if found is not None:
            return found
        state = self._nearest(position)
        for entry in self._entries[state.position : position]:
            state = reapply(state, entry)
        # Replaced whole, so that readers in other threads never see it change.
        self._recent = dict([*self._recent.items(), (position, state)][-RECENT:])
        return state

    def _nearest(self, position: int) -> RosterState:
        """The newest kept state that is not later than `position`."""
        best = self._checkpoints[(position - 1) // SPACING]
        for kept, state in self._recent.items():
            if best.position < kept <= position:
                best = state
        return best

    def _check(self, position: int, least: int) -> None:
        if not least <= position <= len(self._entries):
            raise FormatError(
                f"roster position {position} is not among {least}..{len(self._entries)}", "roster-range"
            )

    def stale_from(self, log: LogId, rotated_at: int, at: int) -> int | None:
        """The first position in (rotated_at, at] whose entry made `log` stale, or None (see `access.is_stale`).

        Each entry that took something away is looked at once for each (log, rotated_at).
        """
        key = (log, rotated_at)
        checked, first = self._stale.get(key, (0, None))
        if first is None:
            begin = max(checked, bisect_right(self._loss_positions, rotated_at))
            for loss in self._losses[begin:]:
                if loss.touches(log):
                    first = loss.position
                    break
            if len(self._stale) > 100_000:
                self._stale.clear()
            self._stale[key] = (len(self._losses), first)
        return first if first is not None and first <= at else None


__all__ = ["RosterHistory"]
