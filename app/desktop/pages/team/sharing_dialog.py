"""Who is in a group and with which role: chosen for each person, shown in sentences before anything is done."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.crm.words import count
from app.desk import ChangeWords
from app.desktop.background import Handle, Progress, Step
from app.desktop.context import Context
from app.desktop.pages.team.change_dialog import SIGNING, log_words
from app.desktop.pages.team.effects import EffectList
from app.desktop.pages.team.people_list import PeopleList
from app.desktop.pages.team.role_legend import RoleLegend
from app.desktop.pages.team.roles_picker import RolesPicker
from app.desktop.problems import words_for
from app.desktop.viewmodels.sharing import Sharing
from app.desktop.widgets import Banner, Card, Label, Modal, ProgressPanel, ScrollPage
from protocol.ids import GroupId, MemberId, RoleId

_PREVIEW_AFTER_MS = 120
_NOTHING_YET = "Nothing is changed yet. Choose another role for somebody and read here what it will do."


class SharingDialog(Modal):
    """``changed()`` after the changes were made."""

    changed = Signal()

    def __init__(
        self, window: QWidget, context: Context, group: GroupId, member: MemberId | None = None
    ) -> None:
        self.sharing = Sharing(context.desk.team(), group)
        super().__init__(window, f"Who is in {self.sharing.group.name}", width=1040)
        self._context = context
        self._words: ChangeWords | None = None
        self._asked = 0
        self._handle: Handle | None = None
        self._signed = False
        self._why_not = self.sharing.why_not()
        if self._why_not:
            self.add(Banner(self._why_not, severity="info"))
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addWidget(self._build_people(), 6)
        columns.addLayout(self._build_right(), 5)
        self.body.addLayout(columns, 1)
        self.progress = ProgressPanel("Changing who is in the group")
        self.progress.hide()
        self.progress.cancelled.connect(self._stop)
        self.add(self.progress)
        self._build_foot()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PREVIEW_AFTER_MS)
        self._timer.timeout.connect(self._preview)
        self._refresh()
        if member is not None and self.sharing.knows(member):
            self.people.show_member(member)

    def panel_rect(self) -> QRect:
        """Always as large as is sensible: the list and the sentences share what is there."""
        width, height = min(1040, self.width() - 48), min(780, self.height() - 48)
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def _build_people(self) -> Card:
        self.summary = Label("", scale="small", tone="muted")
        self.people = PeopleList(self.sharing, not self._why_not)
        self.people.chosen.connect(self._choose)
        self.people.several_wanted.connect(self.pick_roles)
        card = Card("People", actions=[self.summary], divided=True)
        card.body.setContentsMargins(1, 8, 1, 1)
        card.add(self.people, 1)
        return card

    def _build_right(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(16)
        self.effects = EffectList(_NOTHING_YET if not self._why_not else "")
        if not self._why_not:
            card = Card("What this will do")
            scroll = ScrollPage(margins=0)
            scroll.setMinimumHeight(170)
            scroll.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
            scroll.body.addWidget(self.effects)
            scroll.body.addStretch(1)
            card.add(scroll, 1)
            box.addWidget(card, 5)
        legend = Card(
            "What each role reads and writes", subtitle="Choose a role to read it in whole sentences."
        )
        self.legend = RoleLegend(self.sharing.roles)
        legend.add(self.legend, 1)
        box.addWidget(legend, 4)
        return box

    def _build_foot(self) -> None:
        if self._why_not:
            self.close_button = self.add_button("Close", primary=True)
            return
        self.ask_button = self.add_button("Ask an owner", on_click=self._ask_owner)
        self.ask_button.hide()
        self.cancel_button = self.add_button("Cancel")
        self.apply_button = self.add_button("Apply changes", primary=True, on_click=self.accept)

    # choosing

    def _choose(self, member: MemberId, roles: object) -> None:
        assert isinstance(roles, frozenset)
        self.sharing.want(member, roles)
        if len(roles) == 1:
            self.legend.show_role(next(iter(roles)))
        self.problem.hide()
        self._refresh()

    def pick_roles(self, member: MemberId) -> RolesPicker:
        """Several roles for one person."""
        picker = RolesPicker(self, self.sharing, member)
        picker.picked.connect(lambda roles: self._choose(member, roles))
        picker.open_overlay()
        return picker

    def _refresh(self) -> None:
        changes = self.sharing.changes
        self._words = None
        self.people.refresh()
        self.summary.setText(f"{count(self.sharing.people, 'person', 'people')} in the group")
        if self._why_not:
            return
        self.apply_button.setEnabled(False)
        self.apply_button.set_text(f"Apply {count(len(changes), 'change')}" if changes else "Apply changes")
        self._asked += 1
        self.ask_button.hide()
        if not changes:
            self._timer.stop()
            self.effects.show_quiet(_NOTHING_YET)
            return
        self._timer.start()

    def _preview(self) -> None:
        asked, changes = self._asked, self.sharing.changes
        actions = self._context.desk.actions

        def shown(words: ChangeWords) -> None:
            if asked == self._asked:
                self._words = words
                self.effects.show_change(words, self.sharing.moves())
                self.apply_button.setEnabled(True)

        def refused(error: Exception) -> None:
            words = words_for(error)
            if words is None:
                raise error
            if asked == self._asked:
                self.effects.show_problem(f"{words.title}. {words.message}")
                self.ask_button.setVisible(bool(self._for_me()))

        self._context.run(lambda _: actions.preview_roles(changes), owner=self, done=shown, failed=refused)

    def _for_me(self) -> frozenset[RoleId]:
        """The roles that the user wants for himself: an owner can be asked for these."""
        mine = [change for change in self.sharing.changes if change.member == self._context.desk.me]
        held = set(self.sharing.row(mine[0].member).roles) if mine else set()
        return mine[0].roles - held if mine else frozenset()

    def _ask_owner(self) -> None:
        """Note the request; the change itself is taken back here."""
        desk, group, wanted = self._context.desk, self.sharing.group.id, self._for_me()
        self._context.run(
            lambda _: [desk.asking.ask(group, role) for role in wanted],
            owner=self,
            done=lambda _: self._is_asked(),
        )

    def _is_asked(self) -> None:
        me = self._context.desk.me
        self.sharing.want(me, self.sharing.row(me).roles)
        self._context.say("It is asked. Owners see it on their Team page, under Waiting.", "success")
        self._refresh()

    # doing

    def accept(self) -> None:
        """Apply all changes at once."""
        if self._words is None or self._handle is not None:
            return
        changes, actions = self.sharing.changes, self._context.desk.actions
        self._set_busy(True)
        self._signed = False

        def task(progress: Progress) -> None:
            signed = False

            def step(words: str) -> None:
                nonlocal signed
                if not (signed and progress.cancelled):  # what is signed is carried through
                    progress(0, 0, words)
                signed = signed or words == SIGNING

            actions.set_roles(changes, step)

        self._handle = self._context.run(task, owner=self, done=lambda _: self._done(), failed=self._failed)
        self._handle.progressed.connect(self._step)

    def _step(self, step: Step) -> None:
        if step.text == SIGNING:
            self._signed = True
            self.progress.cancel.hide()
        self.progress.update_step(0, 0, step.text)

    def _stop(self) -> None:
        if self._handle is not None and not self._signed:
            self._handle.cancel()
            self._handle = None
            self._set_busy(False)
            self.apply_button.setEnabled(self._words is not None)

    def _set_busy(self, busy: bool) -> None:
        self.progress.setVisible(busy)
        self.progress.cancel.setEnabled(True)
        self.progress.cancel.setVisible(True)
        self.progress.update_step(0, 0, "Reading what is new")
        self.cancel_button.setEnabled(not busy)
        self.apply_button.setEnabled(not busy)
        self.people.setEnabled(not busy)
        self.problem.hide()

    def _done(self) -> None:
        self._handle = None
        keys = log_words(self._words) if self._words else ""
        changed = count(len(self.sharing.changes), "change")
        self._context.say(f"{changed} made in {self.sharing.group.name}.{keys}", "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self._set_busy(False)
        self.problem.set_text(words.message, words.title)
        self.problem.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter while looking for somebody is not yet a yes to the changes."""
        if self.people.search.edit.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)

    def reject(self) -> None:
        if self._handle is None:
            super().reject()
