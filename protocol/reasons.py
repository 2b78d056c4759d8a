"""Why a member may read or write a log: every way that the rules of access give him, for the words on the screen.

The best level of all reasons is what `protocol.access.level` answers; no reason, no access.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, replace

from protocol.ids import NO_ID, Compartment, GroupId, Level, LogId, MemberId, Permission, Reach, RoleId
from protocol.reading import NO_ROLES, is_manager, log_exists, reading_groups
from protocol.state import RosterState, Support


class ReasonKind(enum.Enum):
    DIRECTORY = "directory"  # every active member
    OWN = "own"  # his own log, by a role of his with own reach: `group`, `role`
    ROLE = "role"  # a role with group reach: `group`, `role`
    MANAGER = (
        "manager"  # the policy, a role with own reach, and `member`, who reports to him: `group`, `role`
    )
    CATALOGUE = "catalogue"  # a role in `group`, whose catalogue it is
    SERVED = "served"  # a role in `group`, which another group's catalogue serves by a policy
    SUPPORT = "support"  # the support grant for `group`


@dataclass(frozen=True, slots=True)
class Reason:
    """One way in. Ids that the kind does not use are 16 zero bytes; `reach` is that of the role's access."""

    kind: ReasonKind
    level: Level
    group: GroupId = NO_ID
    role: RoleId = NO_ID
    reach: Reach = Reach.GROUP
    member: MemberId = NO_ID


def why(state: RosterState, member: MemberId, log: LogId) -> list[Reason]:
    """All reasons why `member` may read or write `log`, the best level first; empty where he may not."""
    person = state.members.get(member)
    if person is None or not person.active or not log_exists(state, log):
        return []
    if person.support is not None:
        return _support(state, person.support, log)
    if log.compartment is Compartment.DIRECTORY:
        return [Reason(ReasonKind.DIRECTORY, Level.WRITE)]
    found = _catalogue if log.compartment is Compartment.CATALOGUE else _records
    reasons = list(found(state, member, log))
    if state.groups[log.group].archived:
        reasons = [replace(reason, level=min(reason.level, Level.READ)) for reason in reasons]
    return sorted(reasons, key=lambda reason: (-reason.level, reason.kind.value, reason.group, reason.role))


def _support(state: RosterState, support: Support, log: LogId) -> list[Reason]:
    if not state.policies.support_allowed:
        return []
    if log.compartment is Compartment.CATALOGUE:
        reads = support.group in reading_groups(state, log.group)
    else:
        reads = log.group == support.group
    if log.compartment is Compartment.DIRECTORY or (reads and log.compartment in support.compartments):
        return [Reason(ReasonKind.SUPPORT, Level.READ, support.group)]
    return []


def _catalogue(state: RosterState, member: MemberId, log: LogId) -> Iterator[Reason]:
    for group in reading_groups(state, log.group):
        kind = ReasonKind.CATALOGUE if group == log.group else ReasonKind.SERVED
        for role in state.grants.get((member, group), NO_ROLES):
            manages = group == log.group and state.roles[role].permissions & Permission.MANAGE_CATALOGUE
            yield Reason(kind, Level.WRITE if manages else Level.READ, group, role)


def _records(state: RosterState, member: MemberId, log: LogId) -> Iterator[Reason]:
    for role in state.grants.get((member, log.group), NO_ROLES):
        anywhere, shared = state.roles[role].best[log.compartment]
        if shared >= Level.READ:
            yield Reason(ReasonKind.ROLE, shared, log.group, role)
        if not log.is_own or anywhere <= shared:
            continue
        if member == log.owner:
            yield Reason(ReasonKind.OWN, anywhere, log.group, role, Reach.OWN)
        elif state.policies.managers_read_reports and is_manager(state, member, log.owner):
            yield Reason(ReasonKind.MANAGER, anywhere, log.group, role, Reach.OWN, log.owner)
