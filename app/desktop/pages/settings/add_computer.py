"""Adding a computer: after the password, a code to scan or to paste there, and the same in twenty-four words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QWidget

from app.desk.adding import show_transfer
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.forms import PasswordModal
from app.desktop.theme import mono_font
from app.desktop.widgets import CopyField, Label, QrView, Tabs, column, row
from vault.keys import SecretKey, qr
from vault.keys.transfer import SECONDS, TransferCode

COLUMNS = 4
TICK_MS = 1_000


class AddComputerDialog(PasswordModal):
    """The code is kept nowhere: closed, it is gone, and a new one ends it."""

    def __init__(self, window: QWidget, context: Context, keeping: Keeping) -> None:
        super().__init__(
            window,
            context,
            keeping,
            "Add a computer",
            text="On the new computer, start Tacit and choose “I am a member already”, then “From another computer”. "
            "It asks for the code that comes next, and for your password.",
            action="Show the code",
        )
        self.password = self.add_password("Your password")
        self.code: TransferCode | None = None
        self.tabs: Tabs | None = None
        self._left = SECONDS
        self._time = Label("", scale="small", tone="muted", wrap=True)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.closed.connect(self._timer.stop)

    @property
    def closes_after_work(self) -> bool:
        return False

    def work(self, secret_key: SecretKey) -> Callable[[Progress], None] | None:
        password = self.password.text()
        if not password:
            self.blame(self.password, "Type your password.")
            return None
        desk = self.context.desk

        def task(progress: Progress) -> None:
            self.code = show_transfer(desk, password, secret_key, lambda text: progress(0, 0, text))

        return task

    def succeeded(self) -> None:
        if self.code is None:
            return
        self.clear_form()
        self.tabs = Tabs()
        self.tabs.add("code", "Code", self._code_page(self.code))
        self.tabs.add("words", "Words", self._words_page(self.code))
        self.add(self.tabs)
        note = "With this and your password somebody can be you. Show it to nobody, and send it to nobody."
        self.add(Label(note, tone="warning", wrap=True))
        self.add(self._time)
        self._tick()
        self._timer.start()
        self.finish_with("Done")

    def _code_page(self, code: TransferCode) -> QWidget:
        page = QWidget()
        picture = QrView(qr.modules(code.text()), size=248, name="Code that adds a computer, as a QR code")
        copied = CopyField(code.text(), name="Code that adds a computer", secret=True)
        page.setLayout(
            column(
                row(None, picture, None),
                Label(
                    "Or copy it, where both computers share a clipboard. It is wiped after a minute.",
                    scale="small",
                    tone="muted",
                    wrap=True,
                ),
                copied,
                gap=10,
                margins=(0, 14, 0, 0),
            )
        )
        return page

    def _words_page(self, code: TransferCode) -> QWidget:
        page = QWidget()
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        words = code.words().split()
        lines = len(words) // COLUMNS
        for n, word in enumerate(words):
            number = Label(f"{n + 1}", scale="small", tone="faint")
            number.setFixedWidth(18)
            shown = Label(word)
            shown.setFont(mono_font())
            shown.setAccessibleName(f"Word {n + 1}: {word}")
            grid.addLayout(row(number, shown, None, gap=6), n % lines, n // lines)
        account = code.kit.account
        beside = Label(
            f"Beside the words it asks for the server, {account.server}, and the login handle, {account.handle}.",
            scale="small",
            tone="muted",
            wrap=True,
        )
        page.setLayout(column(grid, beside, None, gap=14, margins=(0, 16, 0, 0)))
        return page

    def _tick(self) -> None:
        if self._left <= 0:
            self._timer.stop()
            self._time.setText("This code is over. Close this, and ask for a new one.")
            self._time.set_tone("danger")
            if self.tabs is not None:
                self.tabs.setEnabled(False)
            return
        minutes, seconds = divmod(self._left, 60)
        self._time.setText(f"It works for another {minutes}:{seconds:02d} minutes.")
        self._left -= 1
