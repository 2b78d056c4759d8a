"""Inviting somebody: who, into which groups with which role, for how long; then the link to hand over."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.crm.words import count
from app.desk import Invited
from app.desk.team import STANDING_WORDS
from app.desktop.background import Handle
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.pages.team.invited_view import InvitedView
from app.desktop.problems import words_for
from app.desktop.viewmodels.inviting import DAYS, STANDING_DETAILS, InviteDraft
from app.desktop.viewmodels.sharing import default_role
from app.desktop.widgets import (
    Banner,
    CheckBox,
    Label,
    Modal,
    Option,
    ProgressPanel,
    ScrollPage,
    SearchField,
    Select,
    SelectBox,
    TextField,
    row,
)
from protocol.ids import GroupId, Standing

MOST_GROUPS = 30


class InviteDialog(Modal):
    """``changed()`` once the invitation stands."""

    changed = Signal()

    def __init__(self, window: QWidget, context: Context, group: GroupId | None = None) -> None:
        super().__init__(window, "Invite somebody", width=620)
        self._context = context
        self.draft = InviteDraft.start(context.desk.team(), group)
        self._handle: Handle | None = None
        self.invited: Invited | None = None
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(14)
        self.problem = Banner("", severity="error")
        self.problem.hide()
        form.addWidget(self.problem)
        self.name = TextField("Name", placeholder="First and last name", hint="As the team will see it.")
        form.addWidget(self.name)
        form.addLayout(self._build_groups())
        form.addLayout(self._build_terms())
        form.addWidget(Label("What they will see", scale="strong"))
        self.effects = EffectList()
        form.addWidget(self.effects)
        self.progress = ProgressPanel("Making the invitation", cancellable=False)
        self.progress.hide()
        form.addWidget(self.progress)
        self.add(self._form)
        self.cancel_button = self.add_button("Cancel")
        self.create_button = self.add_button("Make the invitation", primary=True, on_click=self.accept)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(150)
        self._later.timeout.connect(self._refresh)
        self.name.changed.connect(self._named)
        self._refresh()

    def _build_groups(self) -> QVBoxLayout:
        box = QVBoxLayout()
        box.setSpacing(4)
        box.addWidget(Label("Groups and roles", scale="small", tone="muted"))
        groups = self.draft.groups
        self._scroll = ScrollPage(margins=0, gap=2)
        self.group_rows: dict[GroupId, tuple[CheckBox, SelectBox]] = {}
        self._lines: dict[GroupId, QWidget] = {}
        self._roles = [Option(role.id, role.name) for role in self.draft.team.roles]
        self._default = next(iter(self.draft.grants.values()), None) or default_role(self.draft.team)
        self.group_search = SearchField("Find a group")
        self.group_search.changed.connect(self._show_groups)
        self.group_search.setVisible(len(groups) > MOST_GROUPS)
        self._more = Label("", scale="small", tone="muted")
        self._scroll.body.addStretch(1)
        if not groups:
            self._scroll.body.insertWidget(
                0, Label("There is no group that you may invite into.", tone="muted")
            )
        self._scroll.setFixedHeight(min(6, max(1, len(groups))) * 36 + 4)
        self._show_groups("")
        box.addWidget(self.group_search)
        box.addWidget(self._scroll)
        box.addWidget(self._more)
        return box

    def _show_groups(self, text: str) -> None:
        """Those that are ticked, and those that fit; of many, the first. Rows are made when they are shown."""
        words = text.casefold().split()
        fits = [one for one in self.draft.groups if all(word in one.name.casefold() for word in words)]
        shown = sorted(fits, key=lambda one: one.id not in self.draft.grants)[:MOST_GROUPS]
        for line in self._lines.values():
            line.hide()
        for place, one in enumerate(shown):
            line = self._lines.get(one.id) or self._group_line(one.id, one.name)
            if self._scroll.body.indexOf(line) != place:
                self._scroll.body.insertWidget(place, line)
            line.show()
        more = len(fits) - len(shown)
        self._more.setText(f"{count(more, 'more group')}: type a name to find them." if more else "")
        self._more.setVisible(bool(more))

    def _group_line(self, group: GroupId, name: str) -> QWidget:
        tick = CheckBox(name, checked=group in self.draft.grants)
        role = SelectBox(self._roles, compact=True)
        role.setFixedWidth(180)
        role.set_value(self.draft.grants.get(group, self._default))
        role.setAccessibleName(f"Role in {name}")
        role.setEnabled(tick.isChecked())
        tick.toggled.connect(lambda on: self._ticked(group, on))
        role.chosen.connect(lambda _: self._ticked(group, True))
        self.group_rows[group] = (tick, role)
        tick.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # long names give way
        tick.setToolTip(name)
        line = row(tick, role, gap=12, margins=(2, 2, 2, 2))
        line.setStretch(0, 1)
        holder = self._lines[group] = QWidget()
        holder.setLayout(line)
        return holder

    def _build_terms(self) -> QVBoxLayout:
        self.standing = Select(
            "Standing",
            [Option(one, STANDING_WORDS[one], detail=STANDING_DETAILS[one]) for one in self.draft.standings],
        )
        self.standing.set_value(self.draft.standing)
        self.standing.chosen.connect(self._standing_chosen)
        self.days = Select("The link works for", [Option(days, count(days, "day")) for days in DAYS])
        self.days.set_value(self.draft.days)
        self.days.chosen.connect(self._days_chosen)
        line = row(self.standing, self.days, gap=12)
        line.setStretch(0, 3)
        line.setStretch(1, 2)
        box = QVBoxLayout()
        box.addLayout(line)
        return box

    # choosing

    def _named(self, text: str) -> None:
        self.draft.name = text
        self.name.set_error("")
        self._later.start()

    def _ticked(self, group: GroupId, on: bool) -> None:
        role = self.group_rows[group][1]
        value = role.value()
        role.setEnabled(on)
        if on and isinstance(value, bytes):
            self.draft.grants[group] = value
        else:
            self.draft.grants.pop(group, None)
        self._refresh()

    def _standing_chosen(self, value: object) -> None:
        if isinstance(value, Standing):
            self.draft.standing = value
        self._refresh()

    def _days_chosen(self, value: object) -> None:
        if isinstance(value, int):
            self.draft.days = value

    def _refresh(self) -> None:
        if self._context.is_closed:
            return
        warning = self.draft.warning()
        if warning:
            self.effects.show_quiet(warning)
            return
        self.effects.show_lines(self.draft.sentences(self._context.desk))

    # doing

    def accept(self) -> None:
        """Make it; the dialog goes on with the link."""
        if self.invited is not None:
            self.accepted.emit()
            self.close_overlay()
            return
        if self._handle is not None:
            return
        problem = self.draft.problem()
        if problem:
            self.name.set_error(problem)
            self.name.edit.setFocus()
            return
        draft, actions = self.draft, self._context.desk.actions
        name, pairs, days, standing = draft.name.strip(), draft.pairs(), draft.days, draft.standing
        self.problem.hide()
        self.progress.show()
        self.progress.update_step(0, 0, "Signing and sending")
        self.create_button.setEnabled(False)
        self.cancel_button.setEnabled(False)
        self._handle = self._context.run(
            lambda _: actions.invite(name, pairs, days, standing),
            owner=self,
            done=self._made,
            failed=self._failed,
        )

    def _made(self, invited: Invited) -> None:
        self._handle = None
        self.invited = invited
        name = self.draft.name.strip()
        self._form.hide()
        self.title.setText(f"The invitation for {name}")
        self.view = InvitedView(name, invited)
        self.add(self.view)
        self.cancel_button.hide()
        self.create_button.setEnabled(True)
        self.create_button.set_text("Done")
        self.view.link.button.setFocus()
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.progress.hide()
        self.create_button.setEnabled(True)
        self.cancel_button.setEnabled(True)
        self.problem.set_text(words.message, words.title)
        self.problem.show()

    def mousePressEvent(self, event: object) -> None:
        """A click beside it does not close it: what was typed, or the link, would be gone."""

    def reject(self) -> None:
        if self._handle is None:
            super().reject()
