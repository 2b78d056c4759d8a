"""Timeline: write a note, tick tasks, read what happened."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.pages.record.stream import EventList, clear
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.shown import record_title, short_day
from app.desktop.viewmodels.timeline import Who, stream, to_do
from app.desktop.widgets import Button, Card, CheckBox, Label, LongTextField, ScrollPage, row
from vault.store import Record, RecordKey


class TimelineTab(ScrollPage):
    """Signals say what the user wants: ``note_written(str)``, ``task_ticked(Record, bool)``, ``task_wanted()``."""

    note_written = Signal(str)
    task_ticked = Signal(object, bool)
    task_wanted = Signal()

    def __init__(self, my_name: str = "") -> None:
        super().__init__(margins=0, gap=16)
        self.body.setContentsMargins(0, 4, 16, 24)
        self.note = LongTextField("", placeholder="Write a note…", lines=2)
        self.save = Button("Add note", kind="primary", compact=True, on_click=self._write)
        self.save.setEnabled(False)
        self._write_box = QWidget()
        writing = QVBoxLayout(self._write_box)
        writing.setContentsMargins(0, 0, 0, 0)
        writing.setSpacing(6)
        writing.addWidget(self.note)
        writing.addLayout(row(Label("Ctrl+Enter adds it", scale="small", tone="faint"), None, self.save))
        self._tasks = Card(
            "To do",
            actions=[
                Button(
                    "New task", kind="quiet", compact=True, icon_name="plus", on_click=self.task_wanted.emit
                )
            ],
        )
        self.events = EventList(my_name)
        self.body.addWidget(self._write_box)
        self.body.addWidget(self._tasks)
        self.body.addWidget(self.events)
        self.body.addStretch(1)
        self.note.changed.connect(lambda: self.save.setEnabled(bool(self.note.text().strip())))
        self.note.submitted.connect(self._write)
        self._record: RecordKey | None = None
        self._open: list[Record] | None = None

    def show_state(self, state: RecordState, who: Who) -> None:
        if self._record != state.record.key:
            self._record = state.record.key
            self.note.set_text("")
        self._write_box.setVisible(state.rights.write)
        tasks = to_do(state)
        if tasks != self._open:
            self._open = tasks
            clear(self._tasks.body)
            for task in tasks:
                self._tasks.add(self._task(task, state))
        self._tasks.setVisible(bool(tasks))
        self.events.show_events(stream(state, who))

    def _task(self, task: Record, state: RecordState) -> QWidget:
        today = date.today()  # noqa: DTZ011 - the user's own day
        due = task.fields.get("due")
        assignee = state.names.member(task.fields.get("assignee"))
        details = [words for words in (short_day(due, today) if due else "", assignee) if words]
        box = CheckBox(record_title(task), detail=" · ".join(details))
        box.setEnabled(state.rights.write)
        box.toggled.connect(lambda done: self.task_ticked.emit(task, done))
        return box

    def _write(self) -> None:
        text = self.note.text().strip()
        if text:
            self.note.set_text("")
            self.note_written.emit(text)
