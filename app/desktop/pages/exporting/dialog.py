"""Export of a list: which records, which format, which fields; then the file, and where it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from app.crm.words import count
from app.desktop.background import Handle, Progress, Step
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.viewmodels.exporting import ExportDraft, Exported, Format, Scope
from app.desktop.widgets import (
    Banner,
    Button,
    CheckBox,
    Label,
    Modal,
    Option,
    ProgressPanel,
    Radio,
    ScrollPage,
    Select,
    Switch,
    column,
    row,
)
from vault.store import Query, RecordKey


class ExportDialog(Modal):
    """Stays open until the user has read where the file is."""

    def __init__(
        self, window: QWidget, context: Context, query: Query, keys: Sequence[RecordKey] | None = None
    ) -> None:
        self.draft = ExportDraft(context.desk, query, keys)
        super().__init__(window, f"Export {self.draft.kind.plural.lower()}", width=560)
        self._context = context
        self._handle: Handle | None = None
        self._stop = threading.Event()
        self.exported: Exported | None = None
        self.problem = Banner("", severity="error")
        self.problem.hide()
        self.add(self.problem)
        self._form = QWidget()
        self._form.setLayout(
            column(
                Label("Which", scale="strong"),
                self._build_scopes(),
                4,
                self._build_format(),
                4,
                self._build_fields(),
                gap=8,
            )
        )
        self.add(self._form)
        self.warning = Label(
            "The file is not sealed: whoever gets it can read it.", scale="small", tone="muted", wrap=True
        )
        self.add(self.warning)
        self.progress = ProgressPanel("Exporting")
        self.progress.hide()
        self.progress.cancelled.connect(self._stop.set)
        self.add(self.progress)
        self.done = Banner("", severity="success")
        self.done.hide()
        self.add(self.done)
        self.open_button = Button("Open the folder", icon_name="external", on_click=self._open_folder)
        self.open_button.hide()
        self.body.addLayout(row(self.open_button, None))
        self.cancel_button = self.add_button("Cancel")
        self.export_button = self.add_button("Export…", primary=True)
        self._refresh()

    def _build_scopes(self) -> QWidget:
        draft = self.draft
        words = {
            Scope.SELECTED: f"What is selected ({count(draft.count(Scope.SELECTED), 'record')})",
            Scope.FILTERED: f"The list as it is filtered now ({draft.count(Scope.FILTERED):,})",
            Scope.ALL: f"All {draft.kind.plural.lower()} ({draft.count(Scope.ALL):,})",
        }
        offered = [scope for scope in words if scope is not Scope.SELECTED or draft.keys]
        offered = [scope for scope in offered if scope is not Scope.FILTERED or draft.is_filtered]
        self.scopes: dict[Scope, Radio] = {}
        for scope in offered:
            radio = Radio(words[scope], checked=draft.scope is scope)
            radio.toggled.connect(partial(self._scoped, scope))
            self.scopes[scope] = radio
        box = QWidget()
        box.setLayout(column(*self.scopes.values(), gap=4))
        return box

    def _build_format(self) -> QWidget:
        self.format = Select("Format", [Option(one, words) for one, words in self.draft.formats])
        self.format.set_value(self.draft.format)
        self.format.chosen.connect(self._formatted)
        return self.format

    def _build_fields(self) -> QWidget:
        self.ticks: dict[str, CheckBox] = {}
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        for place, one in enumerate(self.draft.choices):
            tick = CheckBox(one.label, checked=True)
            tick.toggled.connect(lambda _: self._ticked())
            self.ticks[one.name] = tick
            grid.addWidget(tick, place // 2, place % 2)
        scroll = ScrollPage(margins=0, gap=0)
        scroll.body.addWidget(inner)
        scroll.body.addStretch(1)
        scroll.setFixedHeight(min(180, (len(self.ticks) + 1) // 2 * 26 + 8))
        self.all_button = Button("All or none", kind="link", on_click=self._all_or_none)
        self.back = Switch("With the columns that Tacit needs to read it back", checked=True)
        self.back.toggled.connect(self._read_back)
        self.excel = Switch("Marked as UTF-8 for Excel", checked=True)
        self.excel.toggled.connect(self._for_excel)
        self.table_options = QWidget()
        self.table_options.setLayout(
            column(
                row(Label("Fields", scale="strong"), None, self.all_button),
                scroll,
                self.back,
                self.excel,
                gap=8,
            )
        )
        return self.table_options

    # choosing

    def _scoped(self, scope: Scope, on: bool) -> None:
        if on:
            self.draft.scope = scope
            self._refresh()

    def _formatted(self, value: object) -> None:
        if isinstance(value, Format):
            self.draft.format = value
        self._refresh()

    def _ticked(self) -> None:
        self.draft.fields = [name for name, tick in self.ticks.items() if tick.isChecked()]
        self._refresh()

    def _all_or_none(self) -> None:
        on = not all(tick.isChecked() for tick in self.ticks.values())
        for tick in self.ticks.values():
            tick.setChecked(on)

    def _read_back(self, on: bool) -> None:
        self.draft.readable_back = on

    def _for_excel(self, on: bool) -> None:
        self.draft.for_excel = on

    def _refresh(self) -> None:
        self.table_options.setVisible(self.draft.format is Format.CSV)
        problem = self.draft.problem()
        self.problem.set_text(problem)
        self.problem.setVisible(bool(problem))
        self.export_button.setEnabled(not problem and self._handle is None)

    # doing

    def accept(self) -> None:
        """Ask for the file and write it; afterwards: close."""
        if self.exported is not None:
            self.accepted.emit()
            self.close_overlay()
            return
        name, _ = QFileDialog.getSaveFileName(
            self, "Export", str(Path.home() / self.draft.file_name()), f"Files (*{self.draft.ending})"
        )
        if name:
            path = Path(name)
            self.start(path if path.suffix else path.with_suffix(self.draft.ending))

    def start(self, path: Path) -> None:
        """Write to `path`."""
        if self._handle is not None:
            return
        draft, stop = self.draft, self._stop
        stop.clear()
        total = draft.count(draft.scope)
        self.problem.hide()
        self.progress.show()
        self.progress.cancel.setEnabled(True)
        self._form.setEnabled(False)
        self.cancel_button.setEnabled(False)

        def task(progress: Progress) -> Exported:
            return draft.run(path, lambda written: progress(written, total, path.name), stop.is_set)

        self._handle = self._context.run(task, owner=self, done=self._written, failed=self._failed)
        self._handle.progressed.connect(self._stepped)
        self._refresh()

    def _stepped(self, step: Step) -> None:
        self.progress.update_step(step.done, step.total, step.text)

    def _written(self, exported: Exported) -> None:
        self._handle = None
        self.progress.hide()
        self.cancel_button.setEnabled(True)
        if exported.cancelled:
            self._form.setEnabled(True)
            self._refresh()
            self._context.say(exported.words(), "info")
            return
        self.exported = exported
        self._form.hide()
        self.warning.hide()
        self.done.set_text(f"{exported.words()} It is in {exported.path.parent}.")
        self.done.show()
        self.open_button.show()
        self.cancel_button.hide()
        self.export_button.setEnabled(True)
        self.export_button.set_text("Done")
        self.export_button.setFocus()

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self._handle = None
        self.progress.hide()
        self._form.setEnabled(True)
        self.cancel_button.setEnabled(True)
        self._refresh()
        self.problem.set_text(words.message, words.title)
        self.problem.show()

    def _open_folder(self) -> None:
        if self.exported is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.exported.path.parent)))

    def reject(self) -> None:
        if self._handle is not None:
            self._stop.set()
        else:
            super().reject()


def open_export(
    window: QWidget, context: Context, query: Query, keys: Sequence[RecordKey] | None = None
) -> ExportDialog:
    """The dialog over `window`. `query` is the list in front; `keys` what is selected in it (None: nothing)."""
    dialog = ExportDialog(window, context, query, keys)
    dialog.open_overlay()
    return dialog
