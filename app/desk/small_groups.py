"""Small groups: of one person, or of two. They are made when a record is made private or shared with one person; nobody
sees them as groups, and they have no names (names are read by every member of the workspace).
"""

from __future__ import annotations

from collections.abc import Callable

from protocol import access
from protocol.ids import Compartment, GroupId, Level, LogId, MemberId
from protocol.state import RosterState

Named = Callable[[str, bytes], str]

PRIVATE = "Private"


def is_small(state: RosterState, group: GroupId) -> bool:
    """Whether it is a group of one or two people, which the team's pages leave out."""
    found = state.groups.get(group)
    return found is not None and found.small


def members_of(state: RosterState, group: GroupId) -> frozenset[MemberId]:
    """Everybody with a role in it."""
    return frozenset(member for member, roles in state.grants.of_group(group).items() if roles)


def small_words(state: RosterState, me: MemberId, group: GroupId, named: Named) -> str:
    """ "Private", "Shared with Ben"; from outside "Private (Ann)", "Shared (Ann and Ben)"; "" for other groups."""
    if not is_small(state, group):
        return ""
    members = members_of(state, group)
    names = sorted((named("member", member) for member in members if member != me), key=str.casefold)
    if me in members:
        return f"Shared with {names[0]}" if names else PRIVATE
    return f"Shared ({' and '.join(names)})" if len(names) > 1 else f"{PRIVATE} ({''.join(names)})"


def find_small(state: RosterState, me: MemberId, other: MemberId | None) -> GroupId | None:
    """The user's small group with this person (None: with nobody), where there is one to write in."""
    wanted = {me} if other is None else {me, other}
    for group in state.groups.values():
        if not group.small or group.archived or group.creator != me or members_of(state, group.id) != wanted:
            continue
        home = LogId(group.id, Compartment.MARGINS)
        if all(access.level(state, member, home) is Level.WRITE for member in wanted):
            return group.id
    return None


__all__ = ["PRIVATE", "find_small", "is_small", "members_of", "small_words"]
