"""What a change of the roster will do, before it is done: who gains and loses sight of what, which logs rotate.

The app makes sentences of it. Nothing here is signed or judged: `assume` shows the state as it would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from protocol.access import level
from protocol.ids import GROUP_COMPARTMENTS, NO_ID, Compartment, GroupId, Level, LogId, MemberId, Reach
from protocol.losses import Loss, loss_of
from protocol.reading import log_exists
from protocol.roster import RosterOperation
from protocol.state import RosterState
from vault.roster.assume import assume
from vault.roster.touched import touched


@dataclass(frozen=True, slots=True)
class Effect:
    """`member`'s level for `compartment` of `group` changes. With reach own it is about his own records there, or
    about those of `owner`, where one is named: somebody who reports to him."""

    member: MemberId
    group: GroupId
    compartment: Compartment
    reach: Reach
    before: Level
    after: Level
    owner: MemberId = NO_ID


@dataclass(frozen=True, slots=True)
class Preview:
    """Effects, sorted by member, group and compartment; the logs that get a new key before the next write."""

    effects: tuple[Effect, ...]
    rotated: tuple[LogId, ...]


def effects(before: RosterState, operations: Sequence[RosterOperation]) -> list[Effect]:
    """Who gains or loses reading or writing, by (group, compartment, reach)."""
    after = assume(before, operations)
    places = touched(before, after)
    found: list[Effect] = []
    for member, group in places.pairs():
        for compartment in GROUP_COMPARTMENTS:
            found += _changes(before, after, member, group, compartment)
    owning = _owning(before, after, places.above)
    for manager, report in places.trees():
        found += _changes_of_tree(before, after, manager, report, owning.get(report, ()))
    return found


def _owning(
    before: RosterState, after: RosterState, reports: Iterable[MemberId]
) -> dict[MemberId, list[GroupId]]:
    """The groups, sorted, in which somebody of `reports` has own logs."""
    wanted = set(reports)
    found: dict[MemberId, list[GroupId]] = {}
    for group in sorted(before.groups.keys() | after.groups.keys()) if wanted else ():
        owners = before.own.of_group(group).keys() | after.own.of_group(group).keys()
        for owner in owners & wanted:
            found.setdefault(owner, []).append(group)
    return found


def _changes_of_tree(
    before: RosterState, after: RosterState, manager: MemberId, report: MemberId, groups: Iterable[GroupId]
) -> Iterator[Effect]:
    """What changes of the report's own records for his manager, and not for all records of the group alike."""
    for group in groups:
        owned = before.own.get((report, group), frozenset()) | after.own.get((report, group), frozenset())
        for compartment in sorted(owned):
            shared, own = LogId(group, compartment), LogId(group, compartment, report)
            had, has = _level(before, manager, own), _level(after, manager, own)
            if had is has:
                continue
            alike = _level(before, manager, shared), _level(after, manager, shared)
            begins = not log_exists(before, own) and alike == (
                has,
                has,
            )  # who reads all reads what is new too
            if (had, has) != alike and not begins:
                yield Effect(manager, group, compartment, Reach.OWN, had, has, report)


def _level(state: RosterState, member: MemberId, log: LogId) -> Level:
    present = state.members.get(member)
    if present is None or log.group not in state.groups:
        return Level.NONE
    return level(state, member, log)


def _changes(
    before: RosterState, after: RosterState, member: MemberId, group: GroupId, compartment: Compartment
) -> Iterator[Effect]:
    shared = LogId(group, compartment)
    had, has = _level(before, member, shared), _level(after, member, shared)
    if had is not has:
        yield Effect(member, group, compartment, Reach.GROUP, had, has)
    if compartment is Compartment.CATALOGUE:
        return
    own = LogId(group, compartment, member)
    had_own, has_own = _level(before, member, own), _level(after, member, own)
    if had_own is not has_own and (had_own, has_own) != (had, has):
        yield Effect(member, group, compartment, Reach.OWN, had_own, has_own)


def rotated_logs(
    before: RosterState, operations: Sequence[RosterOperation], logs: Iterable[LogId]
) -> list[LogId]:
    """Which of `logs` (those that exist) get a new key: a reader, a reader's device or his key goes."""
    losses = list(_losses(before, operations))
    return sorted(log for log in logs if any(loss.touches(log) for loss in losses)) if losses else []


def _losses(state: RosterState, operations: Sequence[RosterOperation]) -> Iterator[Loss]:
    """What each operation takes, as the fold will find it: this is what makes logs stale."""
    for operation in operations:
        after = assume(state, [operation])
        loss = loss_of(state, after, operation)
        if loss is not None:
            yield loss
        state = after


def preview(before: RosterState, operations: Sequence[RosterOperation], logs: Iterable[LogId]) -> Preview:
    """Both in one: what the sharing dialog shows before anything is signed."""
    return Preview(tuple(effects(before, operations)), tuple(rotated_logs(before, operations, logs)))
