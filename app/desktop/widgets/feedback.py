"""Telling people things: `Banner`, `EmptyState`, `ProgressPanel`. Toasts are in `toast.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.desktop.theme import colors, theme
from app.desktop.theme.painting import antialiased, fill_round
from app.desktop.widgets.base import Icon, Label, Tone, row
from app.desktop.widgets.buttons import Button, IconButton

Severity = Literal["info", "warning", "error", "success"]

SEVERITY_ICON: dict[Severity, tuple[str, Tone]] = {
    "info": ("info", "accent"),
    "warning": ("warning", "warning"),
    "error": ("error", "danger"),
    "success": ("check", "success"),
}


class Banner(QFrame):
    """A message in the page: icon, a title if wanted, words, one action, a cross if `closable`."""

    dismissed = Signal()

    def __init__(
        self,
        text: str,
        *,
        severity: Severity = "info",
        title: str = "",
        action: str = "",
        on_action: Callable[[], object] | None = None,
        closable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("banner", severity)
        name, tone = SEVERITY_ICON[severity]
        self._title = Label(title, scale="strong")
        if not title:
            self._title.hide()
        self._text = Label(text, wrap=True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)  # a policy set after the words would forget that they wrap
        self._text.setSizePolicy(policy)
        self.setAccessibleName(f"{severity}: {title} {text}".strip())
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._text)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(10)
        sign = QVBoxLayout()
        sign.setContentsMargins(0, 2, 0, 0)
        sign.addWidget(Icon(name, tone=tone))
        sign.addStretch(1)
        layout.addLayout(sign)
        layout.addLayout(words, 1)
        self.action: Button | None = None
        if action:
            self.action = Button(action, compact=True, on_click=on_action)
            layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignVCenter)
        if closable:
            close = IconButton("close", "Dismiss", size="tiny", on_click=self._dismiss)
            layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def set_text(self, text: str, title: str = "") -> None:
        """Other words."""
        self._text.setText(text)
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(f"{self.property('banner')}: {title} {text}".strip())

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()


class EmptyState(QWidget):
    """In the middle of a page with nothing in it: icon, a title, a sentence, up to two actions."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        text: str = "",
        *,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        second: str = "",
        on_second: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{title}. {text}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 32, 24, 40)
        layout.setSpacing(4)
        layout.addStretch(2)
        centre = Qt.AlignmentFlag.AlignHCenter
        tile = QFrame()
        tile.setProperty("panel", "card")
        tile.setFixedSize(48, 48)
        inside = QHBoxLayout(tile)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Icon(icon_name, size=22, tone="muted"), 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(tile, 0, centre)
        layout.addSpacing(12)
        layout.addWidget(Label(title, scale="title"), 0, centre)
        if text:
            words = Label(text, tone="muted", wrap=True)
            words.setAlignment(centre)
            words.setFixedWidth(380)
            # between stretches, not aligned: an aligned label is given the height of another width
            layout.addLayout(row(None, words, None, gap=0))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        if second:
            buttons.addWidget(Button(second, on_click=on_second))
        if action:
            self.action = Button(action, kind="primary", on_click=on_action)
            buttons.addWidget(self.action)
        buttons.addStretch(1)
        layout.addSpacing(16)
        layout.addLayout(buttons)
        layout.addStretch(3)


class ProgressBar(QWidget):
    """A thin bar: a fraction of 0 to 1, or None while nobody knows (a piece wanders, unless motion is off)."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fraction: float | None = None
        self._phase = 0.3
        self.setFixedHeight(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._wander = QVariantAnimation(self)
        self._wander.setStartValue(0.0)
        self._wander.setEndValue(1.0)
        self._wander.setDuration(1600)
        self._wander.setLoopCount(-1)
        self._wander.valueChanged.connect(self._step)

    def set_fraction(self, fraction: float | None) -> None:
        """How much is done."""
        self._fraction = None if fraction is None else min(max(fraction, 0.0), 1.0)
        self.setAccessibleDescription("" if fraction is None else f"{round(100 * fraction)} per cent")
        self._refresh()
        self.update()

    def _refresh(self) -> None:
        running = self._wander.state() == QVariantAnimation.State.Running
        wanted = self._fraction is None and self.isVisible() and theme().motion
        if wanted and not running:
            self._wander.start()
        elif running and not wanted:
            self._wander.stop()

    def _step(self, value: object) -> None:
        if isinstance(value, float):
            self._phase = value
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._wander.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c, width = colors(), float(self.width())
        fill_round(painter, QRectF(0, 0, width, 4), 2, c.pressed)
        if self._fraction is not None:
            fill_round(painter, QRectF(0, 0, max(4.0, width * self._fraction), 4), 2, c.accent)
            return
        left = (self._phase * 1.3 - 0.3) * width
        piece = QRectF(left, 0, width * 0.3, 4).intersected(QRectF(0, 0, width, 4))
        fill_round(painter, piece, 2, c.accent)


class ProgressPanel(QFrame):
    """Long work in sight: title, what is happening now, a bar, Cancel. Feed it with `update_step`."""

    cancelled = Signal()

    def __init__(self, title: str, *, cancellable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "card")
        self._title = Label(title, scale="strong")
        self._text = Label("", scale="small", tone="muted", wrap=True)
        self._count = Label("", scale="small", tone="faint")
        self._bar = ProgressBar(title)
        self.cancel = Button("Cancel", compact=True, on_click=self._cancel)
        if not cancellable:
            self.cancel.hide()
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.cancel)
        bottom = QHBoxLayout()
        bottom.addWidget(self._text, 1)
        bottom.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._bar)
        layout.addLayout(bottom)

    def update_step(self, done: int, total: int, text: str = "") -> None:
        """How far: `done` of `total` (0: unknown, the bar wanders) and words."""
        self._bar.set_fraction(done / total if total else None)
        if total:
            self._count.setText(f"{done:,} of {total:,}")
        else:
            self._count.setText(f"{done:,}" if done else "")
        if text:
            self._text.setText(text)

    def text(self) -> str:
        """What is happening now."""
        return self._text.text()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self._text.setText("Stopping…")
        self.cancelled.emit()
