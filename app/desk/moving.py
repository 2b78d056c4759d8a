"""Moving records to another owner or another group, one or many: what it changes first, then the moves, then the way
back.

A move is a mark in the old home and a copy in the new one (`vault.store.moving`). What hangs on a record (notes, tasks,
files in the same home) and its commercial fields go along in the same action.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desk.homes import member_of, member_value
from app.desk.margins import Margins
from app.desk.seeing import Named, Sight, finishers, people, sight_of
from app.desk.small_groups import is_small
from protocol import access
from protocol.ids import Compartment, GroupId, Level, LogId, MemberId, Permission
from protocol.operations import Value
from protocol.state import RosterState
from vault import Vault
from vault.store import Action, RecordKey

BATCH = 100
FOLLOWERS = tuple(kind.name for kind in SCHEMA.types if kind.follows)
MOST_FOLLOWERS = 10_000
MOVABLE = ("person", "company", "deal", "product")
THERE = "they are there already."

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where records are to go: to a group (None: they stay in theirs), to an owner (None: they keep theirs)."""

    group: GroupId | None = None
    owner: MemberId | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One record, with what follows it. `target` is None where only the owner's name in it changes."""

    key: RecordKey
    target: LogId | None
    owner: MemberId | None


@dataclass(frozen=True, slots=True)
class Kept:
    """Records that may not be moved, and why, in words."""

    keys: tuple[RecordKey, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What a move would do."""

    type_name: str
    moves: tuple[Move, ...]
    kept: tuple[Kept, ...]
    sight: Sight
    waits_for: str
    where: str
    is_small: bool = False
    """`where` is a place of one or two people: "Private", "Shared with Ben"."""

    @property
    def headline(self) -> str:
        """ "12 deals go to West."; "" where nothing moves."""
        if not self.moves:
            return ""
        what = self._count(len(self.moves))
        if self.is_small:
            return f"{what} will be {self.where[:1].lower()}{self.where[1:]}."
        return f"{what} {'goes' if len(self.moves) == 1 else 'go'} to {self.where}."

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be known before: who brings them, what may have been copied, what stays, and why."""
        lines = [self.waits_for] if self.waits_for and self.moves else []
        if self.moves and self.sight.losses:
            lines.append("What was read until now may have been copied.")
        for one in self.kept:
            stays = "stays where it is" if len(one.keys) == 1 else "stay where they are"
            lines.append(f"{self._count(len(one.keys))} {stays}: {one.reason}")
        return tuple(lines)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Everything to be read before it happens."""
        return ((self.headline, *self.sight.sentences) if self.moves else ()) + self.notes

    @property
    def done_words(self) -> str:
        """ "12 deals moved to West."."""
        what = self._count(len(self.moves))
        if self.is_small:
            return f"{what} {'is' if len(self.moves) == 1 else 'are'} {self.where[:1].lower()}{self.where[1:]} now."
        return f"{what} moved to {self.where}."

    def _count(self, number: int) -> str:
        kind = SCHEMA.by_name[self.type_name]
        return count(number, kind.label.lower(), kind.plural.lower())


@dataclass
class Moved:
    """What was done: `keys` are the records as they were before, with the home of each."""

    keys: list[RecordKey] = field(default_factory=list)
    owners: dict[RecordKey, Value] = field(default_factory=dict)
    cancelled: bool = False


class Moving:
    """Threads: any. What reads many records says so."""

    def __init__(self, vault: Vault, margins: Margins, named: Named) -> None:
        self._vault = vault
        self._margins = margins
        self._named = named

    # before

    def plan(
        self, keys: Sequence[RecordKey], to: Destination, state: RosterState | None = None, where: str = ""
    ) -> MovePlan:
        """What would happen (slow for many), by the roster as it is or (`state`) as it would be; `where`
        is what a place of one or two people is called. The records are of one type."""
        state, me = state or self._vault.roster, self._vault.own.member
        moves: list[Move] = []
        kept: dict[str, list[RecordKey]] = {}
        counted: Counter[tuple[str, LogId, LogId]] = Counter()
        for key in keys:
            found = self._move(state, me, key, to)
            if isinstance(found, str):
                kept.setdefault(found, []).append(key)
                continue
            moves.append(found)
            if found.target is not None:
                counted[key.type, key.log, found.target] += 1
        return MovePlan(
            keys[0].type if keys else MOVABLE[0],
            tuple(moves),
            tuple(Kept(tuple(some), reason) for reason, some in kept.items()),
            sight_of(state, me, counted, self._named),
            self._waits(state, me, counted),
            where or self._where(to),
            bool(where),
        )

    def owner_move(self, key: RecordKey, owner: Value) -> MovePlan | None:
        """What it would do to set a record's owner so; None where the record stays where it is."""
        member = member_of(owner)
        if member is None:
            return None
        plan = self.plan([key], Destination(owner=member))
        moves = any(move.target is not None for move in plan.moves)
        return plan if moves or plan.kept else None

    def _move(self, state: RosterState, me: MemberId, key: RecordKey, to: Destination) -> Move | str:
        record = self._vault.records.get(key)
        if record is None or record.moved_to is not None or record.deleted:
            return "they are not there any more."
        if key.type not in MOVABLE:
            return "such records stay with what they hang on."
        if access.level(state, me, key.log) is not Level.WRITE:
            return "your role lets you read these, not change them."
        owner = to.owner or member_of(record.fields.get("owner"))
        group = key.log.group if to.group is None else to.group
        keeps_place = to.group is None and not (key.log.is_own or self._has_own(state, owner, key))
        target = key.log if keeps_place else access.home_log(state, owner or me, group, key.log.compartment)
        if target == key.log:
            if to.owner is None or owner == member_of(record.fields.get("owner")):
                return THERE
            return Move(key, None, to.owner)
        takes_away = access.readers(state, key.log) - access.readers(state, target)
        may_take_away = access.permissions(state, me, key.log.group) & Permission.DELETE
        if to.group is not None and takes_away - {me} and not may_take_away:
            return f"your role does not let you take records away from {self._named('group', key.log.group)}."
        if access.level(state, me, target) is not Level.WRITE:
            if target.group != key.log.group:
                return f"your role does not let you write in {self._named('group', target.group)}."
            if not finishers(state, key.log, target):
                return f"nobody here may put them where {self._named('member', owner or me)} has theirs."
        return Move(key, target, to.owner)

    @staticmethod
    def _has_own(state: RosterState, owner: MemberId | None, key: RecordKey) -> bool:
        if owner is None or key.log.compartment is Compartment.CATALOGUE:
            return False
        return access.home_log(state, owner, key.log.group, key.log.compartment).is_own

    def _waits(self, state: RosterState, me: MemberId, counted: Iterable[tuple[str, LogId, LogId]]) -> str:
        """Where this desk cannot make the copies itself: whose can."""
        others: set[MemberId] = set()
        for _, old, new in counted:
            if access.level(state, me, new) is not Level.WRITE:
                others |= finishers(state, old, new)
        if not others:
            return ""
        who = people(others, me, self._named).replace(" and ", " or ")
        return f"They arrive when {who} is next online: you may hand them over, and not write there."

    def _where(self, to: Destination) -> str:
        if to.group is not None:
            return self._named("group", to.group)
        return "you" if to.owner == self._vault.own.member else self._named("member", to.owner or b"")

    # doing

    def perform(
        self,
        plan: MovePlan,
        progress: Progress = lambda done, total: None,
        cancelled: Cancelled = lambda: False,
    ) -> Moved:
        """Make the moves, some in each transaction; what is done when it is cancelled stays."""
        done = Moved()
        for start in range(0, len(plan.moves), BATCH):
            if cancelled():
                done.cancelled = True
                break
            with self._vault.editor.action() as action:
                for move in plan.moves[start : start + BATCH]:
                    self.add(action, move, done)
            progress(min(start + BATCH, len(plan.moves)), len(plan.moves))
        return done

    def add(self, action: Action, move: Move, done: Moved | None = None) -> None:
        """One move, as part of an action."""
        key = move.key
        if done is not None:
            done.keys.append(key)
        if move.owner is not None and "owner" in SCHEMA.by_name[key.type].by_name:
            record = self._vault.records.get(key)
            if done is not None and record is not None:
                done.owners[key] = record.fields.get("owner")
            action.put(key, {"owner": member_value(move.owner)})
        if move.target is None:
            return
        for follower in self.followers(key):
            action.move(follower, move.target)
        self._with_companion(action, key, move.target)
        action.move(key, move.target)

    def followers(self, key: RecordKey) -> list[RecordKey]:
        """What hangs on a record and lives in its home."""
        found = self._vault.records.related(key.ref, FOLLOWERS, MOST_FOLLOWERS)
        return [
            one.key
            for one in found
            if one.key.log == key.log and one.fields.get(SCHEMA.by_name[one.key.type].follows) == key.ref
        ]

    def _with_companion(self, action: Action, key: RecordKey, target: LogId) -> None:
        """The commercial fields go in the same action where this desk may; else the next desk that may sends them."""
        companion = self._margins.one(key)
        home = self._margins.home(RecordKey(target, key.type, key.id))
        if companion is None or home is None or not self._margins.are_its_own(key, companion.key.log):
            return
        state, me = self._vault.roster, self._vault.own.member
        writes = access.level(state, me, home) is Level.WRITE or home.group == companion.key.log.group
        if writes and access.level(state, me, companion.key.log) is Level.WRITE:
            if home == companion.key.log:
                action.rename(companion.key)
            else:
                action.move(companion.key, home)

    # back

    def undo(self, moved: Moved) -> tuple[int, int]:
        """Move them back to where they were; (how many, how many could not). What has not arrived yet cannot."""
        state, me = self._vault.roster, self._vault.own.member
        back = stuck = 0
        for start in range(0, len(moved.keys), BATCH):
            with self._vault.editor.action() as action:
                for old in moved.keys[start : start + BATCH]:
                    now = self.now(old)
                    record = None if now is None else self._vault.records.get(now)
                    if now is None or record is None or record.moved_to is not None or record.deleted:
                        stuck += 1
                        continue
                    if not self._may_return(state, me, now.log, old.log):
                        stuck += 1
                        continue
                    if old in moved.owners:
                        action.put(now, {"owner": moved.owners[old]})
                    if now.log != old.log:
                        self.add(action, Move(now, old.log, None))
                    back += 1
        return back, stuck

    @staticmethod
    def _may_return(state: RosterState, me: MemberId, now: LogId, old: LogId) -> bool:
        if access.level(state, me, now) is not Level.WRITE:
            return False
        if now == old or access.level(state, me, old) is Level.WRITE:
            return True
        return now.group == old.group and bool(finishers(state, now, old))

    def now(self, old: RecordKey) -> RecordKey | None:
        """Where a record is that was moved: itself while it was not; None until the copy is here."""
        record = self._vault.records.get(old)
        if record is None:
            return None
        if record.moved_to is None:
            return old
        copy = self._vault.mover.copy_of(old)
        return copy if copy is not None and self._vault.records.get(copy) is not None else None


def may_take(state: RosterState, me: MemberId, key: RecordKey) -> bool:
    """Whether the user may move this record at all: offers of moving are shown for it."""
    return key.type in MOVABLE and access.level(state, me, key.log) is Level.WRITE


def destinations(state: RosterState, me: MemberId, type_name: str) -> list[GroupId]:
    """Groups (no small ones) where the user may put records of this type."""
    compartment = SCHEMA.by_name[type_name].compartment
    return [
        group.id
        for group in state.groups.values()
        if not group.archived
        and not is_small(state, group.id)
        and access.level(state, me, access.home_log(state, me, group.id, compartment)) is Level.WRITE
    ]


__all__ = [
    "MOVABLE",
    "Destination",
    "Kept",
    "Move",
    "MovePlan",
    "Moved",
    "Moving",
    "destinations",
    "may_take",
]
