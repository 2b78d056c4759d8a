"""What the sharing dialog collects: who has which roles in a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.ids import GroupId, MemberId, RoleId
from protocol.roster import RosterOperation
from protocol.state import RosterState
from vault.roster import Heads, assume, plan_roles


@dataclass(frozen=True, slots=True)
class RoleChange:
    """`roles` become the member's roles in the group; none takes the member out of it."""

    member: MemberId
    group: GroupId
    roles: frozenset[RoleId]


def role_operations(state: RosterState, heads: Heads, changes: Sequence[RoleChange]) -> list[RosterOperation]:
    """Each planned in the state that those before it leave."""
    operations: list[RosterOperation] = []
    for change in changes:
        found = plan_roles(state, heads, change.member, change.group, change.roles)
        state = assume(state, found)
        operations += found
    return operations


__all__ = ["RoleChange", "role_operations"]
