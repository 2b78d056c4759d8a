"""Rules of the fold: roles, groups, grants, the tree of managers, policies."""

from __future__ import annotations

from dataclasses import replace

from protocol.codes import RosterCode
from protocol.errors import UpgradeNeeded
from protocol.fold_author import (
    Author,
    check_not_small,
    known_member,
    present_member,
    refuse,
    refuse_support,
    require_admin,
    require_manager,
    require_owner,
)
from protocol.fold_grants import with_grants, with_role, without_grant
from protocol.fold_keys import cosigning_device, grant_message
from protocol.fold_support import switch_support
from protocol.ids import NO_ID, Compartment, GroupId, Level, MemberId, Permission, Reach, Standing
from protocol.limits import VERSION
from protocol.reading import managers
from protocol.roster import (
    Access,
    Grant,
    GroupArchive,
    GroupCreate,
    Policy,
    ReportsTo,
    Revoke,
    RoleDefine,
)
from protocol.signing import Namespace, Verifier
from protocol.state import Group, Role, RosterState, with_item

SMALL = 2
"""Members of a small group."""


def role_define(state: RosterState, author: Author, operation: RoleDefine) -> RosterState:
    require_admin(author)
    _check_accesses(operation.accesses, operation.permissions)
    role = Role(operation.role, tuple(operation.accesses), operation.permissions)
    known = state.roles.get(role.id)
    if known == role:
        raise refuse(RosterCode.NO_CHANGE, "the role is defined so")
    held = any(role.id in roles for _, roles in state.grants.groups_of(author.member.id))
    if known is not None and held and not author.is_owner and _widens(known, role):
        raise refuse(RosterCode.OWN_GRANT, "an owner has to widen a role that the author holds")
    return with_role(state, role)


def _check_accesses(accesses: list[Access], permissions: Permission) -> None:
    seen: set[tuple[Compartment, Reach]] = set()
    for access in accesses:
        if (access.compartment, access.reach) in seen:
            raise refuse(RosterCode.ROLE_ACCESS, "one level for each compartment and reach")
        seen.add((access.compartment, access.reach))
        if access.compartment is Compartment.DIRECTORY:
            raise refuse(RosterCode.ROLE_ACCESS, "the directory is every member's")
        if access.level is Level.NONE:
            raise refuse(RosterCode.ROLE_ACCESS, "no access is said by leaving it out")
        if access.compartment is Compartment.CATALOGUE:
            if access.reach is Reach.OWN:
                raise refuse(RosterCode.ROLE_ACCESS, "a catalogue has no own logs")
            if access.level is Level.WRITE and not permissions & Permission.MANAGE_CATALOGUE:
                raise refuse(RosterCode.ROLE_ACCESS, "writing a catalogue is the permission MANAGE_CATALOGUE")


def _widens(known: Role, role: Role) -> bool:
    """Whether the new definition gives anything that the known one does not."""
    if role.permissions & ~known.permissions:
        return True
    for access in role.accesses:
        had = known.level(access.compartment, Reach.GROUP)
        if access.reach is Reach.OWN:
            had = max(had, known.level(access.compartment, Reach.OWN))
        if access.level > had:
            return True
    return False


def group_create(state: RosterState, author: Author, operation: GroupCreate) -> RosterState:
    """A group by an admin, or a small one by anybody, who is in it with at most one other."""
    if not operation.small:
        require_admin(author)
    if operation.group in state.groups:
        raise refuse(RosterCode.GROUP_EXISTS, "a group's id is used once")
    if not operation.grants:
        raise refuse(RosterCode.GRANTS_EMPTY, "somebody has to be able to start the group's logs")
    for grant in operation.grants:
        refuse_support(present_member(state, grant.member))
        if grant.member == author.member.id and not author.is_owner and not operation.small:
            raise refuse(RosterCode.OWN_GRANT, "a grant to oneself needs an owner")
    group = Group(operation.group, False)
    if operation.small:
        members = {grant.member for grant in operation.grants}
        if author.member.id not in members or len(members) > SMALL:
            raise refuse(RosterCode.GROUP_SMALL, "a small group has its creator and at most one more")
        if not all(state.members[member].active for member in members):
            raise refuse(RosterCode.MEMBER_STATUS, "the members of a small group are active")
        group = Group(operation.group, False, True, author.member.id)
    state = replace(state, groups=with_item(state.groups, group.id, group))
    return with_grants(state, group.id, [(grant.member, grant.role) for grant in operation.grants])


def group_archive(state: RosterState, author: Author, operation: GroupArchive) -> RosterState:
    """By an admin; a small group by its creator as well."""
    group = state.groups.get(operation.group)
    if group is None or not group.small or group.creator != author.member.id:
        require_admin(author)
    group = known_group(state, operation.group)
    if group.archived is operation.archived:
        raise refuse(RosterCode.NO_CHANGE, "the group is so already")
    changed = replace(group, archived=operation.archived)
    return replace(state, groups=with_item(state.groups, group.id, changed))


def known_group(state: RosterState, group: GroupId) -> Group:
    found = state.groups.get(group)
    if found is None:
        raise refuse(RosterCode.GROUP_UNKNOWN, "no such group")
    return found


