"""The Emergency Kit: what it is, save, print, show; and a box to tick before going on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.desktop.background import Progress, run
from app.desktop.pages.start.keychain_page import AskPath, ask_save_path
from app.desktop.pages.start.kit_print import print_kit
from app.desktop.pages.start.step import StepPage
from app.desktop.problems import Words, words_for
from app.desktop.widgets import Button, CheckBox, CopyField, Label, Modal, QrView, row
from vault.keys import Kit, qr
from vault.keys.kit_pdf import render
from vault.profile import write_atomically

FILE_NAME = "Tacit Emergency Kit.pdf"


class KitActions(QWidget):
    """Save as PDF, print, show; used by the first start and by the settings. Keeps the Kit while it is shown."""

    def __init__(self, kit: Kit, *, ask_path: AskPath = ask_save_path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self._ask_path = ask_path
        self.save = Button("Save as PDF…", icon_name="download", on_click=self.save_pdf)
        self.print = Button("Print…", icon_name="print", on_click=self._print)
        self.show_code = Button("Show code", icon_name="qr", on_click=self._show)
        self.said = Label("", scale="small", tone="success", wrap=True)
        self.said.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row(self.save, self.print, self.show_code, None, gap=8))
        layout.addWidget(self.said)

    def save_pdf(self) -> None:
        """Ask where, and write it there for this user alone."""
        chosen = self._ask_path(self, "Save the Emergency Kit", FILE_NAME)
        if not chosen:
            return
        path = Path(chosen)
        if path.suffix.casefold() != ".pdf":
            path = path.with_name(path.name + ".pdf")
        kit = self._kit

        def task(progress: Progress) -> Path:
            write_atomically(path, render(kit))
            return path

        run(task, done=self._saved, failed=self._failed, owner=self)

    def _saved(self, path: Path) -> None:
        self._say(f"Saved as {path.name}, readable by you alone. Print it, then delete the file.", "success")

    def _print(self) -> None:
        if print_kit(self._kit, self.window()):
            self._say("Sent to the printer.", "success")

    def _failed(self, error: Exception) -> None:
        words: Words | None = words_for(error)
        if words is None:
            raise error
        self._say(f"{words.title}. {words.message}", "danger")

    def _say(self, text: str, tone: str) -> None:
        self.said.setText(text)
        self.said.set_tone("success" if tone == "success" else "danger")
        self.said.show()

    def _show(self) -> None:
        show_kit(self._kit, self)


def show_kit(kit: Kit, over: QWidget) -> Modal:
    """A dialog with the Kit's code, its Secret Key and the words, for a phone or a password manager."""
    modal = Modal(over, "Emergency Kit", text="Make sure that nobody looks over your shoulder.", width=520)
    code = QrView(qr.modules(kit.code()), size=232, name="Emergency Kit as a QR code")
    modal.body.addLayout(row(None, code, None))
    for name, text in (
        ("Secret Key", kit.account.secret_key.text()),
        ("Recovery words", kit.account.secret_key.words()),
    ):
        modal.add(Label(name, scale="small", tone="muted"))
        modal.add(CopyField(text, name=name, secret=True))
    modal.add_button("Done", primary=True)
    modal.open_overlay()
    return modal


class EmergencyKitPage(StepPage):
    """`proceed` is possible once the box is ticked."""

    def __init__(self, kit: Kit, *, ask_path: AskPath = ask_save_path, parent: QWidget | None = None) -> None:
        super().__init__(
            "Your Emergency Kit",
            "With this page and your password you open your records on another computer. It was made here and "
            "sent to nobody: nobody can make you a new one, not your admin, not the server.",
            action="Go to the workspace",
            can_go_back=False,
            width=500,
            parent=parent,
        )
        self.actions_row = KitActions(kit, ask_path=ask_path)
        self.add(self._sheet(kit))
        self.add(self.actions_row)
        self.safe = CheckBox(
            "I have it in a safe place",
            detail="On paper, or in a password manager. Not on this computer alone.",
        )
        self.safe.toggled.connect(self.action.setEnabled)
        self.add(self.safe)
        self.action.setEnabled(False)

    @staticmethod
    def _sheet(kit: Kit) -> QFrame:
        sheet = QFrame()
        sheet.setProperty("panel", "sunken")
        layout = QVBoxLayout(sheet)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(6)
        rows = [
            *([("Workspace", kit.workspace_name)] if kit.workspace_name else []),
            ("Server", kit.account.server),
            ("Login handle", kit.account.handle),
            ("Workspace check", kit.check_code),
        ]
        for name, value in rows:
            label = Label(name, scale="small", tone="muted")
            label.setFixedWidth(116)
            layout.addLayout(row(label, Label(value, scale="strong", selectable=True), None, gap=8))
        secret = Label("Secret Key", scale="small", tone="muted")
        secret.setFixedWidth(116)
        field = CopyField(kit.account.secret_key.text(), name="Secret Key", secret=True)
        layout.addLayout(row(secret, field, gap=8))
        return sheet

    def focus_first(self) -> None:
        self.actions_row.save.setFocus()
