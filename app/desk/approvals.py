"""What waits for somebody: who joined and is not in yet, who asks for a role, who has a right and not the key."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from app.desk.asking import Asked
from app.desk.key_waits import key_waits
from app.desk.team import Named
from protocol.ids import MemberId
from protocol.state import MemberStatus, RosterState
from vault.exchange import Waiting


class ApprovalKind(enum.Enum):
    JOIN = "Let in"
    ASK = "Asks for a role"
    KEY = "Waits for a key"


@dataclass(frozen=True, slots=True)
class Approval:
    """`mine_to_answer`: the user can do something about it. `asked` is given for requests."""

    kind: ApprovalKind
    member: MemberId
    name: str
    text: str
    mine_to_answer: bool
    asked: Asked | None = None


def approvals(
    state: RosterState, asked: Sequence[Asked], waiting: Sequence[Waiting], named: Named, i_am_admin: bool
) -> list[Approval]:
    """Requests first, then who joined, then keys."""
    return [
        *(_ask(one, named) for one in asked),
        *_joins(state, named, i_am_admin),
        *(
            Approval(ApprovalKind.KEY, one.member, named("member", one.member), one.text, False)
            for one in key_waits(state, waiting, named)
        ),
    ]


def _ask(one: Asked, named: Named) -> Approval:
    role, group = named("role", one.role), named("group", one.group)
    if one.is_mine:
        text = f"You asked to be {role} in {group}. Whoever may grant it sees this and decides."
    elif one.i_may_answer:
        text = f"Asks to be {role} in {group}."
    else:
        text = f"Asks to be {role} in {group}. An owner has to decide."
    mine = one.i_may_answer or one.is_mine
    return Approval(ApprovalKind.ASK, one.member, named("member", one.member), text, mine, one)


def _joins(state: RosterState, named: Named, i_am_admin: bool) -> list[Approval]:
    words = (
        "Has joined. This Tacit confirms by itself as soon as it is online; compare check codes to be sure who it is."
        if i_am_admin
        else "Has joined, and is let in as soon as an admin's Tacit is online."
    )
    found = [
        Approval(ApprovalKind.JOIN, member.id, named("member", member.id), words, False)
        for member in state.members.values()
        if member.status is MemberStatus.JOINED
    ]
    return sorted(found, key=lambda one: one.name.casefold())


__all__ = ["Approval", "ApprovalKind", "approvals"]
