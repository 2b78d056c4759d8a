"""The verified roster of this desk: folded from the pinned genesis on, never shorter, never different.

`LocalRoster` only verifies: entries in, a state or a typed error out. It persists nothing itself; the exchange
stores the entries in the transaction in which it takes them, and calls `forget_unsaved` where that fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from protocol.codec import decode
from protocol.errors import ProtocolError, UpgradeNeeded
from protocol.history import RosterHistory
from protocol.ids import WorkspaceId
from protocol.limits import MAX_ROSTER_ENTRY
from protocol.roster import Entry, EntryBody
from protocol.state import RosterState
from vault.roster.errors import Forked, MovedOn, RolledBack, RosterBroken, WrongWorkspace


class LocalRoster:
    """A workspace's roster as this desk has verified it. Used under the exchange's lock."""

    def __init__(self, workspace: WorkspaceId, entries: Iterable[Entry], *, verified: bool = False) -> None:
        """Fold `entries` from the genesis on; `verified` for those that this desk has judged before and kept.

        Raises WrongWorkspace where the genesis is not the pinned one, RosterBroken, MovedOn."""
        self._workspace = workspace
        self._history = _folded(workspace, entries, verified=verified)

    @property
    def workspace(self) -> WorkspaceId:
        return self._workspace

    @property
    def history(self) -> RosterHistory:
        return self._history

    @property
    def state(self) -> RosterState:
        """The newest state."""
        return self._history.head

    @property
    def head(self) -> tuple[int, bytes]:
        """Position and hash of the newest entry seen."""
        return self.state.position, self.state.head

    def check_head(self, position: int, entry_hash: bytes) -> bool:
        """Compare a head that somebody names with ours: True where it is ours, False where it lies ahead.

        Raises Forked where we have another entry at `position`.
        """
        if position > self.state.position:
            return False
        if position < 1 or self._history.hash_at(position) != entry_hash:
            raise Forked(f"roster: another entry at position {position}")
        return True

    def check_not_behind(self, position: int, entry_hash: bytes) -> None:
        """The server's newest head must not lie behind ours. Raises RolledBack or Forked."""
        if position < self.state.position:
            raise RolledBack(f"roster: the server ends at {position}, this desk has {self.state.position}")
        self.check_head(position, entry_hash)

    def extend(self, first: int, entries: Sequence[Entry]) -> list[tuple[int, Entry]]:
        """Take entries of which the first has position `first`; returns the new ones with their positions.

        What we have already must be the same. Raises Forked, RosterBroken (gap, signature, rule), MovedOn.
        """
        taken: list[tuple[int, Entry]] = []
        for position, entry in enumerate(entries, first):
            if position <= self.state.position:
                if position < 1 or self._history.hash_at(position) != entry.hash:
                    raise Forked(f"roster: another entry at position {position}")
                continue
            if position != self.state.position + 1:
                raise RosterBroken(
                    f"roster: entries between {self.state.position} and {position} are missing", "gap"
                )
            try:
                self._history.append(entry)
            except UpgradeNeeded as error:
                raise MovedOn(f"roster: entry {position}: {error}") from None
            except ProtocolError as error:
                self._explain(position, entry)
                raise RosterBroken(f"roster: entry {position}: {error}", error.code) from None
            taken.append((position, entry))
        return taken

    def _explain(self, position: int, entry: Entry) -> None:
        """An entry that is well formed and names another entry before it is a fork, not mere garbage."""
        try:
            body = decode(entry.body, EntryBody, MAX_ROSTER_ENTRY)
        except ProtocolError:
            return
        if body.position == position and body.previous != self.state.head:
            raise Forked(f"roster: entry {position} follows another past")

    def common_with(self, other: LocalRoster) -> int:
        """The newest position at which both have the same entry; at least 1, the genesis."""
        low, high = 1, min(self.state.position, other.state.position)
        while low < high:
            middle = (low + high + 1) // 2
            if self._history.hash_at(middle) == other._history.hash_at(middle):
                low = middle
            else:
                high = middle - 1
        return low

    def beside(self, entries: Sequence[Entry]) -> LocalRoster:
        """Another past of the same workspace, from its genesis on, verified; ours stays. What both have was verified
        before. Raises WrongWorkspace, RosterBroken, MovedOn."""
        common = 0
        for entry in entries[: self.state.position]:
            if self._history.hash_at(common + 1) != entry.hash:
                break
            common += 1
        other = LocalRoster(self._workspace, entries[: max(common, 1)], verified=True)
        other.extend(common + 1, entries[common:])
        return other

    def take_over(self, other: LocalRoster) -> None:
        """The other past is ours from now on: an owner has decided. `forget_unsaved` undoes it."""
        self._history = other._history

    def forget_unsaved(self, entries: Iterable[Entry]) -> None:
        """The transaction failed: fold again from what is stored."""
        self._history = _folded(self._workspace, entries, verified=True)


def _folded(workspace: WorkspaceId, entries: Iterable[Entry], *, verified: bool = False) -> RosterHistory:
    ordered = list(entries)
    if not ordered or ordered[0].hash != workspace:
        raise WrongWorkspace("the genesis is not the one that this desk has pinned")
    try:
        return RosterHistory.of_verified(ordered) if verified else RosterHistory(ordered)
    except UpgradeNeeded as error:
        raise MovedOn(f"roster: {error}") from None
    except ProtocolError as error:
        raise RosterBroken(f"roster: {error}", error.code) from None


def join_roster(workspace: WorkspaceId, position: int, head: bytes, entries: Sequence[Entry]) -> LocalRoster:
    """The roster that a server shows to an invitee (or to a new computer), checked against the link's head.

    Raises WrongWorkspace, RolledBack (a past that is shorter than the link's, A45), Forked, RosterBroken.
    """
    roster = LocalRoster(workspace, entries)
    if roster.state.position < position:
        raise RolledBack(
            f"roster: the server ends at {roster.state.position}, the invitation knows {position}"
        )
    roster.check_head(position, head)
    return roster
