"""Step 5: the run, then what came of it: figures, corrections, failed rows to save, what was not kept of cards."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.crm.words import count
from app.desktop.viewmodels.import_result import (
    correction_lines,
    detail,
    dropped_by_card,
    failed_rows,
    headline,
    notice_lines,
    save_failed_rows,
)
from app.desktop.viewmodels.import_session import Outcome
from app.desktop.viewmodels.plain_rows import PlainRows
from app.desktop.widgets import (
    Banner,
    Button,
    Card,
    DataTable,
    Icon,
    Label,
    ProgressPanel,
    ScrollPage,
    Tabs,
    column,
    row,
)

_MOST = 2_000


class ResultStep(QWidget):
    """``stopped()`` when the user stops the run; ``saved(paths)`` after failed rows were saved."""

    stopped = Signal()
    saved = Signal(object)
    save_failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outcome: Outcome | None = None
        self.stack = QStackedWidget()
        running = QWidget()
        self.progress = ProgressPanel("Importing")
        self.progress.cancelled.connect(self.stopped)
        self.note = Label(
            "You can go on working meanwhile. Stopping keeps what is in already.", scale="small", tone="muted"
        )
        running.setLayout(column(None, self.progress, self.note, None, gap=12))
        self.stack.addWidget(running)
        self.result = QWidget()
        self._box = QVBoxLayout(self.result)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(12)
        self.stack.addWidget(self.result)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def start(self, title: str) -> None:
        """The run begins."""
        self.stack.setCurrentIndex(0)
        self.progress.cancel.setEnabled(True)
        self.progress.update_step(0, 0, f"Reading {title}")

    def show_outcome(self, outcome: Outcome, error: tuple[str, str] | None = None) -> None:
        """The run is over; `error` is a title and a sentence where it ended with one."""
        self._outcome = outcome
        while self._box.count():
            item = self._box.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if error is not None:
            self._box.addWidget(Banner(error[1], severity="error", title=error[0]))
        good = error is None and not outcome.failed and not outcome.cancelled
        head = QWidget()
        sign = Icon("check" if good else "info", size=24, tone="success" if good else "accent")
        words = column(
            Label(headline(outcome), scale="title", wrap=True),
            Label(detail(outcome), tone="muted", wrap=True),
            gap=2,
        )
        line = row(sign, words, gap=14)
        line.setStretch(1, 1)
        head.setLayout(line)
        self._box.addWidget(head)
        self.tabs = Tabs()
        self._add_failed(outcome)
        self._add_lines("corrections", "Corrected", correction_lines(outcome), "merge")
        self._add_dropped(outcome)
        self._add_lines("notices", "Good to know", notice_lines(outcome), "info")
        if self.tabs.bar.count():
            self._box.addWidget(self.tabs, 1)
        else:
            self._box.addWidget(Label("Every row came in as it was.", tone="muted"))
            self._box.addStretch(1)
        self.stack.setCurrentIndex(1)

    def _add_failed(self, outcome: Outcome) -> None:
        rows = failed_rows(outcome)
        if not rows:
            return
        table = DataTable("Rows that were not imported", checkable=False)
        shown = [
            [row.table, str(row.failure.line), row.failure.column or "–", row.failure.reason, row.cells]
            for row in rows[:_MOST]
        ]
        table.setModel(PlainRows(["File", "Line", "Column", "Why", "The row"], shown, table))
        table.set_column_widths([160, 70, 130, 260])
        self.save_button = Button("Save them as CSV…", icon_name="download", on_click=self._ask_save)
        words = Label("Mend the rows in the saved file, and import it again.", scale="small", tone="muted")
        card = Card()
        card.set_flush()
        card.add(table)
        page = QWidget()
        page.setLayout(column(row(words, None, self.save_button), card, gap=8))
        self.tabs.add("failed", f"Not imported  {len(rows):,}", page)

    def _add_lines(self, key: str, title: str, lines: list[str], icon: str) -> None:
        if not lines:
            return
        page = ScrollPage(margins=0, gap=6)
        for words in lines[:_MOST]:
            line = row(Icon(icon, tone="muted"), Label(words, wrap=True, selectable=True), gap=10)
            line.setStretch(1, 1)
            page.body.addLayout(line)
        page.body.addStretch(1)
        self.tabs.add(key, f"{title}  {len(lines):,}", page)

    def _add_dropped(self, outcome: Outcome) -> None:
        cards = dropped_by_card(outcome)
        if not cards:
            return
        page = ScrollPage(margins=0, gap=10)
        for name, items in cards[:_MOST]:
            card = Card(name, subtitle=f"{count(len(items), 'thing')} not kept")
            for one in items:
                value = one.value.replace("\n", " ").replace("\\n", " ")
                value = value if len(value) <= 80 else value[:79] + "…"
                card.add(Label(f"{one.property}  “{value}”", scale="small", wrap=True, selectable=True))
                card.add(
                    Label(
                        one.reason[:1].upper() + one.reason[1:] + ".", scale="small", tone="muted", wrap=True
                    )
                )
            page.body.addWidget(card)
        page.body.addStretch(1)
        total = sum(len(items) for _, items in cards)
        self.tabs.add("dropped", f"Not kept  {total:,}", page)

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Save the rows", str(Path.home() / "not-imported.csv"), "CSV (*.csv)"
        )
        if name:
            self.save(Path(name))

    def save(self, path: Path) -> None:
        """Write the failed rows to `path`."""
        if self._outcome is None:
            return
        try:
            written = save_failed_rows(self._outcome, path)
        except OSError as error:
            self.save_failed.emit(error)
            return
        self.saved.emit(written)
