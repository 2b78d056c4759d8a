"""Plans about small groups: one or two people, for private records and those shared with one person."""

from __future__ import annotations

import os
from collections.abc import Sequence

from protocol.fold_author import Author
from protocol.ids import ID_SIZE, Compartment, DeviceId, GroupId, Level, MemberId, Permission, Reach, RoleId
from protocol.roster import GroupCreate, MemberGrant
from protocol.state import Role, RosterState
from vault.roster.assume import assume
from vault.roster.errors import Refused
from vault.roster.plans_access import NewGroup

_NEEDED = (Compartment.CONTACTS, Compartment.SALES, Compartment.MARGINS, Compartment.DOCUMENTS)
_TIDY = Permission.DELETE | Permission.RESTORE


def plan_small_group(members: Sequence[MemberId], role: RoleId) -> NewGroup:
    """A group of the author and at most one other, each with this role. It gets no name: names are read by all."""
    group = os.urandom(ID_SIZE)
    return NewGroup(
        [GroupCreate(group, [MemberGrant(member, role) for member in members], small=True)], group
    )


def with_small_group(
    state: RosterState, device: DeviceId, members: Sequence[MemberId], role: RoleId
) -> tuple[RosterState, GroupId]:
    """The state as it would be with such a group made by the holder of `device`. Raises Refused."""
    found = state.device_of(device)
    if found is None:
        raise Refused("the author is not in the roster")
    new = plan_small_group(members, role)
    return assume(state, new.operations, author=Author(found[0], state.members[found[1].id])), new.group


def fits_small_group(role: Role) -> bool:
    """Whether whoever holds the role may do with the group's records what one may do with one's own."""
    writes = all(role.level(compartment, Reach.GROUP) is Level.WRITE for compartment in _NEEDED)
    return writes and _TIDY in role.permissions


def role_for_small_groups(state: RosterState) -> RoleId | None:
    """The role that allows most among those that fit; None where the team has none."""
    fitting = [role for role in state.roles.values() if fits_small_group(role)]
    return max(fitting, key=lambda role: (bin(role.permissions).count("1"), role.id)).id if fitting else None


__all__ = ["fits_small_group", "plan_small_group", "role_for_small_groups", "with_small_group"]
