"""The small questions under `protocol.access`: levels from roles, the tree of managers, which logs there are."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.ids import NO_ID, Compartment, GroupId, Level, LogId, MemberId, RoleId
from protocol.state import RosterState

NO_ROLES: frozenset[RoleId] = frozenset()
REMEMBERED = 64
"""Answers kept for a state. In a large workspace one answer is thousands of ids long."""


def remember(state: RosterState, key: object, answer: object) -> None:
    """Keep an answer for this one state; what was kept before goes where it becomes too much."""
    if len(state.memo) >= REMEMBERED:
        state.memo.clear()
    state.memo[key] = answer


def levels(
    state: RosterState, member: MemberId, group: GroupId, compartment: Compartment
) -> tuple[Level, Level]:
    """(best level with any reach, best level with group reach) that his roles give, whatever his status."""
    anywhere = shared = Level.NONE
    for role in state.grants.get((member, group), NO_ROLES):
        best = state.roles[role].best[compartment]
        if best[0] > anywhere:
            anywhere = best[0]
        if best[1] > shared:
            shared = best[1]
    return anywhere, shared


def log_exists(state: RosterState, log: LogId) -> bool:
    """Whether there can be such a log: the group is known, and an own log's owner ever had own reach there."""
    if log.compartment is Compartment.DIRECTORY:
        return True
    if log.group not in state.groups:
        return False
    return not log.is_own or log.compartment in state.own.get((log.owner, log.group), frozenset())


def reading_groups(state: RosterState, group: GroupId) -> Iterator[GroupId]:
    """The groups whose members read the catalogue of `group`: itself and those that a policy has it serve."""
    yield group
    for served, by in state.policies.catalogue_of.items():
        if by == group:
            yield served


def is_manager(state: RosterState, manager: MemberId, member: MemberId) -> bool:
    """Whether `manager` stands above `member` in the tree, at any height."""
    return any(above == manager for above in managers(state, member))


def managers(state: RosterState, member: MemberId) -> Iterator[MemberId]:
    """Those above `member`, nearest first. The fold refuses cycles, so this ends."""
    above = state.members[member].manager if member in state.members else NO_ID
    while above != NO_ID:
        yield above
        above = state.members[above].manager


def descendants(state: RosterState, manager: MemberId) -> frozenset[MemberId]:
    """Everyone below `manager` in the tree, at any depth."""
    found: set[MemberId] = set()
    waiting = [manager]
    while waiting:
        below = state.reports.get(waiting.pop(), ())
        waiting.extend(below)
        found.update(below)
    return frozenset(found)
