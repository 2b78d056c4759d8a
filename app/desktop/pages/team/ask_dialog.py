"""Asking for a role: where, which one; whoever may grant it sees the request on his Team page."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desktop.background import Handle
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, Modal, Option, Select
from protocol.ids import GroupId, RoleId


class AskDialog(Modal):
    """``changed()`` once it is asked."""

    changed = Signal()

    def __init__(
        self, window: QWidget, context: Context, group: GroupId | None = None, role: RoleId | None = None
    ) -> None:
        super().__init__(
            window,
            "Ask for a role",
            text="Whoever may grant it sees what you ask for, and decides.",
            width=480,
        )
        self._context = context
        self._handle: Handle | None = None
        self._team = context.desk.team()
        groups = [one for one in self._team.groups if not one.archived]
        self.group = Select("Group", [Option(one.id, one.name, "group") for one in groups])
        self.group.set_value(group if group is not None else groups[0].id if groups else None)
        self.role = Select("Role", [Option(one.id, one.name, "role") for one in self._team.roles])
        self.role.set_value(
            role if role is not None else self._team.roles[0].id if self._team.roles else None
        )
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.effects = EffectList()
        for widget in (self.problem, self.group, self.role, self.effects):
            self.add(widget)
        self.add_button("Cancel")
        self.ask_button = self.add_button("Ask", primary=True)
        self.role.chosen.connect(lambda _: self._refresh())
        self._refresh()

    def _refresh(self) -> None:
        role = self.role.value()
        if isinstance(role, bytes):
            self.effects.show_lines(list(self._team.role(role).sentences), "info", "muted")

    def accept(self) -> None:
        """Note the request in the directory."""
        group, role, asking = self.group.value(), self.role.value(), self._context.desk.asking
        if self._handle is not None or not isinstance(group, bytes) or not isinstance(role, bytes):
            return
        self.ask_button.setEnabled(False)
        self._handle = self._context.run(
            lambda _: asking.ask(group, role), owner=self, done=self._done, failed=self._failed
        )

    def _done(self, noted: bool) -> None:
        self._handle = None
        if not noted:
            self.ask_button.setEnabled(True)
            self.problem.set_text("You are not an active member, so nothing was asked.", "That did not work")
            self.problem.show()
            return
        self._context.say("It is asked. Owners and admins see it on their Team page.", "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.ask_button.setEnabled(True)
        self.problem.set_text(words.message, words.title)
        self.problem.show()
