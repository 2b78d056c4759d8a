"""A check code, large: thirty digits that two people compare by voice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.desktop.widgets import Label


class CodePanel(QFrame):
    """Thirty digits, in two lines, to be read out."""

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "sunken")
        groups = code.split()
        half = len(groups) // 2
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.setSpacing(4)
        self.setAccessibleName(f"Check code {code}")
        for line in (groups[:half], groups[half:]):
            shown = Label("   ".join(line), scale="heading", selectable=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(shown)
