"""Ten recovery codes, shown once: to save, to print, and a box to tick before going on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from app.desk import Desk
from app.desk.second_factor import recovery_sheet
from app.desktop.background import Progress, run
from app.desktop.factor.print_text import print_text
from app.desktop.problems import words_for
from app.desktop.theme import mono_font
from app.desktop.widgets import Button, CheckBox, Label, Modal, row
from vault.profile import write_atomically

FILE_NAME = "Tacit recovery codes.txt"


class RecoveryCodesView(QWidget):
    """The codes in two columns, and what to do with them. `safe` is the box to tick."""

    def __init__(self, codes: list[str], desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = recovery_sheet(codes, desk.profile.handle, desk.profile.server)
        self.save = Button("Save…", icon_name="download", on_click=self._save)
        self.print = Button("Print…", icon_name="print", on_click=self._print)
        self.said = Label("", scale="small", tone="success", wrap=True)
        self.said.hide()
        self.safe = CheckBox(
            "I have them in a safe place",
            detail="On paper, or in a password manager; they are shown this once.",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(_panel(codes))
        layout.addLayout(row(self.save, self.print, None, gap=8))
        layout.addWidget(self.said)
        layout.addWidget(self.safe)

    def _save(self) -> None:
        # here, since the start pages ask for a path by the same function, and they import this package
        from app.desktop.pages.start.keychain_page import ask_save_path

        chosen = ask_save_path(self, "Save the recovery codes", FILE_NAME)
        if chosen:
            self.save_as(Path(chosen))

    def save_as(self, path: Path) -> None:
        """Write them there, for this user alone."""
        sheet = self._sheet

        def task(progress: Progress) -> None:
            write_atomically(path, sheet.encode("utf-8"))

        run(
            task,
            done=lambda _: self._say(f"Saved as {path.name}, readable by you alone."),
            failed=self._failed,
            owner=self,
        )

    def _print(self) -> None:
        if print_text(self._sheet, "Tacit recovery codes", self.window()):
            self._say("Sent to the printer.")

    def _failed(self, error: Exception) -> None:
        words = words_for(error)
        if words is None:
            raise error
        self.said.set_tone("danger")
        self.said.setText(f"{words.title}. {words.message}")
        self.said.show()

    def _say(self, text: str) -> None:
        self.said.set_tone("success")
        self.said.setText(text)
        self.said.show()


class RecoveryCodesDialog(Modal):
    """New codes in the place of old ones. It closes by its button alone, once the box is ticked."""

    def __init__(self, window: QWidget, codes: list[str], desk: Desk) -> None:
        super().__init__(
            window,
            "Your new recovery codes",
            text="Each signs you in once, without the app. The codes that you had before are void.",
            width=480,
        )
        self.view = RecoveryCodesView(codes, desk)
        self.add(self.view)
        self.done = self.add_button("Done", primary=True)
        self.done.setEnabled(False)
        self.cross.hide()
        self._dismissable = False
        self.view.safe.toggled.connect(self.done.setEnabled)

    def dismiss(self) -> None:
        """Only by the button: the codes are not shown again."""


def _panel(codes: list[str]) -> QFrame:
    panel = QFrame()
    panel.setProperty("panel", "sunken")
    grid = QGridLayout(panel)
    grid.setContentsMargins(20, 14, 20, 14)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(8)
    rows = (len(codes) + 1) // 2
    for number, code in enumerate(codes):
        label = Label(code, selectable=True)
        label.setFont(mono_font(13))
        label.setAccessibleName(f"Recovery code {number + 1}: {code}")
        grid.addWidget(label, number % rows, number // rows)
    return panel
