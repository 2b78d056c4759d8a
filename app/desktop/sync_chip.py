"""Keeps the chip of the top bar true, and shows what there is to see at a first sync."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer

from app.desktop.background import Progress, run
from app.desktop.context import Context
from app.desktop.shell import Shell
from app.desktop.sync_words import chip_words
from app.desktop.widgets import ProgressPanel
from sync_client import Phase, SyncState

TICK_MS = 5_000
SOON_MS = 120


class SyncChipKeeper(QObject):
    """One for a window. `look` asks what waits, off the GUI thread, and says it."""

    def __init__(self, context: Context, shell: Shell) -> None:
        super().__init__(shell)
        self._context, self._shell = context, shell
        self._asking = self._again = False
        self.pending = self.stopped = self.blocked = 0
        self.last_contact = 0.0
        self.confirmed = True
        self._first: ProgressPanel | None = None
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.look)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.look)
        self._tick.start()
        context.sync_changed.connect(self._changed)
        context.changed.connect(lambda _: self._look_soon())
        self.look()

    def stop(self) -> None:
        self._tick.stop()
        self._soon.stop()

    def look(self) -> None:
        """Count what waits, then show; at most one count at a time."""
        if self._asking:
            self._again = True
            return
        self._asking, self._again = True, False
        desk = self._context.desk

        def count(progress: Progress) -> tuple[int, int, int, float, bool]:
            exchange = desk.vault.exchange
            stopped, blocked = len(exchange.stopped()), len(exchange.blocked())
            return desk.pending(), stopped, blocked, desk.last_contact, not desk.not_yet_confirmed

        run(count, done=self._counted, failed=self._failed, owner=self)

    def _counted(self, found: tuple[int, int, int, float, bool]) -> None:
        self._asking = False
        self.pending, self.stopped, self.blocked, self.last_contact, self.confirmed = found
        self.show_words(self._context.desk.sync_state)
        if self._again:
            self._look_soon()

    def _failed(self, error: Exception) -> None:
        """The desk may have been locked while it was asked."""
        self._asking = False
        if self._tick.isActive():
            self._context.complain(error)

    def _look_soon(self) -> None:
        if not self._soon.isActive() and self._tick.isActive():
            self._soon.start()

    def _changed(self, state: SyncState) -> None:
        self.show_words(state)
        self._show_first(state)
        self._look_soon()

    def show_words(self, state: SyncState) -> None:
        last = max(self.last_contact, state.last_contact)
        words = chip_words(
            state,
            self.pending,
            last,
            time.time(),
            stopped=self.stopped,
            blocked=self.blocked,
            confirmed=self.confirmed,
        )
        self._shell.set_sync_state(words.sign, words.text)

    def _show_first(self, state: SyncState) -> None:
        """The first sync of a desk may be long; it is in sight, and the window works meanwhile."""
        long = state.progress is not None and state.progress.stage == "pull" and state.progress.done > 200
        first = not self.last_contact and not state.last_contact
        if first and long and state.phase is Phase.WORKING and state.progress is not None:
            if self._first is None:
                self._first = ProgressPanel("Fetching your team's records", cancellable=False)
                self._shell.notices.addWidget(self._first)
            words = "You can look around and work already; the rest comes in by itself."
            self._first.update_step(state.progress.done, state.progress.total, words)
        elif self._first is not None and (not first or state.phase is Phase.IDLE):
            self._first.hide()
            self._first.deleteLater()
            self._first = None
