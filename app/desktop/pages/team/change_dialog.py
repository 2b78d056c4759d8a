"""One change of the team: says what it will do, asks, does it with its steps in words, says what came of it.

The preview is worked out off the GUI thread. While the change is under way the dialog can be stopped only until
the change is signed: afterwards it is done, and keys are handed out in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desk import ChangeWords
from app.desk.team_actions import OnStep
from app.desktop.background import Handle, Progress, Step
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, Modal, ProgressPanel

SIGNING = "Signing the change"


@dataclass(frozen=True)
class Change:
    """What is asked. `also` are sentences that hold whatever the preview says; `act` is slow."""

    title: str
    confirm: str
    preview: Callable[[], ChangeWords]
    act: Callable[[OnStep], None]
    done: Callable[[ChangeWords], str]
    danger: bool = False
    also: Sequence[str] = field(default_factory=tuple)


class ChangeDialog(Modal):
    """``changed()`` after it was done."""

    changed = Signal()

    def __init__(self, window: QWidget, context: Context, change: Change) -> None:
        super().__init__(window, change.title, width=520)
        self._context, self._change = context, change
        self._words: ChangeWords | None = None
        self._handle: Handle | None = None
        self._signed = False
        self.effects = EffectList("Working out what this changes…")
        self.add(self.effects)
        self.also = EffectList()
        if change.also:
            self.also.show_lines(list(change.also), "info", "muted")
            self.add(self.also)
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        self.progress = ProgressPanel("Changing the team")
        self.progress.hide()
        self.progress.cancelled.connect(self._stop)
        self.add(self.progress)
        self.cancel_button = self.add_button("Cancel")
        self.confirm_button = self.add_button(
            change.confirm, primary=not change.danger, danger=change.danger, on_click=self.accept
        )
        self.confirm_button.setEnabled(False)
        context.run(lambda progress: change.preview(), owner=self, done=self._previewed, failed=self._failed)

    def focus_first(self) -> None:
        self.cancel_button.setFocus()

    def _previewed(self, words: ChangeWords) -> None:
        self._words = words
        self.effects.show_change(words)
        self.confirm_button.setEnabled(True)
        if not self._change.danger:
            self.confirm_button.setFocus()

    def accept(self) -> None:
        """Do it."""
        if self._words is None or self._handle is not None:
            return
        self.problem.hide()
        self.progress.show()
        self.progress.update_step(0, 0, "Reading what is new")
        self.confirm_button.setEnabled(False)
        self.cancel_button.setEnabled(False)

        def task(progress: Progress) -> None:
            signed = False

            def step(words: str) -> None:
                nonlocal signed
                if not (signed and progress.cancelled):  # what is signed is carried through
                    progress(0, 0, words)
                signed = signed or words == SIGNING

            self._change.act(step)

        self._handle = self._context.run(task, owner=self, done=lambda _: self._done(), failed=self._failed)
        self._handle.progressed.connect(self._step)

    def _step(self, step: Step) -> None:
        if step.text == SIGNING:
            self._signed = True
            self.progress.cancel.hide()
        self.progress.update_step(0, 0, step.text)

    def _stop(self) -> None:
        handle = self._handle
        if handle is not None and not self._signed:
            handle.cancel()
            self.reject()

    def dismiss(self) -> None:
        """Not while it is under way."""
        if self._handle is None:
            self.reject()

    def _done(self) -> None:
        assert self._words is not None
        self._handle = None
        self._context.say(self._change.done(self._words), "success")
        self.changed.emit()
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self._signed = False
        self.progress.hide()
        self.cancel_button.setEnabled(True)
        self.confirm_button.setEnabled(self._words is not None)
        if self._words is None:
            self.effects.hide()
        self.problem.set_text(words.message, words.title)
        self.problem.show()


def log_words(words: ChangeWords) -> str:
    """What happens to keys, for the end: "" where nothing does. A new key comes with the next write to a log."""
    first = words.keys.partition(". ")[0]
    return f" {first}." if first else ""
