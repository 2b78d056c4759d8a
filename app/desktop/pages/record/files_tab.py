"""Files of a record: attach by button or drop, save, delete; what is under way shows how far it is."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.crm.words import shown_size
from app.desktop.background import Handle, Step
from app.desktop.pages.record.stream import clear
from app.desktop.viewmodels.record_state import RecordState
from app.desktop.viewmodels.shown import ago, record_title
from app.desktop.viewmodels.timeline import Who
from app.desktop.widgets import (
    Badge,
    Button,
    ElidedLabel,
    EmptyState,
    Icon,
    IconButton,
    Label,
    ProgressPanel,
    ScrollPage,
    column,
    row,
)
from vault.store import Record

_TEXTS = (".txt", ".csv", ".md", ".rtf", ".vcf", ".ics", ".eml")
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".tif", ".tiff", ".bmp")
_OFFICE = (".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp")
_SOUND = (".mp3", ".m4a", ".wav", ".mp4", ".mov")
DOCUMENTS = frozenset((*_TEXTS, *_PICTURES, *_OFFICE, *_SOUND))
"""Endings of files that are documents. Formats with macros in their own ending (.docm, .xlsm) are not among them."""


class FilesTab(ScrollPage):
    """``attach_wanted()``, ``save_wanted(Record, open: bool)``, ``delete_wanted(Record)``."""

    attach_wanted = Signal()
    save_wanted = Signal(object, bool)
    delete_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__(margins=0, gap=12)
        self.body.setContentsMargins(0, 4, 16, 24)
        self._attach = Button(
            "Attach file…", icon_name="plus", compact=True, on_click=self.attach_wanted.emit
        )
        self._hint = Label("or drop files anywhere on this page", scale="small", tone="faint")
        self._tools = QWidget()
        self._tools.setLayout(row(self._attach, self._hint, None, gap=10))
        self._work = QVBoxLayout()
        self._work.setSpacing(8)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.body.addWidget(self._tools)
        self.body.addLayout(self._work)
        self.body.addLayout(self._list)
        self.body.addStretch(1)
        self._files: tuple[list[Record], bool] | None = None

    def show_state(self, state: RecordState, who: Who) -> int:
        """How many there are."""
        files = state.of_type("file")
        self._tools.setVisible(state.rights.write and bool(files))
        if self._files != (files, state.rights.write):
            self._files = (files, state.rights.write)
            clear(self._list)
            for file in files:
                self._list.addWidget(self._line(file, state, who))
            if not files:
                self._list.addWidget(self._nothing(state))
        return len(files)

    def show_work(self, title: str, handle: Handle) -> None:
        """A panel for something under way; it goes when that is done."""
        panel = ProgressPanel(title)
        panel.cancelled.connect(handle.cancel)
        handle.progressed.connect(partial(_show_step, panel))
        handle.finished.connect(panel.deleteLater)
        self._work.addWidget(panel)

    def _nothing(self, state: RecordState) -> EmptyState:
        if not state.rights.write:
            return EmptyState("file", "No files", "Nobody has attached any.")
        return EmptyState(
            "file", "No files yet", "Drop files here: contracts, drawings, scans. They are sealed before they leave.",
            action="Attach file…", on_action=self.attach_wanted.emit,
        )  # fmt: skip

    def _line(self, file: Record, state: RecordState, who: Who) -> QWidget:
        size = file.fields.get("size")
        when = ago(file.created.time, time.time())
        parts = [shown_size(size) if isinstance(size, int) else "", who(file.created), when]
        words = column(
            ElidedLabel(record_title(file), scale="strong"),
            Label(" · ".join(part for part in parts if part), scale="small", tone="muted"),
            gap=0,
        )
        card = QFrame()
        card.setProperty("panel", "card")
        line = row(Icon("file", size=18), gap=12, margins=(14, 8, 8, 8))
        line.addLayout(words, 1)
        if file.pending:
            line.addWidget(Badge("not sent yet", tone="warning"))
        line.addWidget(
            Button("Save…", compact=True, icon_name="download", on_click=partial(self._save, file, False))
        )
        if opens_as_document(safe_name(record_title(file))):
            line.addWidget(
                Button("Open", kind="quiet", compact=True, on_click=partial(self._save, file, True))
            )
        if state.rights.delete:
            line.addWidget(
                IconButton("trash", f"Delete {record_title(file)}", size="compact",
                           on_click=partial(self.delete_wanted.emit, file))
            )  # fmt: skip
        card.setLayout(line)
        return card

    def _save(self, file: Record, then_open: bool) -> None:
        self.save_wanted.emit(file, then_open)


def opens_as_document(name: str) -> bool:
    """Whether the system may be asked to open a file of this name. A colleague chose it: only kinds that are looked at
    and not run, by their last ending; everything else can be saved."""
    return Path(name).suffix.lower() in DOCUMENTS


def safe_name(name: str) -> str:
    """A file's name as it may be proposed on this disk: without folders, never hidden, never empty. Names come from
    whoever attached the file."""
    last = Path(name.replace("\\", "/")).name
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    return kept[:120] or "file"


def _show_step(panel: ProgressPanel, step: object) -> None:
    if isinstance(step, Step):
        panel.update_step(step.done, step.total, f"{shown_size(step.done)} of {shown_size(step.total)}")
