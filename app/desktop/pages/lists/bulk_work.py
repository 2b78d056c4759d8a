"""Doing something to many records: with a question before, progress during, and words after."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.viewmodels import bulk
from app.desktop.viewmodels.bulk import Done
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.shown import counted
from app.desktop.widgets import ConfirmDialog
from protocol.operations import Value
from vault.store import RecordKey

if TYPE_CHECKING:
    from app.desktop.pages.lists.list_page import ListPage

Keys = list[RecordKey]


class BulkWork(QObject):
    """The page's hands. What was ticked is looked up off the GUI thread, whatever its number."""

    def __init__(self, page: ListPage, context: Context, type_name: str) -> None:
        super().__init__(page)
        self._page, self._context, self._type = page, context, type_name

    def with_keys(self, then: Callable[[Keys], object]) -> None:
        """Hand the ticked records on."""
        query, rows = self._page.selection()
        here = self._page.model.known_keys(rows)
        if len(here) == len(rows):  # as they were shown: somebody may have moved rows a moment ago
            _pass(then, [key for _, key in here])
            return
        desk = self._context.desk
        read(self._context, lambda: bulk.keys_of(desk, query, rows), lambda keys: _pass(then, keys), self)

    def set_field(self, field: str, value: Value, words: str) -> None:
        desk = self._context.desk
        what = {"owner": "now belong to", "assignee": "assigned to", "stage": "now in"}.get(field, "marked")
        self.with_keys(
            lambda keys: self._do(
                lambda progress: bulk.set_field(desk, keys, field, value, progress), f"{what} {words}"
            )
        )

    def add_tag(self, tag: str) -> None:
        desk = self._context.desk
        self.with_keys(
            lambda keys: self._do(lambda progress: bulk.add_tag(desk, keys, tag, progress), f"tagged {tag}")
        )

    def ask_delete(self) -> None:
        self.with_keys(self.delete_these)

    def delete_these(self, keys: Keys) -> None:
        """Ask first when it is more than one; the bin gives back either."""
        desk = self._context.desk

        def go() -> None:
            self._do(lambda progress: bulk.delete(desk, keys, progress), "moved to the bin")

        if len(keys) == 1:
            go()
            return
        dialog = ConfirmDialog(
            self._page.window(),
            f"Delete {counted(len(keys), self._type)}?",
            [
                "They move to the bin, at your desk and at everybody's who can read them.",
                "You can restore them from the bin later.",
            ],
            confirm="Delete",
            danger=True,
        )
        dialog.accepted.connect(go)
        dialog.open_overlay()

    def restore(self) -> None:
        self.with_keys(self.restore_these)

    def restore_these(self, keys: Keys) -> None:
        desk = self._context.desk
        self._do(lambda progress: bulk.restore(desk, keys, progress), "restored")

    def _do(self, task: Callable[[Progress], Done], words: str) -> None:
        def done(result: Done) -> None:
            self._page.table.select_none()
            text = f"{counted(result.changed, self._type)} {words}."
            if result.refused:
                self._context.say(
                    f"{text} {counted(result.refused, self._type)} left alone: your role does not allow it there.",
                    "warning",
                )
            else:
                self._context.say(text)

        self._context.run(task, owner=self, done=done)


def _pass(then: Callable[[Keys], object], keys: Keys) -> None:
    if keys:
        then(keys)
