"""Choosing a password: strength as it is typed, typed twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.strength import strength_of
from app.desktop.widgets import Field, PasswordField


def nothing_known() -> Sequence[str]:
    """For pages that know nobody's name yet."""
    return ()


class PasswordPage(StepPage):
    """`known` gives what a guesser would try first, at the time of typing."""

    def __init__(
        self,
        *,
        action: str,
        step: str = "",
        text: str = "",
        title: str = "Choose a password",
        known: Callable[[], Sequence[str]] = nothing_known,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            title,
            text
            or "It opens your records on this computer. It is never sent, and nobody can reset it for you: "
            "a few unrelated words are strong and easy to remember.",
            action=action,
            step=step,
            parent=parent,
        )
        self._known = known
        self.password = PasswordField("Password", meter=True)
        self.again = PasswordField("Password, once more")
        self.add_field(self.password)
        self.add_field(self.again)
        self.password.changed.connect(self._rate)

    def _rate(self, text: str) -> None:
        found = strength_of(text, self._known())
        self.password.set_strength(found.score, found.advice)

    def problem(self) -> tuple[Field, str] | None:
        text = self.password.text()
        if not text:
            return self.password, "Type a password."
        if not strength_of(text, self._known()).enough:
            return self.password, "This password is too easy to guess. Add another word or two."
        if self.again.text() != text:
            return self.again, "The two are not the same. Type it once more."
        return None
