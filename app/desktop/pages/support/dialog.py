"""Let support in: one group, chosen parts, read only, until a day. Says in sentences what that means."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.crm.words import count
from app.desk import Invited
from app.desk.access_words import COMPARTMENT_TITLES, COMPARTMENT_WORDS
from app.desk.support import DAY, MOST_DAYS
from app.desktop.background import Handle, Progress
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.pages.team.invited_view import InvitedView
from app.desktop.problems import words_for
from app.desktop.widgets import (
    Banner,
    CheckBox,
    Label,
    Modal,
    Option,
    ProgressPanel,
    Select,
    Switch,
    TextField,
    row,
)
from protocol.ids import GROUP_COMPARTMENTS, Compartment, GroupId

T = TypeVar("T")

HOUR = 3_600
TERMS = (
    (HOUR, "1 hour"),
    (4 * HOUR, "4 hours"),
    (DAY, "1 day"),
    *((days * DAY, count(days, "day")) for days in (3, 7, 14, MOST_DAYS)),
)
LOOK_AGAIN_MS = 60


class SupportDialog(Modal):
    """Owners switch and invite; everybody else reads how it is."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(
            window,
            "Let support in",
            text="Whoever made Tacit, or runs your server, cannot read anything here. If somebody has to look at your "
            "records to help you, you let that person in: for one group, to read only, until the date that you set.",
            width=620,
        )
        self._context = context
        self._handle: Handle | None = None
        self.invited: Invited | None = None
        support = context.desk.support
        self.switch = Switch(
            "Owners may let support in",
            checked=support.is_allowed,
            detail="Off by default. Switching it off ends running support at once.",
        )
        self.switch.setEnabled(support.may_decide)
        self.switch.toggled.connect(self._switched)
        self.add(self.switch)
        if not support.may_decide:
            self.add(
                Banner(
                    "Only an owner decides this. Everybody sees a banner while support is in.",
                    severity="info",
                )
            )
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        self.form = QWidget()
        self._build_form()
        self.add(self.form)
        self.progress = ProgressPanel("Signing and sending", cancellable=False)
        self.progress.hide()
        self.add(self.progress)
        self.close_button = self.add_button("Close")
        self.make_button = self.add_button("Make the invitation", primary=True)
        self._later = QTimer(self, interval=LOOK_AGAIN_MS, singleShot=True)
        self._later.timeout.connect(self._refresh)
        self._follow()

    def _build_form(self) -> None:
        desk = self._context.desk
        self.name = TextField("Who comes", text="", placeholder="Vic of Tacit support")
        small = {group.id for group in desk.vault.roster.groups.values() if group.small}
        groups = [one for one in desk.team().groups if not one.archived and one.id not in small]
        self.group = Select("Group", [Option(one.id, one.name) for one in groups])
        self.term = Select("Ends by itself after", [Option(seconds, words) for seconds, words in TERMS])
        self.term.set_value(DAY)
        if len(groups) == 1:
            self.group.set_value(groups[0].id)
        self.parts: dict[Compartment, CheckBox] = {}
        boxes = QGridLayout()
        boxes.setHorizontalSpacing(16)
        boxes.setVerticalSpacing(8)
        for number, part in enumerate(GROUP_COMPARTMENTS):
            box = CheckBox(COMPARTMENT_TITLES[part], detail=COMPARTMENT_WORDS[part].capitalize())
            box.toggled.connect(lambda _: self._later.start())
            self.parts[part] = box
            boxes.addWidget(box, number // 2, number % 2)
        self.effects = EffectList()
        layout = QVBoxLayout(self.form)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.name)
        line = row(self.group, self.term, gap=12)
        line.setStretch(0, 3)
        line.setStretch(1, 2)
        layout.addLayout(line)
        layout.addWidget(Label("May read", scale="small", tone="muted"))
        layout.addLayout(boxes)
        layout.addWidget(self.effects)
        self.group.chosen.connect(lambda _: self._later.start())
        self.term.chosen.connect(lambda _: self._later.start())

    # what is chosen

    def chosen(self) -> list[Compartment]:
        return [part for part, box in self.parts.items() if box.isChecked()]

    def until(self) -> int:
        """Unix seconds."""
        term = self.term.value()
        return int(time.time()) + (term if isinstance(term, int) else DAY)

    def _group(self) -> GroupId | None:
        value = self.group.value()
        return value if isinstance(value, bytes) else None

    def _follow(self) -> None:
        support = self._context.desk.support
        ready = support.is_allowed and support.may_decide and self.invited is None
        self.form.setVisible(ready)
        self.make_button.setVisible(ready)
        self._refresh()

    def _refresh(self) -> None:
        if self._context.is_closed or not self.form.isVisibleTo(self):
            return
        group = self._group()
        self.make_button.setEnabled(group is not None and bool(self.chosen()) and self._handle is None)
        if group is None:
            self.effects.show_quiet("Choose a group.")
            return
        sentences = self._context.desk.support.sentences(group, self.chosen(), self.until())
        self.effects.show_lines(sentences, "eye" if self.chosen() else "info", "muted")

    # doing

    def _switched(self, on: bool) -> None:
        support = self._context.desk.support
        if on == support.is_allowed:
            return
        self.switch.setEnabled(False)

        def done(_: None) -> None:
            self._ended()
            self._context.say(
                "Support can be let in now." if on else "Support is switched off, and has ended."
            )

        self._run(lambda progress: support.allow(on), done)

    def accept(self) -> None:
        """Make it; the dialog goes on with the link."""
        if self.invited is not None:
            self.accepted.emit()
            self.close_overlay()
            return
        name, group = self.name.text().strip(), self._group()
        if not name:
            self.name.set_error("Say who comes: every member will read it.")
            self.name.edit.setFocus()
            return
        if group is None or not self.chosen() or self._handle is not None:
            return
        support, parts, until = self._context.desk.support, self.chosen(), self.until()
        self._run(lambda progress: support.let_in(name, group, parts, until), self._made)

    def _made(self, invited: Invited) -> None:
        self._ended()
        self.invited = invited
        name = self.name.text().strip()
        self.form.hide()
        self.switch.hide()
        self.title.setText(f"The invitation for {name}")
        self.add(InvitedView(name, invited))
        self.close_button.hide()
        self.make_button.setEnabled(True)
        self.make_button.set_text("Done")
        self.make_button.show()

    def _run(self, task: Callable[[Progress], T], done: Callable[[T], None]) -> None:
        self.problem.hide()
        self.progress.show()
        self.make_button.setEnabled(False)
        self.close_button.setEnabled(False)
        self._handle = self._context.run(task, owner=self, done=done, failed=self._failed)

    def _ended(self) -> None:
        self._handle = None
        self.progress.hide()
        self.close_button.setEnabled(True)
        support = self._context.desk.support
        self.switch.setEnabled(support.may_decide)
        self.switch.blockSignals(True)
        self.switch.setChecked(support.is_allowed)
        self.switch.blockSignals(False)
        self._follow()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._ended()
        self.problem.set_text(words.message, words.title)
        self.problem.show()

    def mousePressEvent(self, event: object) -> None:
        """A click beside it does not close it: what was chosen, or the link, would be gone."""

    def reject(self) -> None:
        if self._handle is None:
            super().reject()
