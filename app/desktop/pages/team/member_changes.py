"""What can be done with a member, each as a `Change` that says itself before it is done."""

from __future__ import annotations

from collections.abc import Callable

from app.desk import TeamMember
from app.desktop.context import Context
from app.desktop.pages.team.change_dialog import Change, log_words
from protocol.ids import Standing
from protocol.state import MemberStatus

KEEPS = (
    "What they have read so far stays on their computer: nothing can take that back.",
    "What they wrote stays in the team's records, under their name.",
)


def changes_for(context: Context, person: TeamMember) -> list[Change]:
    """In the order of their weight; empty where the user may do nothing with this member."""
    team = context.desk.team()
    if person.is_me:
        return [_leave(context)]
    if not team.i_am_admin or not person.is_present:
        return []
    if person.standing is not Standing.MEMBER and not team.i_am_owner:
        return []
    found: list[Change] = []
    if team.i_am_owner and person.status is MemberStatus.ACTIVE:
        found += _standing_changes(context, person)
    found.append(_suspend(context, person))
    found.append(_remove(context, person))
    return found


def _standing_changes(context: Context, person: TeamMember) -> list[Change]:
    actions = context.desk.actions

    def to(standing: Standing, title: str, confirm: str, done: str, also: tuple[str, ...]) -> Change:
        return Change(
            title,
            confirm,
            lambda: actions.preview_standing(person.id, standing),
            lambda on_step: actions.set_standing(person.id, standing),
            lambda words: done,
            also=also,
        )

    name = person.name
    owner = to(
        Standing.OWNER,
        f"Make {name} an owner?",
        "Make owner",
        f"{name} is an owner now.",
        (
            f"{name} will be able to do everything you can: change owners, admins and policies, and remove you.",
            "Two owners are wise: if one loses everything, the other goes on.",
        ),
    )
    if person.standing is Standing.MEMBER:
        can = f"{name} will be able to invite and remove people, and to change roles and groups."
        sees = f"It shows {name} no record that is not shown now: an admin reads what he is granted."
        return [
            to(
                Standing.ADMIN,
                f"Make {name} an admin?",
                "Make admin",
                f"{name} is an admin now.",
                (can, sees),
            )
        ]
    if person.standing is Standing.ADMIN:
        return [owner, _ordinary(to, name)]
    return [_ordinary(to, name)]


def _ordinary(to: Callable[[Standing, str, str, str, tuple[str, ...]], Change], name: str) -> Change:
    cannot = f"{name} can no longer invite or remove people, or change roles."
    return to(
        Standing.MEMBER,
        f"Make {name} an ordinary member?",
        "Make ordinary member",
        f"{name} is an ordinary member now.",
        (cannot,),
    )


def _leave(context: Context) -> Change:
    actions = context.desk.actions
    return Change(
        "Leave this workspace?",
        "Leave the workspace",
        actions.preview_leave,
        lambda on_step: actions.leave(),
        lambda words: "You have left the workspace.",
        danger=True,
        also=(
            "What you wrote stays in the team's records, under your name.",
            "What is on this computer stays here, and gets nothing new.",
            "This cannot be undone. To come back, you need a new invitation.",
        ),
    )


def _suspend(context: Context, person: TeamMember) -> Change:
    actions, name = context.desk.actions, person.name
    if person.status is MemberStatus.SUSPENDED:
        return Change(
            f"Let {name} in again?",
            "Let in again",
            lambda: actions.preview_suspend(person.id, False),
            lambda on_step: actions.suspend(person.id, False, on_step),
            lambda words: f"{name} is in again.",
        )
    return Change(
        f"Suspend {name}?",
        "Suspend",
        lambda: actions.preview_suspend(person.id, True),
        lambda on_step: actions.suspend(person.id, True, on_step),
        lambda words: f"{name} is suspended.{log_words(words)}",
        also=("They can be let in again at any time, with the roles they have now.",),
    )


def _remove(context: Context, person: TeamMember) -> Change:
    actions, name = context.desk.actions, person.name
    return Change(
        f"Remove {name} from the workspace?",
        "Remove",
        lambda: actions.preview_remove(person.id),
        lambda on_step: actions.remove(person.id, on_step),
        lambda words: f"{name} is removed.{log_words(words)}",
        danger=True,
        also=(*KEEPS, "This cannot be undone. To come back, they need a new invitation."),
    )
