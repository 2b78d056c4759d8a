"""What the page of a record does about who sees it: the sheet of who can, another owner, and where the record went."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.desk.homes import member_of
from app.desk.moving import MovePlan
from app.desktop.context import Context
from app.desktop.pages.moving import MoveDialog, ShareSheet
from app.desktop.viewmodels.lanes import read
from app.desktop.viewmodels.moving import Kind, Offer, Place
from app.desktop.viewmodels.record_state import RecordState
from vault.store import Record, RecordKey


class RecordSharing(QObject):
    """``put_wanted()``: the owner that was chosen moves nothing, and is to be stored as any field. ``settled()``: what
    is shown has to be read again."""

    put_wanted = Signal(object, object)  # Record, the value
    settled = Signal()

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._page = context, page
        self.sheet: ShareSheet | None = None
        self.dialog: MoveDialog | None = None

    def open_sheet(self, state: RecordState) -> None:
        """Who can see it, and why."""
        self.sheet = ShareSheet(self._page.window(), self._context, state.record)
        self.sheet.moved.connect(lambda _: self.settled.emit())
        self.sheet.closed.connect(self._sheet_closed)
        self.sheet.open_overlay()

    def _sheet_closed(self) -> None:
        self.sheet = None

    def set_owner(self, record: Record, value: object) -> None:
        """Another owner: where that moves the record, its consequences are shown first."""
        chosen = value if isinstance(value, str) and value else None
        member = member_of(chosen)
        if member is None:
            self.put_wanted.emit(record, chosen)
            return
        desk, key = self._context.desk, record.key

        def came(plan: MovePlan | None) -> None:
            if plan is None:
                self.put_wanted.emit(record, chosen)
                return
            name = desk.name("member", member)
            place = Offer(Place(Kind.OWNER, member), name, "user")
            self.dialog = MoveDialog(
                self._page.window(),
                self._context,
                [key],
                [place],
                title=f"Hand over to {name}?",
                confirm="Hand over",
            )
            self.dialog.closed.connect(self._dialog_closed)
            self.dialog.open_overlay()

        read(self._context, lambda: desk.acts.moving.owner_move(key, chosen), came, self)

    def _dialog_closed(self) -> None:
        self.dialog = None
        self.settled.emit()

    def bring(self, key: RecordKey) -> None:
        """The commercial fields that stayed behind come after it."""
        desk = self._context.desk

        def done(count: int) -> None:
            if count:
                self._context.say("Costs and margins are on their way.")

        self._context.run(lambda progress: desk.acts.margins.bring(key), owner=self, done=done)


__all__ = ["RecordSharing"]
