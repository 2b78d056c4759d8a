"""The sharing dialog without a window: who is in a group with which role, and what was changed but not yet done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.desk import RoleChange, Team, TeamGroup, TeamMember, TeamRole
from app.desk.access_words import CompartmentAccess, join_words, permission_sentence
from protocol.ids import GroupId, MemberId, Permission, RoleId
from protocol.state import MemberStatus

_LISTED = frozenset([MemberStatus.ACTIVE, MemberStatus.SUSPENDED, MemberStatus.JOINED, MemberStatus.INVITED])
NOT_IN_GROUP = "Not in this group"


@dataclass(frozen=True, slots=True)
class SharingRow:
    """A person: the roles held in the group now (mostly one or none)."""

    member: TeamMember
    roles: tuple[RoleId, ...]


class Sharing:
    """Pending changes to one group. Pure: nothing is done here; `changes` is what is to be done."""

    def __init__(self, team: Team, group: GroupId) -> None:
        self.team = team
        self.group: TeamGroup = team.group(group)
        self.roles: tuple[TeamRole, ...] = team.roles
        self._wanted: dict[MemberId, frozenset[RoleId]] = {}
        self.rows: tuple[SharingRow, ...] = tuple(
            sorted(
                (
                    SharingRow(member, self._held(member))
                    for member in team.members
                    if member.status in _LISTED and not member.support
                ),
                key=lambda row: (not row.roles, row.member.name.casefold()),
            )
        )
        self._rows = {row.member.id: row for row in self.rows}

    def _held(self, member: TeamMember) -> tuple[RoleId, ...]:
        return next((entry.roles for entry in member.memberships if entry.group == self.group.id), ())

    def row(self, member: MemberId) -> SharingRow:
        """Raises KeyError for somebody who is gone."""
        return self._rows[member]

    def knows(self, member: MemberId) -> bool:
        """Whether somebody is listed."""
        return member in self._rows

    def wanted(self, member: MemberId) -> tuple[RoleId, ...]:
        """The roles as they will be, in the order of the team's roles."""
        if member not in self._wanted:
            return self.row(member).roles
        return tuple(role.id for role in self.roles if role.id in self._wanted[member])

    def want(self, member: MemberId, roles: Iterable[RoleId]) -> None:
        """Choose all the roles of a member, none for not in the group; what is there already takes the change back."""
        chosen = frozenset(roles)
        if chosen == frozenset(self.row(member).roles):
            self._wanted.pop(member, None)
        else:
            self._wanted[member] = chosen

    def clear(self) -> None:
        self._wanted.clear()

    def is_changed(self, member: MemberId) -> bool:
        return member in self._wanted

    @property
    def changes(self) -> tuple[RoleChange, ...]:
        """Additions first, so that the group is never without people in between."""
        found = [RoleChange(member, self.group.id, roles) for member, roles in self._wanted.items()]
        return tuple(sorted(found, key=lambda change: not change.roles))

    @property
    def inverse(self) -> tuple[RoleChange, ...]:
        """What takes the changes back, once they were made."""
        return tuple(
            RoleChange(one.member, one.group, frozenset(self.row(one.member).roles)) for one in self.changes
        )

    def moves(self) -> list[str]:
        """The changes themselves in words: "Ben Brouwer becomes Manager (was Sales rep)"."""
        lines = []
        for change in self.changes:
            row = self.row(change.member)
            was = self._names(row.roles)
            now = self._names(self.wanted(change.member))
            if not change.roles:
                lines.append(f"{row.member.name} leaves the group (was {was}).")
            elif was:
                lines.append(f"{row.member.name} becomes {now} (was {was}).")
            else:
                lines.append(f"{row.member.name} joins as {now}.")
        return lines

    def _names(self, roles: Iterable[RoleId]) -> str:
        return join_words([self.team.role(role).name for role in roles])

    def union(self, roles: Iterable[RoleId]) -> list[str]:
        """What several roles add up to, in sentences."""
        return role_union([self.team.role(role) for role in roles])

    @property
    def people(self) -> int:
        """How many will be in the group."""
        gone = sum(not roles and bool(self.row(one).roles) for one, roles in self._wanted.items())
        come = sum(bool(roles) and not self.row(one).roles for one, roles in self._wanted.items())
        return sum(bool(row.roles) for row in self.rows) + come - gone

    def why_not(self) -> str:
        """Why it cannot be changed here, in words; "" where it can."""
        if self.group.archived:
            return "This group is archived: it can be read, not changed. Open it again first."
        if not self.group.i_may_manage:
            admins = [one.name for one in self.team.members if one.is_present and int(one.standing) > 0]
            return (
                "You can look, not change: deciding who is in this group needs an admin, or a role that may "
                f"manage it. Ask {admins[0] if admins else 'your Team Admin'}."
            )
        return ""

    def fullest_role(self) -> RoleId | None:
        """The role that sees most, for whoever makes a group."""
        return fullest_role(self.team)


