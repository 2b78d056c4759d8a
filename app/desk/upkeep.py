"""Work that waits for a quiet moment: indexes for sorting and full text, moves to finish, commercial fields that
have to follow their records, files to upload."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.desk.attachments import Attachments
from sync_client import CancelToken, SyncError
from vault import Vault
from vault.errors import VaultError
from vault.store import VaultClosed

QUIET_SECONDS = 0.6
BUDGET_MS = 40


class Upkeep:
    """A thread of low urgency: it works in small pieces, and only while nothing comes in."""

    def __init__(self, vault: Vault, attachments: Attachments, look: Callable[[], None]) -> None:
        """`look`: fetch what concerns this member beside the stream."""
        self._vault = vault
        self._look = look
        self._attachments = attachments
        self._wanted = threading.Event()
        self._touched = threading.Event()
        self._stopping = threading.Event()
        self._cancel = CancelToken()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._stopping.clear()
            self._cancel = CancelToken()
            self._wanted.set()
            self._thread = threading.Thread(target=self._run, name="tacit-upkeep", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._cancel.cancel()
        self._wanted.set()
        self._touched.set()
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def wake(self) -> None:
        self._touched.set()
        self._wanted.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait()
            self._wanted.clear()
            while self._touched.wait(QUIET_SECONDS) and not self._stopping.is_set():
                self._touched.clear()
            try:
                if not self._stopping.is_set() and self._work():
                    self._wanted.set()
            except VaultClosed:
                return

    def _work(self) -> bool:
        """One piece; whether more is left."""
        more = False
        with _left_for_later():
            more = self._vault.moves.settle(self._stopping.is_set)
        with _left_for_later():
            self._attachments.carry_moved(self._cancel)
        with _left_for_later():
            self._attachments.upload_waiting(self._cancel)
        with _left_for_later():
            self._look()
        with _left_for_later():
            more = self._vault.indexer.index_more(BUDGET_MS) or more
        return more


@contextmanager
def _left_for_later() -> Iterator[None]:
    """What cannot be done now (no server, no room on the disk) is tried again in the next quiet moment: it must not
    end the thread, and with it the work that has nothing to do with it."""
    try:
        yield
    except VaultClosed:
        raise
    except (SyncError, VaultError, OSError):
        return
