"""Driving the window without a person: wait for something, let it settle, take its picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QEventLoop
from PySide6.QtGui import QImage, QImageWriter
from PySide6.QtWidgets import QApplication, QWidget

PATIENCE_SECONDS = 60.0
_STEP_MS = 20


class NeverCame(Exception):
    """What was waited for did not happen; the text says what."""


def wait(app: QApplication, condition: Callable[[], object], what: str) -> None:
    """Run the event loop until `condition` holds. Raises NeverCame."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise NeverCame(what)
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _STEP_MS)
        time.sleep(0.005)  # other threads do what is waited for


def settle(app: QApplication, rounds: int = 6) -> None:
    """Let layouts, queued signals and deferred deletions happen."""
    for _ in range(rounds):
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def picture(widget: QWidget, path: Path) -> Path:
    """Save what `widget` looks like as a PNG."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = QImageWriter(str(path), b"png")
    writer.setCompression(100)
    if not writer.write(image):
        raise OSError(f"{path}: {writer.errorString()}")
    return path
