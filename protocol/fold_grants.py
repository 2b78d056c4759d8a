"""Adding and taking roles of members, with the index of own logs that follows from them."""

from __future__ import annotations

from dataclasses import replace

from protocol.codes import RosterCode
from protocol.fold_author import refuse
from protocol.ids import Compartment, GroupId, Level, MemberId, Reach, RoleId
from protocol.state import Role, RosterState


def own_compartments(role: Role) -> frozenset[Compartment]:
    """Where the role gives own reach, and so an own log to whoever holds it."""
    return frozenset(
        access.compartment
        for access in role.accesses
        if access.reach is Reach.OWN and access.level >= Level.READ
    )


def with_grant(state: RosterState, member: MemberId, group: GroupId, role: RoleId) -> RosterState:
    """The role given; refuses unknown roles and groups, and a grant that is there already."""
    return with_grants(state, group, [(member, role)])


def with_grants(state: RosterState, group: GroupId, grants: list[tuple[MemberId, RoleId]]) -> RosterState:
    if group not in state.groups:
        raise refuse(RosterCode.GROUP_UNKNOWN, "no such group")
    roles_now: dict[MemberId, frozenset[RoleId]] = {}
    own_now: dict[MemberId, frozenset[Compartment]] = {}
    for member, role in grants:
        definition = state.roles.get(role)
        if definition is None:
            raise refuse(RosterCode.ROLE_UNKNOWN, "no such role")
        held = roles_now.get(member, state.grants.get((member, group), frozenset()))
        if role in held:
            raise refuse(RosterCode.GRANT_EXISTS, "the member has this role there already")
        roles_now[member] = held | {role}
        own = own_now.get(member, state.own.get((member, group), frozenset()))
        if not own_compartments(definition) <= own:
            own_now[member] = own | own_compartments(definition)
    return replace(
        state,
        grants=state.grants.replaced(group, roles_now),
        own=state.own.replaced(group, own_now) if own_now else state.own,
    )


def without_grant(state: RosterState, member: MemberId, group: GroupId, role: RoleId) -> RosterState:
    """The role taken; own logs outlive it."""
    held = state.grants.get((member, group), frozenset())
    if role not in held:
        raise refuse(RosterCode.GRANT_UNKNOWN, "the member does not have this role there")
    return replace(state, grants=state.grants.replaced(group, {member: held - {role}}))


def with_role(state: RosterState, role: Role) -> RosterState:
    """The role defined or redefined, with the own logs that its holders get by it."""
    known = state.roles.get(role.id)
    state = replace(state, roles={**state.roles, role.id: role})
    gained = own_compartments(role) - (own_compartments(known) if known else frozenset())
    if known is None or not gained:
        return state
    own = state.own
    for group in state.groups:
        changes = {
            member: own.get((member, group), frozenset()) | gained
            for member, roles in state.grants.of_group(group).items()
            if role.id in roles
        }
        if changes:
            own = own.replaced(group, changes)
    return replace(state, own=own)
