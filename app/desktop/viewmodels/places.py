"""Where a record lives and who sees it, in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.desk import Desk
from app.desk.small_groups import is_small
from protocol import access
from protocol.ids import LogId
from protocol.state import MemberStatus

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Place:
    """`words`: the group ("West"); `seen_by`: "Seen by you and Ben"; `readers`: all names, the user's first."""

    words: str
    seen_by: str
    readers: tuple[str, ...]
    small: bool = False
    """Kept by one person, or shared by two."""


def place_of(desk: Desk, log: LogId) -> Place:
    state = desk.vault.roster
    readers = [
        member
        for member in access.readers(state, log)
        if member in state.members and state.members[member].status is not MemberStatus.REMOVED
    ]
    others = sorted(
        (desk.name("member", member) for member in readers if member != desk.me), key=str.casefold
    )
    mine = desk.me in readers
    names = tuple((["you"] if mine else []) + others)
    return Place(desk.place_words(log), _seen_by(names), names, is_small(state, log.group))


def _seen_by(names: tuple[str, ...]) -> str:
    if not names:
        return "Seen by nobody"
    if names == ("you",):
        return "Seen by you alone"
    if len(names) <= MOST_NAMES + 1:
        return f"Seen by {', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else f"Seen by {names[0]}"
    shown = ", ".join(names[:MOST_NAMES])
    return f"Seen by {shown} and {len(names) - MOST_NAMES} more"
