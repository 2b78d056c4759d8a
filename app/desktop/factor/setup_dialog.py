"""Setting up a second factor: scan, confirm with a code, keep the recovery codes.

The secret is made by the server when the dialog opens, and counts when a code of it was right: closing the dialog
before that leaves everything as it was.
"""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk import Desk
from app.desk.second_factor import NewFactor, begin_factor, confirm_factor
from app.desktop.background import Progress, run
from app.desktop.factor.code_dialog import code_field
from app.desktop.factor.recovery_codes import RecoveryCodesView
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, CopyField, Label, Modal, QrView, column, row
from sync_client import CodeNeeded
from vault.keys import qr

CODE_SIZE = 184


class SetupDialog(Modal):
    """`set_up` once it counts and the recovery codes were kept."""

    set_up = Signal()

    def __init__(self, window: QWidget, desk: Desk, *, demanded: bool = False) -> None:
        why = (
            "It is demanded of you in this workspace: besides your keys, signing in takes a code from your phone."
            if demanded
            else "Besides your keys, signing in to the server then takes a code from your phone."
        )
        super().__init__(window, "Set up a second factor", width=520)
        self._desk = desk
        self._holder = QVBoxLayout()
        self._holder.setSpacing(16)
        self.body.addLayout(self._holder)
        self.codes: RecoveryCodesView | None = None
        self._error: Banner | None = None
        self.field = code_field("The six digits that the app shows now.")
        self.secret = ""
        self.cancel_button = self.add_button("Cancel")
        self.action = self.add_button("Turn it on", primary=True)
        self.action.setEnabled(False)
        self._holder.addWidget(Label(why, tone="muted", wrap=True))
        self._waiting = Label("A moment…", tone="muted")
        self._waiting.setMinimumHeight(
            CODE_SIZE + 110
        )  # of what comes: the dialog keeps its place when it does
        self._holder.addWidget(self._waiting)
        run(self._begin, done=self._begun, failed=self._failed, owner=self)

    def _begin(self, progress: Progress) -> NewFactor:
        return begin_factor(self._desk)

    def _begun(self, new: NewFactor) -> None:
        self._waiting.hide()
        self.secret = new.text
        code = QrView(
            qr.modules(new.uri), size=CODE_SIZE, name="The secret as a QR code, for an authenticator app"
        )
        words = column(
            Label("1.  Scan this with an authenticator app", scale="strong", wrap=True),
            Label(
                "Any app for time-based codes will do. Where it cannot scan, type this secret into it:",
                tone="muted",
                wrap=True,
            ),
            CopyField(new.text, name="The secret to type", secret=True),
            None,
            gap=8,
        )
        top = row(code, words, gap=20)
        top.setStretch(1, 1)
        self._holder.addLayout(top)
        self._holder.addWidget(Label("2.  Type the code that it shows", scale="strong"))
        self._holder.addWidget(self.field)
        self.action.setEnabled(True)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def accept(self) -> None:
        if self.codes is not None:
            super().accept()
            self.set_up.emit()
            return
        code = self.field.text().strip()
        if not code:
            self._blame("Type the six digits that the app shows.")
            return
        self._set_busy(True)
        desk = self._desk

        def task(progress: Progress) -> list[str]:
            return confirm_factor(desk, code)

        run(task, done=self._confirmed, failed=self._failed, owner=self)

    def _confirmed(self, codes: list[str]) -> None:
        """It counts. The codes are shown this once, so that only the ticked box leads out."""
        self._set_busy(False)
        self._dismissable = False
        self._clear(self._holder)
        self.title.setText("Keep your recovery codes")
        self.cross.hide()
        self.cancel_button.hide()
        self.codes = RecoveryCodesView(codes, self._desk)
        words = "The second factor is on. If you lose your phone, each of these codes signs you in once. Your other "
        words += "computers ask for a code when they sign in next."
        self._holder.addWidget(Label(words, tone="muted", wrap=True))
        self._holder.addWidget(self.codes)
        self.action.set_text("Done")
        self.action.setEnabled(False)
        self.codes.safe.toggled.connect(self.action.setEnabled)
        self.codes.save.setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        if self.codes is None:
            super().dismiss()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        self._waiting.hide()
        words = words_for(error)
        if words is None:
            raise error
        if isinstance(error, CodeNeeded) and self.secret:
            self._blame(
                "This is not the code of this secret. Look at the clock of the phone, and try the next one."
            )
            self.field.edit.selectAll()
            return
        self._error = Banner(words.message, severity="error", title=words.title)
        self._holder.addWidget(self._error)
        self.action.setEnabled(bool(self.secret))

    def _blame(self, words: str) -> None:
        self.field.set_error(words)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_busy(self, busy: bool) -> None:
        if self._error is not None:
            self._error.hide()
            self._error.deleteLater()
            self._error = None
        self.field.setEnabled(not busy)
        for button in (self.action, self.cancel_button, self.cross):
            button.setEnabled(not busy)
        self._dismissable = not busy

    def _clear(self, layout: QVBoxLayout) -> None:
        while layout.count():
            item = layout.takeAt(0)
            if item is None:
                continue
            widget, inner = item.widget(), item.layout()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
            elif inner is not None:
                self._clear(cast("QVBoxLayout", inner))
