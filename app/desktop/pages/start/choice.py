"""A choice that is a whole row: icon, title, a line of words, an arrow. One click, or Enter, takes it."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.desktop.theme import colors, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round

_LEFT, _RIGHT, _TOP, _TILE = 68, 44, 14, 36


class ChoiceRow(QAbstractButton):
    """`detail` wraps as the row gets narrow. `warm` gives the icon's tile the accent."""

    def __init__(
        self, icon_name: str, title: str, detail: str, *, warm: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name, self._detail, self._warm = icon_name, detail, warm
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(detail)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ringRadius", 8)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(_TILE, 20 + self._detail_height(width)) + 2 * _TOP

    def sizeHint(self) -> QSize:
        return QSize(440, self.heightForWidth(440))

    def minimumSizeHint(self) -> QSize:
        return QSize(260, self.heightForWidth(max(260, self.width())))

    def _detail_height(self, width: int) -> int:
        room = QRect(0, 0, max(80, width - _LEFT - _RIGHT), 400)
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetrics(ui_font("small")).boundingRect(room, flags, self._detail).height() + 2

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        hovered = self.underMouse() and self.isEnabled()
        back = c.pressed if self.isDown() else c.hover if hovered else c.surface
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        fill_round(painter, box, 8, back, c.border_strong if hovered else c.border)
        tile = QRectF(16, (self.height() - _TILE) / 2, _TILE, _TILE)
        fill_round(painter, tile, 8, c.accent if self._warm else c.sunken, None if self._warm else c.border)
        tint = c.on_accent if self._warm else c.text_muted
        pixmap = icon_pixmap(self._icon_name, tint, 18, self.devicePixelRatioF())
        painter.drawPixmap(round(tile.x() + 9), round(tile.y() + 9), pixmap)
        width = self.width() - _LEFT - _RIGHT
        height = 20 + self._detail_height(self.width())
        top = (self.height() - height) // 2
        painter.setFont(ui_font("strong"))
        painter.setPen(c.text if self.isEnabled() else c.text_disabled)
        painter.drawText(QRect(_LEFT, top, width, 20), int(Qt.AlignmentFlag.AlignVCenter), self.text())
        painter.setFont(ui_font("small"))
        painter.setPen(c.text_muted)
        painter.drawText(
            QRect(_LEFT, top + 21, width, height - 20), int(Qt.TextFlag.TextWordWrap), self._detail
        )
        arrow = icon_pixmap("chevron-right", c.text_faint, 16, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 32, (self.height() - 16) // 2, arrow)
