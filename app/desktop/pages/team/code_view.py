"""A check code in large groups of digits, three to a line, to be read aloud and compared."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.theme import colors, mono_font
from app.desktop.theme.painting import antialiased, fill_round

_PER_LINE, _LINE, _PAD = 3, 34, 14


class CodeView(QWidget):
    """`code`: groups with blanks between."""

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups = code.split()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Check code: {code}")

    @staticmethod
    def _font() -> QFont:
        font = mono_font()
        font.setPixelSize(24)
        return font

    def sizeHint(self) -> QSize:
        lines = -(-len(self._groups) // _PER_LINE)
        step = QFontMetrics(self._font()).horizontalAdvance("0000000")
        return QSize(2 * _PAD + _PER_LINE * step, 2 * _PAD + lines * _LINE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        fill_round(painter, QRectF(self.rect()), 8, c.sunken, c.border)
        painter.setFont(self._font())
        painter.setPen(c.text)
        step = (self.width() - 2 * _PAD) / _PER_LINE
        for place, digits in enumerate(self._groups):
            x, y = _PAD + place % _PER_LINE * step, _PAD + place // _PER_LINE * _LINE
            painter.drawText(QRectF(x, y, step, _LINE), Qt.AlignmentFlag.AlignCenter, digits)
