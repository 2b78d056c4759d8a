"""A dialog with one line to type."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.desktop.widgets import Modal, TextField


class AskText(Modal):
    """``answered(str)`` with what was typed, never an empty text."""

    answered = Signal(str)

    def __init__(self, window: QWidget, title: str, label: str, *, confirm: str) -> None:
        super().__init__(window, title, width=380)
        self.field = TextField(label)
        self.add(self.field)
        self.add_button("Cancel")
        self.add_button(confirm, primary=True)

    def accept(self) -> None:
        text = self.field.text().strip()
        if not text:
            self.field.set_error("Type something first.")
            return
        self.answered.emit(text)
        super().accept()
