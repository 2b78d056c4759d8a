"""Locking by itself: counted minutes, signs of life, sleep."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.idle import IdleWatch


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_quietly(self, watch: IdleWatch, seconds: float) -> None:
        for _ in range(int(seconds / 5)):
            self.now += 5
            watch.tick()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(qapp: QApplication, clock: Clock) -> IdleWatch:
    return IdleWatch(qapp, 15, clock)


def test_it_expires_once_after_the_minutes(watch: IdleWatch, clock: Clock, qtbot: QtBot) -> None:
    watch.start()
    told: list[int] = []
    watch.expired.connect(lambda: told.append(1))
    clock.pass_quietly(watch, 14 * 60)
    assert not told
    clock.pass_quietly(watch, 120)
    assert told == [1]


def test_keyboard_and_mouse_put_it_off(watch: IdleWatch, clock: Clock, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
        window.activateWindow()
    handle = window.windowHandle()
    watch._follow(handle)
    watch.start()
    events = (
        QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier),
        QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(1, 1),
            QPointF(1, 1),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
        ),
    )
    for event in events:
        clock.pass_quietly(watch, 14 * 60)
        QApplication.sendEvent(handle, event)
    clock.pass_quietly(watch, 14 * 60)
    assert watch.running


def test_a_computer_that_slept_is_locked_at_once(watch: IdleWatch, clock: Clock, qtbot: QtBot) -> None:
    watch.start()
    clock.now += 120
    with qtbot.waitSignal(watch.expired):
        watch.tick()


def test_suspending_locks_and_never_means_never(watch: IdleWatch, clock: Clock, qtbot: QtBot) -> None:
    watch.start()
    with qtbot.waitSignal(watch.expired):
        watch._state_changed(Qt.ApplicationState.ApplicationSuspended)
    watch.set_minutes(0)
    watch.start()
    clock.now += 10_000
    watch.tick()
    assert watch.running
