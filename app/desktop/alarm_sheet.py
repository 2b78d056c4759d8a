"""The alarms of this computer: what happened, what it means, what to do. Opened from the banner, never by itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.words import count
from app.desk.access_words import COMPARTMENT_WORDS
from app.desk.alarms import Alarm
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.pasts_dialog import PastsDialog
from app.desktop.viewmodels.audit_rows import shown_time
from app.desktop.widgets import Badge, Button, Card, EmptyState, Icon, Label, SideSheet, column, row

TWO_PASTS = frozenset({"forked", "adopt-refused"})


class AlarmSheet(SideSheet):
    """Follows the alarms for as long as it is open."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, "Alarms", width=540)
        self._context = context
        self._holder = QVBoxLayout()
        self._holder.setSpacing(16)
        self.body.addLayout(self._holder)
        self.body.addStretch(1)
        self.shown: list[Alarm] = []
        self.add_button("Close")
        self.all_seen = self.add_button("I have seen them all", primary=True, on_click=self._see_all)
        self.refresh()

    def refresh(self) -> None:
        """Read them again."""
        alarms = self._context.desk.alarms

        def task(progress: Progress) -> list[Alarm]:
            return alarms.all()

        self._context.run(task, owner=self, done=self._show)

    def _show(self, alarms: list[Alarm]) -> None:
        self.shown = alarms
        while self._holder.count():
            item = self._holder.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.all_seen.setVisible(any(alarm.is_open for alarm in alarms))
        if not alarms:
            self._holder.addWidget(
                EmptyState(
                    "shield-check", "No alarms", "Everything that came from the server has held so far."
                )
            )
        for alarm in alarms:
            self._holder.addWidget(self._card(alarm))

    def _card(self, alarm: Alarm) -> QWidget:
        words = alarm.words
        card = Card()
        mark = Badge("new", tone="danger") if alarm.is_open else Badge("seen", tone="muted")
        icon = Icon("warning", tone="danger" if alarm.is_open else "faint")
        card.body.addLayout(row(icon, Label(words.title, scale="strong", wrap=True), mark, gap=10))
        when = shown_time(alarm.last)
        if alarm.count > 1:
            when = f"{count(alarm.count, 'time')}, from {shown_time(alarm.first)} to {when}"
        place = ""
        if alarm.log is not None:
            place = (
                f" · {self._context.desk.place_words(alarm.log)}: {COMPARTMENT_WORDS[alarm.log.compartment]}"
            )
        card.add(Label(f"{when}{place}", scale="small", tone="muted", wrap=True))
        for name, text in (
            ("What happened", f"{words.happened} {alarm.finding}".strip()),
            ("What it means", words.means),
            ("What to do", words.to_do),
        ):
            part = column(
                Label(name, scale="small", tone="faint"), Label(text, wrap=True, selectable=True), gap=2
            )
            card.body.addLayout(part)
        buttons: list[QWidget | None] = []
        if alarm.kind in TWO_PASTS:
            buttons.append(Button("Compare the two", compact=True, on_click=self.compare))
        if alarm.is_open:
            buttons.append(Button("I have seen this", compact=True, on_click=partial(self._see, alarm)))
        if buttons:
            card.body.addLayout(row(*buttons, None, gap=8))
        return card

    def compare(self) -> None:
        """What the server's past and the one here have of their own, and who decides."""
        window = self.parentWidget()
        assert window is not None
        self.close_overlay()
        PastsDialog(window, self._context).open_overlay()

    def _see(self, alarm: Alarm) -> None:
        alarms = self._context.desk.alarms
        self._context.run(
            lambda progress: alarms.acknowledge(alarm), owner=self, done=lambda _: self.refresh()
        )

    def _see_all(self) -> None:
        alarms = self._context.desk.alarms
        self._context.run(
            lambda progress: alarms.acknowledge_all(), owner=self, done=lambda _: self.refresh()
        )
