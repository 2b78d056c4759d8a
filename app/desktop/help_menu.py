"""Help, at the foot of the sidebar: diagnostics, support, alarms."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings

from app.desktop.context import Context
from app.desktop.pages.diagnostics import DiagnosticsDialog
from app.desktop.pages.support import SupportDialog
from app.desktop.shell import Shell
from app.desktop.standing_notices import StandingNotices
from app.desktop.widgets import Button, Command, Menu, row


class HelpMenu(QObject):
    """One for a window; its dialogs open over the shell."""

    def __init__(
        self, context: Context, shell: Shell, settings: QSettings, standing: StandingNotices
    ) -> None:
        super().__init__(shell)
        self._context, self._shell, self._settings, self._standing = context, shell, settings, standing
        self.button = Button("Help", kind="quiet", icon_name="help", on_click=self._open)
        shell.sidebar.foot.addLayout(row(self.button, None))

    def _open(self) -> None:
        menu = Menu(self.button)
        for command in self.commands():
            menu.add(command.title, command.run, icon_name=command.icon_name)
        menu.show_below(self.button)

    def commands(self) -> list[Command]:
        """For the menu, and for the palette."""
        return [
            Command("Diagnostics…", self.open_diagnostics, "file", "Help"),
            Command("Let support in…", self.open_support, "invite", "Help"),
            Command("Alarms…", self._standing.open_alarms, "warning", "Help"),
        ]

    def open_diagnostics(self) -> DiagnosticsDialog:
        dialog = DiagnosticsDialog(self._shell, self._context, self._settings)
        dialog.open_overlay()
        return dialog

    def open_support(self) -> SupportDialog:
        dialog = SupportDialog(self._shell, self._context)
        dialog.open_overlay()
        return dialog
