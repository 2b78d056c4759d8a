"""The first page of all: four ways to begin."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.pages.start.choice import ChoiceRow
from app.desktop.widgets import Button, Icon, Label, row

WIDTH = 520


class WelcomePage(QWidget):
    """`chosen("make" | "accept" | "sign-in" | "sample" | "profiles")`."""

    chosen = Signal(str)

    def __init__(self, *, has_profiles: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(Label("Your team's customers.\nNobody else's.", scale="display", wrap=True))
        layout.addWidget(
            Label(
                "Tacit seals every record on your computer before it leaves it. The server keeps your team in "
                "step and cannot read a word.",
                scale="lead",
                tone="muted",
                wrap=True,
            )
        )
        layout.addSpacing(18)
        self.choices: dict[str, ChoiceRow] = {}
        self._add(
            layout, "make", "plus", "Make a workspace", "For your team, on a server of your choice.", True
        )
        self._add(
            layout, "accept", "invite", "Accept an invitation", "You have a link or a code from your admin."
        )
        self._add(
            layout,
            "sign-in",
            "key",
            "I am a member already",
            "From another computer, with your Emergency Kit, or with colleagues' help.",
        )
        self._add(
            layout,
            "sample",
            "bolt",
            "Try it with sample data",
            "A made-up team on this computer alone; no server, no account.",
        )
        if has_profiles:
            self.back = Button(
                "Back to unlocking", kind="link", on_click=lambda: self.chosen.emit("profiles")
            )
            layout.addSpacing(6)
            layout.addLayout(row(self.back, None))
        layout.addSpacing(14)
        note = Label(
            "End-to-end encrypted. No password and no key ever leaves this computer.",
            scale="small",
            tone="faint",
        )
        layout.addLayout(row(Icon("shield-check", size=14, tone="faint"), note, None, gap=6))

    def _add(
        self, layout: QVBoxLayout, key: str, icon_name: str, title: str, detail: str, warm: bool = False
    ) -> None:
        choice = ChoiceRow(icon_name, title, detail, warm=warm)
        choice.clicked.connect(lambda: self.chosen.emit(key))
        self.choices[key] = choice
        layout.addWidget(choice)

    def focus_first(self) -> None:
        self.choices["make"].setFocus(Qt.FocusReason.OtherFocusReason)
