"""Who you are here, and what this program is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtWidgets import QWidget

from app.desktop.context import Context
from app.desktop.pages.settings.facts import fact
from app.desktop.widgets import Card, Label

SOURCE_VERSION = "0.1.0"


class ProfileCard(Card):
    """Name, handle, server, this computer, check codes."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__("You and this computer", parent=parent)
        desk = context.desk
        team = desk.team()
        me = team.member(desk.me)
        this = next((device.name for device in me.devices if device.is_this), "")
        self.body.setSpacing(10)
        for name, value in (
            ("Name", me.name),
            ("Login handle", desk.profile.handle),
            ("Server", desk.profile.server),
            ("This computer", this),
            ("Your check code", me.check_code),
            ("Workspace check", team.workspace_code),
        ):
            self.body.addLayout(fact(name, value))
        note = (
            "Compare check codes by voice: the same digits on both screens mean that nobody stands between you. "
            "The workspace check is on every Emergency Kit."
        )
        self.add(Label(note, scale="small", tone="muted", wrap=True))


def program_version() -> str:
    """The version as it was installed or frozen; of a source tree, the one that it will get."""
    try:
        return version("tacit")
    except PackageNotFoundError:
        return SOURCE_VERSION


class AboutCard(Card):
    """Version and licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("About Tacit", parent=parent)
        self.body.setSpacing(10)
        self.body.addLayout(fact("Version", program_version()))
        self.body.addLayout(fact("Licence", "GNU Affero General Public License, version 3 or later"))
        note = "Tacit comes without any warranty. You may use, change and share it under the terms of its licence."
        self.add(Label(note, scale="small", tone="muted", wrap=True))
