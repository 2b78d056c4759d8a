"""The composition root of an unlocked desk: context, shell, pages, and what connects them.

Made at each unlock, taken apart at each lock: nothing of a record outlives it. Pages know the context only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.factor import FactorKeeper
from app.desktop.help_menu import HelpMenu
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.audit import AuditPage
from app.desktop.pages.exporting import TransferCard
from app.desktop.pages.lists import ListPage
from app.desktop.pages.record import NewRecordDialog, RecordPage
from app.desktop.pages.server_view import ServerViewPage
from app.desktop.pages.settings import SettingsPage
from app.desktop.pages.team import TeamPage
from app.desktop.recovery_notice import RecoveryNotice
from app.desktop.shell import Shell
from app.desktop.sidebar_counts import SidebarCounts
from app.desktop.standing_notices import StandingNotices
from app.desktop.sync_chip import SyncChipKeeper
from app.desktop.sync_sheet import SyncSheet
from app.desktop.transfers import Transfers
from app.desktop.viewmodels.global_search import GlobalSearch
from app.desktop.viewmodels.shown import PAGE_OF
from app.desktop.widgets import Banner, Severity
from vault.store import RecordKey

TYPE_OF_PAGE = {page: type_name for type_name, page in PAGE_OF.items()}


class DeskWindow(QObject):
    """`lock_wanted`, `trial_left` and `closing` are the user's wishes; `close_down` ends it."""

    lock_wanted = Signal()
    workspace_wanted = Signal()  # from the trial to a real one
    closing = Signal()

    def __init__(
        self,
        desk: Desk,
        settings: QSettings,
        idle: IdleWatch,
        keeping: Keeping,
        *,
        trial: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.context = Context(desk, self)
        person = f"{desk.my_name}, trial" if trial else desk.my_name
        self.shell = Shell(workspace=desk.workspace_name, person=person, settings=settings)
        self.chip = SyncChipKeeper(self.context, self.shell)
        self.factor = FactorKeeper(self.context, self.shell)
        self.search = GlobalSearch(self.context)
        self.counts = SidebarCounts(self.context, self.shell)
        self.transfers = Transfers(self.context, self.shell)
        self.sheet: SyncSheet | None = None
        self.dialog: NewRecordDialog | None = None
        if trial:
            self._mark_as_trial()
        self._add_pages(settings, idle, keeping)
        self.standing = StandingNotices(self.context, self.shell)
        self.standing.support_over.connect(self.lock_wanted)
        self.recovery = RecoveryNotice(self.context, self.shell)
        self.help = HelpMenu(self.context, self.shell, settings, self.standing)
        self._connect()
        self.shell.show_page(self.shell.sidebar.page_keys()[0])

    def show(self) -> None:
        self.shell.show()
        self.desk.start_sync()

    def close_down(self) -> None:
        """Hear no more, drop every page. The desk is locked by whoever opened it."""
        self.chip.stop()
        self.standing.stop()
        self.recovery.stop()
        self.context.close()
        self.shell.blockSignals(True)
        for timer in self.shell.findChildren(QTimer):  # none may fire between the lock and the deletion
            timer.stop()
        self.shell.hide()
        self.shell.deleteLater()
        self.deleteLater()

    # pages

    def _add_pages(self, settings: QSettings, idle: IdleWatch, keeping: Keeping) -> None:
        for key, type_name in TYPE_OF_PAGE.items():
            page = ListPage(
                self.context,
                type_name,
                export=self.transfers.export,
                import_file=self.transfers.import_file,
                settings=settings,
            )
            self.shell.add_page(key, page)
        self.record = RecordPage(self.context)
        self.record.title_changed.connect(self._title_record)
        self.shell.add_page("record", self.record)
        self.shell.add_page("team", TeamPage(self.context))
        self.shell.add_page("audit", AuditPage(self.context))
        self.shell.add_page("server", ServerViewPage(self.context))
        own = SettingsPage(self.context, settings, idle, keeping)
        own.lock_wanted.connect(self.lock_wanted)
        own.insert_card(3, TransferCard(self.transfers.import_file, self.transfers.export_everything))
        self.shell.add_page("settings", own)

    # connections

    def _connect(self) -> None:
        shell, context = self.shell, self.context
        shell.lock_requested.connect(self.lock_wanted)
        shell.closing.connect(self.closing)
        shell.sync_requested.connect(self.desk.wake)
        shell.topbar.sync_clicked.connect(self.open_sync_sheet)
        shell.new_requested.connect(self._new_from_page)
        self.search.attach(shell, lambda: [*self.transfers.commands(), *self.help.commands()])
        context.said.connect(self._say)
        context.offered.connect(self._offer)
        context.page_wanted.connect(shell.show_page)
        context.record_wanted.connect(self.show_record)
        context.new_wanted.connect(self.make_record)

    def show_record(self, key: RecordKey) -> None:
        """Bring the page of a record to the front."""
        self.shell.show_page("record")
        if key.type in PAGE_OF:
            self.shell.sidebar.set_current(PAGE_OF[key.type])
        self.record.show_record(key)

    def _title_record(self, title: str) -> None:
        if self.shell.current_page() == "record":
            self.shell.set_title(title)

    def _say(self, text: str, severity: str) -> None:
        known: dict[str, Severity] = {
            "info": "info",
            "success": "success",
            "warning": "warning",
            "error": "error",
        }
        self.shell.toasts.show_toast(text, severity=known.get(severity, "info"))

    def _offer(self, text: str, action: str, on_action: Callable[[], object]) -> None:
        self.shell.toasts.show_toast(text, severity="success", action=action, on_action=on_action, seconds=20)

    def _new_from_page(self, page: str) -> None:
        type_name = TYPE_OF_PAGE.get(page)
        if type_name is not None:
            self.context.new_record(type_name)

    def make_record(self, type_name: str, values: object) -> None:
        """The dialog for a new record; where it was asked for from a list, the record is shown afterwards."""
        if not self.desk.group_choices(type_name):
            self._say("Your role does not let you add this anywhere. Ask your Team Admin.", "warning")
            return
        first = values if isinstance(values, Mapping) else {}
        self.dialog = NewRecordDialog(self.shell, self.context, type_name, first)
        self.dialog.made.connect(self._made)
        self.dialog.closed.connect(self._dialog_closed)
        self.dialog.open_overlay()

    def _made(self, key: RecordKey) -> None:
        if self.shell.current_page() != "record":
            self.show_record(key)

    def _dialog_closed(self) -> None:
        self.dialog = None

    def open_sync_sheet(self) -> None:
        """What happened, what waits, what to do; where a code is all that is missing, the field for it."""
        if self.factor.is_wanted:
            self.factor.open_dialog()
        elif self.sheet is None:
            self.sheet = SyncSheet(self.shell, self.context)
            self.sheet.closed.connect(self._sheet_closed)
            self.sheet.open_overlay()

    def _sheet_closed(self) -> None:
        self.sheet = None

    def _mark_as_trial(self) -> None:
        banner: QWidget = Banner(
            "You are trying Tacit with made-up data on this computer alone.",
            severity="info",
            action="Make a workspace for your team",
            on_action=self.workspace_wanted.emit,
        )
        self.shell.notices.addWidget(banner)
