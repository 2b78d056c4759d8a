"""Defining a role: one choice per compartment, permissions as ticks, and what it adds up to in sentences."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.desk import ChangeWords
from app.desk.access_words import COMPARTMENT_TITLES, COMPARTMENT_WORDS, PERMISSION_WORDS
from app.desktop.background import Handle
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.problems import words_for
from app.desktop.viewmodels.role_draft import RoleDraft, Sight, sights
from app.desktop.viewmodels.team_rows import people_with_role
from app.desktop.widgets import Banner, CheckBox, Label, Modal, Option, SelectBox, TextField, column
from protocol.ids import Compartment, Permission, RoleId


class RoleEditor(Modal):
    """``changed()`` once the role is defined. With `role`, that one is changed for everybody who has it."""

    changed = Signal()

    def __init__(self, window: QWidget, context: Context, role: RoleId | None = None) -> None:
        team = context.desk.team()
        found = team.role(role) if role is not None else None
        super().__init__(window, f"Role “{found.name}”" if found else "New role", width=720)
        self._context = context
        self.draft = RoleDraft.of(team, found) if found else RoleDraft(team)
        self._handle: Handle | None = None
        used = people_with_role(team, found) if found else 0
        if used:
            words = (
                "1 person has this role. What you change here changes for that person."
                if used == 1
                else f"{used} people have this role. What you change here changes for all of them."
            )
            self.add(Banner(words, severity="info"))
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        self.name = TextField("Name", text=self.draft.name, placeholder="For example: Field sales")
        self.name.changed.connect(self._named)
        self.add(self.name)
        self.add(self._build_sights())
        self.add(Label("May also", scale="strong"))
        self.add(self._build_permissions())
        self.add(Label("What changes for people" if used else "What it adds up to", scale="strong"))
        self.effects = EffectList()
        self.add(self.effects)
        self.cancel_button = self.add_button("Cancel")
        self.save_button = self.add_button("Save role" if found else "Create role", primary=True)
        self._asked = 0
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._preview)
        self._refresh()

    def _build_sights(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        self.sights: dict[Compartment, SelectBox] = {}
        for place, compartment in enumerate(self.draft.sight):
            words = column(
                Label(COMPARTMENT_TITLES[compartment]),
                Label(COMPARTMENT_WORDS[compartment].capitalize(), scale="small", tone="faint"),
                gap=0,
            )
            select = SelectBox([Option(one, one.value) for one in sights(compartment)])
            select.setAccessibleName(COMPARTMENT_TITLES[compartment])
            select.set_value(self.draft.sight[compartment])
            select.setFixedWidth(240)
            select.chosen.connect(lambda value, one=compartment: self._seen(one, value))
            self.sights[compartment] = select
            grid.addLayout(words, place, 0)
            grid.addWidget(select, place, 1)
        return box

    def _build_permissions(self) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        self.ticks: dict[Permission, CheckBox] = {}
        for place, (flag, words) in enumerate(PERMISSION_WORDS.items()):
            tick = CheckBox(words[0].upper() + words[1:], checked=flag in self.draft.permissions)
            tick.toggled.connect(lambda on, one=flag: self._allowed(one, on))
            self.ticks[flag] = tick
            grid.addWidget(tick, place // 2, place % 2)
        return box

    def _named(self, text: str) -> None:
        self.draft.name = text
        self.name.set_error("")

    def _seen(self, compartment: Compartment, value: object) -> None:
        if isinstance(value, Sight):
            self.draft.see(compartment, value)
        self._refresh()

    def _allowed(self, flag: Permission, on: bool) -> None:
        self.draft.allow(flag, on)
        self._refresh()

    def _refresh(self) -> None:
        self._asked += 1
        for compartment, select in self.sights.items():
            select.set_value(self.draft.sight[compartment])
        for flag, tick in self.ticks.items():
            tick.blockSignals(True)
            tick.setChecked(flag in self.draft.permissions)
            tick.blockSignals(False)
        self.problem.hide()
        if self.draft.role is None:
            self.effects.show_lines(self.draft.sentences())
        elif not self.draft.is_changed:
            self.effects.show_quiet("Nothing is changed yet.")
        else:
            self._later.start()

    def _preview(self) -> None:
        asked, draft, actions = self._asked, self.draft, self._context.desk.actions
        accesses, permissions, role = draft.accesses(), draft.permissions, draft.role

        def shown(words: ChangeWords) -> None:
            if asked == self._asked:
                self.effects.show_change(words)

        self._context.run(
            lambda _: actions.preview_define_role(accesses, permissions, role),
            owner=self,
            done=shown,
            failed=self._failed,
        )

    def accept(self) -> None:
        """Define it."""
        problem = self.draft.problem()
        if problem:
            self.name.set_error(problem)
            self.name.edit.setFocus()
            return
        if self._handle is not None:
            return
        draft, actions = self.draft, self._context.desk.actions
        name, accesses, permissions, role = (
            draft.name.strip(), draft.accesses(), draft.permissions, draft.role,
        )  # fmt: skip
        self.save_button.setEnabled(False)
        only_name = role is not None and not draft.is_changed

        def act() -> None:
            if only_name and role is not None:
                actions.rename("role", role, name)
            else:
                actions.define_role(name, accesses, permissions, role)

        self._handle = self._context.run(
            lambda _: act(),
            owner=self,
            done=lambda _: self._done(),
            failed=self._failed,
        )

    def _done(self) -> None:
        self._context.say(f"The role “{self.draft.name.strip()}” is saved.", "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.save_button.setEnabled(True)
        self.problem.set_text(words.message, words.title)
        self.problem.show()
