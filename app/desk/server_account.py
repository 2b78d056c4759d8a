"""Calls that need a session of their own, beside the syncer's: admin actions, bundle, files, sessions."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.desk.kept_session import KeptSession
from protocol.ids import WorkspaceId
from protocol.signing import Namespace
from sync_client import Credentials, Http, SessionEnded, WorkspaceCalls, sign_in
from vault.keys import Derived
from vault.profile import Profile
from vault.store import VaultClosed


class ServerAccount:
    """Signs in when first needed, keeps the session, signs in again where it ended. One call at a time."""

    def __init__(
        self,
        profile: Profile,
        derived: Derived,
        new_http: Callable[[], Http],
        kept: KeptSession,
        notice: Callable[[BaseException], object] = lambda error: None,
    ) -> None:
        """`notice` hears of every error that leaves a session's block: what is an alarm is recorded there."""
        self.credentials = Credentials(profile.handle, derived.login.sign)
        self._new_http = new_http
        self._kept = kept
        self._notice = notice
        self._http: Http | None = None
        self._lock = threading.Lock()

    def use_login(self, derived: Derived) -> None:
        """Another login key, after a change of password; the session is begun anew."""
        with self._lock:
            self.credentials = Credentials(self.credentials.handle, derived.login.sign)
            self._forget()

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
                self._forget()
                self._kept.save(b"")
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
            self.credentials = Credentials(self.credentials.handle, _locked)

    def _signed_in(self) -> Http:
        http = self._new_http()
        try:
            token = self._kept.load()
            if token:
                http.use_session(token)
            else:
                sign_in(http, self.credentials)
                self._kept.save(http.session_token)
        except BaseException:
            http.close()
            raise
        return http

    def _forget(self) -> None:
        http, self._http = self._http, None
        if http is not None:
            http.close()


def _locked(namespace: Namespace, body: bytes) -> bytes:
    raise VaultClosed
