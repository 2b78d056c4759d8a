"""The head of the commercial fields on a record's page; for whoever lacks the key, their names and a lock."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.margins import WORDS_CLOSED
from app.desktop.viewmodels.commercial import Commercial
from app.desktop.viewmodels.record_layout import has_value
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.widgets import Button, Icon, Label, Line, row
from protocol.ids import Level
from vault.schema import Field


def commercial_shown(state: RecordState) -> list[Field]:
    """The fields that have a row of their own: all where they can be filled in, else those with a value."""
    about = state.commercial
    if about is None or about.is_closed:
        return []
    writes = about.level is Level.WRITE and state.rights.write
    return [field for field in about.fields if writes or has_value(state.record, field)]


class CommercialSection(QWidget):
    """``bring_wanted()``: the fields that stayed behind are to come."""

    bring_wanted = Signal()

    def __init__(self, about: Commercial, record_writable: bool) -> None:
        super().__init__()
        self.editable = about.level is Level.WRITE and record_writable
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 14, 0, 4)
        box.setSpacing(8)
        box.addWidget(Line())
        closed = about.is_closed
        title = Label("Costs and margins", scale="strong")
        sign = Icon("lock" if closed else "key", size=14, tone="muted" if closed else "faint")
        box.addLayout(row(sign, title, None, gap=8, margins=(0, 6, 0, 0)))
        if closed:
            words = f"{about.names}. {WORDS_CLOSED}"
            note = Label(words, scale="small", tone="muted", wrap=True)
            box.addWidget(note)
            self.setAccessibleName(f"Costs and margins, locked. {words}")
        elif about.stayed:
            note = Label(
                "They stayed where the record was before it moved.", scale="small", tone="muted", wrap=True
            )
            bring = Button(
                "Bring them here", compact=True, icon_name="arrow-right", on_click=self.bring_wanted.emit
            )
            box.addWidget(note)
            box.addLayout(row(bring, None))
        elif about.record is None and not self.editable:
            box.addWidget(Label("Nothing is filled in.", scale="small", tone="muted"))


__all__ = ["CommercialSection", "commercial_shown"]
