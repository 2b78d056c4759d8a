"""The tree of reports, painted: only the rows on the screen cost anything. Drag somebody on to a new manager."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from app.desktop.theme import colors, icon_pixmap, theme, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.viewmodels.team_tree import TeamTree, TreeRow
from app.desktop.widgets import paint_avatar
from protocol.ids import MemberId

ROW, STEP, LEFT = 40, 26, 16
NOBODY = "nobody"
"""Where a drop on empty space goes: to the top."""


class TreeView(QAbstractScrollArea):
    """``opened(member)`` by Enter or double click; ``moved(member, manager or None)`` by dropping;
    ``menu(member, point)`` by right click or the menu key. Left and right fold."""

    opened = Signal(object)
    moved = Signal(object, object)
    menu = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree: TeamTree | None = None
        self._rows: list[TreeRow] = []
        self._current = 0
        self._hover = -1
        self._pressed: tuple[int, QPoint] | None = None
        self._dragged = -1
        self._target: int | None = None
        self.may_drag = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ownFocus", True)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName("Who reports to whom")
        self.verticalScrollBar().valueChanged.connect(self.viewport().update)
        theme().changed.connect(self.viewport().update)

    @property
    def rows(self) -> list[TreeRow]:
        """What is shown."""
        return self._rows

    def set_tree(self, tree: TeamTree) -> None:
        """Another team; folds stay."""
        if self._tree is not None:
            tree.keep_folds(self._tree)
        self._tree = tree
        self.refresh()

    def refresh(self) -> None:
        """The rows again, after a search or a fold."""
        current = self.current_member()
        self._rows = self._tree.rows() if self._tree is not None else []
        found = next((n for n, one in enumerate(self._rows) if one.member.id == current), None)
        self._current = found if found is not None else min(self._current, max(0, len(self._rows) - 1))
        self._lay_out()
        self._say()
        self.viewport().update()

    def current_member(self) -> MemberId | None:
        """Who has the focus frame."""
        return self._rows[self._current].member.id if 0 <= self._current < len(self._rows) else None

    def _lay_out(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(ROW)
        bar.setRange(0, max(0, ROW * len(self._rows) - self.viewport().height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def sizeHint(self) -> QSize:
        return QSize(600, 400)

    def row_rect(self, row: int) -> QRect:
        """Where a row is in the viewport."""
        return QRect(0, row * ROW - self.verticalScrollBar().value(), self.viewport().width(), ROW)

    def row_at(self, point: QPoint) -> int:
        """-1 outside."""
        row = (point.y() + self.verticalScrollBar().value()) // ROW
        return row if 0 <= row < len(self._rows) else -1

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        antialiased(painter)
        painter.fillRect(self.viewport().rect(), colors().surface)
        first = self.verticalScrollBar().value() // ROW
        last = first + self.viewport().height() // ROW + 2
        for row in range(max(0, first), min(len(self._rows), last)):
            self._paint_row(painter, row, self.row_rect(row))
        if self._dragged >= 0 and self._target is not None:
            self._paint_target(painter)

    def _paint_row(self, painter: QPainter, row: int, box: QRect) -> None:
        c, one = colors(), self._rows[row]
        if row in (self._hover, self._dragged):
            painter.fillRect(box, c.hover)
        painter.setPen(c.border)
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        for depth in range(one.depth):
            x = LEFT + depth * STEP + 8
            painter.drawLine(x, box.top(), x, box.bottom())
        x = LEFT + one.depth * STEP
        if one.direct:
            name = "chevron-down" if one.is_open else "chevron-right"
            painter.drawPixmap(x, box.y() + 12, icon_pixmap(name, c.text_muted, 16))
        x += 24
        paint_avatar(painter, QRectF(x, box.y() + 8, 24, 24), one.member.name)
        x += 34
        metrics = QFontMetrics(ui_font())
        name = one.member.name + (" (you)" if one.member.is_me else "")
        room = max(60, min(metrics.horizontalAdvance(name) + 4, box.width() // 2 - x + 120))
        painter.setFont(ui_font())
        painter.setPen(c.text)
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(x, box.y(), room, ROW), int(Qt.AlignmentFlag.AlignVCenter), shown)
        self._paint_detail(painter, one, QRect(x + room + 12, box.y(), box.width() - x - room - 28, ROW))
        if self.hasFocus() and row == self._current:
            painter.setPen(c.focus)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(2.5, 2.5, -2.5, -3.5), 5, 5)

    @staticmethod
    def _paint_detail(painter: QPainter, one: TreeRow, box: QRect) -> None:
        c, font = colors(), ui_font("small")
        painter.setFont(font)
        painter.setPen(c.text_muted)
        metrics = QFontMetrics(font)
        held = "; ".join(entry.text for entry in one.member.memberships[:3])
        more = len(one.member.memberships) - 3
        held += f"; {more} more" if more > 0 else ""
        left, right = (one.detail or "", held)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), left)
        taken = metrics.horizontalAdvance(left) + 24 if left else 0
        rest = QRect(box.x() + taken, box.y(), box.width() - taken, box.height())
        painter.setPen(c.text_faint)
        shown = metrics.elidedText(right, Qt.TextElideMode.ElideRight, max(0, rest.width()))
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), shown)

    def _paint_target(self, painter: QPainter) -> None:
        assert self._target is not None
        c = colors()
        box = (
            self.row_rect(self._target)
            if self._target >= 0
            else QRect(
                0, ROW * len(self._rows) - self.verticalScrollBar().value(), self.viewport().width(), ROW
            )
        )
        pen = QPen(c.accent)
        pen.setWidth(2)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box).adjusted(3, 3, -3, -3), 6, 6)
        above = self._rows[self._target].member.name if self._target >= 0 else "nobody"
        words = f"{self._rows[self._dragged].member.name} → reports to {above}"
        metrics = QFontMetrics(ui_font("small"))
        wide = metrics.horizontalAdvance(words) + 20
        tip = QRectF(box.right() - wide - 12, box.y() + 8, wide, ROW - 16)
        fill_round(painter, tip, 5, c.accent)
        painter.setFont(ui_font("small"))
        painter.setPen(c.on_accent)
        painter.drawText(tip, Qt.AlignmentFlag.AlignCenter, words)

    # mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        row = self.row_at(point)
        if row < 0 or event.button() != Qt.MouseButton.LeftButton:
            return
        self._current = row
        self._say()
        one = self._rows[row]
        start = LEFT + one.depth * STEP
        if one.direct and start - 4 <= point.x() <= start + 20 and self._tree is not None:
            self._tree.toggle(one.member.id)
            self.refresh()
        else:
            self._pressed = (row, point)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        self._hover = self.row_at(point)
        if self._pressed is not None and self.may_drag and self._dragged < 0:
            far = (point - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
            if far:
                self._dragged = self._pressed[0]
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragged >= 0:
            self._target = self._target_at(point)
        self.viewport().update()

    def _target_at(self, point: QPoint) -> int | None:
        """The row to drop on, -1 for the top of the tree, None where nothing may be dropped."""
        assert self._tree is not None
        row = self.row_at(point)
        dragged = self._rows[self._dragged].member.id
        manager = self._rows[row].member.id if row >= 0 else None
        return row if self._tree.may_move(dragged, manager) else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, target = self._dragged, self._target
        self._pressed, self._dragged, self._target = None, -1, None
        self.viewport().unsetCursor()
        self.viewport().update()
        if dragged >= 0 and target is not None:
            above = self._rows[target].member.id if target >= 0 else None
            self.moved.emit(self._rows[dragged].member.id, above)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.row_at(event.position().toPoint())
        if row >= 0:
            self.opened.emit(self._rows[row].member.id)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = -1
        self.viewport().update()

    def contextMenuEvent(self, event: object) -> None:
        self._ask_menu()

    def _ask_menu(self) -> None:
        member = self.current_member()
        if member is not None:
            box = self.row_rect(self._current)
            self.menu.emit(member, self.viewport().mapToGlobal(QPoint(box.x() + 120, box.bottom())))

    # keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        member = self.current_member()
        if member is None or self._tree is None:
            super().keyPressEvent(event)
            return
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            self._step(key)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._tree.set_open(member, key == Qt.Key.Key_Right)
            self.refresh()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(member)
        elif key == Qt.Key.Key_Menu:
            self._ask_menu()
        else:
            super().keyPressEvent(event)

    def _step(self, key: int) -> None:
        last = len(self._rows) - 1
        steps = {
            Qt.Key.Key_Up: max(0, self._current - 1),
            Qt.Key.Key_Down: min(last, self._current + 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        self._current = steps[Qt.Key(key)]
        box, bar = self.row_rect(self._current), self.verticalScrollBar()
        if box.top() < 0:
            bar.setValue(bar.value() + box.top())
        elif box.bottom() > self.viewport().height():
            bar.setValue(bar.value() + box.bottom() - self.viewport().height())
        self._say()
        self.viewport().update()

    def _say(self) -> None:
        """The current row in words, for screen readers."""
        if 0 <= self._current < len(self._rows):
            one = self._rows[self._current]
            above = one.member.manager_name or "nobody"
            self.setAccessibleDescription(f"{one.member.name} reports to {above}. {one.detail}")
