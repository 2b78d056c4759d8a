"""Moving records, one or many: where to, who gains and who loses sight of them, then the moves with their progress.

The preview is worked out off the GUI thread, and again when another place is chosen. What has been moved can be moved
back from the message at the end.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desk.moving import Moved, MovePlan
from app.desk.preview import ChangeWords
from app.desktop.background import Handle, Progress, Step
from app.desktop.context import Context
from app.desktop.pages.team.effects import EffectList
from app.desktop.problems import words_for
from app.desktop.viewmodels import moving
from app.desktop.viewmodels.moving import Kind, Offer, Place
from app.desktop.viewmodels.shown import counted
from app.desktop.widgets import Banner, Modal, Option, ProgressPanel, Select
from vault.store import RecordKey

QUIET = "Working out who will see what…"


class MoveDialog(Modal):
    """``moved(Moved)`` when it was done. With several `offers` the user chooses among them."""

    moved = Signal(object)

    def __init__(
        self,
        window: QWidget,
        context: Context,
        keys: Sequence[RecordKey],
        offers: Sequence[Offer],
        *,
        title: str = "",
        label: str = "Where to",
        confirm: str = "Move",
    ) -> None:
        super().__init__(window, title or f"Move {counted(len(keys), keys[0].type)}", width=520)
        self._context, self._keys, self._offers = context, list(keys), list(offers)
        self._plan: MovePlan | None = None
        self._handle: Handle | None = None
        self._turn = 0
        self._stopped = threading.Event()
        self.choice = Select(label, [Option(one.place, one.words, one.icon) for one in offers])
        self.choice.hide()
        if len(offers) > 1:
            self.add(self.choice)
            self.choice.show()
        self.effects = EffectList(QUIET)
        self.add(self.effects)
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        self.progress = ProgressPanel("Moving")
        self.progress.hide()
        self.progress.cancelled.connect(self._stop)
        self.add(self.progress)
        self.cancel_button = self.add_button("Cancel")
        self.confirm_button = self.add_button(confirm, primary=True, on_click=self.accept)
        self.confirm_button.setEnabled(False)
        here = {key.log.group for key in keys}
        self.choice.set_value(
            next((one.place for one in offers if one.place.id not in here), offers[0].place)
        )
        self.choice.chosen.connect(lambda _: self._preview())
        self._preview()

    @property
    def place(self) -> Place:
        """Where they are to go."""
        value = self.choice.value()
        return value if isinstance(value, Place) else self._offers[0].place

    @property
    def sentences(self) -> list[str]:
        """What is shown of the consequences."""
        return self.effects.sentences

    def choose(self, place: Place) -> None:
        """Another place, as a click does."""
        self.choice.set_value(place)
        self._preview()

    def _preview(self) -> None:
        self._plan = None
        self._turn += 1
        turn, desk, keys, place = self._turn, self._context.desk, self._keys, self.place
        self.problem.hide()
        self.confirm_button.setEnabled(False)
        self._context.run(
            lambda progress: moving.plan(desk, keys, place),
            owner=self,
            done=lambda plan: self._previewed(turn, plan),
            failed=lambda error: self._failed(error),
        )

    def _previewed(self, turn: int, plan: MovePlan) -> None:
        if turn != self._turn:
            return
        self._plan = plan
        words = ChangeWords(plan.sight.gains, plan.sight.losses, "", plan.notes)
        if plan.moves:
            self.effects.show_change(words, [plan.headline])
        else:
            self.effects.show_lines(list(plan.notes), "info", "muted")
        self.confirm_button.setEnabled(bool(plan.moves))
        if plan.moves and len(self._offers) == 1:
            self.confirm_button.setFocus()

    def accept(self) -> None:
        """Do it."""
        plan = self._plan
        if plan is None or not plan.moves or self._handle is not None:
            return
        desk, keys, place = self._context.desk, [move.key for move in plan.moves], self.place
        total = len(keys)
        self.problem.hide()
        self.progress.show()
        small = place.kind in (Kind.PRIVATE, Kind.WITH)
        self.progress.update_step(0, 0 if small else total, "Preparing the place" if small else "")
        for widget in (self.confirm_button, self.cancel_button, self.choice):
            widget.setEnabled(False)

        stop = self._stopped = threading.Event()

        def task(progress: Progress) -> Moved:
            def told(done: int, of: int) -> None:
                if done < of:  # the last step is the end
                    progress(done, of, f"{done:,} of {of:,}")

            return moving.perform(desk, keys, place, plan, told, stop.is_set)

        self._handle = self._context.run(task, owner=self, done=self._done, failed=self._failed)
        self._handle.progressed.connect(self._step)

    def _step(self, step: Step) -> None:
        self.progress.update_step(step.done, step.total, step.text)

    def _stop(self) -> None:
        """What is done stays, and can be moved back."""
        self._stopped.set()

    def dismiss(self) -> None:
        """Not while it is under way."""
        if self._handle is None:
            self.reject()

    def _done(self, moved: Moved) -> None:
        assert self._plan is not None
        self._handle = None
        words = self._plan.done_words
        if moved.cancelled:
            words = f"Stopped: {len(moved.keys):,} of {len(self._plan.moves):,} moved."
        offer_undo(self._context, moved, words)
        self.moved.emit(moved)
        self.accepted.emit()
        self.close_overlay()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.progress.hide()
        if self._plan is None:
            self.effects.hide()
        for widget in (self.cancel_button, self.choice):
            widget.setEnabled(True)
        self.confirm_button.setEnabled(self._plan is not None)
        self.problem.set_text(words.message, words.title)
        self.problem.show()


def offer_undo(context: Context, moved: Moved, words: str) -> None:
    """Say what was done, with the way back."""

    def back() -> None:
        context.run(lambda progress: context.desk.acts.moving.undo(moved), owner=context, done=told)

    def told(result: tuple[int, int]) -> None:
        done, stuck = result
        if stuck and not done:
            context.say(
                "Nothing could be moved back yet: it has not arrived there. Try again in a moment.", "warning"
            )
        elif stuck:
            context.say(f"{done:,} moved back. {stuck:,} could not be, or have not arrived yet.", "warning")
        else:
            context.say("Moved back." if done == 1 else f"{done:,} moved back.")

    context.offer(words, "Undo", back)


__all__ = ["MoveDialog", "offer_undo"]
