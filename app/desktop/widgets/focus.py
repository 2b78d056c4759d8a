"""The focus ring: one overlay per window that follows the keyboard focus.

Shown when the focus came by keyboard, and on text fields always. Widgets that draw their own focus (lists) set the
property ``ownFocus``; a field's inner line edit is ringed around its frame (property ``fieldFrame`` on a parent).
"""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QAbstractItemView, QApplication, QMenu, QWidget

from app.desktop.theme import colors
from app.desktop.theme.painting import antialiased

_GAP = 3


class _Ring(QWidget):
    """A transparent widget over the target; never takes mouse or focus."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("focusRing")
        self.radius = 6.0

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        antialiased(painter)
        color = QColor(colors().focus)
        color.setAlpha(190)
        painter.setPen(QPen(color, 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), self.radius + 2, self.radius + 2)


class FocusRing(QObject):
    """Watches the application; `install_focus_ring` once.

    No filter on the application: that would run Python for every event of every widget. One filter on the active
    window's `QWindow` tells keyboard from mouse, and one on the focused widget and its parents follows its place.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._ring: _Ring | None = None
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        self._by_keyboard = False
        self._window: QWindow | None = None
        app.focusWindowChanged.connect(self._window_changed)
        app.focusChanged.connect(self._focus_moved)

    def _window_changed(self, window: QWindow | None) -> None:
        if self._window is not None and shiboken6.isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is self._window:
            if kind == QEvent.Type.KeyPress:
                self._by_keyboard = True
            elif kind == QEvent.Type.MouseButtonPress:
                self._by_keyboard = False
        elif kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.ZOrderChange):
            self._place()
        elif kind in (QEvent.Type.Hide, QEvent.Type.Close):
            self._release()
        return False

    def _focus_moved(self, old: QWidget | None, widget: QWidget | None) -> None:
        self._release()
        if widget is None or widget.property("ownFocus") or widget.isWindow():
            return
        frame = self._frame_of(widget)
        if isinstance(widget, QAbstractItemView | QMenu) or (frame is None and not self._by_keyboard):
            return
        self._target = frame or widget
        window = self._target.window()
        self._ring = _Ring(window)
        radius = self._target.property("ringRadius")
        self._ring.radius = float(radius) if isinstance(radius, int | float) else 6.0
        step: QWidget | None = self._target
        while step is not None and step is not window:
            self._watched.append(step)
            step.installEventFilter(self)
            step = step.parentWidget()
        self._place()

    @staticmethod
    def _frame_of(widget: QWidget) -> QWidget | None:
        step: QWidget | None = widget
        for _ in range(3):
            if step is None:
                return None
            if step.property("fieldFrame"):
                return None if step.property("ownFocus") else step
            step = step.parentWidget()
        return None

    def _place(self) -> None:
        if self._ring is None or self._target is None or not shiboken6.isValid(self._ring):
            return
        target, window = self._target, self._target.window()
        seen = target.visibleRegion().boundingRect()
        if seen.isEmpty():
            self._ring.hide()
            return
        top_left = target.mapTo(window, QPoint(0, 0))
        rect = QRect(top_left, target.size()).adjusted(-_GAP, -_GAP, _GAP, _GAP)
        self._ring.setGeometry(rect.intersected(window.rect()))
        self._ring.raise_()
        self._ring.show()

    def _release(self) -> None:
        ring, self._ring, self._target = self._ring, None, None
        watched, self._watched = self._watched, []
        for widget in watched:
            if shiboken6.isValid(widget):
                widget.removeEventFilter(self)
        if ring is not None and shiboken6.isValid(ring):
            ring.hide()
            ring.deleteLater()


_installed: FocusRing | None = None


def install_focus_ring(app: QApplication) -> FocusRing:
    """Starts the ring for the application; repeatable."""
    global _installed
    if _installed is None or not shiboken6.isValid(_installed):
        _installed = FocusRing(app)
    return _installed
