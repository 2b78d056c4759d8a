"""The items of a list at rest: a line each, cut where there is no room, the label behind it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.desktop.theme import colors, ui_font

LINE, GAP = 22, 8


class ItemLines(QWidget):
    """[(text, label)], for example a telephone number and "work"."""

    def __init__(self, lines: list[tuple[str, str]]) -> None:
        super().__init__()
        self._lines = lines
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip("\n".join(text for text, _ in lines))
        self.setAccessibleName(", ".join(f"{text} ({label})" if label else text for text, label in lines))

    def sizeHint(self) -> QSize:
        body, small = QFontMetrics(ui_font()), QFontMetrics(ui_font("small"))
        widest = max(
            (
                body.horizontalAdvance(text) + GAP + small.horizontalAdvance(label)
                for text, label in self._lines
            ),
            default=0,
        )
        return QSize(widest + 4, LINE * len(self._lines))

    def minimumSizeHint(self) -> QSize:
        return QSize(48, LINE * len(self._lines))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c, middle = colors(), int(Qt.AlignmentFlag.AlignVCenter)
        body, small = ui_font(), ui_font("small")
        for number, (text, label) in enumerate(self._lines):
            y = number * LINE
            side = QFontMetrics(small).horizontalAdvance(label) + GAP if label else 0
            room = self.width() - side
            shown = QFontMetrics(body).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.setFont(body)
            painter.setPen(c.text)
            painter.drawText(QRectF(0, y, room, LINE), middle, shown)
            if label:
                x = min(QFontMetrics(body).horizontalAdvance(shown) + GAP, room + GAP)
                painter.setFont(small)
                painter.setPen(c.text_faint)
                painter.drawText(QRectF(x, y, side, LINE), middle, label)
