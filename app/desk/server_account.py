"""Calls beside the syncer's, on a connection of their own: admin actions, bundle, files, sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from app.desk.door import DeskDoor
from app.desk.kept_session import KeptSession
from protocol.ids import WorkspaceId
from protocol.wire import Session
from sync_client import (
    CodeNeeded,
    Credentials,
    Http,
    SessionEnded,
    WorkspaceCalls,
    end_own_session,
    name_session,
)
from vault.keys import Derived
from vault.profile import Profile

T = TypeVar("T")


class ServerAccount:
    """Signs in when first needed, keeps the session, signs in again where it ended. One call at a time."""

    def __init__(
        self,
        profile: Profile,
        derived: Derived,
        new_http: Callable[[], Http],
        kept: KeptSession,
        notice: Callable[[BaseException], object] = lambda error: None,
        device_name: str = "",
    ) -> None:
        """`notice` hears of every error that leaves a session's block: what is an alarm is recorded there."""
        self.door = DeskDoor(profile.handle, derived, kept, device_name)
        self._new_http = new_http
        self._notice = notice
        self._http: Http | None = None
        self._lock = threading.Lock()

    @property
    def credentials(self) -> Credentials:
        return self.door.credentials

    def use_login(self, derived: Derived) -> None:
        """Another login key, after a change of password. The session goes on where the server lets it."""
        self.door.use_login(derived)
        with self._lock:
            self._forget()

    def take_session(self, session: Session) -> None:
        """Use a session that was begun before this desk had a device of its own (slow). Raises SyncError."""
        self.door.take(session)
        with self._lock:
            self._forget()
        with self.session() as http:
            name_session(http, self.credentials.device_name)

    def enter_code(self, code: str) -> None:
        """Begin a session with a code of the second factor (slow). Raises SyncError, CodeNeeded for a wrong one."""
        http = self._new_http()
        try:
            self.door.enter_with_code(http, code)
        finally:
            http.close()

    def enter_anew(self) -> None:
        """Begin a session by bringing the account forward (slow); where that needs a code, the old session ends, so
        that one is asked for. Raises SyncError, CodeNeeded."""
        with self._lock:
            http, self._http = self._http, None
            self.door.anew()
            try:
                self._http = self._signed_in()
            except CodeNeeded:
                if http is not None:
                    end_own_session(http)
                raise
            finally:
                if http is not None:
                    http.close()

    def ask(self, question: Callable[[Http], T]) -> T:
        """One question, which may be put twice: a session that has ended meanwhile is begun anew. Raises SyncError."""
        try:
            with self.session() as http:
                return question(http)
        except SessionEnded:
            with self.session() as http:
                return question(http)

    @contextmanager
    def session(self) -> Iterator[Http]:
        """A signed-in connection (slow the first time). Raises SyncError.

        Where the session has ended meanwhile, the call in the block fails with SessionEnded and the next one
        signs in anew.
        """
        with self._lock:
            try:
                http = self._http
                if http is None:
                    http = self._http = self._signed_in()
                yield http
            except SessionEnded:
                if self._http is not None:
                    self.door.ended(self._http.session_token)
                self._forget()
                raise
            except Exception as error:
                self._notice(error)
                raise

    @contextmanager
    def calls(self, workspace: WorkspaceId) -> Iterator[WorkspaceCalls]:
        with self.session() as http:
            yield WorkspaceCalls(http, workspace)

    def close(self) -> None:
        """End, with the login key dropped: what is left cannot sign in."""
        with self._lock:
            self._forget()
        self.door.close()

    def _signed_in(self) -> Http:
        http = self._new_http()
        try:
            self.door.enter(http)
        except BaseException:
            http.close()
            raise
        return http

    def _forget(self) -> None:
        http, self._http = self._http, None
        if http is not None:
            http.close()
