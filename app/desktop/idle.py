"""Locks when nobody is there: so many minutes without keyboard or mouse, or a computer that slept.

The filters are on the windows that have the focus, not on the application: Python must not run for every event of
every widget.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QWindow

CHOICES: tuple[int, ...] = (5, 15, 30, 60, 0)
"""Minutes that can be chosen; 0 for never."""
DEFAULT_MINUTES = 15
TICK_SECONDS = 5.0
SLEPT_SECONDS = 45.0
"""A tick that comes this much too late says that the computer slept."""

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class IdleWatch(QObject):
    """`expired` once nobody was there for `minutes`. Runs between `start` and `stop`."""

    expired = Signal()

    def __init__(
        self, app: QGuiApplication, minutes: int = DEFAULT_MINUTES, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__(app)
        self._minutes = minutes
        self._now = now
        self._last = self._ticked = now()
        self._window: QWindow | None = None
        self._app = app
        self._timer = QTimer(self, interval=round(1000 * TICK_SECONDS))
        self._timer.timeout.connect(self.tick)
        app.focusWindowChanged.connect(self._follow)
        app.applicationStateChanged.connect(self._state_changed)
        self._follow(app.focusWindow())

    @property
    def minutes(self) -> int:
        return self._minutes

    def set_minutes(self, minutes: int) -> None:
        """0 for never."""
        self._minutes = minutes
        self.touch()

    @property
    def running(self) -> bool:
        return self._timer.isActive()

    def start(self) -> None:
        self.touch()
        self._ticked = self._now()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def touch(self) -> None:
        """Somebody is there."""
        self._last = self._now()

    def tick(self) -> None:
        """Look at the clock."""
        now = self._now()
        slept = now - self._ticked > TICK_SECONDS + SLEPT_SECONDS
        self._ticked = now
        if self._minutes and (slept or now - self._last >= 60 * self._minutes):
            self._expire()

    def _expire(self) -> None:
        if self.running:
            self.stop()
            self.expired.emit()

    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationSuspended and self._minutes:
            self._expire()

    def _follow(self, window: QWindow | None) -> None:
        if self._window is not None and shiboken6.isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._last = self._now()
        return False
