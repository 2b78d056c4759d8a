"""Add this computer from another one: the code or the words that it shows, and the password."""

from __future__ import annotations

from app.desk import SignIn
from app.desktop.pages.start.make import handle_problem
from app.desktop.pages.start.sign_in import KitPage, SignInFlow
from app.desktop.widgets import Field
from vault.keys import KeysError, canonical_origin
from vault.keys.kit import Account
from vault.keys.transfer import SCHEME, TransferCode, parse_transfer_words

WORDS_BEGIN = 3
"""So many words typed make plain that it is no code."""


class TransferPage(KitPage):
    """One field for both. Beside words, server and login handle are typed too: the words do not hold them."""

    TITLE = "Add this computer from another one"
    WORDS = (
        "On the other computer: Settings, Your computers, “Add a computer”. Paste the code that it shows, or type the "
        "twenty-four words."
    )
    SECRET = ("Code or words", "TACIT-ADD:…", "It works for a quarter of an hour.")

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self._code: TransferCode | None = None
        self.body.insertWidget(0, self.secret)
        self.fields.insert(0, self.fields.pop())
        for field in (self.server, self.handle):
            field.hide()

    def _look_for_kit(self, text: str) -> None:
        if SCHEME.casefold() in text.casefold():
            self.take_kit(text)
            return
        typed = self.secret.text()
        if self._code is not None and SCHEME.casefold() not in typed.casefold():
            self._code = None
            self.found.hide()
        self._ask_for_account(SCHEME.casefold() not in typed.casefold() and len(typed.split()) >= WORDS_BEGIN)

    def _ask_for_account(self, wanted: bool) -> None:
        for field in (self.server, self.handle):
            field.setVisible(wanted)

    def take_kit(self, text: str) -> bool:
        """Read a code, pasted or dropped; False where it is none."""
        try:
            code = TransferCode.parse(text)
        except KeysError as error:
            self.secret.set_error(error.message)
            return False
        self._code = code
        account = code.kit.account
        self._ask_for_account(False)
        self.secret.set_error("")
        self.check.setText(
            f"Code read: {account.handle} at {account.server}. The workspace check is {code.kit.check_code}."
        )
        self.found.show()
        return True

    def problem(self) -> tuple[Field, str] | None:
        text = self.secret.text()
        if SCHEME.casefold() in text.casefold() and not self.take_kit(text):
            return self.secret, self.secret.error()
        if self._code is not None:
            return None
        try:
            parse_transfer_words(text)
        except KeysError:
            return (
                self.secret,
                "Paste the code from its first to its last character, or type all twenty-four words.",
            )
        self._ask_for_account(True)
        try:
            canonical_origin(self.server.text())
        except KeysError as error:
            return self.server, error.message
        return handle_problem(self.handle)

    def sign_in(self, password: str, code: str) -> SignIn:
        read = self._code
        if read is not None:
            account = read.kit.account
            return SignIn(
                account.server,
                account.handle,
                account.secret_key,
                password,
                read.kit,
                transfer=read.secret,
                code=code,
            )
        secret_key, secret = parse_transfer_words(self.secret.text())
        account = Account(self.server.text(), self.handle.text(), secret_key)
        return SignIn(account.server, account.handle, secret_key, password, transfer=secret, code=code)

    def wipe(self) -> None:
        super().wipe()
        self._code = None


class AddFlow(SignInFlow):
    """As signing in with the Kit, with another first page."""

    def first_page(self, step: str) -> KitPage:
        return TransferPage(step)