def role_union(roles: Sequence[TeamRole]) -> list[str]:
    """What roles add up to: one sentence for each compartment, and one for what they may."""
    if not roles:
        return ["Not in the group: sees nothing of it."]
    lines = []
    for place, first in enumerate(roles[0].access):
        group = max(role.access[place].group for role in roles)
        own = max(role.access[place].own for role in roles)
        lines.append(CompartmentAccess(first.compartment, group, max(own, group)).sentence)
    may = Permission(0)
    for role in roles:
        may |= role.permissions
    words = permission_sentence(may)
    return [*lines, words] if words else lines


def fullest_role(team: Team) -> RoleId | None:
    """The role with the most access and permissions; None where there is no role at all."""
    best = max(
        team.roles,
        key=lambda role: (
            sum(int(one.group) * 3 + int(one.own) for one in role.access),
            int(role.permissions),
        ),
        default=None,
    )
    return best.id if best else None


def default_role(team: Team) -> RoleId | None:
    """What an invitee gets unless somebody chooses: a role that sees little and can work."""
    ordinary = [role for role in team.roles if Permission.MANAGE_GROUP not in role.permissions]
    named = next((role for role in ordinary if role.name.casefold() == "sales rep"), None)
    chosen = named or (ordinary[0] if ordinary else None) or (team.roles[0] if team.roles else None)
    return chosen.id if chosen else None


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A person's roles in a group: short for the cell, whole for the tooltip."""

    short: str
    words: str
    role: RoleId | None
    access: tuple[CompartmentAccess, ...] = ()


class Matrix:
    """People × groups. `short` codes of roles are unique: "TA", "M", "SR"."""

    def __init__(self, team: Team, needle: str = "") -> None:
        """With `needle`, people whose name has it; where nobody's has, groups whose name has it, with their people."""
        self.team = team
        people = [one for one in team.members if one.status in _LISTED and not one.support]
        groups = [one for one in team.groups if not one.archived]
        self.people, self.groups = _fitting(people, groups, needle.casefold().strip())
        self.codes = role_codes(team.roles)
        self._held = {
            (member.id, entry.group): entry for member in self.people for entry in member.memberships
        }

    def cell(self, row: int, column: int) -> MatrixCell | None:
        """None where the person is not in the group."""
        person, group = self.people[row], self.groups[column]
        entry = self._held.get((person.id, group.id))
        if entry is None or not entry.roles:
            return None
        short = "+".join(self.codes[role] for role in entry.roles)
        does = "; ".join(f"{one.title}: {one.short.lower()}" for one in entry.access)
        words = f"{person.name} in {group.name}: {' and '.join(entry.role_names)}. {does}."
        return MatrixCell(short, words, entry.roles[0], entry.access)


def _fitting(
    people: list[TeamMember], groups: list[TeamGroup], needle: str
) -> tuple[list[TeamMember], list[TeamGroup]]:
    if not needle:
        return people, groups
    found = [one for one in people if needle in one.name.casefold()]
    if found:
        mine = {entry.group for one in found for entry in one.memberships}
        return found, [one for one in groups if one.id in mine] or groups
    wanted = [one for one in groups if needle in one.name.casefold()]
    inside = {member for one in wanted for member in one.members}
    return [one for one in people if one.id in inside], wanted


def role_codes(roles: tuple[TeamRole, ...]) -> dict[RoleId, str]:
    """One to three signs for each role, no two the same."""
    codes: dict[RoleId, str] = {}
    for role in roles:
        words = [word for word in role.name.split() if word[0].isalnum()] or ["?"]
        code = "".join(word[0] for word in words)[:3].upper()
        if code in codes.values() and len(words[0]) > 1:
            code = (words[0][:2]).capitalize()
        number = 2
        stem = code
        while code in codes.values():
            code, number = f"{stem}{number}", number + 1
        codes[role.id] = code
    return codes
