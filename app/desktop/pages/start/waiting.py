"""Joined, not yet let in: it turns into the workspace by itself when an admin's Tacit confirms."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal

from app.desk import Desk
from app.desktop.factor.setup_dialog import SetupDialog
from app.desktop.pages.start.step import StepPage
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, Button, Label, ProgressBar
from sync_client import FactorMissing, Phase, SyncState

LOOK_MS = 3_000


class WaitingPage(StepPage):
    """`let_in` once the desk is a member. Keeps the desk in step meanwhile."""

    let_in = Signal()
    _state_came = Signal(object)

    def __init__(self, desk: Desk, *, can_leave: bool = True) -> None:
        super().__init__(
            "Waiting for your admin",
            "You have joined. As soon as an admin's Tacit is online it lets you in, by itself. You can leave this "
            "window open, or come back later.",
            action="",
            can_go_back=False,
        )
        self._desk = desk
        self._done = False
        self._bar = ProgressBar("Waiting for your admin")
        self.add(self._bar)
        me = desk.team().member(desk.me)
        note = "If your admin wants to be sure that it is you, read out your check code:"
        self.add(Label(note, scale="small", tone="muted", wrap=True))
        self.add(Label(me.check_code, scale="strong", selectable=True))
        self.state = Banner("The server cannot be reached at the moment.", severity="warning")
        self.add(self.state)
        self.state.hide()
        self.set_up = Button(
            "Set up your second factor…", kind="primary", icon_name="shield-check", on_click=self._set_up
        )
        self.add(self.set_up)
        self.set_up.hide()
        self.lock = Button("Lock and wait", on_click=self.back.emit)
        self.add(self.lock)
        self._state_came.connect(self._look, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = desk.on_state(self._state_came.emit)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._ask)
        self._timer.start()
        desk.start_sync()
        self._look(desk.sync_state)

    def leave(self) -> None:
        """Hear no more."""
        self._unsubscribe()
        self._timer.stop()
        self._done = True

    def _ask(self) -> None:
        self._desk.wake()
        self._look(self._desk.sync_state)

    def _look(self, state: SyncState) -> None:
        if self._done:
            return
        if self._desk.is_member:
            self.leave()
            self.let_in.emit()
            return
        words = words_for(state.error) if state.error is not None else None
        if state.phase is Phase.HALTED and words is not None:
            self.state.set_text(words.message, words.title)
        self.state.setVisible(state.phase in (Phase.OFFLINE, Phase.HALTED))
        wanted = isinstance(state.error, FactorMissing) and state.phase is not Phase.WORKING
        self.set_up.setVisible(wanted)
        if wanted:
            self._bar.hide()
            self.state.hide()
            self.heading.setText("One more step")
            self.words.setText(
                "Your admin has let you in. A second factor is demanded of everybody here, or of admins: a code from "
                "your phone when a computer signs in. Set yours up, and the workspace opens."
            )

    def _set_up(self) -> None:
        """Confirmed, in a workspace that demands a second factor: it opens when there is one."""
        dialog = SetupDialog(self, self._desk, demanded=True)
        dialog.set_up.connect(self._desk.wake)
        dialog.open_overlay()

    def focus_first(self) -> None:
        self.lock.setFocus()
