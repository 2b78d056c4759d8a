"""What other processes have done, by PostgreSQL's NOTIFY: it arrives when their transaction has committed.

Each notice begins with a mark of the process that gave it, which passes over its own. A thread with a connection of
its own listens; where that breaks, it says that news may have been missed, and connects anew.
"""

from __future__ import annotations

import threading

import psycopg
import sqlalchemy as sa

from protocol.errors import ProtocolError
from protocol.ids import WorkspaceId
from server.errors import ServerError
from server.journal import journal
from server.storage.interface import News

CHANNEL = "tacit"
WORKSPACE, SESSION = "workspace", "session"
LOOK_SECONDS = 0.5  # how often the thread looks whether it should end
AGAIN_SECONDS = 2.0

_tell = sa.select(sa.func.pg_notify(CHANNEL, sa.bindparam("notice")))


class Teller:
    """Gives notices inside transactions, with this process's mark."""

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def workspace_moved(self, connection: sa.Connection, workspace: WorkspaceId) -> None:
        connection.execute(_tell, {"notice": f"{self.mark} {WORKSPACE} {workspace.hex()}"})

    def session_ended(self, connection: sa.Connection, session: bytes) -> None:
        connection.execute(_tell, {"notice": f"{self.mark} {SESSION} {session.hex()}"})


class Listener(threading.Thread):
    """Hands notices of other processes to `news` until `stop`."""

    def __init__(self, engine: sa.Engine, mark: str, news: News) -> None:
        super().__init__(name="news", daemon=True)
        self._engine = engine
        self._mark = mark
        self._news = news
        self._ending = threading.Event()
        self.listening = threading.Event()

    def stop(self) -> None:
        self._ending.set()
        self.join()

    def run(self) -> None:
        while not self._ending.is_set():
            try:
                self._listen()
            except (psycopg.Error, sa.exc.SQLAlchemyError, ServerError, ProtocolError) as error:
                self.listening.clear()
                journal().warning("news-cut", error=type(error).__name__)
                self._ending.wait(AGAIN_SECONDS)

    def _listen(self) -> None:
        arguments, options = self._engine.dialect.create_connect_args(self._engine.url)
        with psycopg.connect(*arguments, **options, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self._news.missed()  # what happened while nobody listened
            self.listening.set()
            while not self._ending.is_set():
                for notice in connection.notifies(timeout=LOOK_SECONDS):
                    self._hand_on(notice.payload)

    def _hand_on(self, payload: str) -> None:
        mark, _, rest = payload.partition(" ")
        if mark == self._mark:
            return
        kind, _, digits = rest.partition(" ")
        try:
            subject = bytes.fromhex(digits)
        except ValueError:
            return  # whoever may write to the database may say anything on the channel
        if kind == WORKSPACE:
            self._news.workspace_moved(subject)
        elif kind == SESSION:
            self._news.session_ended(subject)
