"""This account's sessions at the server, with a way to end each."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.desk.sessions import OwnSession, end_all_others, end_own_session, own_sessions
from app.desktop.background import Progress
from app.desktop.context import Context
from app.desktop.problems import words_for
from app.desktop.sync_words import ago
from app.desktop.widgets import Badge, Button, Card, Icon, Label, Line, column, row


class SessionsCard(Card):
    """Sessions, from the server; asked for each time the page is shown."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(
            "Signed in at the server",
            subtitle="A computer that you sign out signs in again by itself while it is unlocked, unless your account "
            "asks for a second factor. One that is lost is revoked under “Your computers”.",
            parent=parent,
        )
        self._context = context
        self._asking = self._again = False
        self.sessions: list[OwnSession] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self.body.addLayout(self._list)
        self.others = Button("Sign out all others", icon_name="logout", on_click=self._end_others)
        self.body.addLayout(row(self.others, None))
        self.others.hide()
        self._say("Asking the server…")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def refresh(self) -> None:
        """Ask again; while an answer is on its way, once more after it."""
        if self._asking:
            self._again = True
            return
        self._asking, self._again = True, False
        desk = self._context.desk

        def task(progress: Progress) -> list[OwnSession]:
            return own_sessions(desk)

        self._context.run(task, owner=self, done=self._came, failed=self._failed)

    def _came(self, sessions: list[OwnSession]) -> None:
        self._asking = False
        if self._again:
            self.refresh()
            return
        self.sessions = sessions
        self._clear()
        for n, session in enumerate(self.sessions):
            if n:
                self._list.addWidget(Line())
            self._list.addWidget(self._row(session))
        self.others.setVisible(len(sessions) > 1)
        self.others.setEnabled(True)

    def _row(self, session: OwnSession) -> QWidget:
        now = datetime.now().astimezone().timestamp()
        began = datetime.fromtimestamp(session.created).astimezone()
        name = session.device or "A computer that gave no name"
        since = f"Since {began.day} {began:%B, %H:%M}, last seen {ago(max(0.0, now - session.last_seen))}"
        words = column(Label(name), Label(since, scale="small", tone="muted"), gap=2)
        holder = QWidget()
        parts: list[QWidget | QLayout | None] = [Icon("device"), words]
        if session.current:
            parts += [Badge("this computer", tone="accent"), None]
        else:
            end = Button("Sign out", compact=True, on_click=lambda: self._end(session))
            end.setAccessibleName(f"Sign out {name}, signed in since {began:%H:%M}")
            parts += [None, end]
        holder.setLayout(row(*parts, gap=10))
        return holder

    def _end(self, session: OwnSession) -> None:
        desk = self._context.desk

        def task(progress: Progress) -> None:
            end_own_session(desk, session.id)

        self._context.run(task, owner=self, done=lambda _: self.refresh())

    def _end_others(self) -> None:
        self.others.setEnabled(False)
        desk = self._context.desk

        def task(progress: Progress) -> None:
            end_all_others(desk)

        self._context.run(task, owner=self, done=lambda _: self.refresh(), failed=self._not_ended)

    def _not_ended(self, error: Exception) -> None:
        self.others.setEnabled(True)
        self._context.complain(error)

    def _failed(self, error: Exception) -> None:
        self._asking = False
        words = words_for(error)
        if words is None:
            raise error
        self.others.hide()
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
