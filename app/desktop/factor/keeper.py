"""Says in the window that the server asks for a code, or that the workspace demands a second factor, and leads there.

Nothing is held up by it: records open and change as ever, and go out when the code was typed.
"""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.desktop.context import Context
from app.desktop.factor.code_dialog import code_to_sign_in
from app.desktop.factor.setup_dialog import SetupDialog
from app.desktop.shell import Shell
from app.desktop.widgets import Banner, Modal
from sync_client import CodeNeeded, FactorMissing, Phase, SyncState


class FactorKeeper(QObject):
    """One for a window. `open_dialog` is what the banner does, and the chip."""

    def __init__(self, context: Context, shell: Shell) -> None:
        super().__init__(shell)
        self._context, self._shell = context, shell
        self.banner: Banner | None = None
        self.dialog: Modal | None = None
        self._wanted: type[CodeNeeded] | type[FactorMissing] | None = None
        context.sync_changed.connect(self._changed)
        self._changed(context.desk.sync_state)

    @property
    def is_wanted(self) -> bool:
        """Whether synchronising waits for the user to do something here."""
        return self._wanted is not None

    def open_dialog(self) -> None:
        """The code, or the set-up, whichever is wanted."""
        if self.dialog is not None or self._wanted is None:
            return
        desk = self._context.desk
        if self._wanted is CodeNeeded:
            self.dialog = code_to_sign_in(self._shell, desk)
        else:
            setup = SetupDialog(self._shell, desk, demanded=True)
            setup.set_up.connect(desk.wake)
            self.dialog = setup
        self.dialog.closed.connect(self._closed)
        self.dialog.open_overlay()

    def _closed(self) -> None:
        self.dialog = None

    def _changed(self, state: SyncState) -> None:
        wanted: type[CodeNeeded] | type[FactorMissing] | None = self._wanted
        if state.phase is Phase.HALTED:
            wanted = next(
                (kind for kind in (CodeNeeded, FactorMissing) if isinstance(state.error, kind)), None
            )
        elif state.phase in (Phase.IDLE, Phase.WORKING):
            wanted = None
        if wanted is self._wanted:
            return
        self._wanted = wanted
        self._show()

    def _show(self) -> None:
        if self.banner is not None:
            self.banner.hide()
            self.banner.deleteLater()
            self.banner = None
        if self._wanted is CodeNeeded:
            self.banner = Banner(
                "Go on working; your changes are sent when you have signed in again.",
                severity="info",
                title="The server asks for your code",
                action="Enter code",
                on_action=self.open_dialog,
            )
        elif self._wanted is FactorMissing:
            self.banner = Banner(
                "The server lets nothing through until you have set one up. What is on this computer stays open.",
                severity="warning",
                title="A second factor is demanded of you",
                action="Set it up",
                on_action=self.open_dialog,
            )
        if self.banner is not None:
            self._shell.notices.addWidget(self.banner)
