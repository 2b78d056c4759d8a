"""What must not wait until somebody opens the settings: a colleague who asks for help, somebody who asks as oneself."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desktop.context import Context
from app.desktop.pages.settings import SettingsPage
from app.desktop.shell import Shell
from app.desktop.widgets import Banner
from vault.store import VaultClosed

SETTINGS = "settings"


class RecoveryNotice(QObject):
    """One for a window: banners between the top bar and the pages, for as long as it is so."""

    _came = Signal()

    def __init__(self, context: Context, shell: Shell) -> None:
        super().__init__(shell)
        self._context, self._shell = context, shell
        self.banners: list[Banner] = []
        self._shown: tuple[object, ...] = ()
        self.box = QWidget()
        self._layout = QVBoxLayout(self.box)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.box.hide()
        shell.notices.addWidget(self.box)
        self._came.connect(self.look, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = context.desk.recovery.on_news(self._came.emit)
        context.sync_changed.connect(self._moved)  # a method: it ends with this object
        self.look()

    def stop(self) -> None:
        """Hear no more, before the desk is locked."""
        self._unsubscribe()

    def _moved(self, _: object) -> None:
        with suppress(VaultClosed):  # the desk was locked, and this page goes with it
            self.look()

    def look(self) -> None:
        """Show what the desk knows; nothing slow."""
        if self._context.is_closed:
            return
        desk = self._context.desk
        asked, status = desk.recovery.asked(), desk.recovery.status()
        shown: tuple[object, ...] = (asked, status.needs_renewal, status.still_works)
        if shown == self._shown:
            return
        self._shown = shown
        for banner in self.banners:
            self._layout.removeWidget(banner)
            banner.hide()
            banner.deleteLater()
        self.banners = []
        for each in asked:
            if each.mine:
                self._add(
                    "error",
                    "Somebody asks to get back in as you",
                    "If it is not you, tell your colleagues that they must not help, and stop it.",
                )
            elif not each.released:
                name = desk.name("member", each.member)
                text = f"Phone {name}, and compare the code before you help."
                self._add("warning", f"{name} asks for help to get back in", text)
        if status.needs_renewal:
            text = "Keys have changed, so parts that your colleagues hold no longer serve."
            self._add("warning", "Getting back in with colleagues\u2019 help has to be set up again", text)
        self.box.setVisible(bool(self.banners))

    def _show(self) -> None:
        """The card where it is, on the settings page."""
        self._context.open_page(SETTINGS)
        page = self._shell.page(SETTINGS)
        if isinstance(page, SettingsPage):
            QTimer.singleShot(0, page, lambda: page.ensureWidgetVisible(page.recovery, 0, 20))

    def _add(self, severity: str, title: str, text: str) -> None:
        banner = Banner(
            text,
            severity="error" if severity == "error" else "warning",
            title=title,
            action="Show",
            on_action=self._show,
        )
        self.banners.append(banner)
        self._layout.addWidget(banner)
