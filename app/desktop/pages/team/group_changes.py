"""Archiving a group, taking changes back, withdrawing an invitation: each says itself before it is done."""

from __future__ import annotations

from collections.abc import Sequence

from app.desk import ChangeWords, RoleChange, TeamGroup, TeamInvitation
from app.desktop.context import Context
from app.desktop.pages.team.change_dialog import Change


def archive_change(context: Context, group: TeamGroup) -> Change:
    """Archive a group, or open it again."""
    actions, archived = context.desk.actions, not group.archived
    also = (
        ("Its records can still be read and found. Nobody can change them until it is opened again.",)
        if archived
        else ("Its records can be changed again by those whose role allows it.",)
    )
    return Change(
        f"Archive {group.name}?" if archived else f"Open {group.name} again?",
        "Archive" if archived else "Open again",
        lambda: actions.preview_archive_group(group.id, archived),
        lambda on_step: actions.archive_group(group.id, archived),
        lambda words: f"{group.name} is {'archived' if archived else 'open again'}.",
        also=also,
    )


def undo_change(context: Context, group: str, inverse: Sequence[RoleChange]) -> Change:
    """Take a change of roles back. The preview says of whom nothing has to be undone: who was handed no key yet."""
    actions = context.desk.actions
    return Change(
        f"Take back the changes in {group}?",
        "Take back",
        lambda: actions.preview_roles(inverse),
        lambda on_step: actions.set_roles(inverse, on_step),
        lambda words: f"It is in {group} as it was before.",
        also=("What somebody could read in the meantime may have been copied.",),
    )


def withdrawal_change(context: Context, invitation: TeamInvitation) -> Change:
    """Make an invitation's link useless. Nobody had a key by it."""
    actions = context.desk.actions
    return Change(
        f"Withdraw the invitation of {invitation.name}?",
        "Withdraw",
        lambda: ChangeWords((), (f"The link for {invitation.name} will no longer work.",), ""),
        lambda on_step: actions.withdraw(invitation.id),
        lambda words: f"The invitation of {invitation.name} is withdrawn.",
        danger=True,
        also=("Nothing was readable by it so far. You can invite them again at any time, with a new link.",),
    )
