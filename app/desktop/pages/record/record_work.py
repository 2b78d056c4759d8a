"""What the page of a record does: each thing in the order it was asked for, off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from app.crm.margins import is_commercial
from app.desk.homes import member_value
from app.desktop.background import Handle
from app.desktop.context import Context
from app.desktop.pages.record.files_tab import opens_as_document, safe_name
from app.desktop.viewmodels.lanes import write
from app.desktop.viewmodels.property_values import changed_fields
from app.desktop.viewmodels.shown import record_title
from protocol.operations import Value
from vault.schema import Field
from vault.store import Action, Conflict, Record, RecordKey


class RecordWork(QObject):
    """``failed()``: something was not stored, what is shown has to be read again."""

    failed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: Record | None = None
        self._edited: dict[str, Value] = {}

    def put(self, record: Record, field: Field, edited: object) -> None:
        """Store what was edited, on the strength of what was shown. Several edits may follow each other before the
        record is read again: each begins where the one before it ended."""
        if self._shown is not record:
            self._shown, self._edited = record, {}
        begun: dict[str, Value] = {**record.fields, **self._edited}
        for name in [name for name, value in begun.items() if value is None]:
            del begun[name]
        try:
            fields = changed_fields(replace(record, fields=begun), field, edited)
        except ValueError as error:
            self._context.say(str(error), "error")
            self.failed.emit()
            return
        if is_commercial(record.key.type, field.name) and record.fields.get("currency"):
            fields.pop("currency", None)  # amounts beside a deal's own are in its currency
        if fields:
            self._edited.update(fields)
            changing = self._context.desk.acts.changing
            self._act(lambda action: changing.put(action, record.key, fields, record.seen))

    def settle(self, choices: Sequence[tuple[Conflict, Value]]) -> None:
        def all_of_them(action: Action) -> None:
            for conflict, value in choices:
                action.settle(conflict, value)

        self._act(all_of_them, "Settled. Everybody sees what you chose.")

    def add_note(self, about: RecordKey, text: str, now: str) -> None:
        """A note lives where the record lives that it hangs on."""
        fields: dict[str, Value] = {
            "body": text, "about": about.ref, "written": now, "author": member_value(self._context.desk.me),
        }  # fmt: skip
        self._act(lambda action: action.create("note", about.log, fields))

    def tick(self, task: Record, done: bool) -> None:
        self._act(lambda action: action.put(task.key, {"done": done}, task.seen))

    def delete(self, record: Record) -> None:
        title = record_title(record)
        self._act(lambda action: action.delete(record.key), f"{title} is in the bin now.")

    def restore(self, record: Record) -> None:
        self._act(lambda action: action.restore(record.key), f"{record_title(record)} is back.")

    def attach(self, about: RecordKey, path: Path) -> Handle:
        """Slow for large files."""
        attachments = self._context.desk.attachments
        return self._context.run(
            lambda progress: attachments.attach(about, path, progress),
            owner=self,
            done=lambda key: self._context.say(f"{path.name} attached."),
        )

    def save(self, file: Record, target: Path, *, then_open: bool) -> Handle:
        """Fetched from the server where it is not here yet."""
        attachments = self._context.desk.attachments

        def done(result: None) -> None:
            self._context.say(f"Saved as {target.name}.")
            if then_open and opens_as_document(target.name):
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(target)))

        return self._context.run(
            lambda progress: attachments.save(file.key, target, progress), owner=self, done=done
        )

    def proposed_name(self, file: Record) -> str:
        return safe_name(str(file.fields.get("name") or "file"))

    def _act(self, fill: Callable[[Action], object], words: str = "") -> None:
        editor = self._context.desk.editor

        def task() -> None:
            with editor.action() as action:
                fill(action)

        def done(result: None) -> None:
            if words:
                self._context.say(words)

        def failed(error: Exception) -> None:
            self._context.complain(error)
            self.failed.emit()

        write(self._context, task, self, done, failed)
