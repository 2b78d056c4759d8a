"""Groups, roles and members by the names that people type, or by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from app.cli.errors import NotFoundHere, UsageError
from app.desk import Desk, NotAllowed, Team, TeamGroup, TeamMember, TeamRole
from protocol.ids import GROUP_COMPARTMENTS, GroupId, Level, Permission
from protocol.state import MemberStatus
from vault.schema import RecordType


class Named(Protocol):
    @property
    def id(self) -> bytes: ...
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=Named)
_GONE = (MemberStatus.LEFT, MemberStatus.REMOVED)


def pick(found: Iterable[N], text: str, what: str) -> N:
    """The one that is called so, or has this id (32 hex digits). Raises NotFoundHere, UsageError."""
    listed = list(found)
    wanted = text.strip().casefold()
    fitting = [one for one in listed if one.id.hex() == wanted] or [
        one for one in listed if one.name.strip().casefold() == wanted
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        ids = " or ".join(one.id.hex() for one in fitting)
        raise UsageError(f"More than one {what} is called “{text}”. Use the id: {ids}.")
    names = ", ".join(one.name for one in listed) or "none"
    raise NotFoundHere(f"There is no {what} “{text}”. There are: {names}.")


def pick_group(team: Team, text: str) -> TeamGroup:
    return pick(team.groups, text, "group")


def pick_role(team: Team, text: str) -> TeamRole:
    return pick(team.roles, text, "role")


def pick_member(team: Team, text: str) -> TeamMember:
    """One who is there; somebody who is gone only by the id."""
    wanted = text.strip().casefold()
    if wanted == "me":
        return next(one for one in team.members if one.is_me)
    by_id = next((one for one in team.members if one.id.hex() == wanted), None)
    return by_id or pick([one for one in team.members if one.status not in _GONE], text, "member")


def group_for(desk: Desk, kind: RecordType, name: str) -> GroupId:
    """The group for new records of this type: the one named, or the only one there is.

    Raises NotFoundHere, UsageError, NotAllowed (the user may make none anywhere).
    """
    choices = desk.group_choices(kind.name)
    if name:
        return pick(choices, name, "group in which you may write such a record").id
    if not choices:
        raise NotAllowed(f"Your role does not let you make {kind.plural.lower()} in any group.")
    if len(choices) > 1:
        names = ", ".join(choice.name for choice in choices)
        raise UsageError(f"There is more than one group; name one with --group: {names}.")
    return choices[0].id


def fullest_role(team: Team) -> TeamRole:
    """The role that allows most: what somebody who makes a group takes in it."""

    def allows(role: TeamRole) -> tuple[int, int]:
        written = sum(
            one.group is Level.WRITE for one in role.access if one.compartment in GROUP_COMPARTMENTS
        )
        return written, sum(flag in role.permissions for flag in Permission)

    return max(team.roles, key=allows)
