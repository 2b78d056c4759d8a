"""Painting of one table cell. Called for every visible cell at every scroll step: plain painting, no layouts."""

from __future__ import annotations

from functools import cache
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from app.desktop.theme import Colors, colors, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Tone, tone_color
from app.desktop.widgets.cells import Cell, CellRole, ChipCell, ChipsCell, IconCell, LoadingRole, PersonCell
from app.desktop.widgets.marks import CHIP_HEIGHT, chip_width, paint_avatar, paint_chip
from app.desktop.widgets.plain_tips import plain_tip

PAD = 12
Index = QModelIndex | QPersistentModelIndex


@cache
def _fonts() -> tuple[tuple[QFont, QFontMetrics], tuple[QFont, QFontMetrics]]:
    plain = ui_font(tabular=True)
    strong = ui_font(tabular=True)
    strong.setWeight(QFont.Weight.Medium)
    return (plain, QFontMetrics(plain)), (strong, QFontMetrics(strong))


class CellDelegate(QStyledItemDelegate):
    """Rows without a grid: hover, selection, a hairline below; cells of `cells.py`."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self.hover_row = -1
        self.current_row = -1  # -1 while the list has not the focus

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c = colors()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.fillRect(
            rect,
            row_background(c, selected=selected, hovered=index.row() in (self.hover_row, self.current_row)),
        )
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), c.border)
        inner = rect.adjusted(PAD, 0, -PAD, -1)
        if index.data(LoadingRole):
            painter.setPen(c.text_faint)
            painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), "…")
            return
        cell = index.data(CellRole)
        if cell is None:
            self._paint_words(painter, inner, index, c)
        else:
            self._paint_cell(painter, inner, cast(Cell, cell), c)

    def _paint_words(self, painter: QPainter, inner: QRect, index: Index, c: Colors) -> None:
        value = index.data(Qt.ItemDataRole.DisplayRole)
        if value is None or value == "":
            return
        (font, metrics), _ = _fonts()
        flags = index.data(Qt.ItemDataRole.TextAlignmentRole)
        right = flags is not None and bool(int(flags) & int(Qt.AlignmentFlag.AlignRight))
        own = index.data(Qt.ItemDataRole.ForegroundRole)
        painter.setFont(font)
        painter.setPen(own if own is not None else c.text)
        shown = metrics.elidedText(one_line(value), Qt.TextElideMode.ElideRight, inner.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), shown)

    def _paint_cell(self, painter: QPainter, inner: QRect, cell: Cell, c: Colors) -> None:
        plain, strong = _fonts()
        x, middle = float(inner.left()), inner.top() + inner.height() / 2
        if isinstance(cell, PersonCell):
            if not cell.name:
                return
            paint_avatar(painter, QRectF(x, middle - 10, 20, 20), cell.name, square=cell.square)
            face = strong if cell.strong else plain
            room = inner.adjusted(0, 0, -20, 0) if cell.mark else inner
            self._text_at(painter, room, x + 28, cell.name, face, c.text)
            if cell.mark:
                end = min(x + 28 + face[1].horizontalAdvance(one_line(cell.name)), room.right()) + 6
                pixels = icon_pixmap(cell.mark, c.text_muted, 14, painter.device().devicePixelRatio())
                painter.drawPixmap(QPointF(end, middle - 7), pixels)
        elif isinstance(cell, IconCell):
            tone = tone_color(cast(Tone, cell.tone))
            ratio = painter.device().devicePixelRatio()
            painter.drawPixmap(QPointF(x, middle - 8), icon_pixmap(cell.icon_name, tone, 16, ratio))
            self._text_at(painter, inner, x + 24, cell.text, plain, c.text)
        else:
            chips = cell.chips if isinstance(cell, ChipsCell) else (cell,)
            self._paint_chips(painter, inner, [chip for chip in chips if chip.text], c)

    @staticmethod
    def _paint_chips(painter: QPainter, inner: QRect, chips: list[ChipCell], c: Colors) -> None:
        """As many as have room; "+2" says how many have not."""
        x, top = float(inner.left()), inner.top() + (inner.height() - CHIP_HEIGHT) / 2
        for number, chip in enumerate(chips):
            left = len(chips) - number
            kept = chip_width(f"+{left - 1}") + 6 if left > 1 else 0
            width: float = chip_width(chip.text) + 2
            if number and x + width + kept > inner.right():
                width = chip_width(f"+{left}") + 2
                paint_chip(painter, QRectF(x, top, width, CHIP_HEIGHT), f"+{left}", c.hues[0])
                break
            width = min(width, inner.right() - x - kept)
            if width < 20:
                break
            paint_chip(painter, QRectF(x, top, width, CHIP_HEIGHT), chip.text, c.hues[chip_hue(chip)])
            x += width + 4

    @staticmethod
    def _text_at(
        painter: QPainter, inner: QRect, x: float, text: str, face: tuple[QFont, QFontMetrics], color: str
    ) -> None:
        font, metrics = face
        room = int(inner.right() - x)
        painter.setFont(font)
        painter.setPen(color)
        shown = metrics.elidedText(one_line(text), Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRectF(x, inner.top(), room, inner.height()), int(Qt.AlignmentFlag.AlignVCenter), shown
        )

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole text as a tooltip, only where it did not fit."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        text = index.data(Qt.ItemDataRole.ToolTipRole)
        if text is None:
            value = index.data(Qt.ItemDataRole.DisplayRole)
            rect: QRect = option.rect
            extra = 28 if isinstance(index.data(CellRole), PersonCell | IconCell) else 0
            words = str(value) if value is not None else ""
            fits = _fonts()[0][1].horizontalAdvance(one_line(words)) <= rect.width() - 2 * PAD - extra
            text = "" if fits and "\n" not in words else words
        QToolTip.showText(event.globalPos(), plain_tip(str(text)), view)
        return True


def chip_hue(chip: ChipCell) -> int:
    """The tint of a tag."""
    from app.desktop.theme import hue_index

    return hue_index(chip.text) if chip.hue is None else chip.hue % 8


def one_line(value: object) -> str:
    """Words on one line, at most 400 signs: nobody sees more, and shaping them costs time."""
    return str(value)[:400].replace("\n", " ")


def row_background(c: Colors, *, selected: bool, hovered: bool) -> str:
    """The fill of a row."""
    return c.selected if selected else c.hover if hovered else c.surface


def paint_row_ring(painter: QPainter, rect: QRect) -> None:
    """The keyboard's place in a list: a bar at the left edge."""
    antialiased(painter)
    fill_round(painter, QRectF(rect.left(), rect.top() + 6, 3, rect.height() - 13), 1.5, colors().focus)
