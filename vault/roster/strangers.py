"""What was let in on a branch of the roster by somebody from whom the other branch took the right to it.

A server that shows a removed admin the past in which he still is one has him sign whatever he likes there: he lets a
friend in. An owner who ends the fork takes from him again what was taken, and the friend would stay. So whoever and
whatever came in by such an entry goes as well (SPEC, R8).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from protocol.ids import DeviceId, GroupId, MemberId, RoleId
from protocol.roster import EntryBody, Grant, Invite, SetStanding, SupportGrant
from protocol.state import GONE, MemberStatus, RosterState


@dataclass(frozen=True, slots=True)
class LetIn:
    """`guests` were invited, `grants` are roles of members whom both branches know, `raised` got a higher standing."""

    guests: frozenset[MemberId] = field(default_factory=frozenset)
    grants: frozenset[tuple[MemberId, GroupId, RoleId]] = field(default_factory=frozenset)
    raised: frozenset[MemberId] = field(default_factory=frozenset)


def let_in(fork: RosterState, dropped: RosterState, kept: RosterState, acts: Iterable[EntryBody]) -> LetIn:
    """`acts`: the entries of the kept branch after the fork, in their order. Whoever a guest lets in is one too."""
    guests: set[MemberId] = set()
    grants: set[tuple[MemberId, GroupId, RoleId]] = set()
    raised: set[MemberId] = set()
    for act in acts:
        if not _lost_the_right(fork, dropped, kept, act.author, guests):
            continue
        operation = act.operation
        if isinstance(operation, Invite | SupportGrant):
            guests.add(operation.member)
        elif isinstance(operation, Grant):
            grants.add((operation.member, operation.group, operation.role))
        elif isinstance(operation, SetStanding):
            raised.add(operation.member)
    return LetIn(frozenset(guests), frozenset(grants), frozenset(raised))


def _lost_the_right(
    fork: RosterState, dropped: RosterState, kept: RosterState, device: DeviceId, guests: set[MemberId]
) -> bool:
    known = dropped.devices.get(device)
    if known is not None and known.revoked:
        return True
    member = kept.devices[device].member
    now, before = dropped.members.get(member), fork.members.get(member)
    if now is None:
        return member in guests
    if now.status in GONE or now.status is MemberStatus.SUSPENDED:
        return True
    return before is not None and now.standing < before.standing


__all__ = ["LetIn", "let_in"]
