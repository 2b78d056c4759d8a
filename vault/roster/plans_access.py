"""Plans about access: roles, groups, grants, the tree of reports, policies.

As with all plans: pure, and judged by the fold when they are signed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from protocol.fold_keys import grant_message
from protocol.ids import ID_SIZE, NO_ID, DeviceId, GroupId, MemberId, Permission, RoleId
from protocol.roster import (
    Access,
    Grant,
    GroupArchive,
    GroupCreate,
    MemberGrant,
    Policy,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
)
from protocol.signing import Namespace
from protocol.state import RosterState
from vault.keys import DeviceKey
from vault.roster.assume import assume
from vault.roster.cuts import Heads, cuts_between

MANAGERS_READ_REPORTS = "managers-read-reports"
SECOND_FACTOR = "second-factor"  # 0 nobody must have one, 1 admins and owners, 2 everybody
CATALOGUE_OF = "catalogue-of"


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group to sign, and its id for the app to name."""

    operations: list[RosterOperation]
    group: GroupId


def plan_group(grants: Sequence[tuple[MemberId, RoleId]]) -> NewGroup:
    """A new group with its first grants: at least one, so that somebody can start its logs."""
    if not grants:
        raise ValueError("a group starts with at least one grant")
    group = os.urandom(ID_SIZE)
    return NewGroup([GroupCreate(group, [MemberGrant(member, role) for member, role in grants])], group)


def plan_group_archive(
    state: RosterState, heads: Heads, group: GroupId, archived: bool
) -> list[RosterOperation]:
    """Make a group read-only, or open it again."""
    after = assume(state, [GroupArchive(group, archived, [])])
    return [GroupArchive(group, archived, cuts_between(state, after, heads))]


def plan_role(
    state: RosterState,
    heads: Heads,
    accesses: Sequence[Access],
    permissions: Permission,
    role: RoleId | None = None,
) -> list[RosterOperation]:
    """Define a role (a new one where `role` is None), with cuts for everybody who loses by it."""
    wanted = sorted(accesses, key=lambda access: (access.compartment, access.reach))
    chosen = role or os.urandom(ID_SIZE)
    after = assume(state, [RoleDefine(chosen, wanted, permissions, [])])
    return [RoleDefine(chosen, wanted, permissions, cuts_between(state, after, heads))]


def plan_grant(
    member: MemberId,
    group: GroupId,
    role: RoleId,
    cosign: tuple[DeviceId, bytes] | None = None,
) -> list[RosterOperation]:
    """Give a role in a group. `cosign` (see `cosign_grant`) where an admin grants to himself."""
    cosigner, cosignature = cosign or (b"", b"")
    return [Grant(member, group, role, cosigner, cosignature)]


def cosign_grant(
    state: RosterState, owner_device: DeviceKey, member: MemberId, group: GroupId, role: RoleId
) -> tuple[DeviceId, bytes]:
    """An owner's signature for an admin's grant to himself: holds only right after the present roster head."""
    claim = grant_message(state.workspace, state.head, member, group, role)
    return owner_device.id, owner_device.sign(Namespace.COSIGN, claim)


def plan_revoke(
    state: RosterState, heads: Heads, member: MemberId, group: GroupId, role: RoleId
) -> list[RosterOperation]:
    """Take a role in a group away, with cuts."""
    after = assume(state, [Revoke(member, group, role, [])])
    return [Revoke(member, group, role, cuts_between(state, after, heads))]


def plan_change_role(
    state: RosterState,
    heads: Heads,
    member: MemberId,
    group: GroupId,
    role: RoleId | None,
) -> list[RosterOperation]:
    """`role` becomes the member's only role in the group; None takes all away."""
    return plan_roles(state, heads, member, group, frozenset() if role is None else frozenset([role]))


def plan_roles(
    state: RosterState, heads: Heads, member: MemberId, group: GroupId, roles: AbstractSet[RoleId]
) -> list[RosterOperation]:
    """What the sharing dialog does: the member has exactly these roles in the group.

    New roles come first, so that nobody is without access in between.
    """
    operations: list[RosterOperation] = []
    held = state.grants.get((member, group), frozenset())
    for role in sorted(roles - held):
        operations += plan_grant(member, group, role)
    for old in sorted(held - roles):
        operations += plan_revoke(assume(state, operations), heads, member, group, old)
    return operations


def plan_reports_to(
    state: RosterState, heads: Heads, member: MemberId, manager: MemberId | None
) -> list[RosterOperation]:
    """Move a member in the tree of reports; None for nobody above him."""
    above = manager or NO_ID
    after = assume(state, [ReportsTo(member, above, [])])
    return [ReportsTo(member, above, cuts_between(state, after, heads))]


def plan_policy(key: str, value: int, group: bytes = b"", other: bytes = b"") -> list[RosterOperation]:
    """Set a policy of the workspace; only owners may."""
    return [Policy(key, value, group, other)]
