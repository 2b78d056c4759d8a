"""Computers of this account, and its sessions at the server, with a way to end each."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.desk.team import DeviceStatus
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.sync_words import ago
from app.desktop.widgets import Badge, Button, Card, Icon, Label, Line, row
from protocol.wire import SessionInfo
from sync_client import end_session, read_sessions


class DevicesCard(Card):
    """Computers, from the roster."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            "Your computers",
            subtitle="Each signs with a key of its own.",
            parent=parent,
        )
        desk = context.desk
        self.body.setSpacing(10)
        for device in desk.team().member(desk.me).devices:
            marks: list[QWidget] = []
            if device.is_this:
                marks.append(Badge("this computer", tone="accent"))
            if device.status is DeviceStatus.REVOKED:
                marks.append(Badge("revoked", tone="danger"))
            self.body.addLayout(
                row(Icon("device"), Label(device.name, selectable=True), *marks, None, gap=10)
            )


class SessionsCard(Card):
    """Sessions, from the server; asked for each time the page is shown."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            "Signed in at the server",
            subtitle="A computer that is unlocked signs in again by itself, without asking you.",
            parent=parent,
        )
        self._context = context
        self._asking = False
        self.sessions: list[SessionInfo] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.body.addLayout(self._list)
        self._say("Asking the server…")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        if self._asking:
            return
        self._asking = True
        desk = self._context.desk

        def task(progress: Progress) -> list[SessionInfo]:
            with desk.account.session() as http:
                return read_sessions(http)

        self._context.run(task, owner=self, done=self._came, failed=self._failed)

    def _came(self, sessions: list[SessionInfo]) -> None:
        self._asking = False
        self.sessions = sorted(sessions, key=lambda one: (not one.current, -one.last_seen))
        self._clear()
        for n, session in enumerate(self.sessions):
            if n:
                self._list.addWidget(Line())
            self._list.addWidget(self._row(session))

    def _row(self, session: SessionInfo) -> QWidget:
        now = datetime.now().astimezone().timestamp()
        began = datetime.fromtimestamp(session.created).astimezone()
        words = Label(f"Since {began.day} {began:%B, %H:%M}")
        seen = Label(f"last seen {ago(max(0.0, now - session.last_seen))}", scale="small", tone="faint")
        holder = QWidget()
        parts: list[QWidget | None] = [words, seen]
        if session.current:
            parts += [Badge("this window", tone="accent"), None]
        else:
            end = Button("Sign out", compact=True, on_click=lambda: self._end(session))
            end.setAccessibleName(f"Sign out the session since {began:%H:%M}")
            parts += [None, end]
        holder.setLayout(row(*parts, gap=10))
        return holder

    def _end(self, session: SessionInfo) -> None:
        desk = self._context.desk

        def task(progress: Progress) -> None:
            with desk.account.session() as http:
                end_session(http, session.id)

        self._context.run(task, owner=self, done=lambda _: self.refresh())

    def _failed(self, error: Exception) -> None:
        self._asking = False
        words = words_for(error)
        if words is None:
            raise error
        self._say(words.message)

    def _say(self, text: str) -> None:
        self._clear()
        self._list.addWidget(Label(text, tone="muted", wrap=True))

    def _clear(self) -> None:
        while self._list.count():
            item = self._list.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
