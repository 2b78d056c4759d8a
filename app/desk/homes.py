"""Where records live and who may change them: which group, which log, in the words of the people who choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.crm.schema import SCHEMA
from protocol import access
from protocol.ids import Compartment, GroupId, Level, LogId, MemberId, Permission
from protocol.state import RosterState

MEMBER_PREFIX = "member:"


@dataclass(frozen=True, slots=True)
class GroupChoice:
    """A group in which the user may make records of a type."""

    id: GroupId
    name: str


def member_of(value: object) -> MemberId | None:
    """The member that a MEMBER field names; None for a plain name."""
    if isinstance(value, str) and value.startswith(MEMBER_PREFIX):
        try:
            found = bytes.fromhex(value.removeprefix(MEMBER_PREFIX))
        except ValueError:
            return None
        return found if len(found) == 16 else None
    return None


def member_value(member: MemberId) -> str:
    return f"{MEMBER_PREFIX}{member.hex()}"


def home_for(
    state: RosterState, me: MemberId, type_name: str, group: GroupId, owner: MemberId | None = None
) -> LogId:
    """The log for a new record of this type in this group, owned by `owner` (the user where nobody is named).

    Where the owner's own log is closed to the user, the record stays with the user.
    """
    compartment = SCHEMA.by_name[type_name].compartment
    wanted = access.home_log(state, owner or me, group, compartment)
    if owner is not None and owner != me and access.level(state, me, wanted) is not Level.WRITE:
        return access.home_log(state, me, group, compartment)
    return wanted


def group_choices(
    state: RosterState, me: MemberId, type_name: str, named: Callable[[str, bytes], str]
) -> list[GroupChoice]:
    """Groups, by name, in which the user may make records of this type."""
    found = [
        GroupChoice(group.id, named("group", group.id))
        for group in state.groups.values()
        if not group.archived
        and not group.small
        and access.level(state, me, home_for(state, me, type_name, group.id)) is Level.WRITE
    ]
    return sorted(found, key=lambda choice: choice.name.casefold())


def may(state: RosterState, me: MemberId, permission: Permission, group: GroupId) -> bool:
    return bool(access.permissions(state, me, group) & permission)


def may_write(state: RosterState, me: MemberId, log: LogId) -> bool:
    return access.level(state, me, log) is Level.WRITE


def place_words(log: LogId, named: Callable[[str, bytes], str]) -> str:
    """ "West", or "West — only Ann and those above" for an own log."""
    if log.compartment is Compartment.DIRECTORY:
        return "Everybody in the workspace"
    group = named("group", log.group)  # of a small group: "Private", "Shared with Ben"
    return f"{group} — {named('member', log.owner)}'s own" if log.is_own else group
