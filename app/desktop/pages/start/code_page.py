"""Shown on the way in where the account has a second factor."""

from __future__ import annotations

from app.desktop.factor.code_dialog import code_field
from app.desktop.pages.start.step import StepPage
from app.desktop.widgets import Field


class CodePage(StepPage):
    """`code` is what was typed."""

    def __init__(self, *, step: str = "") -> None:
        super().__init__(
            "Enter your code",
            "Your account has a second factor. Type what your authenticator app shows now.",
            action="Sign in",
            step=step,
        )
        self.code = code_field()
        self.add_field(self.code)

    def problem(self) -> tuple[Field, str] | None:
        return None if self.code.text().strip() else (self.code, "Type the code that your app shows.")