def grant(
    state: RosterState, author: Author, operation: Grant, previous: bytes, check: Verifier
) -> RosterState:
    group = known_group(state, operation.group)
    _require_granter(state, author, group)
    refuse_support(present_member(state, operation.member))
    if operation.member == author.member.id and not author.is_owner:
        if not operation.cosigner:
            raise refuse(RosterCode.OWN_GRANT, "a grant to oneself needs an owner's signature")
        cosigner = cosigning_device(state, operation.cosigner, Standing.OWNER)
        message = grant_message(state.workspace, previous, operation.member, operation.group, operation.role)
        check(Namespace.COSIGN, cosigner.signing, message, operation.cosignature)
    elif operation.cosigner:
        raise refuse(RosterCode.COSIGNER, "no cosigner where none is needed")
    if group.small:
        _check_second(state, group, operation.member)
    return with_grants(state, group.id, [(operation.member, operation.role)])


def _require_granter(state: RosterState, author: Author, group: Group) -> None:
    """Who chooses the members of a group: its managers and admins; of a small one, its creator and owners."""
    if not group.small:
        require_manager(state, author, group.id)
    elif author.member.id != group.creator and not author.is_owner:
        raise refuse(RosterCode.GROUP_SMALL, "only its creator or an owner changes a small group")


def _check_second(state: RosterState, group: Group, member: MemberId) -> None:
    """Two members at most; whoever has a role counts, gone or not, until it is revoked."""
    if len({member, *state.grants.of_group(group.id)}) > SMALL:
        raise refuse(RosterCode.GROUP_SMALL, "a small group has its creator and at most one more")
    if not state.members[member].active:
        raise refuse(RosterCode.MEMBER_STATUS, "the members of a small group are active")


def revoke(state: RosterState, author: Author, operation: Revoke) -> RosterState:
    _require_granter(state, author, known_group(state, operation.group))
    known_member(state, operation.member)
    return without_grant(state, operation.member, operation.group, operation.role)


def reports_to(state: RosterState, author: Author, operation: ReportsTo) -> RosterState:
    require_admin(author)
    member = known_member(state, operation.member)
    refuse_support(member)
    if member.manager == operation.manager:
        raise refuse(RosterCode.NO_CHANGE, "he reports so already")
    if operation.manager != NO_ID:
        refuse_support(present_member(state, operation.manager))
        if operation.manager == member.id or member.id in managers(state, operation.manager):
            raise refuse(RosterCode.CYCLE, "nobody reports to himself, at any distance")
    reports = dict(state.reports)
    if member.manager != NO_ID:
        reports[member.manager] = reports[member.manager] - {member.id}
    if operation.manager != NO_ID:
        reports[operation.manager] = reports.get(operation.manager, frozenset()) | {member.id}
    moved = replace(member, manager=operation.manager)
    changed = replace(state, members=with_item(state.members, member.id, moved), reports=reports)
    if not author.is_owner:
        above_before = set(managers(state, member.id))
        if author.member.id in set(managers(changed, member.id)) - above_before:
            raise refuse(RosterCode.OWN_GRANT, "an owner has to put somebody under the author")
    return changed


def policy(state: RosterState, author: Author, operation: Policy) -> RosterState:
    require_owner(author)
    match operation.key:
        case "format-version":
            _plain(operation)
            if operation.value <= state.format_version:
                raise refuse(RosterCode.POLICY, "the format version only rises")
            if operation.value > VERSION:
                raise UpgradeNeeded(f"the workspace moves on to format version {operation.value}")
            return replace(state, format_version=operation.value)
        case "managers-read-reports":
            chosen = bool(_number(operation, state.policies.managers_read_reports, 1))
            return replace(state, policies=replace(state.policies, managers_read_reports=chosen))
        case "support-allowed":
            return switch_support(state, bool(_number(operation, state.policies.support_allowed, 1)))
        case "second-factor":
            demanded = _number(operation, state.policies.second_factor, 2)
            return replace(state, policies=replace(state.policies, second_factor=demanded))
        case "catalogue-of":
            return _catalogue_of(state, operation)
        case _:
            raise refuse(RosterCode.POLICY, "unknown policy")


def _plain(operation: Policy) -> None:
    if operation.group or operation.other:
        raise refuse(RosterCode.POLICY, "this policy names no groups")


def _number(operation: Policy, present: int, most: int) -> int:
    """The policy's new value, 0 to `most`."""
    _plain(operation)
    if operation.value > most:
        raise refuse(RosterCode.POLICY, f"0 to {most}")
    if operation.value == present:
        raise refuse(RosterCode.NO_CHANGE, "the policy is so already")
    return operation.value


def _catalogue_of(state: RosterState, operation: Policy) -> RosterState:
    """`other`'s catalogue serves `group`; empty: its own does. One step only: no chains."""
    if operation.value:
        raise refuse(RosterCode.POLICY, "this policy has no number")
    known_group(state, operation.group)
    check_not_small(state, operation.group)
    served = dict(state.policies.catalogue_of)
    if served.get(operation.group, b"") == operation.other:
        raise refuse(RosterCode.NO_CHANGE, "the policy is so already")
    if not operation.other:
        del served[operation.group]
    else:
        known_group(state, operation.other)
        check_not_small(state, operation.other)
        chained = operation.other in served or operation.group in served.values()
        if operation.other == operation.group or chained:
            raise refuse(RosterCode.POLICY, "a catalogue that serves others is its own group's")
        served[operation.group] = operation.other
    return replace(state, policies=replace(state.policies, catalogue_of=served))
