"""History: who changed what, when, from which value to which; what has not been sent yet says so."""

from __future__ import annotations

from app.desktop.pages.record.stream import EventList
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.timeline import Who, history_events
from app.desktop.widgets import ScrollPage


class HistoryTab(ScrollPage):
    def __init__(self, my_name: str = "") -> None:
        super().__init__(margins=0, gap=16)
        self.body.setContentsMargins(0, 4, 16, 24)
        self.events = EventList(my_name)
        self.body.addWidget(self.events)
        self.body.addStretch(1)

    def show_state(self, state: RecordState, who: Who) -> None:
        self.events.show_events(history_events(state, who))
