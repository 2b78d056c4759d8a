"""A colleague asks to be let back in: the code to compare on the phone, and then one's part."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.desktop.background import Progress, Step
from app.desktop.code_panel import CodePanel
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, CheckBox, Label, Modal, ProgressPanel
from vault.recovery import Asked


class HelpDialog(Modal):
    """The part goes out after the box is ticked, and not before."""

    def __init__(self, window: QWidget, context: Context, asked: Asked) -> None:
        name = context.desk.name("member", asked.member)
        super().__init__(
            window,
            f"Help {name} back in?",
            text=f"Somebody at a new computer says to be {name}. Phone {name}, at a number that you know, and compare "
            "this code with the one on the screen there. Digit by digit: it is all that keeps a stranger out.",
            width=480,
        )
        self.context, self.asked = context, asked
        self.body.setSpacing(14)
        self.code = CodePanel(asked.code)
        self.add(self.code)
        others = asked.needed - asked.releases - 1
        if others <= 0:
            told = f"You are the last one needed. With your part {name} is in again."
        else:
            told = (
                "After you, one more has to help."
                if others == 1
                else f"After you, {others} more have to help."
            )
        self.add(
            Label(f"{told} Everybody in the workspace sees that you have helped.", tone="muted", wrap=True)
        )
        self.same = CheckBox(
            f"I have spoken to {name}, and the code is the same",
            detail="Not by mail and not by chat: those may be in the wrong hands too.",
        )
        self.same.toggled.connect(self._ticked)
        self.add(self.same)
        self._problem: Banner | None = None
        self._progress = ProgressPanel("Helping", cancellable=False)
        self.cancel_button = self.add_button("Cancel")
        self.action = self.add_button("Give my part", primary=True)
        self.action.setEnabled(False)

    def _ticked(self, on: bool) -> None:
        self.action.setEnabled(on)

    def accept(self) -> None:
        if not self.same.isChecked():
            return
        self._set_busy(True)
        desk, asked = self.context.desk, self.asked

        def task(progress: Progress) -> None:
            desk.recovery.help(asked, lambda text: progress(0, 0, text))

        handle = self.context.run(task, owner=self, done=self._done, failed=self._failed)
        handle.progressed.connect(self._step)

    def _step(self, step: Step) -> None:
        self._progress.update_step(step.done, step.total, step.text)

    def _done(self, _: None) -> None:
        self._set_busy(False)
        name = self.context.desk.name("member", self.asked.member)
        self.context.say(f"Your part is on its way to {name}.")
        super().accept()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        words = words_for(error)
        if words is None:
            raise error
        self._problem = Banner(words.message, severity="error", title=words.title)
        self.add(self._problem)

    def _set_busy(self, busy: bool) -> None:
        if self._problem is not None:
            self._problem.hide()
            self._problem.deleteLater()
            self._problem = None
        for widget in (self.action, self.cancel_button, self.cross, self.same):
            widget.setEnabled(not busy)
        self._dismissable = not busy
        if busy:
            self.add(self._progress)
            self._progress.update_step(0, 0, "A moment")
            self._progress.show()
        else:
            self.body.removeWidget(self._progress)
            self._progress.hide()
