"""Password and Emergency Kit: both need the password, and the Secret Key from wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.desk import emergency_kit
from app.desk.devices import take_new_kit
from app.desk.password import change_password, take_changed_password
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.forms import PasswordModal
from app.desktop.pages.start import KitActions
from app.desktop.pages.start.strength import strength_of
from app.desktop.widgets import Button, Card, Label, Modal, PasswordField, TextField, row
from vault.keys import KeysError, Kit, SecretKey


class SecurityCard(Card):
    """Change of password, a change that was made elsewhere, the Kit once more."""

    def __init__(self, context: Context, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__("Password and Emergency Kit", parent=parent)
        self._context, self._keeping = context, keeping
        self.open: Modal | None = None
        self.change = Button("Change password…", icon_name="key", on_click=self.change_password)
        self.kit = Button("Emergency Kit…", icon_name="print", on_click=self.show_kit)
        self.elsewhere = Button(
            "It was changed on another computer…", kind="link", on_click=self.changed_elsewhere
        )
        self.add(
            Label(
                "After a change, your other computers ask for the new password. The Emergency Kit stays valid: it "
                "holds the Secret Key, not the password. A new Kit is made when a computer is revoked.",
                tone="muted",
                wrap=True,
            )
        )
        self.body.addLayout(row(self.change, self.kit, 8, self.elsewhere, None))

    def change_password(self) -> None:
        """The dialog with the old password and the new one twice."""
        self._show(ChangeDialog(self.window(), self._context, self._keeping))

    def changed_elsewhere(self) -> None:
        """The dialog for a password that another computer has changed."""
        self._show(ElsewhereDialog(self.window(), self._context, self._keeping))

    def show_kit(self) -> None:
        """The Kit, after the password."""
        self._show(KitDialog(self.window(), self._context, self._keeping))

    def _show(self, dialog: Modal) -> None:
        self.open = dialog
        dialog.closed.connect(self._closed)
        dialog.open_overlay()

    def _closed(self) -> None:
        self.open = None


class ChangeDialog(PasswordModal):
    """Old password, new one twice."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping) -> None:
        super().__init__(window, context, keeping, "Change your password", action="Change it")
        self.old = self.add_password("Your password now")
        self.new = PasswordField("New password", meter=True)
        self.again = PasswordField("New password, once more")
        self.add_field("password-new", self.new)
        self.add_field("again", self.again)
        self.new.changed.connect(self._rate)

    def _rate(self, text: str) -> None:
        found = strength_of(text, self._known())
        self.new.set_strength(found.score, found.advice)

    def _known(self) -> list[str]:
        desk = self.context.desk
        return [desk.profile.handle, *desk.my_name.split(), desk.workspace_name]

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        old, new = self.old.text(), self.new.text()
        if not old:
            self.blame(self.old, "Type the password that you have now.")
            return None
        if not strength_of(new, self._known()).enough:
            self.blame(self.new, "This password is too easy to guess. Add another word or two.")
            return None
        if self.again.text() != new:
            self.blame(self.again, "The two are not the same. Type it once more.")
            return None
        desk = self.context.desk

        def task(progress: Progress) -> None:
            change_password(desk, old, new, secret_key, lambda text: progress(0, 0, text))

        return task

    def succeeded(self) -> None:
        self.context.say("Your password was changed.")


class ElsewhereDialog(PasswordModal):
    """The new password, once; the new Secret Key too, where there is a new Kit."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping) -> None:
        super().__init__(
            window,
            context,
            keeping,
            "Changed on another computer",
            text="Type the password that is right now. If you have a new Emergency Kit since (a computer was revoked, "
            "or colleagues helped you back in), type its Secret Key too.",
            action="Use it here",
        )
        self._keeping = keeping
        self.new = self.add_password("Password")
        self.kit_key = TextField(
            "Secret Key or words of the new Kit",
            placeholder="TACIT1-…",
            hint="Empty where only the password was changed.",
        )
        self.add_field("kit-key", self.kit_key)

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        new = self.new.text()
        if not new:
            self.blame(self.new, "Type the password.")
            return None
        fresh = None
        if self.kit_key.text().strip():
            try:
                fresh = SecretKey.parse_any(self.kit_key.text())
            except KeysError as error:
                self.blame(self.kit_key, error.message)
                return None
        desk = self.context.desk
        keychain = self._keeping.keychain_for(desk.profile.folder, desk.profile.id)

        def task(progress: Progress) -> None:
            if fresh is None:
                take_changed_password(desk, new, secret_key, lambda text: progress(0, 0, text))
            else:
                take_new_kit(desk, new, fresh, keychain, lambda text: progress(0, 0, text))

        return task

    def succeeded(self) -> None:
        self.context.say("This computer is in step with your account again.")


class KitDialog(PasswordModal):
    """The password first; then save, print, show."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping) -> None:
        super().__init__(
            window,
            context,
            keeping,
            "Emergency Kit",
            text="With the Kit and your password somebody can be you. So Tacit asks for the password first.",
            action="Make the Kit",
        )
        self.password = self.add_password("Password")
        self.kit: Kit | None = None
        self.actions_row: KitActions | None = None

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        password = self.password.text()
        if not password:
            self.blame(self.password, "Type your password.")
            return None
        desk = self.context.desk

        def task(progress: Progress) -> None:
            desk.profile.unlock(password, secret_key)
            self.kit = emergency_kit(desk, secret_key)

        return task

    def succeeded(self) -> None:
        if self.kit is None:
            return
        self.clear_form()
        self.actions_row = KitActions(self.kit)
        self.add(Label("Made with the workspace as it is now. It is kept nowhere.", tone="muted", wrap=True))
        self.add(self.actions_row)
        self.finish_with("Done")

    @property
    def closes_after_work(self) -> bool:
        return False


__all__ = ["ChangeDialog", "ElsewhereDialog", "KitDialog", "SecurityCard"]
