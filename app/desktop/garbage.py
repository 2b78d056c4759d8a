"""Garbage is collected on the thread that paints, and on no other.

Python collects cycles on whichever thread happens to allocate. A cycle that holds a widget would then end its C++ part
on the syncer's thread, or on one of the pool, and Qt crashes. So the automatic collection is switched off, and this
object does it from the event loop, by the interpreter's own thresholds. (Calibre's window does the same.)
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1_000


def collect_if_due() -> None:
    """Collect the generations that are over their thresholds. On the thread that paints only."""
    for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)):
        if count > threshold:
            gc.collect(generation)


class Garbage(QObject):
    """Takes the collection over for as long as it lives; one for an application."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.setInterval(EVERY_MS)
        timer.timeout.connect(collect_if_due)
        timer.start()
