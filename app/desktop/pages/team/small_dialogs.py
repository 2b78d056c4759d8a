"""Small ones: the name of a group, a new group, a role in sentences."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desk import TeamRole
from app.desktop.background import Handle
from app.desktop.context import Context
from app.desktop.pages.team.role_legend import role_sentences
from app.desktop.problems import words_for
from app.desktop.widgets import Label, Modal, SideSheet, TextField


class NameDialog(Modal):
    """One name; ``act`` is slow and gets it. ``changed()`` once it is done."""

    changed = Signal()

    def __init__(
        self,
        window: QWidget,
        context: Context,
        title: str,
        confirm: str,
        act: Callable[[str], object],
        *,
        name: str = "",
        text: str = "",
        taken: frozenset[str] = frozenset(),
        done: str = "",
    ) -> None:
        super().__init__(window, title, text=text, width=440)
        self._context, self._act, self._taken, self._said = context, act, taken, done
        self._handle: Handle | None = None
        self.name = TextField("Name", text=name)
        self.name.changed.connect(lambda _: self.name.set_error(""))
        self.add(self.name)
        self.add_button("Cancel")
        self.confirm_button = self.add_button(confirm, primary=True)
        self.name.edit.selectAll()

    def accept(self) -> None:
        """Do it with the name."""
        name, act = self.name.text().strip(), self._act
        if not name:
            self.name.set_error("Give it a name.")
        elif name.casefold() in self._taken:
            self.name.set_error("There is one of this name already.")
        elif self._handle is None:
            self.confirm_button.setEnabled(False)
            self._handle = self._context.run(
                lambda _: act(name), owner=self, done=lambda _: self._done(name), failed=self._failed
            )

    def _done(self, name: str) -> None:
        if self._said:
            self._context.say(self._said.format(name=name), "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.confirm_button.setEnabled(True)
        self.name.set_error(f"{words.title}. {words.message}")


class RoleSheet(SideSheet):
    """A role in whole sentences; ``edit_wanted(role id)``, ``rename_wanted(role id)``."""

    edit_wanted = Signal(object)
    rename_wanted = Signal(object)

    def __init__(self, window: QWidget, role: TeamRole, people: int, editable: bool) -> None:
        words = (
            "Nobody has it."
            if not people
            else "1 person has it."
            if people == 1
            else f"{people} people have it."
        )
        super().__init__(window, role.name, text=words, width=460)
        self.add(role_sentences(role))
        if not editable:
            self.add(Label("Only admins change roles.", scale="small", tone="faint"))
        self.body.addStretch(1)
        self.add_button("Close")
        if editable:
            self.rename_button = self.add_button("Rename…", on_click=lambda: self._rename(role))
            self.edit_button = self.add_button("Change…", primary=True, on_click=lambda: self._edit(role))

    def _rename(self, role: TeamRole) -> None:
        self.close_overlay()
        self.rename_wanted.emit(role.id)

    def _edit(self, role: TeamRole) -> None:
        self.close_overlay()
        self.edit_wanted.emit(role.id)
