"""The team as the Team page, the sharing dialog and the CLI show it: a pure view of roster state and names."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from app.desk.access_words import (
    COMPARTMENT_WORDS,
    CompartmentAccess,
    join_words,
    permission_sentence,
    summarise,
)
from protocol import access
from protocol.ids import DeviceId, GroupId, InvitationId, MemberId, Permission, RoleId, Standing
from protocol.state import Invitation, InvitationStatus, Member, MemberStatus, RosterState

Named = Callable[[str, bytes], str]
"""(kind, id) -> name; kinds are "member", "group", "role", "workspace". Falls back to a short form of the id."""

CheckCode = Callable[[Member], str]

STANDING_WORDS = {Standing.OWNER: "Owner", Standing.ADMIN: "Admin", Standing.MEMBER: "Member"}
STATUS_WORDS = {
    MemberStatus.INVITED: "Invited",
    MemberStatus.JOINED: "Joined, waiting to be confirmed",
    MemberStatus.ACTIVE: "Active",
    MemberStatus.SUSPENDED: "Suspended",
    MemberStatus.LEFT: "Left",
    MemberStatus.REMOVED: "Removed",
}


def _no_code() -> str:
    return ""


def device_label(device: DeviceId) -> str:
    """A device for people, by the beginning of its id."""
    return f"Computer {device.hex()[:4].upper()}-{device.hex()[4:8].upper()}"


class DeviceStatus(enum.Enum):
    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class TeamDevice:
    id: DeviceId
    status: DeviceStatus
    is_this: bool

    @property
    def name(self) -> str:
        """Devices have no names in the roster: the server would read them."""
        return device_label(self.id)


@dataclass(frozen=True, slots=True)
class Membership:
    """A member's roles in one group, and what they add up to."""

    group: GroupId
    group_name: str
    roles: tuple[RoleId, ...]
    role_names: tuple[str, ...]
    access: tuple[CompartmentAccess, ...]

    @property
    def text(self) -> str:
        return f"{self.group_name}: {join_words(list(self.role_names))}"


@dataclass(frozen=True, slots=True)
class TeamMember:
    id: MemberId
    name: str
    standing: Standing
    status: MemberStatus
    manager: MemberId | None
    manager_name: str
    is_me: bool
    devices: tuple[TeamDevice, ...]
    memberships: tuple[Membership, ...]
    support: str = ""
    code: Callable[[], str] = field(default=_no_code, compare=False, repr=False)

    @property
    def check_code(self) -> str:
        """Thirty digits to compare by voice; "" before he has keys. Worked out when it is asked for."""
        return self.code()

    @property
    def standing_text(self) -> str:
        return STANDING_WORDS[self.standing]

    @property
    def status_text(self) -> str:
        return STATUS_WORDS[self.status]

    @property
    def is_present(self) -> bool:
        return self.status in (MemberStatus.ACTIVE, MemberStatus.SUSPENDED)


@dataclass(frozen=True, slots=True)
class TeamRole:
    id: RoleId
    name: str
    access: tuple[CompartmentAccess, ...]
    permissions: Permission

    @property
    def sentences(self) -> tuple[str, ...]:
        allowed = permission_sentence(self.permissions)
        return tuple(entry.sentence for entry in self.access) + ((allowed,) if allowed else ())


@dataclass(frozen=True, slots=True)
class TeamGroup:
    """`catalogue_of`: the group whose products, prices and pipelines serve this one, where that is another."""

    id: GroupId
    name: str
    archived: bool
    members: tuple[MemberId, ...]
    i_may_manage: bool
    catalogue_of: GroupId | None = None


@dataclass(frozen=True, slots=True)
class TeamInvitation:
    id: InvitationId
    member: MemberId
    name: str
    standing: Standing
    expires: int
    status: InvitationStatus


@dataclass(frozen=True, slots=True)
class Team:
    """Everything about who is who; members by name, with those who are gone last.

    Small groups (private records, and records shared with one person) are not among the groups: `private_places`
    says how many there are that are not archived.
    """

    workspace_name: str
    workspace_code: str
    i_am_admin: bool
    i_am_owner: bool
    members: tuple[TeamMember, ...]
    groups: tuple[TeamGroup, ...]
    roles: tuple[TeamRole, ...]
    invitations: tuple[TeamInvitation, ...]
    managers_read_reports: bool = False
    private_places: int = 0
    _by_id: dict[bytes, TeamMember | TeamGroup | TeamRole] = field(
        default_factory=dict, compare=False, repr=False
    )

    def member(self, member: MemberId) -> TeamMember:
        """Raises KeyError for an id that nobody has."""
        found = self._known(member)
        if not isinstance(found, TeamMember):
            raise KeyError(member)
        return found

    def group(self, group: GroupId) -> TeamGroup:
        """Raises KeyError; small groups are no groups here."""
        found = self._known(group)
        if not isinstance(found, TeamGroup):
            raise KeyError(group)
        return found

    def role(self, role: RoleId) -> TeamRole:
        """Raises KeyError."""
        found = self._known(role)
        if not isinstance(found, TeamRole):
            raise KeyError(role)
        return found

    def _known(self, subject: bytes) -> TeamMember | TeamGroup | TeamRole:
        if not self._by_id:
            self._by_id.update({one.id: one for one in self.members})
            self._by_id.update({one.id: one for one in self.groups})
            self._by_id.update({one.id: one for one in self.roles})
        return self._by_id[subject]


