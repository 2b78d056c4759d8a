"""Step 1: which files, or which folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QVBoxLayout, QWidget

from app.desktop.pages.importing.drop import FileDrop
from app.desktop.widgets import Banner, Button, Icon, Label, ProgressPanel, row

FILTER = "Tables and vCards (*.csv *.tsv *.txt *.vcf *.vcard);;All files (*)"


class ChooseStep(QWidget):
    """``chosen(list[Path])``."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = Banner("", severity="error")
        self.problem.hide()
        area = QFrame()
        area.setProperty("panel", "card")
        inside = QVBoxLayout(area)
        inside.setContentsMargins(32, 40, 32, 40)
        inside.setSpacing(6)
        inside.addStretch(1)
        inside.addLayout(row(None, Icon("import", size=32, tone="accent"), None))
        inside.addSpacing(8)
        for words, scale, tone in (
            ("Drop files or a folder here", "lead", "text"),
            ("CSV from any spreadsheet or CRM, and vCards from any phone or mail program.", "body", "muted"),
        ):
            label = Label(words, scale=scale, tone=tone)  # type: ignore[arg-type]
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(label)
        inside.addSpacing(12)
        self.files_button = Button("Choose files…", kind="primary", on_click=self._files)
        self.folder_button = Button("Choose a folder…", on_click=self._folder)
        inside.addLayout(row(None, self.files_button, self.folder_button, None))
        inside.addStretch(1)
        self.progress = ProgressPanel("Looking at the files", cancellable=False)
        self.progress.hide()
        notes = Label(
            "Encoding, separators, date order and columns are recognised; you see everything before anything is "
            "imported. Nothing leaves this computer unsealed.",
            scale="small",
            tone="faint",
            wrap=True,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.problem)
        layout.addWidget(area, 1)
        layout.addWidget(self.progress)
        layout.addWidget(notes)
        FileDrop(self).dropped.connect(self.chosen)

    def busy(self, on: bool) -> None:
        """While files are looked at."""
        self.progress.setVisible(on)
        self.progress.update_step(0, 0, "Reading columns and values")
        self.files_button.setEnabled(not on)
        self.folder_button.setEnabled(not on)
        if on:
            self.problem.hide()

    def complain(self, title: str, message: str) -> None:
        """Say why these files are none."""
        self.busy(False)
        self.problem.set_text(message, title)
        self.problem.show()

    def _files(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(self, "Import", "", FILTER)
        if names:
            self.chosen.emit([Path(name) for name in names])

    def _folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "Import a folder")
        if name:
            self.chosen.emit([Path(name)])
