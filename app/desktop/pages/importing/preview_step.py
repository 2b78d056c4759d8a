"""Step 4: the first records as they will be, problems first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desktop.viewmodels.import_preview import PreviewTable
from app.desktop.viewmodels.plain_rows import CellOrWords, PlainRows
from app.desktop.widgets import (
    Banner,
    Card,
    ChipCell,
    DataTable,
    IconCell,
    Label,
    Option,
    PersonCell,
    ProgressPanel,
    SelectBox,
    row,
)

_WIDTHS = {"Name": 220, "E-mails": 220, "Phones": 220, "Addresses": 260, "Notes": 260, "Company": 170}


class PreviewStep(QWidget):
    """`show_tables` when they are there; `busy` before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tables: list[PreviewTable] = []
        self.progress = ProgressPanel("Reading the first rows", cancellable=False)
        self.file = SelectBox(compact=True)
        self.file.setFixedWidth(280)
        self.file.setAccessibleName("File")
        self.file.chosen.connect(lambda value: self._show(value) if isinstance(value, int) else None)
        self.words = Label("", tone="muted", wrap=True)
        self.problem = Banner("", severity="warning")
        self.problem.hide()
        self.table = DataTable("First rows", checkable=False)
        card = Card()
        card.set_flush()
        card.add(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.progress)
        top = row(self.words, 16, self.file)
        top.setStretch(0, 1)
        layout.addLayout(top)
        layout.addWidget(self.problem)
        layout.addWidget(card, 1)

    def busy(self) -> None:
        """While the rows are read."""
        self.progress.show()
        self.progress.update_step(0, 0, "Comparing them with what is there")
        self.table.setModel(PlainRows([], []))
        self.words.setText("")
        self.problem.hide()

    def show_tables(self, tables: list[PreviewTable]) -> None:
        """One for each file."""
        self.progress.hide()
        self._tables = tables
        self.file.set_options([Option(place, one.name) for place, one in enumerate(tables)])
        self.file.setVisible(len(tables) > 1)
        last = len(tables) - 1
        self.file.set_value(last)
        if tables:
            self._show(last)

    def complain(self, title: str, message: str) -> None:
        """Say why there is nothing to show."""
        self.progress.hide()
        self.problem.set_text(message, title)
        self.problem.show()

    def _show(self, place: int) -> None:
        one = self._tables[place]
        kind = SCHEMA.by_name[one.type]
        new = sum(line.state == "New" for line in one.lines)
        words = f"The first {count(len(one.lines), kind.label.lower(), kind.plural.lower())} as they will be"
        words += f": {new} new" + (
            f", {len(one.lines) - new} already there." if new < len(one.lines) else "."
        )
        if one.also:
            words += f" Another {count(one.also, 'record')} will be made for names that do not exist yet."
        self.words.setText(words)
        failed = one.failures
        self.problem.setVisible(bool(failed))
        if failed:
            shown = "  ".join(str(failure) for failure in failed[:3])
            more = f"  … and {len(failed) - 3} more." if len(failed) > 3 else ""
            title = f"{count(len(failed), 'row')} of these will not be imported"
            self.problem.set_text(shown + more, title)
        rows: list[list[CellOrWords]] = []
        for failure in failed:
            why = IconCell("warning", f"Line {failure.line}: {failure.reason}", "danger")
            rows.append([ChipCell("Not imported", 5), "", why, *[""] * (len(one.columns) - 1)])
        for line in one.lines:
            cells: list[CellOrWords] = [
                ChipCell(line.state, 2 if line.state == "New" else 0),
                line.group or "–",
            ]
            for label in one.columns:
                value = line.values.get(label, "")
                pictured = label == "Name" and value and one.type in ("person", "company")
                cells.append(PersonCell(value, one.type == "company", strong=True) if pictured else value)
            rows.append(cells)
        columns = ["", "Group", *one.columns]
        self.table.setModel(PlainRows(columns, rows, self.table))
        widths = [_WIDTHS.get(label, 140) for label in one.columns]
        if failed and widths:
            widths[0] = 340  # room for why
        self.table.set_column_widths([124, 130, *widths])
