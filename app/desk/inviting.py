"""A whole team invited at once: who they are, where they belong and to whom they report, as one plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.ids import GroupId, MemberId, RoleId, Standing
from protocol.roster import RosterOperation
from protocol.state import RosterState
from vault.roster import Heads, NewInvitation, assume, plan_reports_to

MOST_AT_ONCE = 400
"""Each invitee takes two roster entries at most, and a request holds 1,000 of them."""


@dataclass(frozen=True, slots=True)
class Invitee:
    """`reports_to`: a member, or the place (from 0) in the same list of somebody who is invited with her."""

    name: str
    grants: tuple[tuple[GroupId, RoleId], ...]
    standing: Standing = Standing.MEMBER
    reports_to: MemberId | int | None = None


def team_operations(
    state: RosterState, heads: Heads, people: Sequence[Invitee], new: Sequence[NewInvitation]
) -> list[RosterOperation]:
    """All invitations, then the tree: whoever is invited may have a place in it before he joins.

    Raises Refused where somebody would report to himself at any distance.
    """
    operations = [operation for one in new for operation in one.operations]
    state = assume(state, operations)
    for person, invited in zip(people, new, strict=True):
        if person.reports_to is None:
            continue
        above = new[person.reports_to].member if isinstance(person.reports_to, int) else person.reports_to
        placed = plan_reports_to(state, heads, invited.member, above)
        state = assume(state, placed)
        operations += placed
    return operations


__all__ = ["MOST_AT_ONCE", "Invitee", "team_operations"]
