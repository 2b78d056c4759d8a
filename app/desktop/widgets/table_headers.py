"""The two headers of `DataTable`: column titles with sort arrows, and the gutter of check boxes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView, QWidget

from app.desktop.theme import Size, colors, icon_pixmap, ui_font
from app.desktop.theme.painting import paint_check
from app.desktop.widgets.cell_paint import PAD, paint_row_ring, row_background
from app.desktop.widgets.menus import Menu

GUTTER = 40


class ColumnHeader(QHeaderView):
    """Titles, quiet until hovered; right click offers the columns."""

    columns_changed = Signal()

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFixedHeight(Size.HEADER)
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(56)
        self.setDefaultSectionSize(160)
        self.setStretchLastSection(True)
        self.setSortIndicatorShown(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Columns")
        self._hovered = -1
        self.sectionResized.connect(self._resized)
        self.sectionMoved.connect(lambda *_: self.columns_changed.emit())

    def _resized(self, section: int, old: int, new: int) -> None:
        """The last column stretches with the window; nobody has changed it then."""
        shown = [n for n in range(self.count()) if not self.isSectionHidden(self.logicalIndex(n))]
        if shown and self.visualIndex(section) != shown[-1]:
            self.columns_changed.emit()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        if not rect.isValid():
            return
        c, model = colors(), self.model()
        painter.fillRect(rect, c.hover if logicalIndex == self._hovered else c.surface)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), c.border)
        title = str(model.headerData(logicalIndex, Qt.Orientation.Horizontal) or "")
        flags = model.headerData(logicalIndex, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        right = flags is not None and bool(int(flags) & int(Qt.AlignmentFlag.AlignRight))
        font = ui_font("small")
        font.setWeight(font.Weight.Medium)
        sorted_here = self.isSortIndicatorShown() and self.sortIndicatorSection() == logicalIndex
        painter.setFont(font)
        painter.setPen(c.text if sorted_here else c.text_muted)
        inner = rect.adjusted(PAD, 0, -PAD, -1)
        room = inner.width() - (18 if sorted_here else 0)
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown)
        x = inner.right() - width - (16 if sorted_here else 0) + 1 if right else inner.left()
        painter.drawText(
            QRect(x, inner.top(), width + 2, inner.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
        )
        if sorted_here:
            up = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            ratio = self.devicePixelRatioF()
            arrow = icon_pixmap("arrow-up" if up else "arrow-down", c.accent_text, 12, ratio)
            painter.drawPixmap(QPointF(x + width + 4, rect.center().y() - 5.5), arrow)
        if logicalIndex == self._hovered and self.visualIndex(logicalIndex) < self.count() - 1:
            painter.fillRect(QRect(rect.right(), rect.top() + 8, 1, rect.height() - 16), c.border_strong)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.logicalIndexAt(event.position().toPoint()))

    def leaveEvent(self, event: object) -> None:
        self._hover(-1)

    def _hover(self, section: int) -> None:
        if section != self._hovered:
            self._hovered = section
            self.viewport().update()

    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colors().surface)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), colors().border)
        painter.end()
        super().paintEvent(e)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.column_menu().popup(event.globalPos())

    def column_menu(self) -> Menu:
        """A menu with every column, ticked where shown; the last one shown cannot be hidden."""
        menu = Menu(self)
        order = sorted(range(self.count()), key=self.visualIndex)
        shown = sum(not self.isSectionHidden(n) for n in order)
        for n in order:
            title = str(self.model().headerData(n, Qt.Orientation.Horizontal) or "")
            hidden = self.isSectionHidden(n)
            menu.add(
                title, partial(self._set_shown, n, hidden), ticked=not hidden, enabled=hidden or shown > 1
            )
        return menu

    def _set_shown(self, section: int, shown: bool) -> None:
        self.setSectionHidden(section, not shown)
        self.columns_changed.emit()


class CheckGutter(QHeaderView):
    """A check box for each row, at the left of the table and never scrolled away."""

    toggled = Signal(int, bool)  # row, with Shift

    def __init__(self, parent: QTableView) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(Size.ROW)
        self.setMinimumSectionSize(Size.ROW)
        self.setFixedWidth(GUTTER)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setMouseTracking(True)
        self.setAccessibleName("Selection")
        self._table = parent
        self.hover_row = -1

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        c = colors()
        chosen = self._table.selectionModel()  # there is one: without a model no section is painted
        selected = chosen.isRowSelected(logicalIndex)
        hovered = logicalIndex == self.hover_row
        here = self._table.hasFocus() and self._table.currentIndex().row() == logicalIndex
        painter.fillRect(rect, row_background(c, selected=selected, hovered=hovered or here))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), c.border)
        if here:
            paint_row_ring(painter, rect)
        if selected or hovered or chosen.hasSelection():
            box = QRectF(rect.left() + 16, rect.top() + (rect.height() - 17) / 2, 16, 16)
            paint_check(painter, box, c, checked=selected, hovered=hovered)

    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colors().surface)
        painter.end()
        super().paintEvent(e)

    def mousePressEvent(self, e: QMouseEvent) -> None:
        row = self.logicalIndexAt(e.position().toPoint())
        if row >= 0 and e.button() == Qt.MouseButton.LeftButton:
            self.toggled.emit(row, bool(e.modifiers() & Qt.KeyboardModifier.ShiftModifier))

    def mouseReleaseEvent(self, e: QMouseEvent) -> None:
        e.accept()


class CheckCorner(QWidget):
    """The box over the gutter: all or none."""

    clicked = Signal()

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._state = "none"
        self.setAccessibleName("Select all")
        self.setToolTip("Select all")

    def set_state(self, state: str) -> None:
        """``none``, ``some`` or ``all``."""
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c = colors()
        painter.fillRect(self.rect(), c.surface)
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), c.border)
        box = QRectF(QPoint(16, (self.height() - 17) // 2), QPoint(32, (self.height() - 17) // 2 + 16))
        paint_check(
            painter,
            box,
            c,
            checked=self._state == "all",
            partial=self._state == "some",
            hovered=self.underMouse(),
        )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()
