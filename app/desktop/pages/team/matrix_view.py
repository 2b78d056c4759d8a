"""People × groups at a glance: one coloured sign per role, painted, so that hundreds of cells cost nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from app.crm.words import count
from app.desk.access_words import CompartmentAccess
from app.desktop.theme import colors, theme, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.viewmodels.sharing import Matrix
from app.desktop.widgets import paint_avatar
from app.desktop.widgets.plain_tips import plain_tip
from protocol.ids import Level, RoleId

ROW, HEAD = 36, 44
NAMES, LEAST, MOST = 200, 64, 150
DOT, DOT_GAP = 5.0, 3.0


class MatrixView(QAbstractScrollArea):
    """``chosen(group id, member id)``: Enter, or a click on a cell; arrows move. The names stay where they are."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._matrix: Matrix | None = None
        self._current = (0, 0)
        self._hover = (-1, -1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Who is in which group, with which role")
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        theme().changed.connect(self.viewport().update)

    def set_matrix(self, matrix: Matrix) -> None:
        """Another team."""
        self._matrix = matrix
        rows, columns = len(matrix.people), len(matrix.groups)
        self._current = (min(self._current[0], max(0, rows - 1)), min(self._current[1], max(0, columns - 1)))
        self._lay_out()
        self._say()
        self.viewport().update()

    def hue(self, role: RoleId) -> int:
        """The tint of a role: its place among the roles, the same in the legend."""
        roles = self._matrix.team.roles if self._matrix else ()
        return next((place for place, one in enumerate(roles) if one.id == role), 7) % 8

    # geometry

    def _names(self) -> int:
        return min(NAMES, self.viewport().width() // 3)

    def _wide(self) -> int:
        count = len(self._matrix.groups) if self._matrix else 0
        room = self.viewport().width() - self._names()
        return max(LEAST, min(MOST, room // count)) if count else MOST

    def _lay_out(self) -> None:
        if self._matrix is None:
            return
        view = self.viewport().size()
        wide = self._names() + self._wide() * len(self._matrix.groups)
        high = HEAD + ROW * len(self._matrix.people)
        self.horizontalScrollBar().setPageStep(view.width())
        self.horizontalScrollBar().setSingleStep(40)
        self.horizontalScrollBar().setRange(0, max(0, wide - view.width()))
        self.verticalScrollBar().setPageStep(view.height())
        self.verticalScrollBar().setSingleStep(ROW)
        self.verticalScrollBar().setRange(0, max(0, high - view.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(600, 400)

    def cell_rect(self, row: int, column: int) -> QRect:
        """Where a cell is in the viewport."""
        x = self._names() + column * self._wide() - self.horizontalScrollBar().value()
        y = HEAD + row * ROW - self.verticalScrollBar().value()
        return QRect(x, y, self._wide(), ROW)

    def cell_at(self, point: QPoint) -> tuple[int, int]:
        """(row, column); -1 where it is in the names or the head; (-1, -1) outside."""
        if self._matrix is None:
            return (-1, -1)
        row = (point.y() - HEAD + self.verticalScrollBar().value()) // ROW if point.y() >= HEAD else -1
        column = -1
        if point.x() >= self._names():
            column = (point.x() - self._names() + self.horizontalScrollBar().value()) // self._wide()
        if row >= len(self._matrix.people) or column >= len(self._matrix.groups):
            return (-1, -1)
        return (row, column)

    def _shown_rows(self) -> range:
        """Rows that are on the screen: painting costs these and no others."""
        assert self._matrix is not None
        first = self.verticalScrollBar().value() // ROW
        last = (self.verticalScrollBar().value() + self.viewport().height() - HEAD) // ROW + 1
        return range(max(0, first), min(len(self._matrix.people), last))

    def _shown_columns(self) -> range:
        assert self._matrix is not None
        wide, left = self._wide(), self.horizontalScrollBar().value()
        last = (left + self.viewport().width() - self._names()) // wide + 1
        return range(max(0, left // wide), min(len(self._matrix.groups), last))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        antialiased(painter)
        c, matrix = colors(), self._matrix
        view = self.viewport().rect()
        painter.fillRect(view, c.surface)
        if matrix is None:
            return
        small = QFontMetrics(ui_font("small"))
        names = self._names()
        painter.save()
        painter.setClipRect(QRect(names, HEAD, view.width() - names, view.height() - HEAD))
        rows, columns = self._shown_rows(), self._shown_columns()
        for row in rows:
            below = self.cell_rect(row, 0).bottom()
            painter.setPen(c.border)
            painter.drawLine(names, below, view.right(), below)
            for column in columns:
                self._paint_cell(painter, row, column)
        painter.restore()
        painter.save()
        painter.setClipRect(QRect(names, 0, view.width() - names, HEAD))
        painter.fillRect(QRect(0, 0, view.width(), HEAD), c.sunken)
        painter.setFont(ui_font("small"))
        for column in columns:
            group, box = matrix.groups[column], self.cell_rect(0, column)
            head = QRect(box.x() + 6, 0, box.width() - 12, HEAD)
            painter.setPen(c.text if column == self._hover[1] else c.text_muted)
            lines = two_lines(group.name, small, head.width())
            top = (HEAD - len(lines) * small.height()) // 2
            for place, line in enumerate(lines):
                at = QRect(head.x(), top + place * small.height(), head.width(), small.height())
                painter.drawText(at, int(Qt.AlignmentFlag.AlignCenter), line)
        painter.restore()
        self._paint_names(painter, names, view)
        painter.setPen(c.border)
        painter.drawLine(0, HEAD - 1, view.width(), HEAD - 1)
        painter.drawLine(names - 1, 0, names - 1, view.height())

    def _paint_cell(self, painter: QPainter, row: int, column: int) -> None:
        assert self._matrix is not None
        c, box = colors(), self.cell_rect(row, column)
        if row == self._hover[0] or column == self._hover[1]:
            painter.fillRect(box.adjusted(0, 0, 0, -1), c.hover)
        cell = self._matrix.cell(row, column)
        metrics = QFontMetrics(ui_font("small"))
        if cell is not None and cell.role is not None:
            hue = c.hues[self.hue(cell.role)]
            wide = min(box.width() - 12, max(34, metrics.horizontalAdvance(cell.short) + 16))
            pill = QRectF(box.center().x() - wide / 2, box.y() + 4, wide, 19)
            fill_round(painter, pill, 5, hue.bg)
            font = ui_font("small")
            font.setWeight(font.Weight.Medium)
            painter.setFont(font)
            painter.setPen(hue.fg)
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, cell.short)
            paint_reach(painter, box.center().x(), box.y() + 29, cell.access)
        else:
            painter.setPen(c.text_disabled)
            painter.setFont(ui_font("small"))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "·")
        if self.hasFocus() and (row, column) == self._current:
            painter.setPen(c.focus)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(2.5, 2.5, -2.5, -3.5), 5, 5)

    def _paint_names(self, painter: QPainter, names: int, view: QRect) -> None:
        assert self._matrix is not None
        c = colors()
        painter.fillRect(QRect(0, HEAD, names, view.height() - HEAD), c.surface)
        painter.fillRect(QRect(0, 0, names, HEAD), c.sunken)
        painter.setFont(ui_font("small"))
        painter.setPen(c.text_muted)
        people = count(len(self._matrix.people), "person", "people")
        people += f", {count(len(self._matrix.groups), 'group')}"
        painter.drawText(QRect(16, 0, names - 20, HEAD), int(Qt.AlignmentFlag.AlignVCenter), people)
        painter.save()
        painter.setClipRect(QRect(0, HEAD, names, view.height() - HEAD))
        metrics = QFontMetrics(ui_font())
        for row in self._shown_rows():
            person, y = self._matrix.people[row], self.cell_rect(row, 0).y()
            if row == self._hover[0]:
                painter.fillRect(QRect(0, y, names, ROW), c.hover)
            painter.setPen(c.border)
            painter.drawLine(0, y + ROW - 1, names, y + ROW - 1)
            paint_avatar(painter, QRectF(16, y + 8, 20, 20), person.name)
            painter.setFont(ui_font())
            painter.setPen(c.text)
            room = names - 56
            shown = metrics.elidedText(person.name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRect(44, y, room + 4, ROW), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    # mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hover = self.cell_at(event.position().toPoint())
        if hover != self._hover:
            self._hover = hover
            self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = (-1, -1)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row, column = self.cell_at(event.position().toPoint())
        if column >= 0:
            self._current = (max(0, row), column)
            self._choose(row)

    def _choose(self, row: int) -> None:
        assert self._matrix is not None
        member = self._matrix.people[row].id if row >= 0 else None
        self.chosen.emit(self._matrix.groups[self._current[1]].id, member)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._matrix is None or not self._matrix.people or not self._matrix.groups:
            return
        row, column = self._current
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(row)
            return
        step = next((move for key, move in steps.items() if event.key() == key), None)
        if step is None:
            super().keyPressEvent(event)
            return
        row = min(max(row + step[0], 0), len(self._matrix.people) - 1)
        column = min(max(column + step[1], 0), len(self._matrix.groups) - 1)
        self._current = (row, column)
        self._show_current()
        self._say()
        self.viewport().update()

    def _show_current(self) -> None:
        box, view, names = self.cell_rect(*self._current), self.viewport().rect(), self._names()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        if box.left() < names or box.right() > view.right():
            across.setValue(
                across.value() + (box.left() - names if box.left() < names else box.right() - view.right())
            )
        if box.top() < HEAD or box.bottom() > view.bottom():
            down.setValue(
                down.value() + (box.top() - HEAD if box.top() < HEAD else box.bottom() - view.bottom())
            )

    def _say(self) -> None:
        """The current cell in words, for screen readers."""
        if self._matrix is None or not self._matrix.people or not self._matrix.groups:
            return
        row, column = self._current
        cell = self._matrix.cell(row, column)
        nobody = f"{self._matrix.people[row].name} is not in {self._matrix.groups[column].name}."
        self.setAccessibleDescription(cell.words if cell is not None else nobody)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._matrix is not None:
            row, column = self.cell_at(event.pos())
            cell = self._matrix.cell(row, column) if row >= 0 and column >= 0 else None
            words = cell.words if cell else ""
            if row < 0 <= column:
                words = self._matrix.groups[column].name
            elif column < 0 <= row:
                words = self._matrix.people[row].name
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().viewportEvent(event)


def paint_reach(painter: QPainter, middle: float, y: float, access: Sequence[CompartmentAccess]) -> None:
    """One small mark for each compartment: full for all of the group, half for own, a ring for nothing; strong where
    it is written, pale where it is only read."""
    c = colors()
    left = middle - (len(access) * DOT + (len(access) - 1) * DOT_GAP) / 2
    for place, one in enumerate(access):
        box = QRectF(left + place * (DOT + DOT_GAP), y - DOT / 2, DOT, DOT)
        level = max(one.group, one.own)
        painter.setPen(c.border_strong if level is Level.NONE else Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if level is not Level.NONE:
            painter.setBrush(QColor(c.text_muted if level is Level.WRITE else c.border_strong))
        if level is not Level.NONE and one.group is Level.NONE:
            painter.drawPie(box, 90 * 16, 180 * 16)
            painter.setPen(QPen(QColor(c.text_muted), 0.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)


def two_lines(text: str, metrics: QFontMetrics, width: int) -> list[str]:
    """A name on at most two lines, broken between words, the rest elided."""
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    first, words = "", text.split()
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return [metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)]
    return [first, metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width)]
