"""A model of made-up deals, as large as one likes: rows are made from their number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.desktop.widgets import (
    CellRole,
    ChipCell,
    IconCell,
    LoadingRole,
    Money,
    Option,
    PersonCell,
    show_date,
    show_money,
)

Index = QModelIndex | QPersistentModelIndex
STAGES = [
    Option("prospect", "Prospecting"),
    Option("engage", "Engaging"),
    Option("won", "Won"),
    Option("lost", "Lost"),
]
FIRST = ("Ada", "Boris", "Carla", "Derek", "Elif", "Femi", "Greta", "Hugo", "Ines", "Jonas", "Kira", "Luca")
LAST = (
    "Brandt",
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Rossi",
    "Sato",
    "Tanaka",
    "Ueda",
    "Vogel",
    "Weiss",
)
COMPANIES = (
    "Acme Corporation",
    "Betasoloin",
    "Cancity",
    "Dontechi",
    "Ganjaflex",
    "Konex",
    "Rangreen",
    "Zumgoity",
)


class SampleModel(QAbstractTableModel):
    """Deals made from the row number: any count of them costs nothing."""

    TITLES = ("Deal", "Company", "Stage", "Owner", "Amount", "Expected close", "Next step")

    def __init__(self, rows: int, *, loading_from: int = 1 << 60) -> None:
        super().__init__()
        self._rows, self._loading_from = rows, loading_from
        self.asked = 0
        self.descending = False

    def rowCount(self, parent: Index | None = None) -> int:
        return self._rows

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.TITLES)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.TITLES[section]
        if section == 4 and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self.descending = order == Qt.SortOrder.DescendingOrder
        self.layoutChanged.emit()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        self.asked += 1
        row, column = index.row(), index.column()
        n = self._rows - row - 1 if self.descending else row
        if role == LoadingRole:
            return row >= self._loading_from
        if role == CellRole:
            return self._cell(n, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column == 4:
            return int(Qt.AlignmentFlag.AlignRight)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(n, column)
        return None

    def _words(self, n: int, column: int) -> str:
        company = COMPANIES[n * 7 % len(COMPANIES)]
        return (
            f"{company.split()[0]} – GTX {n % 9 + 1}00 renewal",
            company,
            STAGES[n % 4].text,
            f"{FIRST[n % 12]} {LAST[n % 11]}",
            show_money(Money(Decimal(n * 137 % 90_000 + 550), "USD")),
            show_date(date(2026, n % 12 + 1, n % 28 + 1)),
            "Send the revised quote with the discount that we talked about on the phone" if n % 3 else "",
        )[column]

    def _cell(self, n: int, column: int) -> object:
        words = self._words(n, column)
        if column == 0:
            return IconCell("deal", words)
        if column == 1:
            return PersonCell(words, square=True)
        if column == 2:
            return ChipCell(words, (0, 3, 2, 7)[n % 4])
        return PersonCell(words) if column == 3 else None
