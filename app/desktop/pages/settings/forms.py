"""A dialog that asks for passwords, does something slow with them, and says what went wrong where it did."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.desktop.background import Progress, Step
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.start import field_for, words_here
from app.desktop.widgets import Banner, Modal, PasswordField, ProgressPanel, TextField
from vault.keys import KeysError, SecretKey
from vault.profile import KeychainError


class PasswordModal(Modal):
    """Subclasses add fields and give the `work`. The Secret Key is asked for where nothing keeps it."""

    def __init__(
        self, window: QWidget, context: Context, keeping: Keeping, title: str, *, action: str, text: str = ""
    ) -> None:
        super().__init__(window, title, text=text, width=460)
        self.context = context
        self._kept = _kept_key(context, keeping)
        self.secret: TextField | None = None
        self._fields: dict[str, TextField] = {}
        self._error: Banner | None = None
        self._progress = ProgressPanel(title, cancellable=False)
        self.body.setSpacing(14)
        if self._kept is None:
            self.secret = TextField(
                "Secret Key or recovery words",
                placeholder="TACIT1-…",
                hint="It stands on your Emergency Kit.",
            )
            self.add_field("secret", self.secret)
        self.cancel_button = self.add_button("Cancel")
        self.action = self.add_button(action, primary=True)

    def add_field(self, name: str, field: TextField) -> None:
        """A field that errors may be about."""
        self._fields[name] = field
        field.changed.connect(lambda _: field.set_error(""))
        self.add(field)

    def add_password(self, label: str) -> PasswordField:
        """The password that an error about passwords is about."""
        field = PasswordField(label)
        self.add_field("password", field)
        return field

    def blame(self, field: TextField, words: str) -> None:
        """Show what is wrong at a field."""
        field.set_error(words)
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        """What to do, or None after having said what is missing."""
        raise NotImplementedError

    def succeeded(self) -> None:
        """After the work."""

    @property
    def closes_after_work(self) -> bool:
        return True

    def accept(self) -> None:
        secret_key = self._secret_key()
        if secret_key is None:
            return
        task = self.work(secret_key)
        if task is None:
            return
        self._set_busy(True)
        handle = self.context.run(task, owner=self, done=self._done, failed=self._failed)
        handle.progressed.connect(self._step)

    def _secret_key(self) -> SecretKey | None:
        if self.secret is None:
            return self._kept
        try:
            return SecretKey.parse_any(self.secret.text())
        except KeysError as error:
            self.blame(self.secret, error.message)
            return None

    def _step(self, step: Step) -> None:
        self._progress.update_step(step.done, step.total, step.text)

    def _done(self, _: None) -> None:
        self._set_busy(False)
        self.succeeded()
        if self.closes_after_work:
            super().accept()

    def _failed(self, error: Exception) -> None:
        self._set_busy(False)
        words = words_here(error)
        if words is None:
            raise error
        name = field_for(error)
        if name == "secret" and name not in self._fields:  # it is kept here, so the password is to blame
            name = "password"
        field = self._fields.get(name)
        if field is not None:
            self.blame(field, words.message)
            return
        self._error = Banner(words.message, severity="error", title=words.title)
        self.add(self._error)

    def _set_busy(self, busy: bool) -> None:
        if self._error is not None:
            self._error.hide()
            self._error.deleteLater()
            self._error = None
        if busy:
            self.panel.setFocus(Qt.FocusReason.OtherFocusReason)  # else it falls through to the window below
        for field in self._fields.values():
            field.setEnabled(not busy)
        self.action.setEnabled(not busy)
        self.cancel_button.setEnabled(not busy)
        self.cross.setEnabled(not busy)
        self._dismissable = not busy
        if busy:
            self.add(self._progress)
            self._progress.update_step(0, 0, "A moment")
            self._progress.show()
        else:
            self.body.removeWidget(self._progress)
            self._progress.hide()

    def clear_form(self) -> None:
        """Take the fields away, with what was typed."""
        for field in self._fields.values():
            if isinstance(field, PasswordField):
                field.clear()
            field.hide()
        self._fields.clear()

    def finish_with(self, words: str) -> None:
        """From now on the button only closes."""
        self.cancel_button.hide()
        self.action.set_text(words)
        self.action.clicked.disconnect()
        self.action.clicked.connect(self.close_overlay)
        self.action.setFocus(
            Qt.FocusReason.OtherFocusReason
        )  # it was lost with the field, to the window below


def _kept_key(context: Context, keeping: Keeping) -> SecretKey | None:
    profile = context.desk.profile
    try:
        return keeping.keychain_for(profile.folder, profile.id).load(profile.id)
    except KeychainError:
        return None
