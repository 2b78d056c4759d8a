"""Answering somebody who asks for a role: what it would do, then grant or decline."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desk import RoleChange
from app.desk.approvals import Approval
from app.desk.asking import Asked
from app.desktop.context import Context
from app.desktop.pages.team.change_dialog import Change, ChangeDialog
from app.desktop.widgets import Button


class AnswerDialog(ChangeDialog):
    """As any change; with a third way out. ``changed()`` after either answer."""

    def __init__(self, window: QWidget, context: Context, approval: Approval, asked: Asked) -> None:
        super().__init__(window, context, grant_change(context, approval, asked))
        self._asked = asked
        self.decline_button: Button = self.add_button("Decline", on_click=self.decline)
        self.footer.insertWidget(self.footer.indexOf(self.confirm_button), self.decline_button)

    def decline(self) -> None:
        """Say no; whoever asked sees that the request is gone."""
        self._context.desk.asking.decline(self._asked)
        self._context.say("The request is declined.", "info")
        self.changed.emit()
        self.close_overlay()


def grant_change(context: Context, approval: Approval, asked: Asked) -> Change:
    """The role that is asked for, beside those that are held."""
    desk = context.desk
    held = desk.vault.roster.grants.get((asked.member, asked.group), frozenset())
    change = RoleChange(asked.member, asked.group, held | {asked.role})
    role, group = desk.name("role", asked.role), desk.name("group", asked.group)
    return Change(
        f"Make {approval.name} {role} in {group}?",
        "Grant",
        lambda: desk.actions.preview_roles([change]),
        lambda on_step: desk.actions.set_roles([change], on_step),
        lambda words: f"{approval.name} is {role} in {group} now.",
        also=("The keys are handed over by the next computer online that has them.",),
    )
