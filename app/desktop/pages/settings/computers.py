"""Computers of this account, from the roster: which there are, adding one, revoking one that is lost."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.desk.devices import Computer, computers
from app.desk.sessions import own_sessions
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.keeping import Keeping
from app.desktop.pages.settings.add_computer import AddComputerDialog
from app.desktop.pages.settings.revoke_dialog import RevokeDialog
from app.desktop.problems import words_for
from app.desktop.sync_words import ago
from app.desktop.widgets import Badge, Button, Card, Icon, Label, Line, Modal, column, row
from vault.store import VaultClosed


class ComputersCard(Card):
    """One line for each; the server's word on when each was last seen comes later, or not at all."""

    def __init__(self, context: Context, keeping: Keeping, parent: QWidget | None = None) -> None:
        self.add_button = Button(
            "Add a computer…", icon_name="plus", compact=True, on_click=self.add_computer
        )
        super().__init__(
            "Your computers",
            subtitle="Each signs with a key of its own. Revoke one that is lost, stolen or sold.",
            actions=[self.add_button],
            parent=parent,
        )
        self._context, self._keeping = context, keeping
        self._seen: dict[str, int] = {}
        self._asking = False
        self.open: Modal | None = None
        self.rows: dict[bytes, Button | None] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.body.addLayout(self._list)
        self._shown: tuple[object, ...] = ()
        context.sync_changed.connect(self._moved)  # a method: it ends with this object
        self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._ask()

    def _moved(self, _: object) -> None:
        with suppress(VaultClosed):  # the desk was locked, and this page goes with it
            self.refresh()

    def refresh(self) -> None:
        """Show what the roster says now."""
        if self._context.is_closed:
            return
        found = computers(self._context.desk)
        shown = (tuple(found), tuple(sorted(self._seen.items())))
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        self.rows = {}
        for n, computer in enumerate(found):
            if n:
                self._list.addWidget(Line())
            self._list.addWidget(self._row(computer))

    def _row(self, computer: Computer) -> QWidget:
        added = datetime.fromtimestamp(computer.added).astimezone()
        told = f"Added {added.day} {added:%B %Y}"
        seen = self._seen.get(computer.name)
        if seen and not computer.revoked and not computer.is_this:
            now = datetime.now().astimezone().timestamp()
            told += f", last seen {ago(max(0.0, now - seen))}"
        words = column(
            Label(computer.name, selectable=True, tone="faint" if computer.revoked else "text"),
            Label(told, scale="small", tone="muted"),
            gap=2,
        )
        parts: list[QWidget | QLayout | None] = [Icon("device"), words]
        if computer.is_this:
            parts += [Badge("this computer", tone="accent"), None]
        elif computer.revoked:
            parts += [Badge("revoked", tone="danger"), None]
        else:
            revoke = Button(
                "Revoke…", kind="danger-quiet", compact=True, on_click=lambda: self.revoke(computer)
            )
            revoke.setAccessibleName(f"Revoke {computer.name}")
            self.rows[computer.id] = revoke
            parts += [None, revoke]
        holder = QWidget()
        holder.setLayout(row(*parts, gap=10))
        return holder

    def add_computer(self) -> None:
        """The code for a new computer, after the password."""
        self._open(AddComputerDialog(self.window(), self._context, self._keeping))

    def revoke(self, computer: Computer) -> None:
        """What will happen, the password, the new Kit, then it."""
        self._open(RevokeDialog(self.window(), self._context, self._keeping, computer))

    def _open(self, dialog: Modal) -> None:
        self.open = dialog
        dialog.closed.connect(self._closed)
        dialog.open_overlay()

    def _closed(self) -> None:
        self.open = None
        self.refresh()

    def _ask(self) -> None:
        """When the server last saw each: its word, and shown where it is there."""
        if self._asking:
            return
        self._asking = True
        desk = self._context.desk

        def task(progress: Progress) -> dict[str, int]:
            seen: dict[str, int] = {}
            for session in own_sessions(desk):
                seen[session.device] = max(session.last_seen, seen.get(session.device, 0))
            return seen

        self._context.run(task, owner=self, done=self._saw, failed=self._did_not_see)

    def _saw(self, seen: dict[str, int]) -> None:
        self._asking = False
        self._seen = seen
        self.refresh()

    def _did_not_see(self, error: Exception) -> None:
        self._asking = False
        if words_for(error) is None:
            raise error

    def _clear(self) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
