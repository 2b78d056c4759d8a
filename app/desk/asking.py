"""Asking for a role: an event in the directory that whoever may grant it sees, and answers by granting or declining.

It is a request, no more: what counts is the grant, which its giver signs. Nobody widens what he sees himself, an admin
neither, so an admin asks an owner in this way. A request is over when its role is held, when it was declined by
somebody who could have granted it, or withdrawn, or after `OPEN_DAYS`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.desk.audit_events import Event, EventBook
from protocol import access
from protocol.ids import ID_SIZE, GroupId, MemberId, Permission, RoleId, Standing
from protocol.state import RosterState

ROLE_ASKED = "role-asked"
ROLE_DECLINED = "role-declined"
ROLE_WITHDRAWN = "role-ask-withdrawn"
OPEN_DAYS = 30
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Asked:
    """`member` asks for `role` in `group`; `at` in Unix seconds by his clock. `i_may_answer`: the user may grant it."""

    id: bytes
    member: MemberId
    group: GroupId
    role: RoleId
    at: int
    i_may_answer: bool
    is_mine: bool


class Asking:
    """Threads: any."""

    def __init__(
        self,
        events: EventBook,
        roster: Callable[[], RosterState],
        me: MemberId,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._events = events
        self._roster = roster
        self._me = me
        self._clock = clock

    def ask(self, group: GroupId, role: RoleId) -> bool:
        """Ask for a role; False where this desk cannot write in the directory."""
        return self._events.note(ROLE_ASKED, kind=group.hex(), code=role.hex())

    def decline(self, asked: Asked) -> bool:
        return self._events.note(ROLE_DECLINED, detail=asked.id.hex())

    def withdraw(self, asked: Asked) -> bool:
        return self._events.note(ROLE_WITHDRAWN, detail=asked.id.hex())

    def open(self) -> list[Asked]:
        """What waits for an answer, the newest first; of the same request by the same person, one."""
        state, events = self._roster(), self._events.all()
        over = {
            bytes.fromhex(event.detail)
            for event in events
            if event.what in (ROLE_DECLINED, ROLE_WITHDRAWN) and len(event.detail) == 2 * ID_SIZE
            if _is_hex(event.detail) and self._ends(state, event, events)
        }
        found: dict[tuple[bytes, bytes, bytes], Asked] = {}
        since = int(self._clock()) - OPEN_DAYS * _DAY
        for event in events:
            asked = self._read(state, event) if event.what == ROLE_ASKED and event.at >= since else None
            if asked is not None and asked.id not in over:
                found[(asked.member, asked.group, asked.role)] = asked
        return sorted(found.values(), key=lambda one: -one.at)

    def _ends(self, state: RosterState, event: Event, events: list[Event]) -> bool:
        """Withdrawn by whoever asked, or declined by somebody who may answer."""
        asked = next((one for one in events if one.id.hex() == event.detail), None)
        if asked is None or asked.what != ROLE_ASKED:
            return False
        if event.what == ROLE_WITHDRAWN:
            return event.member == asked.member
        found = self._read(state, asked)
        return found is None or _may_grant(state, event.member, found.member, found.group)

    def _read(self, state: RosterState, event: Event) -> Asked | None:
        """None for what is malformed, about something that is not there, or granted already."""
        if not (_is_id(event.kind) and _is_id(event.code)):
            return None
        group, role = bytes.fromhex(event.kind), bytes.fromhex(event.code)
        place, person = state.groups.get(group), state.members.get(event.member)
        if place is None or place.small or place.archived or role not in state.roles:
            return None
        if person is None or not person.active or person.support is not None:
            return None
        if role in state.grants.get((event.member, group), frozenset()):
            return None
        answers = _may_grant(state, self._me, event.member, group)
        return Asked(event.id, event.member, group, role, event.at, answers, event.member == self._me)


def _may_grant(state: RosterState, giver: MemberId, member: MemberId, group: GroupId) -> bool:
    """An owner may always; others may for somebody else, as admins or managers of the group."""
    person = state.members.get(giver)
    if person is None or not person.active:
        return False
    if person.standing is Standing.OWNER:
        return True
    manages = Permission.MANAGE_GROUP in access.permissions(state, giver, group)
    return giver != member and (person.standing is Standing.ADMIN or manages)


def _is_id(text: str) -> bool:
    return len(text) == 2 * ID_SIZE and _is_hex(text)


def _is_hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)


__all__ = ["OPEN_DAYS", "Asked", "Asking"]
