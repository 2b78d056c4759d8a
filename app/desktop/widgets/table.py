"""`DataTable`: the list of everything. Works with any `QAbstractTableModel`, also one that loads lazily.

Its cost does not depend on the number of rows: fixed row height, nothing is asked of the model but what is in sight,
the selection is kept as ranges. A model of a million rows opens as fast as one of fifty (there is a test).

Models sort by `sort(column, order)` (called on a click on a title), give ``TextAlignmentRole`` for numbers, the cells
of `cells.py` under `CellRole` and `LoadingRole` for rows on their way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from app.desktop.theme import theme
from app.desktop.widgets.cell_paint import CellDelegate
from app.desktop.widgets.table_headers import GUTTER, CheckCorner, CheckGutter, ColumnHeader

_ROWS = QItemSelectionModel.SelectionFlag.Rows


class DataTable(QTableView):
    """Rows of records.

    Keys: arrows move, Shift extends, Space selects, Enter opens, Ctrl+A selects all, Esc selects none.
    A click moves the current row, a click in the gutter selects, a double click opens.
    """

    row_opened = Signal(int)  # Enter or double click
    current_row_changed = Signal(int)  # -1: none
    selected_count_changed = Signal(int)
    columns_changed = Signal()  # width, order or choice: time to save `column_state`
    menu_requested = Signal(int, object)  # row, global QPoint
    typed = Signal(str)  # a letter typed in the list: hand it to the search field

    def __init__(self, name: str, *, checkable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("ownFocus", True)
        self._checkable = checkable
        self._corner = CheckCorner(self)  # first: the calls below already lay out
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self._delegate = CellDelegate(self)
        self.setItemDelegate(self._delegate)
        self.header = ColumnHeader(self)
        self.setHorizontalHeader(self.header)
        self.gutter = CheckGutter(self)
        self.setVerticalHeader(self.gutter)
        self.gutter.setVisible(checkable)
        self.gutter.setFixedWidth(GUTTER if checkable else 0)
        self._corner.setVisible(checkable)
        self._corner.clicked.connect(self.toggle_all)
        self.gutter.toggled.connect(self._gutter_toggled)
        self.gutter.viewport().installEventFilter(self)
        self.header.columns_changed.connect(self.columns_changed)
        self.setCornerButtonEnabled(False)
        self._anchor = -1
        theme().changed.connect(self.viewport().update)

    # -- model and columns

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Shows a model; the sort arrow stays unset until `sort_by` or a click."""
        old = cast(QItemSelectionModel | None, self.selectionModel())
        self.setSortingEnabled(False)
        super().setModel(model)
        if old is not None:
            old.deleteLater()
        if model is None:
            return
        self.header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.selectionModel().currentRowChanged.connect(
            lambda now, _: self.current_row_changed.emit(now.row())
        )
        model.modelReset.connect(lambda: self._selection_changed())
        model.rowsInserted.connect(lambda *_: self._refresh_corner())

    def sort_by(self, column: int, *, descending: bool = False) -> None:
        """Sorts and shows the arrow."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.sortByColumn(column, order)

    def set_column_widths(self, widths: list[int]) -> None:
        """Widths from the left, px; the last column takes what is left anyway."""
        for n, width in enumerate(widths):
            self.setColumnWidth(n, width)

    def column_state(self) -> bytes:
        """Widths, order, choice of columns and sort arrow, to be saved."""
        return bytes(self.header.saveState().data())

    def restore_columns(self, state: bytes) -> bool:
        """Puts back what `column_state` gave; False (nothing changed) if it is of another table."""
        count = self.header.count()
        restored = self.header.restoreState(QByteArray(state))
        return restored and self.header.count() == count

    # -- rows and selection

    def current_row(self) -> int:
        """The row with the keyboard, -1 if none."""
        return self.currentIndex().row()

    def set_current_row(self, row: int, *, select: bool = False) -> None:
        """Moves there and scrolls it into sight."""
        index = self._first_shown(row)
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(
            index, (flags.ClearAndSelect | _ROWS) if select else flags.NoUpdate
        )
        self.scrollTo(index)

    def selected_count(self) -> int:
        """How many rows are selected, without walking over them."""
        return sum(bottom - top + 1 for top, bottom in self._ranges())

    def selected_rows(self) -> Iterator[int]:
        """The selected rows, ascending; one by one, since it may be all of a million."""
        for top, bottom in sorted(self._ranges()):
            yield from range(top, bottom + 1)

    def _ranges(self) -> list[tuple[int, int]]:
        chosen = cast(QItemSelectionModel | None, self.selectionModel())  # None before there is a model
        if chosen is None:
            return []
        parts = cast(
            "list[QItemSelectionRange]", chosen.selection()
        )  # the stubs do not know that it is a list
        return sorted({(part.top(), part.bottom()) for part in parts})

    def _row_count(self) -> int:
        model = cast(QAbstractItemModel | None, self.model())
        return model.rowCount() if model is not None else 0

    def select_none(self) -> None:
        """Nothing is selected."""
        self.clearSelection()

    def toggle_all(self) -> None:
        """All, or none if all were."""
        if self.selected_count() >= self._row_count() > 0:
            self.clearSelection()
        else:
            self.selectAll()

    def toggle_row(self, row: int) -> None:
        """Selects or deselects one row and leaves the others."""
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(self._first_shown(row), flags.Toggle | _ROWS)

    def _first_shown(self, row: int) -> QModelIndex:
        column = self.header.logicalIndex(0)
        for visual in range(self.header.count()):
            column = self.header.logicalIndex(visual)
            if not self.header.isSectionHidden(column):
                break
        return self.model().index(row, max(column, 0))

    def _gutter_toggled(self, row: int, extend: bool) -> None:
        if extend and self._anchor >= 0:
            top, bottom = sorted((self._anchor, row))
            model = self.model()
            block = QItemSelection(model.index(top, 0), model.index(bottom, model.columnCount() - 1))
            self.selectionModel().select(block, QItemSelectionModel.SelectionFlag.Select | _ROWS)
        else:
            self.toggle_row(row)
        self._anchor = row
        self.selectionModel().setCurrentIndex(
            self._first_shown(row), QItemSelectionModel.SelectionFlag.NoUpdate
        )

    def _selection_changed(self, *_: object) -> None:
        self._refresh_corner()
        self.gutter.viewport().update()
        self.selected_count_changed.emit(self.selected_count())

    def _refresh_corner(self) -> None:
        count, total = self.selected_count(), self._row_count()
        self._corner.set_state("none" if not count else "all" if count >= total else "some")

    # -- events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self.current_row()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and row >= 0:
            self.row_opened.emit(row)
        elif key == Qt.Key.Key_Space and row >= 0 and plain:
            self.toggle_row(row)
        elif key == Qt.Key.Key_Escape and self.selected_count():
            self.clearSelection()
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.selectAll()
        elif (
            key
            in (
                Qt.Key.Key_Up,
                Qt.Key.Key_Down,
                Qt.Key.Key_PageUp,
                Qt.Key.Key_PageDown,
                Qt.Key.Key_Home,
                Qt.Key.Key_End,
            )
            and plain
        ):
            self._move(key)
        elif plain and event.text() and event.text().isprintable():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def _move(self, key: int) -> None:
        """Moves the current row and leaves the selection alone: ticked rows survive looking around."""
        last = self._row_count() - 1
        if last < 0:
            return
        page = max(1, self.viewport().height() // self.gutter.defaultSectionSize() - 1)
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        row = self.current_row()
        target = next((row + step for name, step in steps.items() if key == name), None)
        if target is None:
            target = 0 if key == Qt.Key.Key_Home else last
        self.set_current_row(min(max(target, 0), last))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        modified = event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
        if index.isValid() and not modified and event.button() == Qt.MouseButton.LeftButton:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._anchor = index.row()
            self.viewport().update()
            return
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Qt's own knows only of presses that went through it, and ours do not
        row = self.rowAt(int(event.position().y()))
        if row >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.row_opened.emit(row)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(int(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.gutter.viewport():
            if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
                self._hover(self.gutter.logicalIndexAt(event.position().toPoint()))
            elif event.type() == QEvent.Type.Leave:
                self._hover(-1)
        return super().eventFilter(watched, event)

    def _hover(self, row: int) -> None:
        if row == self._delegate.hover_row:
            return
        for changed in (self._delegate.hover_row, row):
            if changed >= 0:
                y, height = self.rowViewportPosition(changed), self.rowHeight(changed)
                self.viewport().update(0, y, self.viewport().width(), height)
                self.gutter.viewport().update(0, y, self.gutter.width(), height)
        self._delegate.hover_row = self.gutter.hover_row = row

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        row = self.rowAt(event.pos().y())
        if row >= 0:
            self.menu_requested.emit(row, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current_row() < 0 and self._row_count() > 0:
            self.set_current_row(0)
        self._show_current()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_current()

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self._show_current()

    def _show_current(self) -> None:
        self._delegate.current_row = self.current_row() if self.hasFocus() else -1
        self.viewport().update()
        self.gutter.viewport().update()

    def updateGeometries(self) -> None:
        super().updateGeometries()
        if self._checkable:
            self._corner.setGeometry(0, 0, GUTTER, self.horizontalHeader().height())
            self._corner.raise_()
