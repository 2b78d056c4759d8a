"""Who signed an entry, and what his standing lets him do: the checks that every rule of the fold starts with."""

from __future__ import annotations

from dataclasses import dataclass

from protocol.codes import RosterCode
from protocol.errors import RosterRefused
from protocol.ids import GroupId, MemberId, Permission, Standing
from protocol.state import GONE, Device, Member, RosterState


@dataclass(frozen=True, slots=True)
class Author:
    """The author device of an entry and its active member, in the state before the entry."""

    device: Device
    member: Member

    @property
    def is_owner(self) -> bool:
        return self.member.standing is Standing.OWNER

    @property
    def is_admin(self) -> bool:
        return self.member.standing >= Standing.ADMIN


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its position, the hash of the entry before, its own."""

    position: int
    previous: bytes
    hash: bytes


def refuse(code: RosterCode, message: str) -> RosterRefused:
    return RosterRefused(message, code.value)


def require_admin(author: Author) -> None:
    if not author.is_admin:
        raise refuse(RosterCode.NOT_ADMIN, "only an admin or owner may do this")


def require_owner(author: Author) -> None:
    if not author.is_owner:
        raise refuse(RosterCode.NOT_OWNER, "only an owner may do this")


def require_rank(author: Author, standing: Standing) -> None:
    """An admin's right over members, an owner's over admins and owners."""
    require_admin(author)
    if standing >= Standing.ADMIN:
        require_owner(author)


def require_manager(state: RosterState, author: Author, group: GroupId) -> None:
    """An admin, or a member whose roles in `group` have MANAGE_GROUP."""
    if author.is_admin:
        return
    roles = state.grants.get((author.member.id, group), frozenset())
    if not any(state.roles[role].permissions & Permission.MANAGE_GROUP for role in roles):
        raise refuse(RosterCode.NOT_MANAGER, "only an admin or a manager of the group may do this")


def known_member(state: RosterState, member: MemberId) -> Member:
    found = state.members.get(member)
    if found is None:
        raise refuse(RosterCode.MEMBER_UNKNOWN, "no such member")
    return found


def present_member(state: RosterState, member: MemberId) -> Member:
    """A member who has not left and was not removed."""
    found = known_member(state, member)
    if found.status in GONE:
        raise refuse(RosterCode.MEMBER_STATUS, "the member left or was removed")
    return found


def refuse_support(member: Member) -> None:
    """What no support member can have: roles, a standing, a place in the tree, trust."""
    if member.support is not None:
        raise refuse(RosterCode.SUPPORT, "a support member has nothing but what the support grant gives")


def check_not_small(state: RosterState, group: GroupId) -> None:
    """Small groups keep out of invitations, support and shared catalogues."""
    found = state.groups.get(group)
    if found is not None and found.small:
        raise refuse(RosterCode.GROUP_SMALL, "a small group has its creator and one more, and no more")


def keep_an_owner(state: RosterState, member: Member) -> None:
    """Refuse to take the last active owner away."""
    if member.active and member.standing is Standing.OWNER:
        others = any(
            other.active and other.standing is Standing.OWNER and other.id != member.id
            for other in state.members.values()
        )
        if not others:
            raise refuse(RosterCode.LAST_OWNER, "the last owner stays")
