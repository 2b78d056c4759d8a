"""One column of the file: its name, values from it, where it goes, how sure that is, and a question if there is one."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.importing import DateOrder
from app.desktop.viewmodels.import_table import DATE_WORDS, NUMBER_WORDS, Mark, TableDraft
from app.desktop.widgets import ElidedLabel, Icon, Label, Option, SelectBox, Tone, column, row

_LEAVE = "leave"
_MARKS: dict[Mark, tuple[str, Tone]] = {
    Mark.SURE: ("check", "success"),
    Mark.CHECK: ("help", "warning"),
    Mark.CHOSEN: ("check", "accent"),
    Mark.ASK: ("warning", "warning"),
    Mark.LEFT_OUT: ("minus", "faint"),
}


class ColumnRow(QWidget):
    """``chosen(Target or None)``, ``dates_answered(DateOrder)``, ``numbers_answered(NumberFormat)``."""

    chosen = Signal(object)
    dates_answered = Signal(object)
    numbers_answered = Signal(object)

    def __init__(self, draft: TableDraft, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft, self._place = draft, place
        one = draft.columns[place]
        name = ElidedLabel(one.header, scale="strong")
        examples = ElidedLabel(one.examples, scale="small", tone="faint")
        words = column(name, examples, gap=0)
        self._options = draft.options(one)
        self.target = SelectBox(
            [Option(_LEAVE, "Leave it out"), *(Option(target, text) for target, text in self._options)],
            compact=True,
        )
        self.target.setFixedWidth(230)
        self.target.setAccessibleName(f"Where {one.header} goes")
        self.target.chosen.connect(lambda value: self.chosen.emit(None if value == _LEAVE else value))
        self.sign = Icon("check")
        self.mark = Label("", scale="small", tone="muted")
        self.mark.setFixedWidth(112)
        top = row(words, Icon("arrow-right", tone="faint"), self.target, self.sign, self.mark, gap=12)
        top.setStretch(0, 1)
        self.question = Label("", scale="small", tone="warning", wrap=True)
        self.answer = SelectBox([], placeholder="Choose…", compact=True)
        self.answer.setFixedWidth(230)
        self.answer.chosen.connect(self._answered)
        self.asking = QWidget()
        ask = row(self.question, self.answer, 136, gap=12)
        ask.setStretch(0, 1)
        self.asking.setLayout(ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addWidget(self.asking)
        self.refresh()

    def refresh(self) -> None:
        """Show the column as it stands."""
        one = self._draft.columns[self._place]
        self.target.set_value(one.map.target if one.map is not None else _LEAVE)
        icon, tone = _MARKS[one.mark]
        self.sign.set_icon(icon, tone)
        self.mark.setText(one.mark.value)
        self.mark.set_tone("warning" if one.mark in (Mark.ASK, Mark.CHECK) else "muted")
        self.mark.setToolTip(one.reason[:1].upper() + one.reason[1:] + "." if one.reason else "")
        self.asking.setVisible(bool(one.ask))
        self.question.setText(one.ask)
        if one.ask and self._draft.asks_dates(one):
            # A year in front would have decided it.
            orders = {order: words for order, words in DATE_WORDS.items() if order is not DateOrder.YMD}
            self.answer.set_options([Option(order, words) for order, words in orders.items()])
        elif one.ask:
            self.answer.set_options([Option(kind, words) for kind, words in NUMBER_WORDS.items()])
        self.answer.set_value(None)

    def _answered(self, value: object) -> None:
        one = self._draft.columns[self._place]
        if self._draft.asks_dates(one):
            self.dates_answered.emit(value)
        else:
            self.numbers_answered.emit(value)
