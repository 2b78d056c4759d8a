"""The second factor of this account, and, for owners, who must have one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.second_factor import disable_factor, factor_state, is_demanded, new_recovery_codes
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.factor import CodeDialog, RecoveryCodesDialog, SetupDialog, code_to_sign_in
from app.desktop.problems import words_for
from app.desktop.widgets import Button, Card, Icon, Label, Modal, Option, Select, row
from protocol.ids import Standing
from protocol.wire_security import SecondFactor
from sync_client import CodeNeeded, SyncState
from vault.store import Changes

FEW_CODES = 3
DEMANDS = (
    Option(0, "Nobody", detail="Whoever wants one sets one up"),
    Option(1, "Admins and owners", detail="Others as they like"),
    Option(2, "Everybody", detail="Also who joins later"),
)


class SecondFactorCard(Card):
    """Asked of the server each time the page is shown. `acted` when something was changed here, and other sessions may
    have ended with it."""

    acted = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            "Second factor",
            subtitle="A code from your phone, asked for when a computer signs in to the server. It keeps out whoever "
            "has stolen your password and your Secret Key; your records are sealed by your keys either way.",
            parent=parent,
        )
        self._context = context
        self._asking = self._again = False
        self.factor: SecondFactor | None = None
        self.dialog: Modal | None = None
        self.state = QVBoxLayout()
        self.state.setSpacing(12)
        self.body.addLayout(self.state)
        self.set_up = Button("Set up…", kind="primary", icon_name="shield-check", on_click=self.open_setup)
        self.new_codes = Button("New recovery codes…", on_click=self.open_new_codes)
        self.turn_off = Button("Turn off…", kind="danger-quiet", on_click=self.open_turn_off)
        self.sign_in = Button("Enter code…", kind="primary", on_click=self.open_sign_in)
        self._buttons = (self.set_up, self.new_codes, self.turn_off, self.sign_in)
        self.body.addLayout(row(*self._buttons, None, gap=8))
        for button in self._buttons:
            button.hide()
        self._say("Asking the server…")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask again; while an answer is on its way, once more after it."""
        if self._asking:
            self._again = True
            return
        self._asking, self._again = True, False
        desk = self._context.desk

        def task(progress: Progress) -> SecondFactor:
            return factor_state(desk)

        self._context.run(task, owner=self, done=self._came, failed=self._failed)

    def _came(self, factor: SecondFactor) -> None:
        self._asking = False
        if self._again:
            self.refresh()
            return
        self.factor = factor
        demanded = is_demanded(self._context.desk)
        self._clear()
        if factor.enabled:
            count = factor.codes_left
            left = "1 recovery code is left" if count == 1 else f"{count or 'No'} recovery codes are left"
            codes = Label(left, scale="small", tone="warning" if factor.codes_left <= FEW_CODES else "muted")
            self.state.addLayout(
                row(Icon("shield-check", tone="success"), Label("It is on."), codes, None, gap=10)
            )
        elif demanded:
            self.state.addLayout(
                row(
                    Icon("warning", tone="warning"),
                    Label("It is off, and your workspace demands it."),
                    None,
                    gap=10,
                )
            )
        else:
            self.state.addLayout(
                row(Icon("shield", tone="faint"), Label("It is off.", tone="muted"), None, gap=10)
            )
        self._offer(*((self.new_codes, self.turn_off) if factor.enabled else (self.set_up,)))

    def _failed(self, error: Exception) -> None:
        self._asking = False
        words = words_for(error)
        if words is None:
            raise error
        self._say(words.message)
        self._offer(*((self.sign_in,) if isinstance(error, CodeNeeded) else ()))

    def _offer(self, *wanted: Button) -> None:
        for button in self._buttons:
            button.setVisible(button in wanted)

    # what the buttons do

    def open_setup(self) -> None:
        desk = self._context.desk
        dialog = SetupDialog(self.window(), desk, demanded=is_demanded(desk))
        dialog.set_up.connect(self._was_set_up)
        self._show(dialog)

    def _was_set_up(self) -> None:
        self._context.say("The second factor is on.")
        self._context.desk.wake()

    def open_new_codes(self) -> None:
        desk = self._context.desk
        dialog = CodeDialog(
            self.window(),
            "New recovery codes",
            lambda code: new_recovery_codes(desk, code),
            text="Ten new ones are made, and those that you have are void. Type a code first.",
            action="Make new ones",
        )
        dialog.worked.connect(self._show_codes)
        self._show(dialog)

    def _show_codes(self, codes: object) -> None:
        if isinstance(codes, list):
            self._show(RecoveryCodesDialog(self.window(), codes, self._context.desk))

    def open_turn_off(self) -> None:
        desk = self._context.desk
        warning = (
            " Your workspace demands one: nothing is sent or received until you set one up again."
            if is_demanded(desk)
            else ""
        )
        dialog = CodeDialog(
            self.window(),
            "Turn off the second factor?",
            lambda code: disable_factor(desk, code),
            text=f"Your keys alone then sign a computer in.{warning} Type a code to confirm.",
            action="Turn it off",
            danger=True,
        )
        dialog.worked.connect(lambda _: self._context.say("The second factor is off."))
        self._show(dialog)

    def open_sign_in(self) -> None:
        self._show(code_to_sign_in(self.window(), self._context.desk))

    def _show(self, dialog: Modal) -> None:
        self.dialog = dialog
        dialog.closed.connect(self.refresh)
        dialog.closed.connect(self.acted)
        dialog.open_overlay()

    def _say(self, text: str) -> None:
        self._clear()
        self.state.addWidget(Label(text, tone="muted", wrap=True))

    def _clear(self) -> None:
        _empty(self.state)


