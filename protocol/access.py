"""Who reads and writes what: a pure function of the folded roster, used by client and server alike.

The rules are those of `protocol/SPEC.md`, Access. A role gives levels per (compartment, reach); a member's roles in
a group add up. Members that are not active have no access at all; an archived group is read-only. A support member
reads what his grant names, and only while the policy lets support in. `why` gives the reasons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from protocol.ids import (
    DIRECTORY_LOG,
    GROUP_COMPARTMENTS,
    NO_ID,
    Compartment,
    GroupId,
    Level,
    LogId,
    MemberId,
    Permission,
    RoleId,
)
from protocol.reading import descendants, is_manager, levels, log_exists, reading_groups, remember
from protocol.reasons import Reason, ReasonKind, why
from protocol.roster import IdentityKeys
from protocol.state import RosterState, Support

if TYPE_CHECKING:  # the history folds, and the fold asks who has access
    from protocol.history import RosterHistory


def level(state: RosterState, member: MemberId, log: LogId) -> Level:
    """What `member` may do in `log`: NONE for whoever is not active, and for a log that does not exist."""
    person = state.members.get(member)
    if person is None or not person.active:
        return Level.NONE
    if person.support is not None:
        return Level.READ if _support_reads(state, person.support, log) else Level.NONE
    if log.compartment is Compartment.DIRECTORY:
        return Level.WRITE
    group = state.groups.get(log.group)
    if group is None or not log_exists(state, log):
        return Level.NONE
    found = _level_in_group(state, member, log)
    return min(found, Level.READ) if group.archived else found


def _level_in_group(state: RosterState, member: MemberId, log: LogId) -> Level:
    if log.compartment is Compartment.CATALOGUE:
        if permissions(state, member, log.group) & Permission.MANAGE_CATALOGUE:
            return Level.WRITE
        reads = any(member in state.grants.of_group(group) for group in reading_groups(state, log.group))
        return Level.READ if reads else Level.NONE
    own, group = levels(state, member, log.group, log.compartment)
    if not log.is_own:
        return group
    if member == log.owner or (state.policies.managers_read_reports and is_manager(state, member, log.owner)):
        return max(own, group)
    return group


def _support_reads(state: RosterState, support: Support, log: LogId) -> bool:
    if not state.policies.support_allowed or not log_exists(state, log):
        return False
    if log.compartment is Compartment.DIRECTORY:
        return True
    if log.compartment not in support.compartments:
        return False
    if log.compartment is Compartment.CATALOGUE:
        return support.group in reading_groups(state, log.group)
    return log.group == support.group


def readers(state: RosterState, log: LogId) -> frozenset[MemberId]:
    """Everyone who may read `log`, and so everyone to whom its key is wrapped."""
    return _at_least(state, log, Level.READ)


def writers(state: RosterState, log: LogId) -> frozenset[MemberId]:
    """Everyone who may write `log`; empty for a closed one."""
    return _at_least(state, log, Level.WRITE)


def _at_least(state: RosterState, log: LogId, least: Level) -> frozenset[MemberId]:
    key = (least, log)
    found = state.memo.get(key)
    if isinstance(found, frozenset):
        return found
    answer = frozenset(member for member in _candidates(state, log) if level(state, member, log) >= least)
    remember(state, key, answer)
    return answer


def _candidates(state: RosterState, log: LogId) -> Iterable[MemberId]:
    if log == DIRECTORY_LOG:
        return state.members
    if log.compartment is Compartment.CATALOGUE:
        reading = reading_groups(state, log.group)
        return state.supports.union(*(state.grants.of_group(group) for group in reading))
    inside = state.grants.of_group(log.group)
    return state.supports.union(inside) if state.supports else inside


def recipients(state: RosterState, log: LogId) -> dict[MemberId, IdentityKeys]:
    """The readers with the public keys that the roster has for them: the only keys that anything is wrapped to."""
    found = {}
    for member in sorted(readers(state, log)):
        identity = state.members[member].identity
        if identity is not None:  # always so for an active member
            found[member] = identity
    return found


def permissions(state: RosterState, member: MemberId, group: GroupId) -> Permission:
    """The union of the permissions of his roles in `group`; none for whoever is not active."""
    person = state.members.get(member)
    if person is None or not person.active:
        return Permission(0)
    return _union_of(state, state.grants.get((member, group), frozenset()))


def _union_of(state: RosterState, roles: Iterable[RoleId]) -> Permission:
    found = Permission(0)
    for role in roles:
        found |= state.roles[role].permissions
    return found


def logs_of(state: RosterState, member: MemberId) -> frozenset[LogId]:
    """Every log that he may read: directory, catalogues, shared logs, own logs (his and others' within his reach).

    An own log counts from the moment somebody had own reach there, whether or not it has a commit.
    """
    found = state.memo.get(("logs", member))
    if isinstance(found, frozenset):
        return found
    answer = frozenset(_logs_of(state, member))
    remember(state, ("logs", member), answer)
    return answer


def _logs_of(state: RosterState, member: MemberId) -> Iterator[LogId]:
    person = state.members.get(member)
    if person is None or not person.active:
        return
    if person.support is not None:
        yield from _support_logs(state, person.support)
        return
    yield DIRECTORY_LOG
    below = {member, *(descendants(state, member) if state.policies.managers_read_reports else ())}
    for group, _ in state.grants.groups_of(member):
        yield LogId(group, Compartment.CATALOGUE)
        served_by = state.policies.catalogue_of.get(group)
        if served_by is not None:
            yield LogId(served_by, Compartment.CATALOGUE)
        owners = state.own.of_group(group)
        for compartment in GROUP_COMPARTMENTS[1:]:
            own, shared = levels(state, member, group, compartment)
            if shared >= Level.READ:
                yield LogId(group, compartment)
                yield from _own_logs(owners, group, compartment, owners)
            elif own >= Level.READ:
                yield from _own_logs(owners, group, compartment, below)


def _support_logs(state: RosterState, support: Support) -> Iterator[LogId]:
    if not state.policies.support_allowed:
        return
    yield DIRECTORY_LOG
    owners = state.own.of_group(support.group)
    for compartment in support.compartments:
        yield LogId(support.group, compartment)
        if compartment is not Compartment.CATALOGUE:
            yield from _own_logs(owners, support.group, compartment, owners)
        elif support.group in state.policies.catalogue_of:
            yield LogId(state.policies.catalogue_of[support.group], compartment)


def _own_logs(
    owners: Mapping[MemberId, frozenset[Compartment]],
    group: GroupId,
    compartment: Compartment,
    wanted: Iterable[MemberId],
) -> Iterator[LogId]:
    for owner in wanted:
        if compartment in owners.get(owner, ()):
            yield LogId(group, compartment, owner)


def all_logs(state: RosterState) -> Iterator[LogId]:
    """Every log that can exist in this state, the directory first."""
    yield DIRECTORY_LOG
    for group in state.groups:
        for compartment in GROUP_COMPARTMENTS:
            yield LogId(group, compartment)
        for owner, compartments in state.own.of_group(group).items():
            for compartment in sorted(compartments):
                yield LogId(group, compartment, owner)


def home_log(state: RosterState, owner: MemberId, group: GroupId, compartment: Compartment) -> LogId:
    """Where a record that `owner` owns lives: his own log where his reach there is own only, else the shared one.

    Status does not matter: the log of somebody who was invited can be filled before he joins. A catalogue is the
    one that serves the group.
    """
    if compartment is Compartment.DIRECTORY:
        return DIRECTORY_LOG
    if compartment is Compartment.CATALOGUE:
        return LogId(state.policies.catalogue_of.get(group, group), compartment)
    own, shared = levels(state, owner, group, compartment)
    return LogId(group, compartment, owner if own > shared else NO_ID)


def is_stale(history: RosterHistory, log: LogId, rotated_at: int, at: int) -> bool:
    """Whether an entry in (rotated_at, at] took a reader's access to `log`, or a reader's key, away.

    That is: somebody who could read the log before the entry cannot after it; or a device of somebody who could
    read it was revoked; or such a member was re-keyed. Nothing but a rotate is valid on a stale log.
    """
    return history.stale_from(log, rotated_at, at) is not None


__all__ = [
    "Reason",
    "ReasonKind",
    "all_logs",
    "home_log",
    "is_stale",
    "level",
    "logs_of",
    "permissions",
    "readers",
    "recipients",
    "why",
    "writers",
]
