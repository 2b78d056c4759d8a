"""Who else is there."""

from __future__ import annotations

from protocol.ids import MemberId
from protocol.state import RosterState


def has_colleagues(state: RosterState, me: MemberId) -> bool:
    """Whether the workspace has an active member besides this one."""
    return any(member.active and member.id != me for member in state.members.values())
