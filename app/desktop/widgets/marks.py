"""Small painted signs: `Chip`, `Badge`, `Avatar`, `StatusDot`. Also as functions, for table delegates."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.desktop.theme import Hue, colors, hue_index, icon_pixmap, ui_font
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Tone, tone_color

CHIP_HEIGHT = 22


def initials(name: str) -> str:
    """Up to two letters of a name: first and last word; "?" for an empty one."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def hue_of(key: str) -> Hue:
    """The tint of a key in the theme in force."""
    return colors().hues[hue_index(key)]


def paint_avatar(painter: QPainter, box: QRectF, name: str, *, square: bool = False) -> None:
    """Initials on a tint made from the name; square for companies."""
    painter.save()
    antialiased(painter)
    hue = hue_of(name)
    fill_round(painter, box, box.width() / (4 if square else 2), hue.bg)
    font = ui_font("strong")
    font.setPixelSize(max(8, round(box.width() * (0.38 if box.width() > 24 else 0.4))))
    painter.setFont(font)
    painter.setPen(hue.fg)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, initials(name))
    painter.restore()


def chip_width(text: str, *, icon_name: str | None = None, closable: bool = False) -> int:
    """Width of a chip, px."""
    width = QFontMetrics(ui_font("small")).horizontalAdvance(text) + 16
    return width + (18 if icon_name else 0) + (16 if closable else 0)


def paint_chip(
    painter: QPainter, box: QRectF, text: str, hue: Hue, *, icon_name: str | None = None, dot: bool = False
) -> None:
    """A tag in one of the tints."""
    painter.save()
    antialiased(painter)
    fill_round(painter, box, 5, hue.bg)
    x = box.x() + 8
    if icon_name is not None:
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(QPointF(x - 1, box.center().y() - 6.5), icon_pixmap(icon_name, hue.fg, 13, ratio))
        x += 18
    font = ui_font("small")
    font.setWeight(font.Weight.Medium)
    painter.setFont(font)
    painter.setPen(hue.fg)
    room = box.right() - 7 - x
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room) + 1)
    painter.drawText(QRectF(x, box.y(), room + 4, box.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
    painter.restore()


class Chip(QWidget):
    """A tag. Colour by `hue` (0 to 7) or from the text; with ``closable`` a cross, with ``clickable`` a click."""

    removed = Signal()
    clicked = Signal()

    def __init__(
        self,
        text: str,
        *,
        hue: int | None = None,
        icon_name: str | None = None,
        closable: bool = False,
        clickable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text, self._hue, self._icon = text, hue, icon_name
        self._closable, self._clickable = closable, clickable
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        if closable or clickable:
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("ringRadius", 4)

    def text(self) -> str:
        """The words."""
        return self._text

    def set_text(self, text: str) -> None:
        """Other words."""
        self._text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._text, icon_name=self._icon, closable=self._closable) + 2, CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        n = hue_index(self._text) if self._hue is None else self._hue
        hue = colors().hues[n % len(colors().hues)]
        paint_chip(
            painter, QRectF(self.rect()), "" if self._closable else self._text, hue, icon_name=self._icon
        )
        if self._closable:
            inner = QRectF(self.rect()).adjusted(0, 0, -16, 0)
            paint_chip(painter, inner, self._text, hue, icon_name=self._icon)
            cross = icon_pixmap("close", hue.fg, 10, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(self.width() - 17, (self.height() - 10) / 2), cross)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._closable and event.position().x() > self.width() - 20:
            self.removed.emit()
        elif self._clickable:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if self._closable and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        elif self._clickable and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


class Badge(QWidget):
    """A count or a short word in a quiet pill; tone ``accent``, ``danger``, ``warning`` or ``success`` tints it."""

    def __init__(self, text: str | int, *, tone: Tone = "muted", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = str(text), tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._text)

    def set_text(self, text: str | int) -> None:
        """Another count."""
        self._text = str(text)
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(max(18, QFontMetrics(ui_font("caption")).horizontalAdvance(self._text) + 12), 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        backs = {"accent": c.info_bg, "danger": c.danger_bg, "warning": c.warning_bg, "success": c.success_bg}
        fill_round(painter, QRectF(self.rect()), 9, backs.get(self._tone, c.pressed))
        painter.setFont(ui_font("caption"))
        painter.setPen(tone_color(self._tone))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._text)


class Avatar(QWidget):
    """A person's or (square) a company's initials; `size` in px."""

    def __init__(
        self, name: str, *, size: int = 24, square: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._square = name, square
        self.setFixedSize(size, size)
        self.setAccessibleName(name)

    def set_name(self, name: str) -> None:
        """Somebody else."""
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, QRectF(self.rect()), self._name, square=self._square)


class ChipRow(QWidget):
    """Chips side by side, clipped at the right."""

    def __init__(self, chips: list[Chip] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addStretch(1)
        for chip in chips or []:
            self.add(chip)

    def add(self, chip: Chip) -> None:
        """One more."""
        self._layout.insertWidget(self._layout.count() - 1, chip)

    def clear(self) -> None:
        """Takes all away."""
        while self._layout.count() > 1:
            item = self._layout.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
