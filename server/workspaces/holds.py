"""Holds: whoever is about to lose something cannot put it off by writing faster than the admin signs.

A removal names where its member's commits end and which roster it follows. Each commit and each entry that he adds in
between makes it come late, and he could go on with that for ever. So when it comes late by his own doing, what he
sends waits for some seconds, while the admin's client pulls, signs again, and appends.

And nobody below an admin fills the roster, which never shrinks and which every desk keeps whole: of each such member
some entries an hour are taken.

Only who may take from a member can have him held: an entry that fails on a cut has passed the fold; for one that fails
on the roster's head, the appending member's standing is looked at. And nobody has a higher one held, or his equals
without end: whoever made a small group, or manages one, would silence an owner by signing what comes late, over and
over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from protocol.ids import NO_ID, DeviceId, MemberId, Standing
from protocol.roster import (
    DeviceRevoke,
    EntryBody,
    Expired,
    GroupArchive,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Revoke,
    RoleDefine,
    RosterOperation,
    SetStanding,
)
from protocol.state import Member, RosterState
from server.errors import RateLimited

HOLD_SECONDS = 20.0
PACE_SECONDS = 3_600.0
PACE_ENTRIES = 500  # enough for whoever manages a group
HOLD_ENTRIES = 50  # of them, for each time that a member has another one held

TAKES_AWAY = (
    Expired,
    MemberRemove,
    MemberSuspend,
    MemberLeave,
    DeviceRevoke,
    Revoke,
    SetStanding,
    GroupArchive,
    RoleDefine,
)
"""Operations that are taken whatever space is used up: a removal always succeeds."""


class Holds:
    """Of one workspace; under its lock. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[MemberId, float] = {}
        self._entries: dict[MemberId, tuple[float, int]] = {}  # since when, how many

    def hold(self, member: MemberId) -> None:
        now = self._clock()
        self._until = {who: until for who, until in self._until.items() if until > now}
        self._until[member] = now + HOLD_SECONDS

    def hold_for(self, author: Member, member: Member) -> None:
        """`author` takes something from `member`, who was faster: he is held where he ranks below, or himself, and by
        owners always; of two plain members by the one who has entries left for it. Raises RateLimited."""
        plain = author.standing is member.standing is Standing.MEMBER
        if plain and author.id != member.id:
            self.spend(author, HOLD_ENTRIES)
        above = author.standing > member.standing or author.standing is Standing.OWNER
        if plain or above or author.id == member.id:
            self.hold(member.id)

    def check(self, member: MemberId) -> None:
        """Raises RateLimited while the member is held."""
        left = self._until.get(member, 0.0) - self._clock()
        if left > 0:
            raise RateLimited("a change of your rights is on its way", int(left) + 1)

    def spend(self, member: Member, entries: int) -> None:
        """So many entries of this member, who may be refused later. Raises RateLimited."""
        if member.standing >= Standing.ADMIN:
            return
        now = self._clock()
        since, before = self._entries.get(member.id, (now, 0))
        if now - since >= PACE_SECONDS:
            since, before = now, 0
        if before + entries > PACE_ENTRIES:
            raise RateLimited("entries enough for now", int(since + PACE_SECONDS - now) + 1)
        self._entries[member.id] = since, before + entries


def hold_racers(
    holds: Holds, state: RosterState, author: Member, bodies: Sequence[EntryBody], racing: Iterable[DeviceId]
) -> None:
    """An append that takes something away came late, after entries by the devices of `racing`: their members are held,
    who may be friends of whom it is about, where the author ranks above them; an owner has another owner held whom it
    is about."""
    takes = any(isinstance(body.operation, TAKES_AWAY) for body in bodies)
    if not takes or not author.active or author.standing < Standing.ADMIN:
        return
    targets = {_target(state, body.operation) for body in bodies}
    for racer in {state.devices[device].member for device in racing if device in state.devices} - {author.id}:
        above = author.standing > state.members[racer].standing
        if above or (racer in targets and author.standing is Standing.OWNER):
            holds.hold(racer)


def _target(state: RosterState, operation: RosterOperation) -> MemberId:
    match operation:
        case MemberRemove() | MemberSuspend() | SetStanding() | Revoke():
            return operation.member
        case DeviceRevoke():
            device = state.devices.get(operation.device)
            return NO_ID if device is None else device.member
    return NO_ID
