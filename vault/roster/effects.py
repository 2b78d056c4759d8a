"""What a change of the roster will do, before it is done: who gains and loses sight of what, which logs rotate.

The app makes sentences of it. Nothing here is signed or judged: `assume` shows the state as it would be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from protocol.access import level, readers
from protocol.ids import GROUP_COMPARTMENTS, NO_ID, Compartment, GroupId, Level, LogId, MemberId, Reach
from protocol.reading import managers
from protocol.roster import DeviceRevoke, Rekey, RosterOperation
from protocol.state import RosterState
from vault.roster.assume import assume


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
    found: list[Effect] = []
    members = sorted(set(before.members) | set(after.members))
    groups = sorted(set(before.groups) | set(after.groups))
    for member in members:
        for group in groups:
            for compartment in GROUP_COMPARTMENTS:
                found += _changes(before, after, member, group, compartment)
    for manager, report in _pairs(before, after):
        found += _changes_of_tree(before, after, manager, report)
    return found


def _pairs(before: RosterState, after: RosterState) -> list[tuple[MemberId, MemberId]]:
    """(manager, report) of the trees before and after, at any distance; none where no manager reads own records."""
    if not (before.policies.managers_read_reports or after.policies.managers_read_reports):
        return []
    return sorted(
        {(above, one) for state in (before, after) for one in state.members for above in managers(state, one)}
    )


def _changes_of_tree(
    before: RosterState, after: RosterState, manager: MemberId, report: MemberId
) -> Iterable[Effect]:
    """What changes of the report's own records for his manager, and not for all records of the group alike."""
    for group in sorted(set(before.groups) | set(after.groups)):
        owned = before.own.get((report, group), frozenset()) | after.own.get((report, group), frozenset())
        for compartment in sorted(owned):
            shared, own = LogId(group, compartment), LogId(group, compartment, report)
            had, has = _level(before, manager, own), _level(after, manager, own)
            alike = _level(before, manager, shared), _level(after, manager, shared)
            if had is not has and (had, has) != alike:
                yield Effect(manager, group, compartment, Reach.OWN, had, has, report)


def _level(state: RosterState, member: MemberId, log: LogId) -> Level:
    present = state.members.get(member)
    if present is None or log.group not in state.groups:
        return Level.NONE
    return level(state, member, log)


def _changes(
    before: RosterState, after: RosterState, member: MemberId, group: GroupId, compartment: Compartment
) -> Iterable[Effect]:
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
    after = assume(before, operations)
    rekeyed: set[MemberId] = set()
    for operation in operations:
        if isinstance(operation, Rekey):
            rekeyed.add(operation.member)
        elif isinstance(operation, DeviceRevoke) and operation.device in before.devices:
            rekeyed.add(before.devices[operation.device].member)
    stale: list[LogId] = []
    for log in sorted(logs):
        had = readers(before, log)
        if had - readers(after, log) or had & rekeyed:
            stale.append(log)
    return stale


def preview(before: RosterState, operations: Sequence[RosterOperation], logs: Iterable[LogId]) -> Preview:
    """Both in one: what the sharing dialog shows before anything is signed."""
    return Preview(tuple(effects(before, operations)), tuple(rotated_logs(before, operations, logs)))
