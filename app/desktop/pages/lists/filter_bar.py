"""The line under the tools of a list: a chip for each condition, and how to be rid of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desktop.context import Context
from app.desktop.viewmodels.list_filters import filter_words
from app.desktop.widgets import Button, Chip
from vault.store import Filter


class FilterBar(QWidget):
    """Hidden while there is no condition."""

    removed = Signal(object)  # Filter
    opened = Signal(object)  # Filter: change it
    cleared = Signal()

    def __init__(self, context: Context, type_name: str) -> None:
        super().__init__()
        self._context, self._type = context, type_name
        self._box = QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 8)
        self._box.setSpacing(6)
        self.hide()

    def show_filters(self, filters: tuple[Filter, ...]) -> None:
        """A chip for each."""
        while self._box.count():
            item = self._box.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for condition in filters:
            words = filter_words(self._type, condition, self._named)
            chip = Chip(words, hue=0, closable=True, clickable=True)
            chip.setToolTip("Click to change this filter")
            chip.removed.connect(partial(self.removed.emit, condition))
            chip.clicked.connect(partial(self.opened.emit, condition))
            self._box.addWidget(chip)
        self._box.addWidget(
            Button("Clear all", kind="quiet", compact=True, on_click=lambda: self.cleared.emit())
        )
        self._box.addStretch(1)
        self.setVisible(bool(filters))

    def _named(self, value: str) -> str:
        if value.startswith("group:"):
            return self._context.desk.name("group", bytes.fromhex(value.removeprefix("group:")))
        if value.startswith("member:"):
            return self._context.desk.owner_text(value)
        return self._context.desk.records.titles([value]).get(value, value)
