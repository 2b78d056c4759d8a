"""Everything of the workspace that the user may export, as files that any program reads, into an empty folder."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from app.crm.exporting import WorkspaceReport
from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desktop.background import Handle, Progress, Step
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.viewmodels.exporting import export_everything
from app.desktop.widgets import Banner, Label, Modal, ProgressPanel


class ExportEverythingDialog(Modal):
    """Asks for a folder, writes, says what is where."""

    def __init__(self, window: QWidget, context: Context) -> None:
        super().__init__(window, "Export everything", width=520)
        self._context = context
        self._handle: Handle | None = None
        self._stop = threading.Event()
        self.report: WorkspaceReport | None = None
        for words in (
            "One CSV file for people, companies, deals, products, pipelines, notes, tasks and files, and all people as "
            "vCards too. Any program can read them, and Tacit can read them back.",
            "What your roles do not let you export is left out, and counted. Attached files themselves are not in it.",
            "The files are not sealed: whoever gets them can read them. Choose an empty folder.",
        ):
            self.add(Label(words, wrap=True, tone="muted"))
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        self.progress = ProgressPanel("Exporting")
        self.progress.hide()
        self.progress.cancelled.connect(self._stop.set)
        self.add(self.progress)
        self.done = Banner("", severity="success")
        self.done.hide()
        self.add(self.done)
        self.cancel_button = self.add_button("Cancel")
        self.export_button = self.add_button("Choose a folder…", primary=True)

    def accept(self) -> None:
        """Ask for the folder and write; afterwards: close."""
        if self.report is not None:
            self.accepted.emit()
            self.close_overlay()
            return
        name = QFileDialog.getExistingDirectory(self, "Export everything into")
        if name:
            self.start(Path(name))

    def start(self, folder: Path) -> None:
        """Write into `folder`."""
        if self._handle is not None:
            return
        desk, stop = self._context.desk, self._stop
        stop.clear()
        self.problem.hide()
        self.progress.show()
        self.export_button.setEnabled(False)

        def task(progress: Progress) -> tuple[WorkspaceReport, int]:
            def watch(name: str, written: int) -> None:
                progress(written, 0, SCHEMA.by_name[name].plural)

            return export_everything(desk, folder, watch, stop.is_set)

        def written(result: tuple[WorkspaceReport, int]) -> None:
            self._written(folder, *result)

        self._handle = self._context.run(task, owner=self, done=written, failed=self._failed)
        self._handle.progressed.connect(self._stepped)

    def _stepped(self, step: Step) -> None:
        self.progress.update_step(step.done, step.total, step.text)

    def _written(self, folder: Path, report: WorkspaceReport, not_allowed: int) -> None:
        self._handle = None
        self.report = report
        self.progress.hide()
        total = sum(one.written for name, one in report.files.items() if name.endswith(".csv"))
        words = f"{count(total, 'record')} in {count(len(report.files), 'file')} in {folder}."
        if report.cancelled:
            words = f"Stopped. What was written until then is in {folder}."
        elif not_allowed:
            words += f" {count(not_allowed, 'record')} left out: your role there does not let you export."
        self.done.set_text(words)
        self.done.show()
        self.cancel_button.hide()
        self.export_button.setEnabled(True)
        self.export_button.set_text("Done")

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.progress.hide()
        self.export_button.setEnabled(True)
        self.problem.set_text(words.message, words.title)
        self.problem.show()

    def reject(self) -> None:
        if self._handle is not None:
            self._stop.set()
        else:
            super().reject()


def open_export_everything(window: QWidget, context: Context) -> ExportEverythingDialog:
    """The dialog over `window`."""
    dialog = ExportEverythingDialog(window, context)
    dialog.open_overlay()
    return dialog
