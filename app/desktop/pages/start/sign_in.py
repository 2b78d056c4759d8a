"""Sign in on this computer: what stands on the Emergency Kit, and the password."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame

from app.desk import NewDesk, SignIn, sign_in_with_kit
from app.desktop.keeping import Keeping
from app.desktop.pages.start.code_page import CodePage
from app.desktop.pages.start.flow import Flow
from app.desktop.pages.start.frame import StartWindow
from app.desktop.pages.start.make import handle_problem
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.work import Tell
from app.desktop.widgets import Field, Icon, Label, PasswordField, TextField, row
from sync_client import CodeNeeded
from vault.keys import KeysError, Kit, SecretKey, canonical_origin
from vault.keys.kit import SCHEME, Account

_LARGEST = 1 << 16  # bytes of a dropped text


class KitPage(StepPage):
    """Server, handle, Secret Key. A Kit's code pasted into any field, or dropped anywhere, fills them all."""

    TITLE = "Sign in on this computer"
    WORDS = "Take your Emergency Kit. Type what stands on it, or paste its code into any of the fields."
    SECRET = ("Secret Key or recovery words", "TACIT1-…", "Capitals or not, with or without dashes.")

    def __init__(self, step: str) -> None:
        super().__init__(self.TITLE, self.WORDS, step=step)
        self.setAcceptDrops(True)
        self._kit: Kit | None = None
        self.server = TextField("Server", placeholder="crm.example.org")
        self.handle = TextField("Login handle", placeholder="ann@northwind.example")
        label, placeholder, hint = self.SECRET
        self.secret = TextField(label, placeholder=placeholder, hint=hint)
        for field in (self.server, self.handle, self.secret):
            self.add_field(field)
            field.changed.connect(self._look_for_kit)
        self.found = QFrame()
        self.found.setProperty("panel", "sunken")
        self.check = Label("", scale="small", tone="muted", wrap=True)
        inside = row(Icon("shield-check", tone="success"), self.check, gap=10, margins=(14, 10, 14, 10))
        inside.setStretch(1, 1)
        self.found.setLayout(inside)
        self.add(self.found)
        self.found.hide()

    def _look_for_kit(self, text: str) -> None:
        if SCHEME.casefold() in text.casefold():
            self.take_kit(text)

    def take_kit(self, text: str) -> bool:
        """Fill the fields from a Kit's code or a whole Kit as text; False where it is none."""
        try:
            kit = Kit.parse(text)
        except KeysError as error:
            self.secret.set_error(error.message)
            return False
        self._kit = kit
        self.server.set_text(kit.account.server)
        self.handle.set_text(kit.account.handle)
        self.secret.set_text(kit.account.secret_key.text())
        self.check.setText(f"Kit read. Its workspace check is {kit.check_code}.")
        self.found.show()
        self.action.setFocus()
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        data = event.mimeData()
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        try:
            text = files[0].read_bytes()[:_LARGEST].decode("utf-8", "replace") if files else data.text()
        except OSError:
            self.secret.set_error("The file cannot be read.")
            return
        event.acceptProposedAction()
        self.take_kit(text)

    def problem(self) -> tuple[Field, str] | None:
        if not self.server.text().strip():
            return self.server, "Type the server's address, as it stands on the Kit."
        try:
            canonical_origin(self.server.text())
        except KeysError as error:
            return self.server, error.message
        handle = handle_problem(self.handle)
        if handle is not None:
            return handle
        try:
            SecretKey.parse_any(self.secret.text())
        except KeysError as error:
            return self.secret, error.message
        return None

    def kit_for(self, account: Account) -> Kit | None:
        """The Kit that was read, where the fields still say what it says."""
        return self._kit if self._kit is not None and self._kit.account == account else None

    def sign_in(self, password: str, code: str) -> SignIn:
        """What was filled in, with the password, and the second factor's code where there is one."""
        account = Account.typed(self.server.text(), self.handle.text(), self.secret.text())
        return SignIn(
            account.server, account.handle, account.secret_key, password, self.kit_for(account), code=code
        )

    def wipe(self) -> None:
        super().wipe()
        self.secret.set_text("")
        self._kit = None


class YourPasswordPage(StepPage):
    """The password of the account."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "Your password",
            "The one that you chose when you joined. It is not on the Kit.",
            action="Sign in",
            step=step,
        )
        self.password = PasswordField("Password")
        self.add_field(self.password)

    def problem(self) -> tuple[Field, str] | None:
        return None if self.password.text() else (self.password, "Type your password.")


class SignInFlow(Flow):
    """See the module."""

    def __init__(self, window: StartWindow, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(window, keeping, parent)
        count = 3 if self.needs_keychain_page else 2
        self.kit_page = self.first_page(f"Step 1 of {count}")
        self.password_page = YourPasswordPage(f"Step {count} of {count}")
        self.add_page(self.kit_page)
        if self.needs_keychain_page:
            self.add_keychain_page(f"Step 2 of {count}")
        self.add_page(self.password_page)
        self.code_page = CodePage()
        self.code_page.proceed.connect(self.finish)
        self.code_page.back.connect(lambda: self.window.show_page(self.password_page))
        self.code_page.stop.connect(self._stop)
        self.fields.update(
            server=(self.kit_page, self.kit_page.server),
            handle=(self.kit_page, self.kit_page.handle),
            secret=(self.password_page, self.password_page.password),
            password=(self.password_page, self.password_page.password),
        )

    def first_page(self, step: str) -> KitPage:
        """Where it is said who one is."""
        return KitPage(step)

    def finish(self) -> None:
        wanted = self.kit_page.sign_in(self.password_page.password.text(), self.code_page.code.text().strip())
        place = self.place()

        def task(tell: Tell) -> NewDesk:
            return sign_in_with_kit(wanted, place, lambda text: tell(text, 0, 0))

        shown = self.code_page if wanted.code else self.password_page
        self.run(shown, "Making your keys", task, self._entered)

    def failed(self, page: StepPage, error: Exception) -> None:
        """A code that is needed has a page of its own; it comes when the server asks for it."""
        if not isinstance(error, CodeNeeded):
            if page is self.code_page:
                self.code_page.code.set_text("")
            super().failed(page, error)
            return
        self.window.show_page(self.code_page)
        if error.wrong:
            self.code_page.blame(self.code_page.code, error.message)
            self.code_page.code.edit.selectAll()

    def _entered(self, new: NewDesk) -> None:
        self.took(new, show_kit=False)  # it is at hand already
