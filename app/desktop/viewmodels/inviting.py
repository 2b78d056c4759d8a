"""The invite dialog without a window: what was chosen, whether it can go, and what it means in sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

import segno

from app.desk import Desk, Invited, Team
from app.desktop.viewmodels.sharing import default_role
from app.desktop.viewmodels.team_rows import expiry_words
from protocol.ids import GroupId, RoleId, Standing
from protocol.limits import MAX_INVITATION_DAYS

DAYS = (1, 3, 7, 14, 30, MAX_INVITATION_DAYS)
DEFAULT_DAYS = 14
HOW_IT_WORKS = (
    "They install Tacit, choose “Accept an invitation”, and paste the link or type the code.",
    "They choose a handle and a password of their own. Nobody else ever learns it.",
    "As soon as your Tacit, or another admin's, is online, they are let in and their keys are handed over.",
)
STANDING_DETAILS = {
    Standing.MEMBER: "Sees what the roles below allow",
    Standing.ADMIN: "Also invites, removes people and changes roles",
    Standing.OWNER: "Also makes and removes admins",
}


@dataclass
class InviteDraft:
    """What the dialog has so far."""

    team: Team
    name: str = ""
    days: int = DEFAULT_DAYS
    standing: Standing = Standing.MEMBER
    grants: dict[GroupId, RoleId] = field(default_factory=dict)

    @classmethod
    def start(cls, team: Team, group: GroupId | None = None) -> InviteDraft:
        """One group is chosen already: the given one, or the only one there is."""
        draft = cls(team)
        open_groups = [one.id for one in draft.groups]
        role = default_role(team)
        chosen = group if group in open_groups else (open_groups[0] if len(open_groups) == 1 else None)
        if chosen is not None and role is not None:
            draft.grants[chosen] = role
        return draft

    @property
    def groups(self) -> list[GroupChoiceRow]:
        """Groups into which the user may invite."""
        return [
            GroupChoiceRow(one.id, one.name)
            for one in self.team.groups
            if not one.archived and one.i_may_manage
        ]

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Only owners make owners and admins."""
        if self.team.i_am_owner:
            return (Standing.MEMBER, Standing.ADMIN, Standing.OWNER)
        return (Standing.MEMBER,)

    def problem(self) -> str:
        """What is missing, in words; "" when it can go."""
        if not self.name.strip():
            return "Give the name by which the team knows this person."
        if any(
            one.is_present and one.name.casefold() == self.name.strip().casefold()
            for one in self.team.members
        ):
            return (
                "Somebody of this name is in the team already. Tell them apart, for example by a middle name."
            )
        return ""

    def warning(self) -> str:
        """Something that is allowed and probably not meant."""
        if not self.grants:
            return "Without a group they see nothing but the names of the team. You can add groups later."
        return ""

    def pairs(self) -> list[tuple[GroupId, RoleId]]:
        return list(self.grants.items())

    def sentences(self, desk: Desk) -> list[str]:
        """What the invitee will see once she has joined."""
        who = self.name.strip() or "The invitee"
        lines = list(desk.actions.preview_invite(self.pairs(), who).sentences) if self.grants else []
        for role_id in dict.fromkeys(self.grants.values()):
            role = self.team.role(role_id)
            lines.append(f"{role.name}: " + " ".join(role.sentences))
        if self.standing is not Standing.MEMBER:
            word = "owner" if self.standing is Standing.OWNER else "admin"
            lines.append(f"As an {word}, {who} can invite and remove people and change roles in every group.")
        return lines


@dataclass(frozen=True, slots=True)
class GroupChoiceRow:
    id: GroupId
    name: str


def qr_matrix(invited: Invited) -> list[list[int]]:
    """The invitation as the modules of a QR code, error correction M."""
    return [list(line) for line in segno.make(invited.qr, error="m", micro=False).matrix]


def code_groups(code: str, size: int = 4) -> list[str]:
    """The code in groups to read out; where it has groups already, those."""
    parts = code.replace("-", " ").split()
    if len(parts) > 1:
        return parts
    return [code[place : place + size] for place in range(0, len(code), size)]


def open_until(invited: Invited) -> str:
    return f"Open {expiry_words(invited.expires)}."
