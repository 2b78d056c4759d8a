"""Diagnostics: the whole text is shown before it can be saved or copied. Nothing is sent."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QSettings
from PySide6.QtWidgets import QFileDialog, QPlainTextEdit, QWidget

from app.desk.diagnostics import diagnostics
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.theme import mono_font, theme
from app.desktop.widgets import Banner, LongTextField, Modal, ProgressPanel, copy_for_a_while

SETTINGS = ("theme", "idle-minutes")
"""Settings of this computer that are no content."""


class DiagnosticsDialog(Modal):
    """`text` is what was shown, "" until it is there."""

    def __init__(self, window: QWidget, context: Context, settings: QSettings) -> None:
        super().__init__(
            window,
            "Diagnostics",
            text="For whoever helps you when something does not work. Tacit sends it nowhere: you save it, and hand it "
            "over yourself.",
            width=820,
        )
        self._context = context
        self.text = ""
        self.add(
            Banner(
                "No records, names, notes, files, keys, passwords or addresses are in it: versions, positions, codes "
                "of errors, rough sizes and timings are. Read it through; this is all of it.",
                severity="info",
            )
        )
        self.progress = ProgressPanel("Looking", cancellable=False)
        self.add(self.progress)
        self.view = LongTextField(lines=16)
        self.view.edit.setReadOnly(True)
        self.view.edit.setFont(mono_font(12))
        self.view.edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.view.edit.setAccessibleName("The whole text of the diagnostics")
        self.view.hide()
        self.add(self.view)
        self.add_button("Close")
        self.copy_button = self.add_button("Copy", on_click=self._copy)
        self.save_button = self.add_button("Save…", primary=True)
        self.copy_button.setEnabled(False)
        self.save_button.setEnabled(False)
        self._collect(settings)

    def _collect(self, settings: QSettings) -> None:
        desk = self._context.desk
        known = {name: str(settings.value(name)) for name in SETTINGS if settings.value(name) is not None}
        known["qt"] = QLibraryInfo.version().toString()
        known["scale"] = f"{self.devicePixelRatioF():.2f}"
        known["dark"] = "yes" if theme().is_dark else "no"

        def task(progress: Progress) -> str:
            return diagnostics(desk, known)

        self._context.run(task, owner=self, done=self._show)

    def _show(self, text: str) -> None:
        self.text = text
        self.progress.hide()
        self.view.set_text(text)
        self.view.show()
        self.copy_button.setEnabled(True)
        self.save_button.setEnabled(True)

    def _copy(self) -> None:
        copy_for_a_while(self.text)
        self._context.say("Copied. It leaves the clipboard after a minute.")

    def accept(self) -> None:
        """Ask where to, and save."""
        chosen, _ = QFileDialog.getSaveFileName(
            self, "Save the diagnostics", "tacit-diagnostics.txt", "Text (*.txt)"
        )
        if chosen:
            self.save(Path(chosen))

    def save(self, path: Path) -> None:
        """Write exactly what was shown."""
        text = self.text

        def task(progress: Progress) -> int:
            return path.write_text(text, encoding="utf-8")

        def saved(_: int) -> None:
            self._context.say(f"Saved as {path.name}.")
            self.accepted.emit()
            self.close_overlay()

        self._context.run(task, owner=self, done=saved)