def build_team(
    state: RosterState,
    me: MemberId,
    this_device: DeviceId,
    named: Named,
    check_code: CheckCode,
    workspace_code: str,
) -> Team:
    """The view of `state` for `me`; costs one pass over members, devices and grants."""
    devices: dict[MemberId, list[TeamDevice]] = {}
    for device in state.devices.values():
        status = DeviceStatus.REVOKED if device.revoked else DeviceStatus.ACTIVE
        devices.setdefault(device.member, []).append(TeamDevice(device.id, status, device.id == this_device))
    memberships: dict[MemberId, list[Membership]] = {}
    in_group: dict[GroupId, list[MemberId]] = {}
    known: dict[tuple[GroupId, frozenset[RoleId]], Membership] = {}
    for (member_id, group_id), role_ids in state.grants.items():
        group = state.groups.get(group_id)
        if not role_ids or group is None or group.small:
            continue
        in_group.setdefault(group_id, []).append(member_id)
        membership = known.get((group_id, role_ids))
        if membership is None:
            membership = known[(group_id, role_ids)] = _membership(state, group_id, role_ids, named)
        memberships.setdefault(member_id, []).append(membership)
    mine = state.members[me]
    members = [
        TeamMember(
            member.id,
            named("member", member.id),
            member.standing,
            member.status,
            member.manager if any(member.manager) else None,
            named("member", member.manager) if any(member.manager) else "",
            member.id == me,
            tuple(devices.get(member.id, ())),
            tuple(sorted(memberships.get(member.id, ()), key=lambda found: found.group_name.casefold())),
            _support_words(member, named),
            partial(check_code, member) if member.identity else _no_code,
        )
        for member in state.members.values()
    ]
    members.sort(key=lambda found: (not found.is_present, found.name.casefold()))
    admin = mine.standing is not Standing.MEMBER
    groups = [
        TeamGroup(
            group.id,
            named("group", group.id),
            group.archived,
            tuple(in_group.get(group.id, ())),
            admin or Permission.MANAGE_GROUP in access.permissions(state, me, group.id),
            state.policies.catalogue_of.get(group.id),
        )
        for group in state.groups.values()
        if not group.small
    ]
    roles = [
        TeamRole(role.id, named("role", role.id), summarise(role.accesses), role.permissions)
        for role in state.roles.values()
    ]
    return Team(
        named("workspace", state.workspace[:16]),
        workspace_code,
        admin,
        mine.standing is Standing.OWNER,
        tuple(members),
        tuple(sorted(groups, key=lambda found: (found.archived, found.name.casefold()))),
        tuple(roles),
        tuple(_invitation(invitation, state, named) for invitation in state.invitations.values()),
        state.policies.managers_read_reports,
        sum(group.small and not group.archived for group in state.groups.values()),
    )


def _support_words(member: Member, named: Named) -> str:
    """ "Support: reads deals and quotes of West until 4 Dec 2026"; "" for everybody else. Local time."""
    support = member.support
    if support is None:
        return ""
    what = join_words([COMPARTMENT_WORDS[one] for one in sorted(support.compartments)])
    moment = time.localtime(support.until)
    until = f"{moment.tm_mday} {time.strftime('%b %Y', moment)}"
    return f"Support: reads {what} of {named('group', support.group)} until {until}"


def _membership(state: RosterState, group: GroupId, role_ids: frozenset[RoleId], named: Named) -> Membership:
    ordered = [role for role in state.roles if role in role_ids]
    accesses = [access for role in ordered for access in state.roles[role].accesses]
    return Membership(
        group,
        named("group", group),
        tuple(ordered),
        tuple(named("role", role) for role in ordered),
        summarise(accesses),
    )


def _invitation(invitation: Invitation, state: RosterState, named: Named) -> TeamInvitation:
    member = state.members[invitation.member]
    return TeamInvitation(
        invitation.id,
        invitation.member,
        named("member", invitation.member),
        member.standing,
        invitation.expires,
        invitation.status,
    )
