"""Short messages at the foot of the window that go away by themselves."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.desktop.theme import colors
from app.desktop.theme.painting import antialiased, fill_round, paint_shadow
from app.desktop.widgets.base import Icon, Label
from app.desktop.widgets.buttons import Button, IconButton
from app.desktop.widgets.feedback import SEVERITY_ICON, Severity

_SHADOW = 16


class Toast(QWidget):
    """One message; made by `ToastHost.show_toast`."""

    def __init__(
        self,
        text: str,
        severity: Severity,
        action: str,
        on_action: Callable[[], object] | None,
        host: QWidget,
    ) -> None:
        super().__init__(host)
        name, tone = SEVERITY_ICON[severity]
        self.text = text
        self.setAccessibleName(f"{severity}: {text}")
        label = Label(text, wrap=len(text) > 60)
        label.setMaximumWidth(420)
        if len(text) > 60:
            label.setMinimumWidth(360)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_SHADOW + 14, _SHADOW + 8, _SHADOW + 8, _SHADOW + 8)
        layout.setSpacing(10)
        layout.addWidget(Icon(name, tone=tone))
        layout.addWidget(label, 1)
        if action:
            button = Button(action, kind="quiet", compact=True, on_click=on_action)
            button.clicked.connect(self.close)
            layout.addWidget(button)
        layout.addWidget(IconButton("close", "Dismiss", size="tiny", on_click=self.close))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        c = colors()
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        paint_shadow(painter, box, 8, c, _SHADOW)
        fill_round(painter, box, 8, c.raised, c.border_strong)


class ToastHost(QObject):
    """Shows toasts over `window`, newest lowest, at most three."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    def show_toast(
        self,
        text: str,
        *,
        severity: Severity = "success",
        action: str = "",
        on_action: Callable[[], object] | None = None,
        seconds: float = 5.0,
    ) -> Toast:
        """Says it for `seconds` (0: until dismissed). Errors that need a choice belong in a banner instead."""
        toast = Toast(text, severity, action, on_action, self._window)
        toast.destroyed.connect(lambda: self._gone(toast))
        self._toasts.append(toast)
        while len(self._toasts) > 3:
            self._toasts.pop(0).close()
        if seconds > 0:
            timer = QTimer(toast)
            timer.setSingleShot(True)
            timer.timeout.connect(toast.close)
            timer.start(round(seconds * 1000))
        toast.adjustSize()
        toast.show()
        self._place()
        return toast

    def toasts(self) -> list[str]:
        """What is shown now, oldest first."""
        return [toast.text for toast in self._toasts]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _gone(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            if shiboken6.isValid(self) and shiboken6.isValid(self._window):
                self._place()

    def _place(self) -> None:
        bottom = self._window.height() - 8
        for toast in reversed(self._toasts):
            toast.adjustSize()
            toast.move((self._window.width() - toast.width()) // 2, bottom - toast.height())
            toast.raise_()
            bottom -= toast.height() - 2 * _SHADOW + 8
