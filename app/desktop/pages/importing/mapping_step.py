"""Step 2 for tables: how the file is read, and which column goes where. Questions stand out and come first."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.importing import ENCODINGS, DateOrder, NumberFormat, Target
from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desktop.pages.importing.mapping_row import ColumnRow
from app.desktop.viewmodels.import_session import ImportSession
from app.desktop.viewmodels.import_table import DELIMITER_WORDS, TYPES, Mark, TableDraft
from app.desktop.widgets import (
    Banner,
    Button,
    Card,
    Label,
    Line,
    Option,
    ScrollPage,
    Select,
    SelectBox,
    Switch,
    column,
    row,
)


class MappingStep(QWidget):
    """``changed()`` after every choice; ``reread(index, encoding, delimiter, header)`` asks for the file anew."""

    changed = Signal()
    reread = Signal(int, str, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session: ImportSession | None = None
        self._index = 0
        self.rows: list[ColumnRow] = []
        self.file = SelectBox(compact=True)
        self.file.setFixedWidth(260)
        self.file.setAccessibleName("File")
        self.file.chosen.connect(self._file_chosen)
        self.recognised = Label("", tone="muted", wrap=True)
        self.change = Button("Read it differently…", kind="link", on_click=self._show_reading)
        self.reading = self._build_reading()
        self.reading.hide()
        self.type = Select("Each row is", [Option(one, _one(one)) for one in TYPES])
        self.type.setFixedWidth(220)
        self.type.chosen.connect(self._type_chosen)
        self.warning = Banner("", severity="warning")
        self.warning.hide()
        self.summary = Label("", scale="small", tone="muted")
        self.list = ScrollPage(margins=0, gap=0)
        card = Card(
            "Columns", subtitle="Where each column of the file goes.", actions=[self.summary], divided=True
        )
        card.set_flush()
        card.add(self.list, 1)
        words = column(self.file, self.recognised, row(self.change, None), gap=4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        top = row(words, 24, self.type)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self.reading)
        layout.addWidget(self.warning)
        layout.addWidget(card, 1)

    def _build_reading(self) -> QWidget:
        self.encoding = Select("Encoding", [Option(one, one) for one in ENCODINGS])
        self.delimiter = Select(
            "Columns end with", [Option(key, words) for key, words in DELIMITER_WORDS.items()]
        )
        self.header = Switch("The first row names the columns")
        self.encoding.chosen.connect(lambda _: self._reread())
        self.delimiter.chosen.connect(lambda _: self._reread())
        self.header.toggled.connect(lambda _: self._reread())
        box = QWidget()
        switch = column(20, self.header, gap=0)
        line = row(self.encoding, self.delimiter, 12, switch, None, gap=12)
        box.setLayout(line)
        return box

    def show_session(self, session: ImportSession, index: int = 0) -> None:
        """The tables of a session; `index` is the one in front."""
        self._session, self._index = session, min(index, len(session.tables) - 1)
        self.file.set_options([Option(place, table.name) for place, table in enumerate(session.tables)])
        self.file.set_value(self._index)
        self.file.setVisible(len(session.tables) > 1)
        self._fill()

    @property
    def draft(self) -> TableDraft:
        assert self._session is not None
        return self._session.tables[self._index]

    def _fill(self) -> None:
        draft = self.draft
        self.recognised.setText(draft.recognised)
        self.type.set_value(draft.type)
        self.encoding.set_value(draft.encoding)
        self.delimiter.set_value(draft.table.dialect.delimiter)
        self.header.blockSignals(True)
        self.header.setChecked(draft.table.dialect.has_header)
        self.header.blockSignals(False)
        box = self.list.body
        while box.count():
            item = box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        order = sorted(range(len(draft.columns)), key=lambda place: draft.columns[place].mark is not Mark.ASK)
        for place in order:
            line = ColumnRow(draft, place)
            line.chosen.connect(partial(self._choose, place))
            line.dates_answered.connect(partial(self._dates, place))
            line.numbers_answered.connect(partial(self._numbers, place))
            self.rows.append(line)
            box.addWidget(line)
            box.addWidget(Line())
        box.addStretch(1)
        self._refresh()

    def _refresh(self) -> None:
        draft = self.draft
        for line in self.rows:
            line.refresh()
        used = sum(one.map is not None for one in draft.columns)
        asked = len(draft.questions)
        words = f"{used} of {count(len(draft.columns), 'column')} used"
        self.summary.setText(f"{words} · {count(asked, 'question')} to answer" if asked else words)
        self.summary.set_tone("warning" if asked else "muted")
        self.warning.set_text(draft.warning())
        self.warning.setVisible(bool(draft.warning()))
        self.changed.emit()

    # choices

    def _choose(self, place: int, target: object) -> None:
        self.draft.choose(place, target if isinstance(target, Target) else None)
        self._refresh()

    def _dates(self, place: int, order: object) -> None:
        if isinstance(order, DateOrder):
            self.draft.answer_dates(place, order)
            self._refresh()

    def _numbers(self, place: int, format: object) -> None:
        if isinstance(format, NumberFormat):
            self.draft.answer_numbers(place, format)
            self._refresh()

    def _type_chosen(self, value: object) -> None:
        self.draft.retype(str(value))
        self._fill()

    def _file_chosen(self, value: object) -> None:
        if isinstance(value, int):
            self._index = value
            self._fill()

    def _show_reading(self) -> None:
        self.reading.setVisible(self.reading.isHidden())

    def _reread(self) -> None:
        self.reread.emit(
            self._index, str(self.encoding.value()), str(self.delimiter.value()), self.header.isChecked()
        )


def _one(name: str) -> str:
    label = SCHEMA.by_name[name].label.lower()
    return f"An {label}" if label[0] in "aeiou" else f"A {label}"