class SecondFactorPolicyCard(Card):
    """For owners: who must have one. In sight of owners only."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            "Who must have a second factor",
            subtitle="Whoever must have one and has none can do nothing at the server but set one up, even when "
            "signed in already. The server asks for it: it keeps out strangers, not the server itself.",
            parent=parent,
        )
        self._context = context
        self.choice = Select("Demanded of", list(DEMANDS))
        self.choice.setMaximumWidth(300)
        self.choice.chosen.connect(self._choose)
        self.add(self.choice)
        self.note = Label("", scale="small", tone="muted", wrap=True)
        self.note.hide()
        self.add(self.note)
        self._look()
        context.changed.connect(self._changed)
        context.sync_changed.connect(self._synced)

    def _synced(self, state: SyncState) -> None:
        self._look()

    def _changed(self, changes: Changes) -> None:
        self._look()

    def _look(self) -> None:
        if self._context.is_closed:
            return
        state = self._context.desk.vault.roster
        me = state.members.get(self._context.desk.me)
        if me is None or not me.active or me.standing is not Standing.OWNER:
            self.hide()
        elif self.parentWidget() is not None:
            self.show()
        if self.choice.isEnabled():
            self.choice.set_value(state.policies.second_factor)

    def _choose(self, value: object) -> None:
        desk = self._context.desk
        if not isinstance(value, int) or value == desk.vault.roster.policies.second_factor:
            return
        self.choice.setEnabled(False)
        self.note.set_tone("muted")
        self.note.setText("Signing it…")
        self.note.show()

        def task(progress: Progress) -> bool:
            has_one = factor_state(desk).enabled
            if value and not has_one:
                return False
            desk.actions.second_factor_policy(value)
            return True

        self._context.run(task, owner=self, done=self._done, failed=self._failed)

    def _done(self, changed: bool) -> None:
        self.choice.setEnabled(True)
        self.note.setVisible(not changed)
        if not changed:
            self.note.set_tone("warning")
            self.note.setText("Set up your own first: you could not take it back without.")
        self._look()

    def _failed(self, error: Exception) -> None:
        self.choice.setEnabled(True)
        self.note.hide()
        self._look()
        self._context.complain(error)


def _empty(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            while inner.count():
                one = inner.takeAt(0)
                part = one.widget() if one is not None else None
                if part is not None:
                    part.hide()
                    part.deleteLater()
