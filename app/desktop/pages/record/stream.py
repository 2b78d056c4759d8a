"""Events of a timeline as widgets."""

from __future__ import annotations

import time

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.viewmodels.shown import ago, moment_words
from app.desktop.viewmodels.timeline import Event
from app.desktop.widgets import Badge, Button, DiffView, TimelineItem, row

STEP = 30
YOU = "You"


def clear(box: QVBoxLayout) -> None:
    """Take all widgets out of a box."""
    while box.count():
        item = box.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.hide()
            old.deleteLater()


class EventList(QWidget):
    """The newest first, some at a time; the rest on request."""

    def __init__(self, my_name: str = "") -> None:
        super().__init__()
        self._my_name = my_name
        self._events: list[Event] = []
        self._shown = STEP
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def show_events(self, events: list[Event]) -> None:
        """Other events; nothing is rebuilt where they are the same."""
        if events == self._events:
            return
        self._events = events
        self._build()

    def events(self) -> list[Event]:
        return self._events

    def _build(self) -> None:
        clear(self._box)
        now = time.time()
        shown = self._events[: self._shown]
        for number, event in enumerate(shown):
            last = number == len(self._events) - 1
            self._box.addWidget(event_widget(event, now, last=last, my_name=self._my_name))
        if len(self._events) > len(shown):
            more = Button(
                f"Show {len(self._events) - len(shown)} earlier",
                kind="quiet",
                compact=True,
                on_click=self._more,
            )
            holder = QWidget()
            holder.setLayout(row(40, more, None, gap=0))
            self._box.addWidget(holder)

    def _more(self) -> None:
        self._shown += 4 * STEP
        self._build()


def event_widget(event: Event, now: float, *, last: bool, my_name: str = "") -> TimelineItem:
    item = TimelineItem(
        event.icon,
        event.title,
        ago(event.time, now),
        text=event.text,
        who=event.who,
        name=my_name if event.who == YOU else "",
        last=last,
    )
    item.setToolTip(moment_words(event.time))
    if event.diff:
        item.body.addWidget(DiffView(list(event.diff)))
    if event.waiting:
        holder = QWidget()
        holder.setLayout(row(Badge("not sent yet", tone="warning"), None))
        item.body.addWidget(holder)
    return item
