"""Cancellation and progress for everything that moves bytes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from sync_client.errors import Cancelled


@dataclass(frozen=True, slots=True)
class Progress:
    """`stage` is "pull", "push" or "files"; `done` of `total` items, where `total` is 0 while it is unknown."""

    stage: str
    done: int
    total: int


OnProgress = Callable[[Progress], None]


def ignore_progress(progress: Progress) -> None:
    """For callers that show none."""


class CancelToken:
    """Set once, from any thread; work checks it between steps."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._actions: list[Callable[[], None]] = []

    def cancel(self) -> None:
        with self._lock:
            self._event.set()
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    def when_cancelled(self, action: Callable[[], None]) -> Callable[[], None]:
        """Run `action`, which must be quick, on the thread that cancels (here, where that was done already); returns
        how to forget it."""
        with self._lock:
            waits = not self._event.is_set()
            if waits:
                self._actions.append(action)
        if not waits:
            action()

        def forget() -> None:
            with self._lock, contextlib.suppress(ValueError):
                self._actions.remove(action)

        return forget

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        """Raise Cancelled once `cancel` was called."""
        if self._event.is_set():
            raise Cancelled()

    def wait(self, seconds: float) -> bool:
        """Wait; True as soon as it is cancelled."""
        return self._event.wait(seconds)
