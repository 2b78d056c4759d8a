"""What goes in and out of the workspace from anywhere in the window: import, files dropped on it, export, invite."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from app.desk.access_words import PERMISSION_WORDS
from app.desktop.context import Context
from app.desktop.pages.exporting import (
    ExportDialog,
    ExportEverythingDialog,
    open_export,
    open_export_everything,
)
from app.desktop.pages.importing import FileDrop, ImportWizard, open_import
from app.desktop.pages.team import InviteDialog
from app.desktop.shell import Shell
from app.desktop.widgets import Command, Overlay
from protocol.ids import Permission
from vault.store import Query, RecordKey


class Transfers(QObject):
    """One for a window; the overlays open over its shell."""

    def __init__(self, context: Context, shell: Shell) -> None:
        super().__init__(shell)
        self._context, self._shell = context, shell
        self.drop = FileDrop(shell)
        self.drop.dropped.connect(self._dropped)

    def import_file(self) -> ImportWizard:
        """The wizard, empty, or the one that is under way."""
        return open_import(self._shell, self._context)

    def import_paths(self, paths: Sequence[Path]) -> ImportWizard:
        """The wizard with these files."""
        return open_import(self._shell, self._context, paths)

    def export(self, query: Query, keys: list[RecordKey] | None = None) -> ExportDialog:
        """A list, or only `keys` of it."""
        return open_export(self._shell, self._context, query, keys)

    def export_everything(self) -> ExportEverythingDialog:
        return open_export_everything(self._shell, self._context)

    def invite(self) -> InviteDialog:
        dialog = InviteDialog(self._shell, self._context)
        dialog.open_overlay()
        return dialog

    def commands(self) -> list[Command]:
        """For the palette: what the user's roles allow, and for what they do not, why."""
        desk = self._context.desk
        team = desk.team()
        groups = [group.id for group in team.groups]

        def offer(
            title: str, run: Callable[[], object], icon: str, needed: Permission, words: str
        ) -> Command:
            """With the reason in its place where no role of the user allows it."""
            if any(desk.may(needed, group) for group in groups):
                return Command(title, run, icon, "Transfer", words=words)
            what = PERMISSION_WORDS[needed]
            why = f"None of your roles lets you {what}. Ask your Team Admin for one that does."
            return Command(
                title,
                lambda: self._context.say(why, "info"),
                icon,
                "Transfer",
                "not in your roles",
                words=words,
            )

        found = [
            offer("Import…", self.import_file, "import", Permission.IMPORT, "csv vcard file folder"),
            offer(
                "Export everything…",
                self.export_everything,
                "export",
                Permission.EXPORT,
                "csv vcard backup save",
            ),
        ]
        if team.i_am_admin:
            found.append(
                Command("Invite somebody…", self.invite, "invite", "Transfer", words="team colleague")
            )
        return found

    def _dropped(self, paths: list[Path]) -> None:
        """Not while a dialog is open: it has its own place for files, or nothing to do with them."""
        if not any(overlay.is_open for overlay in self._shell.findChildren(Overlay)):
            self.import_paths(paths)
