"""Two people changed the same field without knowing of each other: both versions, who and when, and the choice."""

from __future__ import annotations

import time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout, QWidget

from app.crm.items import split_item
from app.crm.margins import field_of
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.shown import ago
from app.desktop.viewmodels.timeline import Side, Who, sides_of
from app.desktop.widgets import Label, Modal, Radio
from protocol.operations import Value
from vault.store import Conflict


class ConflictDialog(Modal):
    """``settled([(Conflict, value), …])`` with a choice for each field."""

    settled = Signal(object)

    def __init__(self, window: QWidget, state: RecordState, who: Who) -> None:
        many = len(state.conflicts) > 1
        super().__init__(
            window,
            "Choose what is right",
            text="These were changed by two people at the same time. The later version stands until you choose; "
            "nothing is lost either way, history keeps both."
            if many
            else "This was changed by two people at the same time. The later version stands until you choose; "
            "history keeps both.",
            width=520,
        )
        self._choices: list[tuple[Conflict, list[tuple[Radio, Side]], QButtonGroup]] = []
        for conflict in state.conflicts:
            self._add_field(state, conflict, who)
        self.add_button("Later")
        self.add_button("Keep the chosen", primary=True)

    def _add_field(self, state: RecordState, conflict: Conflict, who: Who) -> None:
        name = split_item(conflict.field)[0]
        field = field_of(state.record.key.type, name)
        card = QFrame()
        card.setProperty("panel", "sunken")
        box = QVBoxLayout(card)
        box.setContentsMargins(14, 10, 14, 10)
        box.setSpacing(6)
        box.addWidget(Label(field.label if field else name, scale="small", tone="muted"))
        group = QButtonGroup(card)
        radios: list[tuple[Radio, Side]] = []
        now = time.time()
        for side in sides_of(state, conflict.field, who):
            note = f"{side.who}, {ago(side.time, now)}" + (" · stands now" if side.stands else "")
            radio = Radio(side.words, checked=side.stands, detail=note)
            radio.setAccessibleName(f"{side.words}, {note}")
            group.addButton(radio)
            box.addWidget(radio)
            radios.append((radio, side))
        self._choices.append((conflict, radios, group))
        self.add(card)

    def choose(self, field: str, words: str) -> None:
        """Tick a version by its words, as a click does."""
        for conflict, radios, _ in self._choices:
            if conflict.field == field:
                next(radio for radio, side in radios if side.words == words).setChecked(True)

    def accept(self) -> None:
        chosen: list[tuple[Conflict, Value]] = []
        for conflict, radios, _ in self._choices:
            side = next(side for radio, side in radios if radio.isChecked())
            chosen.append((conflict, side.value))
        self.settled.emit(chosen)
        super().accept()
