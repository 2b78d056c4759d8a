"""The Audit page: opens at once, reads and verifies in the background, filters as one types."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.crm.words import count
from app.desk.audit import AuditFilter, ServersWord, Trail
from app.desk.audit_export import write_csv, write_json_lines
from app.desk.audit_line import AuditKind
from app.desk.audit_roster import Verified
from app.desktop.background import Handle, Progress, Step
from app.desktop.context import Context
from app.desktop.pages.audit.line_sheet import LineSheet
from app.desktop.pages.audit.verdict import VerdictLine
from app.desktop.problems import words_for
from app.desktop.viewmodels.audit_rows import (
    WHAT,
    WIDTHS,
    AuditRows,
    day_ends,
    day_starts,
    kind_options,
    person_options,
)
from app.desktop.widgets import (
    Button,
    DataTable,
    DateEdit,
    EmptyState,
    Label,
    Menu,
    ProgressPanel,
    SearchField,
    SelectBox,
)
from protocol.ids import MemberId
from sync_client import Phase, SyncState
from vault.store import VaultClosed

T = TypeVar("T")

QUIET_MS = 80
AGAIN_MS = 400
NARROWEST_WHAT = 260


class AuditPage(QWidget):
    """Read when first shown, and again when the roster has moved. `settled`: everything asked for is shown."""

    settled = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model = AuditRows(self)
        self.trail: Trail | None = None
        self.word: ServersWord | None = None
        self.verified: Verified | None = None
        self.sheet: LineSheet | None = None
        self._reading: Handle | None = None
        self._running: set[str] = set()
        self._read_at = -1
        self._server_words = ""
        self.search = SearchField("Search the trail", shortcut="/")
        self.kind = SelectBox(kind_options(), placeholder="All kinds")
        self.person = SelectBox((), placeholder="Everybody")
        self.since = DateEdit(placeholder="From")
        self.until = DateEdit(placeholder="To")
        self.export_button = Button(
            "Export", kind="quiet", compact=True, icon_name="export", on_click=self._menu
        )
        self.verdict = VerdictLine()
        self.table = DataTable("Audit trail", checkable=False)
        self.footer = Label("", scale="small", tone="muted")
        self.stack = QStackedWidget()
        self._typing = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._again = QTimer(self, interval=AGAIN_MS, singleShot=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setContentsMargins(16, 10, 12, 10)
        tools.setSpacing(8)
        self.search.setMinimumWidth(150)
        self.search.setMaximumWidth(300)
        self.kind.setFixedWidth(150)
        self.person.setFixedWidth(160)
        for edit in (self.since, self.until):
            edit.setFixedWidth(128)
        self.since.edit.setAccessibleName("From this day on")
        self.until.edit.setAccessibleName("Up to this day")
        tools.addWidget(self.search, 30)
        for field in (self.kind, self.person, self.since, self.until):
            tools.addWidget(field)
        tools.addStretch(1)
        tools.addWidget(self.export_button)
        self.table.setModel(self.model)
        self.table.setSortingEnabled(False)
        self.table.set_column_widths(WIDTHS)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 6, 16, 6)
        foot.addWidget(self.footer, 1)
        self.progress = ProgressPanel("Reading the trail", cancellable=False)
        waiting = QWidget()
        inner = QVBoxLayout(waiting)
        inner.setContentsMargins(24, 24, 24, 24)
        inner.addWidget(self.progress)
        inner.addStretch(1)
        self.nothing = EmptyState(
            "search", "Nothing found", "No line of the trail has all of this.", action="Clear the filters",
            on_action=self.clear_filters,
        )  # fmt: skip
        self.closed = EmptyState(
            "shield",
            "Your role does not show you the audit trail",
            "Owners, admins, and whoever has a role that sees it can read who did what here. Ask your Team Admin.",
        )
        whole = QWidget()
        page = QVBoxLayout(whole)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addLayout(tools)
        page.addWidget(self.verdict)
        self.lists = QStackedWidget()
        for widget in (waiting, self.table, self.nothing):
            self.lists.addWidget(widget)
        page.addWidget(self.lists, 1)
        page.addLayout(foot)
        self.stack.addWidget(whole)
        self.stack.addWidget(self.closed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)

    def _connect(self) -> None:
        self.search.changed.connect(lambda _: self._typing.start())
        self.search.moved_down.connect(self.table.setFocus)
        self._typing.timeout.connect(self._filter)
        for box in (self.kind, self.person):
            box.chosen.connect(lambda _: self._filter())
        for edit in (self.since, self.until):
            edit.changed.connect(lambda _: self._filter())
        self.table.row_opened.connect(self.open_line)
        self.table.menu_requested.connect(self._row_menu)
        self.table.typed.connect(self._typed)
        self._again.timeout.connect(self._read_if_moved)
        self._context.sync_changed.connect(self._synced)
        shortcut = QShortcut(QKeySequence("/"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.search.edit.setFocus)

    # reading

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        allowed = self._context.desk.audit.may_see()
        self.stack.setCurrentIndex(0 if allowed else 1)
        if allowed:
            self._read_if_moved()

    def _synced(self, state: SyncState) -> None:
        if state.phase is Phase.IDLE and self.isVisible():
            self._again.start()

    def _read_if_moved(self) -> None:
        if self._context.is_closed or self._reading is not None:
            return
        if self._read_at != self._context.desk.vault.roster.position or self.trail is None:
            self.read()

    def read(self) -> None:
        """Read everything again; what is shown stays until it is there."""
        audit = self._context.desk.audit
        if self._reading is not None or not audit.may_see():
            return
        if self.trail is None:
            self.lists.setCurrentIndex(0)

        def task(progress: Progress) -> Trail:
            return audit.local(lambda done: progress(done, 0, "Signed entries"))

        self._read_at = self._context.desk.vault.roster.position
        self._reading = self._run("read", task, self._has_read)
        self._reading.progressed.connect(self._step_reading)

    def _step_reading(self, step: Step) -> None:
        self.progress.update_step(step.done, step.total, f"{step.done:,} signed entries")

    def _has_read(self, trail: Trail) -> None:
        self._reading = None
        with suppress(VaultClosed):  # the desk was locked, and this page goes with it
            self._show(self._with_word(trail))
            self._verify(trail)
            self._ask_server()

    def _with_word(self, trail: Trail) -> Trail:
        return trail if self.word is None else self._context.desk.audit.joined(trail, self.word)

    def _show(self, trail: Trail) -> None:
        self.trail = trail
        self.person.set_options(person_options(trail))
        self.model.show_trail(trail)
        self.verdict.show_journal(trail.journal_problem)
        self._show_lists()

    def _verify(self, trail: Trail) -> None:
        audit, total = self._context.desk.audit, len(trail.entries)

        def task(progress: Progress) -> Verified:
            return audit.verify(trail, lambda done: progress(done, total))

        self.verdict.verifying(self.verified.entries if self.verified is not None else 0, total)
        handle = self._run("verify", task, self._has_verified)
        handle.progressed.connect(lambda step: self.verdict.verifying(step.done, total))

    def _has_verified(self, verified: Verified) -> None:
        self.verified = verified
        self.verdict.show_verdict(verified)

    def _ask_server(self) -> None:
        audit = self._context.desk.audit
        if not audit.is_admin:
            self._server_words = "Sign-ins and the operator’s journal are shown to admins only."
            self._show_foot()
            return
        self._server_words = "Asking the server for sign-ins and its operator’s journal…"
        self._show_foot()
        self._run("server", lambda progress: audit.servers_word(), self._has_word, self._no_word)

    def _has_word(self, word: ServersWord) -> None:
        self.word = word
        self._server_words = "Sign-ins and the operator’s journal are the server’s word."
        if self.trail is not None:
            with suppress(VaultClosed):  # the desk was locked meanwhile
                self._show(self._with_word(self.trail))

    def _no_word(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._server_words = f"Without the server’s word: {words.title}."
        self._show_foot()

    def _run(
        self,
        name: str,
        task: Callable[[Progress], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> Handle:
        """One of the tasks; `settled` when the last one has ended."""
        self._running.add(name)
        handle = self._context.run(task, owner=self, done=done, failed=failed or self._failed)
        handle.finished.connect(partial(self._ended, name))
        return handle

    def _failed(self, error: Exception) -> None:
        self._reading = None
        self._context.complain(error)

    def _ended(self, name: str) -> None:
        self._running.discard(name)
        if not self._running:
            self.settled.emit()

    # filtering

    def filter_now(self) -> AuditFilter:
        kind = cast("AuditKind | None", self.kind.value())
        return AuditFilter(
            frozenset({kind} if kind is not None else ()),
            cast("MemberId | None", self.person.value()),
            day_starts(self.since.day()),
            day_ends(self.until.day()),
            self.search.text().strip(),
        )

    def clear_filters(self) -> None:
        self.search.set_text("")
        self.kind.set_value(None)
        self.person.set_value(None)
        self.since.set_day(None)
        self.until.set_day(None)
        self._filter()

    def _filter(self) -> None:
        self.model.filter(self.filter_now())
        self._show_lists()

    def _show_lists(self) -> None:
        found = self.model.rowCount()
        self.lists.setCurrentIndex(1 if found or self.trail is None else 2)
        self._show_foot()

    def _show_foot(self) -> None:
        found, total = self.model.rowCount(), self.model.total
        lines = count(total, "line") if found == total else f"{found:,} of {count(total, 'line')}"
        self.footer.setText("  ·  ".join(words for words in (lines, self._server_words) if words))

    def _typed(self, letters: str) -> None:
        self.search.edit.setFocus()
        self.search.edit.insert(letters)

    # one line

    def open_line(self, number: int) -> None:
        """Details at the right edge."""
        if self.trail is None or not 0 <= number < len(self.model.lines):
            return
        self.sheet = LineSheet(self.window(), self.trail, self.model.lines[number], self.verified)
        self.sheet.closed.connect(self._sheet_closed)
        self.sheet.open_overlay()

    def _sheet_closed(self) -> None:
        self.sheet = None

    def _row_menu(self, number: int, at: QPoint) -> None:
        menu = Menu(self)
        menu.add("Show details", partial(self.open_line, number), icon_name="eye", keys="Return")
        line = self.model.lines[number]
        if line.member is not None:
            menu.add(f"Only {line.who}", partial(self._only, line.member), icon_name="filter")
        menu.popup(at)

    def _only(self, member: MemberId) -> None:
        self.person.set_value(member)
        self._filter()

    # export

    def _menu(self) -> None:
        menu = Menu(self)
        menu.add("What is shown, as CSV…", partial(self._choose, as_csv=True), icon_name="file")
        menu.add(
            "With the signed entries, to verify…",
            partial(self._choose, as_csv=False),
            icon_name="shield-check",
        )
        menu.show_below(self.export_button)

    def _choose(self, *, as_csv: bool) -> None:
        name, kinds = ("audit.csv", "CSV (*.csv)") if as_csv else ("audit.jsonl", "JSON lines (*.jsonl)")
        chosen, _ = QFileDialog.getSaveFileName(self, "Export the audit trail", name, kinds)
        if chosen:
            self.export(Path(chosen), as_csv=as_csv)

    def export(self, path: Path, *, as_csv: bool) -> None:
        """Write what is shown to `path`."""
        trail, lines = self.trail, list(self.model.lines)
        if trail is None:
            return

        def task(progress: Progress) -> int:
            with path.open("w", encoding="utf-8", newline="") as stream:
                return (write_csv if as_csv else write_json_lines)(lines, trail, stream)

        def written(number: int) -> None:
            self._context.say(f"{count(number, 'line')} written to {path.name}.")

        self._run("export", task, written)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        rest = sum(width for number, width in enumerate(WIDTHS) if number != WHAT) + 20
        self.table.setColumnWidth(WHAT, max(NARROWEST_WHAT, self.width() - rest))
