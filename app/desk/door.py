"""The way into the server: the login key, the kept session, and the code of the second factor where one is asked for.

All connections of a desk enter here and share one session, so that a code is typed once and not by each of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.desk.kept_session import KeptSession
from protocol.signing import Namespace
from protocol.wire import ErrorCode, Session
from sync_client import (
    CancelToken,
    CodeNeeded,
    Credentials,
    Http,
    MakeForward,
    ServerRefused,
    SignInRefused,
    sign_in,
)
from vault.keys import Derived, LoginKey
from vault.store import VaultClosed

TRIES = 3

AskCode = Callable[[bool], str]
"""Asks a person for a code; told whether the one before was wrong. Gives "" where he has none."""


class DeskDoor:
    """`sync_client.Door` of one desk. `ask` is set by programs that can ask at once, such as the command line."""

    def __init__(self, handle: str, derived: Derived, kept: KeptSession, device_name: str) -> None:
        """`device_name` is what the server lists the session under: the device's id, which it knows, not a name."""
        self.credentials = Credentials(handle, derived.login.sign, device_name)
        self.ask: AskCode | None = None
        self._login: LoginKey | None = derived.login
        self._maker: Callable[[LoginKey], MakeForward | None] = lambda login: None
        self._brought: Callable[[], object] = lambda: None
        self._behind = False
        self._kept = kept
        self._lock = threading.Lock()

    def forwarding(
        self, maker: Callable[[LoginKey], MakeForward | None], brought: Callable[[], object]
    ) -> None:
        """What brings the account forward where a login is refused because the server lost its newest keys; `brought`
        is told each time that the server took it."""
        self._maker, self._brought = maker, brought

    def anew(self) -> None:
        """The server shows an older account than it has shown: begin the next session by bringing it forward."""
        with self._lock:
            self._behind = True
            self._kept.save(b"")

    def enter(self, http: Http, cancel: CancelToken | None = None) -> None:
        """Use the kept session, or begin one. Raises SignInRefused, CodeNeeded, SyncError."""
        with self._lock:
            token = self._kept.load()
            if token:
                http.use_session(token)
            else:
                self._begin(http, cancel)

    def enter_with_code(self, http: Http, code: str) -> None:
        """Begin a session with a code that a person has typed. Raises CodeNeeded where it is not right."""
        with self._lock:
            self._begin(http, None, code)

    def enter_with_keys(self, http: Http, derived: Derived, code: str = "") -> None:
        """Try other keys of the same account than the present ones. Raises SignInRefused, CodeNeeded, SyncError."""
        other = Credentials(self.credentials.handle, derived.login.sign, self.credentials.device_name)
        with self._lock:
            self._keep(sign_in_asking(http, other, self.ask, code))

    def take(self, session: Session) -> None:
        """Use a session that was begun before there was a vault to keep it in."""
        with self._lock:
            self._keep(session)

    def ended(self, token: bytes) -> None:
        with self._lock:
            if token and self._kept.load() == token:
                self._kept.save(b"")

    def use_login(self, derived: Derived) -> None:
        with self._lock:
            self.credentials = Credentials(
                self.credentials.handle, derived.login.sign, self.credentials.device_name
            )
            self._login = derived.login

    def close(self) -> None:
        """Drop the login key: what is left cannot sign in."""
        with self._lock:
            self.credentials = Credentials(self.credentials.handle, _locked)
            self.ask = None
            self._login = None

    def _begin(self, http: Http, cancel: CancelToken | None, code: str = "") -> None:
        """At most two logins, whatever the server answers: one of them with what brings the account forward."""
        if self._behind and self._begin_forward(http, cancel, code):
            return
        try:
            self._keep(self._session(http, cancel, code, None))
        except SignInRefused:
            if self._behind or not self._begin_forward(http, cancel, code):
                raise
        finally:
            self._behind = False

    def _begin_forward(self, http: Http, cancel: CancelToken | None, code: str) -> bool:
        """False where there is nothing to bring, or the server does not take it. Raises CodeNeeded, SyncError."""
        forward = None if self._login is None else self._maker(self._login)
        if forward is None:
            return False
        try:
            self._keep(self._session(http, cancel, code, forward))
        except ServerRefused as refusal:
            if refusal.code in (ErrorCode.LOGIN_REFUSED, ErrorCode.NOT_FOUND):
                return False
            raise
        self._behind = False
        self._brought()
        return True

    def _session(
        self, http: Http, cancel: CancelToken | None, code: str, forward: MakeForward | None
    ) -> Session:
        if code:  # that of a person who asked to enter it: told at once where it is wrong
            return sign_in(http, self.credentials, cancel, code=code, forward=forward)
        return sign_in_asking(http, self.credentials, self.ask, cancel=cancel, forward=forward)

    def _keep(self, session: Session) -> None:
        self._kept.save(session.token, session.expires)


def sign_in_asking(
    http: Http,
    credentials: Credentials,
    ask: AskCode | None,
    code: str = "",
    cancel: CancelToken | None = None,
    forward: MakeForward | None = None,
) -> Session:
    """Sign in; where a code is needed, `ask` for one, a few times. Raises SignInRefused, CodeNeeded, SyncError."""
    for _ in range(TRIES):
        try:
            return sign_in(http, credentials, cancel, code=code, forward=forward)
        except CodeNeeded as needed:
            code = "" if ask is None else ask(needed.wrong)
            if not code:
                raise
    return sign_in(http, credentials, cancel, code=code, forward=forward)


def _locked(namespace: Namespace, body: bytes) -> bytes:
    raise VaultClosed
