"""Asks for a code of the second factor, does with it what the caller wants, and says at the field what is wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.desk import Desk
from app.desk.second_factor import enter_code
from app.desktop.background import Progress, run
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, Modal, TextField
from sync_client import CodeNeeded

Work = Callable[[str], object]
"""What is done with the code, off the GUI thread; its result goes out with `worked`."""

HINT = "Six digits. Without the app, type one of your recovery codes."


class CodeDialog(Modal):
    """`worked(result)` when the code was right; the dialog is closed then."""

    worked = Signal(object)

    def __init__(
        self,
        window: QWidget,
        title: str,
        work: Work,
        *,
        text: str = "",
        action: str = "Continue",
        danger: bool = False,
    ) -> None:
        super().__init__(window, title, text=text, width=420)
        self._work = work
        self._error: Banner | None = None
        self.body.setSpacing(14)
        self.field = code_field()
        self.add(self.field)
        self.cancel_button = self.add_button("Cancel")
        self.action = self.add_button(action, primary=not danger, danger=danger)

    def accept(self) -> None:
        code = self.field.text().strip()
        if not code:
            self._blame("Type the code that your app shows.")
            return
        self._set_busy(True)
        work = self._work

        def task(progress: Progress) -> object:
            return work(code)

        run(task, done=self._done, failed=self._failed, owner=self)

    def _done(self, result: object) -> None:
        self._set_busy(False)
        super().accept()
        self.worked.emit(result)

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        words = words_for(error)
        if words is None:
            raise error
        if isinstance(error, CodeNeeded):
            self._blame(words.message)
            self.field.edit.selectAll()
            return
        self._error = Banner(words.message, severity="error", title=words.title)
        self.add(self._error)

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


def code_field(hint: str = HINT) -> TextField:
    """One for a code; what is typed anew takes an error away."""
    field = TextField("Code", placeholder="123 456", hint=hint)
    field.edit.setMaxLength(40)
    field.changed.connect(lambda _: field.set_error(""))
    return field


def code_to_sign_in(window: QWidget, desk: Desk) -> CodeDialog:
    """The dialog for a desk whose session has ended; synchronising goes on when the code was right."""
    return CodeDialog(
        window,
        "Enter your code",
        lambda code: enter_code(desk, code),
        text="This computer has to sign in to the server again. You can go on working without it; your changes are "
        "sent when you have signed in.",
        action="Sign in",
    )
