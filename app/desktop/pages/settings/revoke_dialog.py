"""Revoking a computer: what will happen, the password, the new Emergency Kit in hand, and then it is done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.desk import emergency_kit
from app.desk.devices import Computer, preview_revocation
from app.desk.revocation import Revocation, prepare_revocation
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.forms import PasswordModal
from app.desktop.pages.start import KitActions
from app.desktop.widgets import CheckBox, Icon, Label, row
from vault.keys import Kit, SecretKey


class RevokeDialog(PasswordModal):
    """Nothing has happened before the second button. Closed in between, nothing does."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping, computer: Computer) -> None:
        super().__init__(
            window,
            context,
            keeping,
            f"Revoke {computer.name}?",
            action="Make the new Kit",
        )
        self.intro = Label(
            "For a computer that is lost, stolen, or not yours any more.", tone="muted", wrap=True
        )
        self.add(self.intro)
        self._keeping = keeping
        self.computer = computer
        self.prepared: Revocation | None = None
        self.kit: Kit | None = None
        self.actions_row: KitActions | None = None
        self.safe: CheckBox | None = None
        self._sent = False
        self._sentences: list[QWidget] = []
        for sentence in preview_revocation(context.desk, [computer.id]).sentences:
            line = QWidget()
            layout = row(Icon("arrow-right", size=14, tone="faint"), Label(sentence, wrap=True), gap=10)
            layout.setStretch(1, 1)
            line.setLayout(layout)
            self._sentences.append(line)
            self.add(line)
        self.password = self.add_password("Your password")
        self.closed.connect(self._forget)

    @property
    def closes_after_work(self) -> bool:
        return self._sent

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        return self._send() if self.prepared is not None else self._prepare(secret_key)

    def _prepare(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        password = self.password.text()
        if not password:
            self.blame(self.password, "Type your password.")
            return None
        desk, device = self.context.desk, self.computer.id

        def task(progress: Progress) -> None:
            self.prepared = prepare_revocation(
                desk, [device], password, secret_key, lambda text: progress(0, 0, text)
            )
            self.kit = emergency_kit(desk, self.prepared.secret_key)

        return task

    def _send(self) -> Callable[[Progress], None]:
        prepared = self.prepared
        assert prepared is not None
        profile = self.context.desk.profile
        keychain = self._keeping.keychain_for(profile.folder, profile.id)
        self._sent = True

        def task(progress: Progress) -> None:
            prepared.send(keychain, lambda text: progress(0, 0, text))

        return task

    def succeeded(self) -> None:
        if self._sent:
            self.context.say(f"{self.computer.name} was revoked. Your new Kit is the one that counts.")
            return
        if self.kit is None:
            return
        self.clear_form()
        for line in self._sentences:
            line.hide()
        self.title.setText("Your new Emergency Kit")
        self.intro.setText(
            "Keep it before anything changes. The Kit that you have now is of no use once the computer is revoked."
        )
        self.actions_row = KitActions(self.kit)
        self.add(self.actions_row)
        self.safe = CheckBox(
            "I have the new Kit in a safe place",
            detail="On paper, or in a password manager.",
        )
        self.safe.toggled.connect(self.action.setEnabled)
        self.add(self.safe)
        self.action.set_text("Revoke it now")
        self.action.set_kind("danger")
        self.action.setEnabled(False)

    def _forget(self) -> None:
        """Not sent: the new keys go, the old ones stay."""
        if self.prepared is not None and not self._sent and not self.context.is_closed:
            self.prepared.cancel()
