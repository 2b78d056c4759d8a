"""Ctrl+C during long work: the first asks it to stop after the batch in hand, the second stops it at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopping:
    """Call it: has somebody asked to stop?"""

    def __init__(self) -> None:
        self._asked = False

    def __call__(self) -> bool:
        return self._asked

    def asked(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True


@contextmanager
def stoppable() -> Iterator[Stopping]:
    """For the length of a block. Only the main thread hears signals; elsewhere nothing changes."""
    stopping = Stopping()
    if threading.current_thread() is not threading.main_thread():
        yield stopping
        return
    before = signal.signal(signal.SIGINT, stopping.asked)
    try:
        yield stopping
    finally:
        signal.signal(signal.SIGINT, before)
