"""What a page gets: the open desk, its news on the GUI thread, and the few things that the window does for all.

A page keeps no desk of its own and connects to nothing else: it reads through `context.desk`, writes through it,
runs what is slow through `context.run`, and hears of changes by the two signals. When the desk is locked the
window drops the context and every page with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.desk import Desk
from app.desktop.background import Handle, Progress, run
from app.desktop.problems import words_for
from sync_client import SyncState
from vault.store import Changes, RecordKey

T = TypeVar("T")


class Context(QObject):
    """One for an unlocked desk; lives on the GUI thread."""

    changed = Signal(object)  # Changes: records changed here or elsewhere
    sync_changed = Signal(object)  # SyncState
    record_wanted = Signal(object)  # RecordKey: show it
    new_wanted = Signal(str, object)  # type name, dict of first values: open the dialog for a new record
    page_wanted = Signal(str)  # key of a page of the shell
    said = Signal(str, str)  # words for a toast, severity ("info", "success", "warning", "error")
    offered = Signal(str, str, object)  # words for a toast, those of its button, what the button does

    _change_came = Signal(object)
    _state_came = Signal(object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        # Queued: the desk's listeners run on whichever thread changed something.
        self._change_came.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._state_came.connect(self.sync_changed, Qt.ConnectionType.QueuedConnection)
        self._stop = [desk.on_change(self._hear_change), desk.on_state(self._hear_state)]

    def _hear_change(self, changes: Changes) -> None:
        self._change_came.emit(changes)

    def _hear_state(self, state: SyncState) -> None:
        self._state_came.emit(state)

    def close(self) -> None:
        """Hear no more; before the desk is locked."""
        for stop in self._stop:
            stop()
        self._stop = []
        self.blockSignals(True)  # what is queued still would come when the vault is locked

    @property
    def is_closed(self) -> bool:
        """Whether the desk is about to be locked, or is."""
        return not self._stop

    # what pages ask for

    def open_record(self, key: RecordKey) -> None:
        self.record_wanted.emit(key)

    def open_page(self, key: str) -> None:
        self.page_wanted.emit(key)

    def new_record(self, type_name: str, **values: object) -> None:
        self.new_wanted.emit(type_name, values)

    def say(self, text: str, severity: str = "success") -> None:
        self.said.emit(text, severity)

    def offer(self, text: str, action: str, on_action: Callable[[], object]) -> None:
        """Say that something is done, with a button that stays for a while ("Undo")."""
        self.offered.emit(text, action, on_action)

    def complain(self, error: Exception) -> None:
        """Show an error in its own words. Raises it again where it is none of ours: that is a defect."""
        self.desk.journal.error("window", error)
        words = words_for(error)
        if words is None:
            raise error
        self.said.emit(f"{words.title}. {words.message}", "error")

    def run(
        self,
        task: Callable[[Progress], T],
        *,
        owner: QObject,
        done: Callable[[T], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Handle:
        """Slow work off this thread; `failed` complains by default."""
        return run(task, done=done or _nothing, failed=failed or self.complain, owner=owner)


def _nothing(result: object) -> None:
    """For tasks whose end shows by itself."""
