"""Plans about support: letting it in for a while, and whether that is allowed at all."""

from __future__ import annotations

import os
from collections.abc import Iterable

from protocol.ids import ID_SIZE, Compartment, GroupId
from protocol.roster import Policy, RosterOperation, SupportGrant
from protocol.state import RosterState
from vault.keys import Token
from vault.roster.plans_people import DAY, NewInvitation

SUPPORT_ALLOWED = "support-allowed"
MOST_DAYS = 30


def plan_support(group: GroupId, compartments: Iterable[Compartment], now: int, until: int) -> NewInvitation:
    """Mint a support member and a token for him; `now` and `until` in Unix seconds. The invitation is good until
    `until` too. Raises ValueError for an end that lies behind, or further than `MOST_DAYS` ahead, and for no
    compartment."""
    wanted = sorted(set(compartments))
    if not wanted:
        raise ValueError("support reads at least one compartment")
    if not now < until <= now + MOST_DAYS * DAY:
        raise ValueError(f"support ends within {MOST_DAYS} days")
    token = Token.generate()
    invitation, member = os.urandom(ID_SIZE), os.urandom(ID_SIZE)
    operation = SupportGrant(invitation, member, token.public, until, group, wanted, until)
    return NewInvitation([operation], invitation, member, token, until)


def plan_support_allowed(state: RosterState, allowed: bool) -> list[RosterOperation]:
    """Nothing where it is so already."""
    if state.policies.support_allowed is allowed:
        return []
    return [Policy(SUPPORT_ALLOWED, int(allowed), b"", b"")]


__all__ = ["MOST_DAYS", "SUPPORT_ALLOWED", "plan_support", "plan_support_allowed"]
