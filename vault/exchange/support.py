"""Support ends by itself: what each desk does about support members whose time is over, by its own clock.

The fold reads no clock, so the end of support is an entry (`expired`) like any other; whoever is first appends it. A
server can withhold that entry from a desk, or refuse it. So no desk waits for it: past `until`, it hands no key to such
a member and writes nothing that he could read, until the entry stands and the keys have changed.
"""

from __future__ import annotations

from collections.abc import Iterator

from protocol.access import logs_of
from protocol.ids import LogId, MemberId
from protocol.roster import Expired
from protocol.state import GONE, Invitation, Member, RosterState


def is_over(state: RosterState, member: Member, now: float) -> bool:
    """Whether this support member, who is still in the roster, has to be ended at `now` (Unix seconds)."""
    if member.support is None or member.status in GONE:
        return False
    return now >= member.support.until or not state.policies.support_allowed


def overdue(state: RosterState, now: float) -> Iterator[Member]:
    """Support members whose time is over and whose end is not in the roster yet."""
    for one in state.supports:
        member = state.members[one]
        if is_over(state, member, now):
            yield member


def ends_due(state: RosterState, me: MemberId, now: float) -> list[Expired]:
    """What any active member's client appends by itself."""
    person = state.members.get(me)
    if person is None or not person.active:
        return []
    gone = {member.id for member in overdue(state, now)}
    if not gone:
        return []
    return [Expired(one.id) for one in state.invitations.values() if one.member in gone]


def is_ended(state: RosterState, invitation: Invitation, now: float) -> bool:
    """Whether an invitation is of support whose time is over: nobody confirms it."""
    return is_over(state, state.members[invitation.member], now)


def closed_logs(state: RosterState, now: float) -> frozenset[LogId]:
    """Logs that somebody still reads whose time is over: nothing goes out there."""
    found: set[LogId] = set()
    for member in overdue(state, now):
        found |= logs_of(state, member.id)
    return frozenset(found)


__all__ = ["closed_logs", "ends_due", "is_ended", "is_over", "overdue"]
