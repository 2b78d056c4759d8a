"""For those who are members already: by another computer, by the Emergency Kit, or with colleagues' help."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal

from app.desktop.pages.start.choice import ChoiceRow
from app.desktop.pages.start.step import StepPage

WIDTH = 520


class MemberPage(StepPage):
    """`chosen("add" | "kit" | "help")`."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(
            "You are a member already",
            "Your records open on this computer too, once it knows that it is you.",
            action="",
            width=WIDTH,
        )
        self.body.setSpacing(10)
        self.choices: dict[str, ChoiceRow] = {}
        for key, icon_name, title, detail, warm in (
            (
                "add",
                "device",
                "From another computer",
                "Tacit is open there. It shows a code, or words, under Settings.",
                True,
            ),
            (
                "kit",
                "key",
                "With my Emergency Kit",
                "The page that you printed or saved, and your password.",
                False,
            ),
            (
                "help",
                "people",
                "With colleagues' help",
                "Computer and Kit are both gone, and you had named colleagues who can help.",
                False,
            ),
        ):
            choice = ChoiceRow(icon_name, title, detail, warm=warm)
            choice.clicked.connect(lambda _=False, way=key: self.chosen.emit(way))
            self.choices[key] = choice
            self.add(choice)

    def focus_first(self) -> None:
        self.choices["add"].setFocus(Qt.FocusReason.OtherFocusReason)
