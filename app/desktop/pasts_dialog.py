"""Two versions of the past: what differs, who may decide, and the decision itself. Opened from the alarm."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.pasts import Division
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.widgets import Banner, Card, Label, Modal

WHY = (
    "The server came back from a backup, or somebody tampered with it, and a computer that did not know wrote "
    "first. Both versions are signed by members of your team; they part at one place."
)
WHAT_HAPPENS = (
    "The server’s version goes on for everybody.",
    "Whoever was removed, suspended or lost a role in the version here is removed, suspended or loses it there first, "
    "signed anew by you.",
    "What each member wrote in the version here is sent again by that member’s own computer. Where something else was "
    "written in the meantime, both values are shown and nothing is overwritten.",
    "Invitations, groups and roles that were added here are not repeated: add them again afterwards.",
    "It stands in the record of access for good, with your name.",
)
NOT_YOURS = (
    "Only somebody who is an owner in both versions can decide, on a computer that has both. Tell an owner, by a call "
    "rather than by a message through this server. Until then you can go on working: your edits wait here and are not "
    "lost."
)


class PastsDialog(Modal):
    """Compares when it opens; decides when an owner says so."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, "Two versions of the past", text=WHY, width=560)
        self._context = context
        self.division: Division | None = None
        self._holder = QVBoxLayout()
        self._holder.setSpacing(14)
        self.body.addLayout(self._holder)
        self.cancel = self.add_button("Close")
        self.confirm = self.add_button("Let the server’s version go on", primary=True, on_click=self._decide)
        self.confirm.hide()
        self.look()

    def look(self) -> None:
        """Compare with the server."""
        self._fill([self._waiting("Comparing with the server…")])
        pasts = self._context.desk.pasts

        def task(progress: Progress) -> Division | None:
            return pasts.look()

        self._context.run(task, owner=self, done=self._found, failed=self._failed)

    def _waiting(self, text: str) -> QWidget:
        card = Card()
        card.add(Label(text, tone="muted", wrap=True))
        return card

    def _found(self, division: Division | None) -> None:
        self.division = division
        if division is None:
            self._fill(
                [Banner("The server shows the version that is here.", severity="success", title="They agree")]
            )
            return
        parts = Card("What differs")
        for part in division.parts:
            parts.add(Label(part, wrap=True, selectable=True))
        if not division.may_decide:
            self._fill([parts, Banner(NOT_YOURS, severity="info", title="An owner decides")])
            return
        happens = Card("If the server’s version goes on")
        for sentence in WHAT_HAPPENS:
            happens.add(Label(sentence, scale="small", tone="muted", wrap=True))
        self._fill([parts, happens])
        self.confirm.show()

    def _decide(self) -> None:
        division = self.division
        if division is None:
            return
        self.confirm.hide()
        self._fill([self._waiting("Signing what has to be done again, and changing over…")])
        desk = self._context.desk

        def task(progress: Progress) -> None:
            desk.pasts.decide(division)
            desk.wake()

        self._context.run(task, owner=self, done=lambda _: self._decided(), failed=self._failed)

    def _decided(self) -> None:
        self.division = None
        self._fill(
            [
                Banner(
                    "This computer has changed over, and sends again what you wrote. The computers of your colleagues "
                    "do the same as soon as they are online.",
                    severity="success",
                    title="The server’s version goes on",
                )
            ]
        )

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            self._context.complain(error)
            return
        self._fill([Banner(words.message, severity="error", title=words.title)])

    def _fill(self, widgets: list[QWidget]) -> None:
        while self._holder.count():
            item = self._holder.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for widget in widgets:
            self._holder.addWidget(widget)
