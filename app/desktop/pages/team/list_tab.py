"""One tab of the Team page: search, buttons, a table, and what is said where the list is empty."""

from __future__ import annotations

from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.desktop.viewmodels.team_rows import Rows
from app.desktop.widgets import Button, Card, DataTable, EmptyState, SearchField, row

T = TypeVar("T")


class ListTab(QWidget, Generic[T]):
    """``opened(item)`` by Enter or double click; ``menu(item, point)`` by right click."""

    opened = Signal(object)
    menu = Signal(object, object)

    def __init__(
        self,
        name: str,
        rows: Rows[T],
        widths: list[int],
        empty: EmptyState,
        buttons: list[Button] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.rows = rows
        self.search = SearchField(f"Find in {name.lower()}")
        self.search.setFixedWidth(280)
        self.table = DataTable(name, checkable=False)
        self.table.setModel(rows)
        self.table.set_column_widths(widths)
        self._stack = QStackedWidget()
        card = Card()
        card.set_flush()
        card.add(self.table)
        self._stack.addWidget(card)
        self._stack.addWidget(empty)
        self._nothing = EmptyState("search", "Nothing found", "No row has these words.")
        self._stack.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(row(self.search, None, *(buttons or [])))
        layout.addWidget(self._stack, 1)
        self.search.changed.connect(self._search)
        self.search.moved_down.connect(self.table.setFocus)
        self.table.typed.connect(self._typed)
        self.table.row_opened.connect(lambda number: self.opened.emit(rows.item(number)))
        self.table.clicked.connect(lambda index: self.opened.emit(rows.item(index.row())))
        self.table.menu_requested.connect(lambda number, point: self.menu.emit(rows.item(number), point))

    def set_items(self, items: list[T]) -> None:
        """Shows a list, or the words for an empty one."""
        self._total = len(items)
        self.rows.set_items(items)
        self._show()

    def _search(self, text: str) -> None:
        self.rows.search(text)
        self._show()

    def _show(self) -> None:
        shown = self.rows.rowCount()
        self._stack.setCurrentIndex(0 if shown else 1 if not self._total else 2)
        self.search.setVisible(self._total > 0)

    def _typed(self, letter: str) -> None:
        self.search.set_text(letter)
        self.search.edit.setFocus()

    _total = 0
