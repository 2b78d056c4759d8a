"""A filter of one click: a rounded switch in the tool bar of a list."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.desktop.theme import colors, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round


class Pill(QAbstractButton):
    """On or off; `toggled(bool)` is emitted by the user only through `clicked`."""

    def __init__(self, text: str, *, icon_name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon_name
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ringRadius", 14)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        font = ui_font("small")
        font.setWeight(font.Weight.Medium)
        return QSize(QFontMetrics(font).horizontalAdvance(self.text()) + 24 + (18 if self._icon else 0), 28)

    def paintEvent(self, e: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            fill_round(painter, box, 14, c.selected, c.accent_text)
        else:
            fill_round(painter, box, 14, c.hover if self.underMouse() else c.surface, c.border_strong)
        tint = c.accent_text if self.isChecked() else c.text_muted
        font = ui_font("small")
        font.setWeight(font.Weight.Medium)
        painter.setFont(font)
        painter.setPen(tint)
        inner = box.adjusted(12, 0, -10, 0)
        if self._icon:
            pixmap = icon_pixmap(self._icon, tint, 13, self.devicePixelRatioF())
            painter.drawPixmap(round(inner.left()) - 2, round(box.center().y() - 6), pixmap)
            inner.adjust(16, 0, 0, 0)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), self.text())
