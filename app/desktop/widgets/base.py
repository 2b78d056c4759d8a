"""What every widget needs: labels on the type scale, properties that restyle, lines, icons, boxes with our spacing."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.theme import colors, icon_pixmap

Tone = Literal["text", "muted", "faint", "accent", "danger", "success", "warning"]
Scale = Literal["caption", "small", "body", "strong", "lead", "title", "heading", "display"]


def tone_color(tone: Tone) -> str:
    """The ``#rrggbb`` of a tone in the theme in force."""
    c = colors()
    return {
        "text": c.text,
        "muted": c.text_muted,
        "faint": c.text_faint,
        "accent": c.accent_text,
        "danger": c.danger_text,
        "success": c.success_text,
        "warning": c.warning_text,
    }[tone]


def restyle(widget: QWidget, **properties: object) -> None:
    """Sets dynamic properties and has the stylesheet look at them again."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


class Label(QLabel):
    """Text on the type scale. Plain text always: what comes from a record is never taken for markup."""

    def __init__(
        self,
        text: str = "",
        *,
        scale: Scale = "body",
        tone: Tone = "text",
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("scale", scale)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def set_tone(self, tone: Tone) -> None:
        """Changes the colour."""
        restyle(self, tone=tone)


class ElidedLabel(Label):
    """One line that ends in "…" where there is no room; the whole text is the tooltip then."""

    def __init__(
        self, text: str = "", *, scale: Scale = "body", tone: Tone = "text", parent: QWidget | None = None
    ) -> None:
        super().__init__(text, scale=scale, tone=tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics = self.fontMetrics()
        line = self.text().replace("\n", " ")
        shown = metrics.elidedText(line, Qt.TextElideMode.ElideRight, self.width())
        self.setToolTip(self.text() if shown != line else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)


class Icon(QWidget):
    """An icon by itself, following the theme. Decoration: it is hidden from screen readers unless named."""

    def __init__(
        self, name: str, *, size: int = 16, tone: Tone = "muted", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self.setFixedSize(size, size)

    def set_icon(self, name: str, tone: Tone | None = None) -> None:
        """Shows another icon."""
        self._name = name
        self._tone = tone or self._tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        color = tone_color(self._tone) if self.isEnabled() else colors().text_disabled
        painter.drawPixmap(0, 0, icon_pixmap(self._name, color, self._size, self.devicePixelRatioF()))


class Line(QFrame):
    """A hairline."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "line")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def row(
    *items: QWidget | QLayout | int | None, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QHBoxLayout:
    """A horizontal box. An int is that much space, None takes what is left."""
    layout = QHBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def column(
    *items: QWidget | QLayout | int | None, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    """A vertical box; see `row`."""
    layout = QVBoxLayout()
    _fill(layout, items, gap, margins)
    return layout


def _fill(
    layout: QHBoxLayout | QVBoxLayout,
    items: tuple[QWidget | QLayout | int | None, ...],
    gap: int,
    margins: tuple[int, int, int, int],
) -> None:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for item in items:
        if item is None:
            layout.addStretch(1)
        elif isinstance(item, int):
            layout.addSpacing(item)
        elif isinstance(item, QLayout):
            layout.addLayout(item)
        else:
            layout.addWidget(item)
