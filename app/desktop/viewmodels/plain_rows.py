"""Short read-only tables of words, for previews and results."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.desktop.widgets import Cell, CellRole

Index = QModelIndex | QPersistentModelIndex
CellOrWords = str | Cell


class PlainRows(QAbstractTableModel):
    """Rows of words or cells; a column is sorted by its words."""

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[CellOrWords]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns, self._rows = list(columns), [list(row) for row in rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        value = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _words(value)
        if role == CellRole and not isinstance(value, str):
            return value
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section] if section < len(self._columns) else None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self._columns):
            return
        self.beginResetModel()
        self._rows.sort(
            key=lambda row: _key(_words(row[column])), reverse=order == Qt.SortOrder.DescendingOrder
        )
        self.endResetModel()


def _words(value: CellOrWords) -> str:
    if isinstance(value, str):
        return value
    text = getattr(value, "text", None) or getattr(value, "name", "")
    return str(text)


def _key(words: str) -> tuple[int, int, str]:
    """Numbers before words, by their size."""
    digits = words.replace(",", "")
    return (0, int(digits), "") if digits.isdecimal() else (1, 0, words.casefold())
