"""Work of several steps that was broken off by a server that did not answer, and is tried again by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.desk.errors import DeskError
from sync_client import SyncError
from vault.errors import VaultError
from vault.store import VaultClosed

Work = Callable[[], None]

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
"""Seconds between a try that failed and the next one; each pause is twice the one before."""


class WaitingWork:
    """At most one piece of work, on a thread of its own while it is tried. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._work: Work | None = None
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._pause = 0.0

    def keep(self, work: Work | None) -> None:
        """This is to be tried again; None: nothing is."""
        with self._lock:
            self._work = work
            if work is None:
                self._pause = 0.0

    def go_on(self) -> None:
        """Try it, unless it is being tried."""
        with self._lock:
            if self._work is None or self._ended.is_set() or self._thread is not None:
                return
            self._thread = threading.Thread(target=self._run, name="tacit-finishing", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Try no more, and wait for the try that runs."""
        with self._lock:
            self._ended.set()
            self._work = None
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        try:
            if self._ended.wait(self._pause):
                return
            with self._lock:
                work = self._work
            if work is not None:
                work()
        except VaultClosed:
            self.keep(None)
        except (SyncError, VaultError, DeskError, OSError):
            with self._lock:  # still to be done: the next state of the syncer tries again
                self._pause = min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self._pause))
        finally:
            with self._lock:
                self._thread = None
