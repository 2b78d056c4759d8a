"""What stands between the top bar and the pages for as long as it is so: alarms, and support that was let in.

Neither is a dialog: one goes on working. Both come from what the vault keeps, so they are there again after a lock or
a restart.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.alarms import Alarm
from app.desk.support import SupportOver, Visit
from app.desktop.alarm_sheet import AlarmSheet
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.shell import Shell
from app.desktop.widgets import Banner, ConfirmDialog

TICK_MS = 20_000
SOON_MS = 150


class StandingNotices(QObject):
    """One for a window. `support_over`: this is a desk of support, and its time is over."""

    support_over = Signal()

    _came = Signal()

    def __init__(self, context: Context, shell: Shell) -> None:
        super().__init__(shell)
        self._context, self._shell = context, shell
        self.sheet: AlarmSheet | None = None
        self.dialog: ConfirmDialog | None = None
        self.alarms: list[Alarm] = []
        self.visits: list[Visit] = []
        self._shown: tuple[object, ...] = ()
        self.box = QWidget()
        self._layout = QVBoxLayout(self.box)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self.box.hide()
        shell.notices.addWidget(self.box)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.look)
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self.look)
        self._tick.start()
        self._came.connect(self._look_soon, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = context.desk.alarms.on_change(self._came.emit)
        context.changed.connect(lambda _: self._look_soon())
        context.sync_changed.connect(lambda _: self._look_soon())
        self.look()

    def stop(self) -> None:
        """Hear no more, before the desk is locked."""
        self._unsubscribe()
        self._tick.stop()
        self._soon.stop()

    def _look_soon(self) -> None:
        if self._tick.isActive() and not self._soon.isActive():
            self._soon.start()

    def look(self) -> None:
        """Ask the desk, off this thread, and show."""
        if self._context.is_closed:
            return
        desk = self._context.desk
        self._shell.sidebar.set_shown("audit", desk.audit.may_see())

        def task(progress: Progress) -> tuple[list[Alarm], list[Visit], bool]:
            try:
                desk.support.check()
            except SupportOver:
                return [], [], True
            return desk.alarms.open(), desk.support.running(), False

        self._context.run(task, owner=self, done=self._found, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        """The desk may have been locked while it was asked."""
        if not self._context.is_closed:
            self._context.complain(error)

    def _found(self, found: tuple[list[Alarm], list[Visit], bool]) -> None:
        if self._context.is_closed:
            return
        self.alarms, self.visits, over = found
        if over:
            self._tick.stop()
            self.support_over.emit()
            return
        shown = (*((one.kind, one.rule, one.log) for one in self.alarms), *self.visits)
        if shown != self._shown:
            self._shown = shown
            self._fill()

    def _fill(self) -> None:
        while self._layout.count():
            item = self._layout.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if self.alarms:
            self._layout.addWidget(self._alarm_banner())
        for visit in self.visits:
            self._layout.addWidget(self._support_banner(visit))
        self.box.setVisible(bool(self.alarms or self.visits))

    def _alarm_banner(self) -> QWidget:
        newest = self.alarms[0]
        more = len(self.alarms) - 1
        text = newest.words.happened
        if more:
            text += f" And {more} more {'alarm' if more == 1 else 'alarms'}."
        return Banner(
            text, severity="error", title=newest.words.title, action="What to do", on_action=self.open_alarms
        )

    def _support_banner(self, visit: Visit) -> QWidget:
        me = self._context.desk.me
        return Banner(
            visit.sentence(me),
            severity="warning",
            action="Leave now" if visit.member == me else "End now",
            on_action=partial(self.ask_to_end, visit),
        )

    # what the user does

    def open_alarms(self) -> None:
        """The sheet with all of them."""
        if self.sheet is None:
            self.sheet = AlarmSheet(self._shell, self._context)
            self.sheet.closed.connect(self._sheet_closed)
            self.sheet.open_overlay()

    def _sheet_closed(self) -> None:
        self.sheet = None

    def ask_to_end(self, visit: Visit) -> None:
        """Says what will happen, then ends it."""
        mine = visit.member == self._context.desk.me
        who = "You" if mine else f"Support ({visit.name})"
        sentences = [
            f"{who} will read nothing more of {visit.what}; the keys of these parts change before anything else is "
            "written there.",
            "What was read until now may have been copied.",
            "It cannot be undone: an owner can let support in again.",
        ]
        self.dialog = ConfirmDialog(
            self._shell, "End support now?", sentences, confirm="End support", danger=True
        )
        self.dialog.accepted.connect(partial(self._end, visit))
        self.dialog.open_overlay()

    def _end(self, visit: Visit) -> None:
        support = self._context.desk.support

        def ended(_: None) -> None:
            self._context.say("Support has ended. The keys have changed.")
            self.look()

        self._context.run(lambda progress: support.end(visit), owner=self, done=ended)
