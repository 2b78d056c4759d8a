"""The table model of a list: it knows how many rows there are and reads, page by page, only those in sight.

Everything is read off the GUI thread. What was shown stays until the first page of something new has come, so nothing
flickers while one types. After changes the pages in sight are read again; selected rows are found again near where
they were (`relocated`), and the view keeps its place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.desk import Desk
from app.desk.homes import member_value
from app.desktop.context import Context
from app.desktop.theme import colors
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.list_config import ListConfig
from app.desktop.viewmodels.list_filters import ListState
from app.desktop.viewmodels.list_rows import CellText, Row, read_rows
from app.desktop.widgets import CellRole, LoadingRole
from vault.store import Query, RecordKey, Sort

PAGE = 64
MOST_PAGES = 60
MOST_MOVED = 1_000
SEARCHED_AROUND = 80

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Anchors:
    """Rows to be found again after a change: (row, key) of the selected ones, the current one, the first in sight."""

    selected: tuple[tuple[int, RecordKey], ...] = ()
    all_selected: bool = False
    current: tuple[int, RecordKey] | None = None
    top: tuple[int, RecordKey] | None = None


@dataclass(frozen=True, slots=True)
class Relocated:
    """Where they are now; -1 for what is not in the list any more."""

    selected: tuple[int, ...]
    all_selected: bool
    current: int
    top: int


@dataclass(frozen=True, slots=True)
class _Fresh:
    """What a refresh read."""

    count: int
    pages: dict[int, list[Row]]
    places: dict[RecordKey, int]


class RecordListModel(QAbstractTableModel):
    """One list. `set_state` says what it shows."""

    settled = Signal()  # the first page and the count of what was asked for are here
    count_changed = Signal(int)
    about_to_move = Signal()  # rows will change places: the view should fill `anchors`
    relocated = Signal(object)  # Relocated
    sort_wanted = Signal(object)  # Sort: a title was clicked

    def __init__(self, context: Context, config: ListConfig, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.config = config
        self.anchors = Anchors()
        self._context = context
        self._me = member_value(context.desk.me)
        self._state = ListState(sort=config.sort)
        self._pages: dict[int, list[Row]] = {}
        self._asked: set[int] = set()
        self._count = 0
        self._total: int | None = None  # the count, when it came before the first page
        self._waiting_first = False
        self._waiting_count = False
        self._turn = 0
        self._refreshing = False
        self._refresh_again = False
        self._in_sight = (0, 0)

    # what is shown

    @property
    def state(self) -> ListState:
        return self._state

    @property
    def is_settled(self) -> bool:
        return not (self._waiting_first or self._waiting_count or self._refreshing)

    def query(self) -> Query:
        return self._state.query(self.config, self._me, date.today())  # noqa: DTZ011 - the user's own day

    def set_state(self, state: ListState) -> None:
        """Show something else; the old rows stay until it is here."""
        self._state = state
        self.reload()

    def reload(self) -> None:
        """Read everything anew, from the top."""
        self._turn += 1
        turn, query = self._turn, self.query()
        self._waiting_first = self._waiting_count = True
        self._total = None
        desk, config = self._context.desk, self.config
        read(
            self._context,
            lambda: read_rows(desk, config, query, 0, PAGE),
            lambda rows: self._first_came(turn, rows),
            self,
            lambda error: self._reload_failed(turn, error),
        )
        read(
            self._context,
            lambda: desk.records.count(query),
            lambda count: self._count_came(turn, count),
            self,
            lambda error: self._reload_failed(turn, error),
        )

    def _first_came(self, turn: int, rows: list[Row]) -> None:
        if turn != self._turn:
            return
        self.beginResetModel()
        self._pages, self._asked = {0: rows}, set()
        full = len(rows) == PAGE
        self._count = max(len(rows), self._total or 0) if full else len(rows)
        self._waiting_first = False
        self.endResetModel()
        if not full and self._waiting_count:
            self._waiting_count = False  # all of it is here
        self._tell()
        self._once_more()

    def _count_came(self, turn: int, count: int) -> None:
        if turn != self._turn:
            return
        self._waiting_count = False
        if self._waiting_first:
            self._total = count
            return
        self._resize(count)
        self._tell()

    def _resize(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self.endRemoveRows()

    def _tell(self) -> None:
        self.count_changed.emit(self._count)
        if self.is_settled:
            self.settled.emit()

    def _failed(self, turn: int, error: Exception) -> None:
        if turn == self._turn:
            self._waiting_first = self._waiting_count = False
            self._context.complain(error)

    def _reload_failed(self, turn: int, error: Exception) -> None:
        self._failed(turn, error)
        if turn == self._turn:
            self._turn += 1  # the other half of it would not fit what stays on the screen
            self._asked = set()

    # pages on demand

    def row(self, number: int) -> Row | None:
        """A row that is here; else it is asked for, and None."""
        page = self._pages.get(number // PAGE)
        if page is None:
            self._ask(number // PAGE)
            return None
        place = number % PAGE
        return page[place] if place < len(page) else None

    def key(self, number: int) -> RecordKey | None:
        row = self.row(number)
        return None if row is None else row.key

    def _ask(self, page: int) -> None:
        if page in self._asked or self._waiting_first:
            return
        self._asked.add(page)
        turn, query, desk, config = self._turn, self.query(), self._context.desk, self.config
        read(
            self._context,
            lambda: read_rows(desk, config, query, page * PAGE, PAGE),
            lambda rows: self._page_came(turn, page, rows),
            self,
            lambda error: self._failed(turn, error),
        )

    def _page_came(self, turn: int, page: int, rows: list[Row]) -> None:
        if turn != self._turn:
            return
        self._asked.discard(page)
        self._pages[page] = rows
        if len(self._pages) > MOST_PAGES:
            first, last = self._in_sight
            for old in [old for old in self._pages if old + 1 < first // PAGE or old - 1 > last // PAGE][:8]:
                del self._pages[old]
        last_row = min(self._count, (page + 1) * PAGE) - 1
        if last_row >= page * PAGE:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last_row, self.columnCount() - 1))

    def set_in_sight(self, first: int, last: int) -> None:
        """The rows that the view shows now: what a refresh reads first."""
        self._in_sight = (max(0, first), max(0, last))

    # after changes

    def refresh(self) -> None:
        """Records changed: read what is in sight again, without losing place or selection."""
        if self._waiting_first:
            self._refresh_again = True  # what is on its way may have been read before the change
            return
        if self._refreshing:
            self._refresh_again = True
            return
        self._refreshing = True
        self.about_to_move.emit()
        turn, query, desk, config = self._turn, self.query(), self._context.desk, self.config
        first, last = self._in_sight
        pages = range(first // PAGE, last // PAGE + 1)
        wanted = _wanted(self.anchors)
        before = self._count
        read(
            self._context,
            lambda: _read_again(desk, config, query, pages, wanted, before),
            lambda fresh: self._fresh_came(turn, fresh),
            self,
            lambda error: self._refresh_failed(turn, error),
        )

    def _fresh_came(self, turn: int, fresh: _Fresh) -> None:
        self._refreshing = False
        if turn == self._turn:
            self._take(fresh)
        self._once_more()

    def _refresh_failed(self, turn: int, error: Exception) -> None:
        self._refreshing = False  # whatever is shown now: the next change reads again
        self._failed(turn, error)

    def _once_more(self) -> None:
        if self._refresh_again and not (self._waiting_first or self._refreshing):
            self._refresh_again = False
            self.refresh()

    def _take(self, fresh: _Fresh) -> None:
        stays = fresh.count == self._count and all(
            [row.key for row in rows] == [row.key for row in self._pages.get(page, rows)]
            for page, rows in fresh.pages.items()
        )
        self._turn += 1  # pages on their way are old
        self._asked = set()
        self._waiting_count = False  # so is a count: this one is newer
        if stays:
            self._pages = dict(fresh.pages)
            for page, rows in fresh.pages.items():
                if rows:
                    top = self.index(page * PAGE, 0)
                    self.dataChanged.emit(
                        top, self.index(page * PAGE + len(rows) - 1, self.columnCount() - 1)
                    )
        else:
            self.beginResetModel()
            self._pages = dict(fresh.pages)
            self._count = fresh.count
            self.endResetModel()
            self.relocated.emit(_relocated(self.anchors, fresh.places, fresh.count))
        self._tell()

    # acting on rows

    def known_keys(self, rows: Iterable[int]) -> list[tuple[int, RecordKey]]:
        """(row, record) of those rows that are here."""
        found = []
        for number in rows:
            page = self._pages.get(number // PAGE)
            if page is not None and number % PAGE < len(page):
                found.append((number, page[number % PAGE].key))
        return found

    # Qt

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.config.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.config.columns):
            return None
        column = self.config.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole and column.numeric:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            right = self.config.columns[index.column()].numeric
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter) if right else None
        row = self.row(index.row())
        if row is None:
            return True if role == LoadingRole else None
        cell: CellText = row.cells[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.words
        if role == CellRole:
            return cell.cell
        if role == Qt.ItemDataRole.ForegroundRole and cell.tone:
            return colors().danger_text if cell.tone == "danger" else colors().text_muted
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tooltip or None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= column < len(self.config.columns) or not self.config.columns[column].sortable:
            return
        wanted = Sort(self.config.columns[column].key, order == Qt.SortOrder.DescendingOrder)
        if wanted != self._state.sort:
            self.set_state(replace(self._state, sort=wanted))
            self.sort_wanted.emit(wanted)


def _wanted(anchors: Anchors) -> dict[RecordKey, int]:
    wanted = {key: row for row, key in anchors.selected[:MOST_MOVED]}
    for one in (anchors.current, anchors.top):
        if one is not None:
            wanted[one[1]] = one[0]
    return wanted


def _read_again(
    desk: Desk, config: ListConfig, query: Query, pages: range, wanted: dict[RecordKey, int], before: int
) -> _Fresh:
    count = desk.records.count(query)
    fresh: dict[int, list[Row]] = {}
    for page in pages:
        if page == 0 or page * PAGE < count:
            fresh[page] = read_rows(desk, config, query, page * PAGE, PAGE)
    places = {row.key: page * PAGE + n for page, rows in fresh.items() for n, row in enumerate(rows)}
    reach = abs(count - before) + SEARCHED_AROUND
    missing = sorted(row for key, row in wanted.items() if key not in places)
    seen = -1
    for row in missing:
        if row <= seen:
            continue
        start = max(0, row - reach)
        for n, record in enumerate(desk.records.window(query, start, 2 * reach + 1)):
            if record.key in wanted:
                places[record.key] = start + n
        seen = start + 2 * reach
    return _Fresh(count, fresh, places)


def _relocated(anchors: Anchors, places: dict[RecordKey, int], count: int) -> Relocated:
    return Relocated(
        tuple(sorted(places[key] for _, key in anchors.selected if places.get(key, count) < count)),
        anchors.all_selected,
        places.get(anchors.current[1], -1) if anchors.current else -1,
        places.get(anchors.top[1], -1) if anchors.top else -1,
    )
