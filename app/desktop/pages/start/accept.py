"""Accept an invitation: what the link says, who you are, password; the Kit; then waiting for the admin."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.desk import AcceptInvitation, NewDesk, accept_invitation, read_invitation
from app.desktop.keeping import Keeping
from app.desktop.pages.start.flow import Flow
from app.desktop.pages.start.frame import StartWindow
from app.desktop.pages.start.make import handle_problem
from app.desktop.pages.start.password_page import PasswordPage
from app.desktop.pages.start.step import StepPage
from app.desktop.pages.start.work import Tell
from app.desktop.widgets import Field, Label, LongTextField, TextField, row
from vault.keys import KeysError, Link, workspace_code


class InvitationCard(QFrame):
    """What stands in an invitation: the server and the workspace's check code."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("panel", "sunken")
        self.server = Label("", scale="strong", selectable=True)
        self.code = Label("", scale="strong", selectable=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(6)
        for name, value in (("Server", self.server), ("Workspace check", self.code)):
            label = Label(name, scale="small", tone="muted")
            label.setFixedWidth(116)
            layout.addLayout(row(label, value, None, gap=8))
        note = "Compare the check code with your admin, by voice or eye: the same digits mean the same workspace."
        layout.addWidget(Label(note, scale="small", tone="muted", wrap=True))

    def show_link(self, link: Link) -> None:
        self.server.setText(link.server)
        self.code.setText(workspace_code(link.workspace))


class InvitationPage(StepPage):
    """The link, its QR text or the code in groups, read as it is pasted."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "Paste your invitation",
            "The link or the code that your admin gave you. It works once, and for you only.",
            step=step,
        )
        self.link: Link | None = None
        self.invitation = LongTextField("Link or code", placeholder="tacit:…", lines=4)
        self.add_field(self.invitation)
        self.card = InvitationCard()
        self.add(self.card)
        self.card.hide()
        self.invitation.changed.connect(self._read)
        self.invitation.submitted.connect(self.go)

    def _read(self) -> None:
        self.invitation.set_error("")
        self.link = None
        text = self.invitation.text().strip()
        if text:
            try:
                self.link = read_invitation(text)
            except KeysError:
                self.link = None  # said when the user goes on; half a paste is no mistake yet
        if self.link is not None:
            self.card.show_link(self.link)
        self.card.setVisible(self.link is not None)

    def problem(self) -> tuple[Field, str] | None:
        text = self.invitation.text().strip()
        if not text:
            return self.invitation, "Paste the link or the code."
        try:
            self.link = read_invitation(text)
        except KeysError as error:
            return self.invitation, error.message
        return None

    def wipe(self) -> None:
        super().wipe()
        self.invitation.set_text("")


class PersonPage(StepPage):
    """Name and handle."""

    def __init__(self, step: str) -> None:
        super().__init__(
            "Who are you?", "Colleagues see the name. The server sees the handle only.", step=step
        )
        self.name = TextField("Your name", placeholder="Ben Okafor")
        self.handle = TextField(
            "Login handle",
            placeholder="ben@northwind.example",
            hint="You sign in with it; a mail address is a good one.",
        )
        self.add_field(self.name)
        self.add_field(self.handle)

    def problem(self) -> tuple[Field, str] | None:
        if not self.name.text().strip():
            return self.name, "Type your name, as colleagues know it."
        return handle_problem(self.handle)


class AcceptFlow(Flow):
    """See the module."""

    def __init__(self, window: StartWindow, keeping: Keeping, parent: QObject | None = None) -> None:
        super().__init__(window, keeping, parent)
        count = 4 if self.needs_keychain_page else 3
        self.invitation_page = InvitationPage(f"Step 1 of {count}")
        self.person_page = PersonPage(f"Step 2 of {count}")
        self.password_page = PasswordPage(action="Join", step=f"Step {count} of {count}", known=self._known)
        self.add_page(self.invitation_page)
        self.add_page(self.person_page)
        if self.needs_keychain_page:
            self.add_keychain_page(f"Step 3 of {count}")
        self.add_page(self.password_page)
        self.fields.update(
            invitation=(self.invitation_page, self.invitation_page.invitation),
            handle=(self.person_page, self.person_page.handle),
            password=(self.password_page, self.password_page.password),
        )

    def _known(self) -> list[str]:
        return [*self.person_page.name.text().split(), self.person_page.handle.text()]

    def finish(self) -> None:
        link = self.invitation_page.link
        if link is None:
            self.window.show_page(self.invitation_page)
            return
        person = self.person_page
        wanted = AcceptInvitation(
            link, person.handle.text().strip(), self.password_page.password.text(), person.name.text().strip()
        )
        place = self.place()

        def task(tell: Tell) -> NewDesk:
            return accept_invitation(wanted, place, lambda text: tell(text, 0, 0))

        self.run(self.password_page, "Making your keys", task, self.took)
