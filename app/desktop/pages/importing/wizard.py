"""The import wizard: choose, map, place, look, run. Everything slow is off the GUI thread.

While records are written the wizard can be put away: the window is free, and a toast says when it is done. What is
stopped keeps what is in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.crm.importing import Dialect
from app.crm.words import count
from app.desktop.background import Progress, Step
from app.desktop.context import Context
from app.desktop.pages.importing.choose_step import ChooseStep
from app.desktop.pages.importing.mapping_step import MappingStep
from app.desktop.pages.importing.placement_step import PlacementStep
from app.desktop.pages.importing.preview_step import PreviewStep
from app.desktop.pages.importing.recognised_step import RecognisedStep
from app.desktop.pages.importing.result_step import ResultStep
from app.desktop.pages.importing.steps_line import StepsLine
from app.desktop.problems import words_for
from app.desktop.viewmodels.import_preview import PreviewTable, preview_all
from app.desktop.viewmodels.import_result import headline
from app.desktop.viewmodels.import_session import ImportSession, Outcome
from app.desktop.viewmodels.import_table import TableDraft
from app.desktop.widgets import Modal

CHOOSE, COLUMNS, PLACE, PREVIEW, RUN = range(5)
STEPS = ["Choose", "Columns", "Where", "Preview", "Import"]
PAGES = {"person": "people", "company": "companies", "deal": "deals", "product": "products", "task": "tasks"}


class ImportWizard(Modal):
    """``finished(Outcome)`` when a run is over, stopped or not."""

    finished = Signal(object)

    def __init__(self, window: QWidget, context: Context, paths: Sequence[Path] = ()) -> None:
        super().__init__(window, "Import", width=1080)
        self._context = context
        self.session: ImportSession | None = None
        self.outcome: Outcome | None = None
        self._stop = threading.Event()
        self._gone = False
        self._running = False
        self._began = 0.0
        self._asked = 0
        self.line = StepsLine(STEPS)
        self.add(self.line)
        self.choose, self.mapping, self.recognised = ChooseStep(), MappingStep(), RecognisedStep()
        self.placement, self.preview, self.result = PlacementStep(), PreviewStep(), ResultStep()
        self.stack = QStackedWidget()
        for page in (
            self.choose, self.mapping, self.recognised, self.placement, self.preview, self.result,
        ):  # fmt: skip
            self.stack.addWidget(page)
        self.add(self.stack, 1)
        self.back_button = self.add_button("Back", on_click=self.back)
        self.next_button = self.add_button("Next", primary=True, on_click=self.accept)
        self.choose.chosen.connect(self.read)
        self.mapping.changed.connect(self._refresh)
        self.mapping.reread.connect(self._reread)
        self.placement.changed.connect(self._refresh)
        self.result.stopped.connect(self._stop.set)
        self.result.saved.connect(lambda paths: context.say(f"Saved as {paths[0].name}.", "success"))
        self.result.save_failed.connect(context.complain)
        self.step = CHOOSE
        self._show(CHOOSE)
        if paths:
            self.read(list(paths))

    def panel_rect(self) -> QRect:
        """Always as large as is sensible: steps do not jump."""
        width, height = min(1080, self.width() - 48), min(760, self.height() - 48)
        return QRect((self.width() - width) // 2, (self.height() - height) // 2, width, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside it does not throw away what was chosen."""

    # steps

    def _show(self, step: int) -> None:
        self.step = step
        self.line.show_step(step)
        session = self.session
        if step == CHOOSE:
            self.stack.setCurrentWidget(self.choose)
        elif step == COLUMNS and session is not None:
            if session.tables:
                self.mapping.show_session(session)
                self.stack.setCurrentWidget(self.mapping)
            else:
                self.recognised.show_session(session)
                self.stack.setCurrentWidget(self.recognised)
        elif step == PLACE and session is not None:
            self.placement.show_session(session)
            self.stack.setCurrentWidget(self.placement)
        elif step == PREVIEW:
            self.stack.setCurrentWidget(self.preview)
            self._preview()
        elif step == RUN:
            self.stack.setCurrentWidget(self.result)
        self.title.setText(
            f"Import {session.title()}" if session is not None and step != CHOOSE else "Import"
        )
        self._refresh()
        if step != CHOOSE and self.next_button.isVisibleTo(self):
            self.next_button.setFocus()

    def _refresh(self) -> None:
        session, step = self.session, self.step
        self.back_button.setVisible(step != RUN or self._running)
        self.back_button.set_text(
            "Go on working" if self._running else "Cancel" if step == CHOOSE else "Back"
        )
        self.next_button.setVisible(step != CHOOSE and not self._running)
        ready = session is not None
        if session is not None and step == COLUMNS:
            ready = not any(table.problem() for table in session.tables)
        elif session is not None and step in (PLACE, PREVIEW):
            ready = not session.problem()
        self.next_button.setEnabled(ready)
        words = {PREVIEW: "Import", RUN: "Show them"}.get(step, "Next")
        if step == RUN and self.outcome is not None and not self.outcome.created + self.outcome.updated:
            words = "Close"
        self.next_button.set_text(words)

    def accept(self) -> None:
        """On to the next step; at the end, to the imported list."""
        if self.step in (COLUMNS, PLACE):
            self._show(self.step + 1)
        elif self.step == PREVIEW:
            self.start()
        elif self.step == RUN and not self._running:
            self.accepted.emit()
            self.close_overlay()
            outcome, session = self.outcome, self.session
            if session is not None and outcome is not None and outcome.created + outcome.updated:
                self._context.open_page(PAGES.get(session.main_type, "people"))

    def back(self) -> None:
        """One step back; while it runs, out of the way; from the first step, out."""
        if self._running or self.step == CHOOSE:
            self.reject()
        elif self.step in (COLUMNS, PLACE, PREVIEW):
            self._show(self.step - 1)

    def reject(self) -> None:
        if self._running:
            self.put_away()
        else:
            super().reject()

    def put_away(self) -> None:
        """Out of the way while it runs; `bring_back` shows it again."""
        self._open = False
        self.hide()

    def bring_back(self) -> None:
        """In front again."""
        if not self.is_open:
            self.open_overlay()

    def close_overlay(self) -> None:
        """For good."""
        self._gone = True
        super().close_overlay()

    @property
    def is_kept(self) -> bool:
        """Whether it is shown, or put away with something under way or to show."""
        return not self._gone and (self.is_open or self.step == RUN)

    # reading

    def read(self, paths: list[Path]) -> None:
        """Look at these files."""
        desk = self._context.desk
        self.choose.busy(True)

        def refused(error: Exception) -> None:
            words = words_for(error)
            if words is None:
                raise error
            self.choose.complain(words.title, words.message)

        self._context.run(
            lambda _: ImportSession.read(desk, paths), owner=self, done=self._read, failed=refused
        )

    def _read(self, session: ImportSession) -> None:
        self.choose.busy(False)
        why_not = session.why_not()
        if why_not:
            self.choose.complain("You cannot import here", why_not)
            return
        self.session = session
        self._show(COLUMNS)

    def _reread(self, index: int, encoding: str, delimiter: str, has_header: bool) -> None:
        session = self.session
        if session is None:
            return
        draft = session.tables[index]
        old = draft.table.dialect
        dialect = Dialect(delimiter, old.quote, old.skip, has_header)

        def taken(fresh: TableDraft) -> None:
            session.tables[index] = fresh
            self.mapping.show_session(session, index)

        def refused(error: Exception) -> None:
            self._context.complain(error)
            self.mapping.show_session(session, index)

        self._context.run(
            lambda _: draft.reread(encoding=encoding, dialect=dialect), owner=self, done=taken, failed=refused
        )

    def _preview(self) -> None:
        session = self.session
        if session is None:
            return
        self._asked += 1
        asked = self._asked
        self.preview.busy()

        def shown(tables: list[PreviewTable]) -> None:
            if asked == self._asked:
                self.preview.show_tables(tables)

        def refused(error: Exception) -> None:
            words = words_for(error)
            if words is None:
                raise error
            self.preview.complain(words.title, words.message)

        self._context.run(
            lambda progress: preview_all(session, lambda: progress.cancelled),
            owner=self,
            done=shown,
            failed=refused,
        )

    # running

    def start(self) -> None:
        """Write the records."""
        session = self.session
        if session is None or self._running:
            return
        self._running, self._began = True, time.monotonic()
        self._stop.clear()
        self.outcome = None
        self._show(RUN)
        self.result.start(session.title())
        stop = self._stop

        def task(progress: Progress) -> Outcome:
            def watch(name: str, rows: int, made: int) -> None:
                progress(made, 0, f"{name}: {count(rows, 'row')} read")

            return session.run(watch, stop.is_set)

        def failed(error: Exception) -> None:
            words = words_for(error)
            stays = "What was imported before this stays."
            self._ended(session.outcome, (words.title, f"{words.message} {stays}") if words else None)
            if words is None:
                raise error

        handle = self._context.run(task, owner=self._context, done=self._ended, failed=failed)
        handle.progressed.connect(self._stepped)

    def _stepped(self, step: Step) -> None:
        seconds = max(0.2, time.monotonic() - self._began)
        speed = f", {step.done / seconds:,.0f} records a second" if step.done else ""
        self.result.progress.update_step(step.done, 0, step.text + speed)

    def _ended(self, outcome: Outcome, error: tuple[str, str] | None = None) -> None:
        self._running = False
        self.outcome = outcome
        self.result.show_outcome(outcome, error)
        self._show(RUN)
        self.finished.emit(outcome)
        if not self.is_open:
            self._context.say(f"{headline(outcome)}. Open Import to see the details.", "success")


def open_import(window: QWidget, context: Context, paths: Sequence[Path] = ()) -> ImportWizard:
    """The wizard over `window`: the one that is under way or has a result to show, else a new one."""
    for found in window.window().findChildren(ImportWizard):
        if found.is_kept:
            found.bring_back()
            return found
    wizard = ImportWizard(window, context, paths)
    wizard.open_overlay()
    return wizard
