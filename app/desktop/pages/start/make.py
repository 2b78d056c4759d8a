"""Make a workspace: server, who you are, password, and then the Emergency Kit."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.desk import MakeWorkspace, NewDesk, SignupClosed, make_workspace
from app.desk.reach import check_server
from app.desktop.keeping import Keeping
from app.desktop.pages.start.flow import Flow
from app.desktop.pages.start.frame import StartWindow
from app.desktop.pages.start.password_page import PasswordPage
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.work import Tell
from app.desktop.widgets import Field, TextField
from vault.keys import KeysError, canonical_handle, canonical_origin


class ServerPage(StepPage):
    """The server's address, and a sign-up code where it asks for one."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "Which server keeps your team in step?",
            "It stores sealed bytes and cannot read them. Ask whoever runs it for its address.",
            step=step,
        )
        self.server = TextField("Server address", placeholder="crm.example.org")
        self.code = TextField(
            "Sign-up code", hint="This server takes new accounts by code only. Whoever runs it has one."
        )
        self.add_field(self.server)
        self.add_field(self.code)
        self.code.hide()

    def ask_code(self) -> None:
        self.code.show()

    def problem(self) -> tuple[Field, str] | None:
        if not self.server.text().strip():
            return self.server, "Type the server's address."
        try:
            canonical_origin(self.server.text())
        except KeysError as error:
            return self.server, error.message
        return None


class WorkspacePage(StepPage):
    """Names: of the workspace, of the person, of the account."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "Your workspace and you",
            "Names are sealed too: the server sees the handle, and nothing else of this.",
            step=step,
        )
        self.workspace = TextField("Workspace", placeholder="Northwind Trading")
        self.name = TextField("Your name", placeholder="Ann Vogel")
        self.handle = TextField(
            "Login handle",
            placeholder="ann@northwind.example",
            hint="You sign in with it; a mail address is a good one.",
        )
        for field in (self.workspace, self.name, self.handle):
            self.add_field(field)

    def problem(self) -> tuple[Field, str] | None:
        if not self.workspace.text().strip():
            return self.workspace, "Give the workspace a name."
        if not self.name.text().strip():
            return self.name, "Type your name, as colleagues know it."
        return handle_problem(self.handle)


def handle_problem(field: TextField) -> tuple[Field, str] | None:
    """Why a login handle cannot be used."""
    if not field.text().strip():
        return field, "Choose a handle."
    try:
        canonical_handle(field.text())
    except KeysError as error:
        return field, error.message
    return None


class MakeFlow(Flow):
    """See the module."""

    def __init__(self, window: StartWindow, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(window, keeping, parent)
        count = 4 if self.needs_keychain_page else 3
        self.server_page = ServerPage(f"Step 1 of {count}")
        self.workspace_page = WorkspacePage(f"Step 2 of {count}")
        self.password_page = PasswordPage(
            action="Make the workspace", step=f"Step {count} of {count}", known=self._known
        )
        self.add_page(self.server_page)
        self.add_page(self.workspace_page)
        if self.needs_keychain_page:
            self.add_keychain_page(f"Step 3 of {count}")
        self.add_page(self.password_page)
        self.fields.update(
            server=(self.server_page, self.server_page.server),
            code=(self.server_page, self.server_page.code),
            handle=(self.workspace_page, self.workspace_page.handle),
            password=(self.password_page, self.password_page.password),
        )

    def _known(self) -> list[str]:
        page = self.workspace_page
        return [page.workspace.text(), *page.name.text().split(), page.handle.text()]

    def leaving(self, page: StepPage) -> bool:
        if page is not self.server_page:
            return True
        address = self.server_page.server.text()
        self.run(page, "Looking for the server", lambda tell: check_server(address), self._reached)
        return False

    def _reached(self, origin: str) -> None:
        self.server_page.server.set_text(origin)
        self.advance(self.server_page)

    def finish(self) -> None:
        names = self.workspace_page
        wanted = MakeWorkspace(
            canonical_origin(self.server_page.server.text()),
            names.handle.text().strip(),
            self.password_page.password.text(),
            names.workspace.text().strip(),
            names.name.text().strip(),
            self.server_page.code.text().strip(),
        )
        place = self.place()

        def task(tell: Tell) -> NewDesk:
            return make_workspace(wanted, place, lambda text: tell(text, 0, 0))

        self.run(self.password_page, "Making your keys", task, self.took)

    def failed(self, page: StepPage, error: Exception) -> None:
        if isinstance(error, SignupClosed):
            self.server_page.ask_code()
        super().failed(page, error)
