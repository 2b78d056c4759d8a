"""How many records of each type there are, beside the sidebar's entries."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.desktop.context import Context
from app.desktop.shell import Shell
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.shown import PAGE_OF
from vault.store import Changes, Query

QUIET_MS = 400


class SidebarCounts(QObject):
    """Counted on a thread of the lists, a moment after something changed."""

    def __init__(self, context: Context, shell: Shell) -> None:
        super().__init__(shell)
        self._context, self._shell = context, shell
        self._waiting = set(PAGE_OF)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._count)
        context.changed.connect(self._changed)
        self._timer.start(0)

    def _changed(self, changes: Changes) -> None:
        touched = changes.types & set(PAGE_OF)
        if touched:
            self._waiting |= touched
            if not self._timer.isActive():
                self._timer.start(QUIET_MS)

    def _count(self) -> None:
        wanted, self._waiting = self._waiting, set()
        records = self._context.desk.records

        def count() -> dict[str, int]:
            return {type_name: records.count(Query(type_name)) for type_name in wanted}

        read(self._context, count, self._show, self)

    def _show(self, found: dict[str, int]) -> None:
        for type_name, number in found.items():
            self._shell.sidebar.set_count(PAGE_OF[type_name], f"{number:,}" if number else "")
