"""Shown where the computer has no keychain: where shall the Secret Key be kept?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from app.desktop.pages.start.step import StepPage
from app.desktop.widgets import Button, Field, Radio, TextField, row

AskPath = Callable[[QWidget, str, str], str]
"""(parent, title, proposed path) -> chosen path, "" for none."""


def ask_save_path(parent: QWidget, title: str, proposed: str) -> str:
    """The system's dialog for saving a file; it begins in the user's documents, not where Tacit was started."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return QFileDialog.getSaveFileName(parent, title, str(Path(documents) / proposed))[0]


class KeychainPage(StepPage):
    """`file` is the path chosen, None for "ask me each time"."""

    def __init__(
        self, *, step: str = "", ask_path: AskPath = ask_save_path, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Where shall the Secret Key be kept?",
            "Besides your password, opening your records takes a Secret Key that Tacit makes for you. This "
            "computer has no keychain that Tacit can trust with it.",
            step=step,
            parent=parent,
        )
        self._ask_path = ask_path
        self.each_time = Radio(
            "Ask me each time", checked=True, detail="You type it from your Emergency Kit at every unlock."
        )
        self.in_file = Radio("In a file", detail="On a stick or on this disk, readable by you alone.")
        self.path = TextField(
            "File", placeholder="/media/key/tacit.key", hint="A stick that you take along is a good place."
        )
        self.choose = Button("Choose…", on_click=self._choose)
        holder = QWidget()
        holder.setLayout(row(self.path, self.choose, gap=8))
        self.add(self.each_time)
        self.add(self.in_file)
        self.fields.append(self.path)
        self.path.submitted.connect(self.go)
        self.body.addWidget(holder)
        self._holder = holder
        holder.hide()
        self.in_file.toggled.connect(holder.setVisible)
        self.in_file.clicked.connect(self.path.edit.setFocus)

    @property
    def file(self) -> Path | None:
        return Path(self.path.text().strip()).expanduser() if self.in_file.isChecked() else None

    def problem(self) -> tuple[Field, str] | None:
        file = self.file
        if file is None:
            return None
        if not self.path.text().strip() or not file.is_absolute():
            return self.path, "Name a file with its whole path."
        if file.exists():
            return self.path, "There is a file already. Name one that does not exist yet."
        if not file.parent.is_dir():
            return self.path, "There is no such folder."
        return None

    def focus_first(self) -> None:
        (self.in_file if self.in_file.isChecked() else self.each_time).setFocus()

    def _choose(self) -> None:
        chosen = self._ask_path(self, "Where to keep the Secret Key", self.path.text() or "tacit.key")
        if chosen:
            self.path.set_text(chosen)
