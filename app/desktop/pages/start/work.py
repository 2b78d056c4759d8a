"""Slow steps of the first start: one task, its words as they come, and a way to stop it while that leaves nothing.

Stopping is asked for here and not of `background.run`: a task whose result is dropped would leave an open desk
behind. After one of `COMMITTED` the server has the account, and the task runs to its end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from app.desktop.background import Progress, Step, run

T = TypeVar("T")
Tell = Callable[[str, int, int], None]
"""Words, done, total (0: unknown). Raises `Stopped` once the user asked to stop."""

COMMITTED = frozenset(
    {
        "Making your account on the server",
        "Adding this computer",
        "Giving your account its new keys",
        "Changing your keys on the server",
    }
)


class Stopped(Exception):
    """The user asked to stop, and nothing is left behind."""


class Work:
    """One task under way; `stop` asks it to end."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self.committed = False

    def stop(self) -> None:
        self._stop.set()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise Stopped where the user asked to, and it can still be."""
        if self._stop.is_set() and not self.committed:
            raise Stopped

    def start(
        self,
        task: Callable[[Tell], T],
        *,
        owner: QObject,
        step: Callable[[Step], None],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run `task` off the GUI thread; the three callables are called on it."""

        def work(progress: Progress) -> T:
            def tell(text: str, count: int = 0, total: int = 0) -> None:
                self.check()
                if text in COMMITTED:
                    self.committed = True
                progress(count, total, text)

            return task(tell)

        handle = run(work, done=done, failed=failed, owner=owner)
        handle.progressed.connect(step)
