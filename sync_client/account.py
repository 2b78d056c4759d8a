"""Accounts: making one, signing in by signature, the sealed bundle, sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from protocol import wire, wire_security
from protocol.codec import encode
from protocol.signing import Namespace
from sync_client.cancel import CancelToken
from sync_client.errors import CodeNeeded
from sync_client.http import Http

Sign = Callable[[Namespace, bytes], bytes]
"""Signs a body in a namespace and gives 64 bytes; the key stays with the caller."""


@dataclass(frozen=True)
class Credentials:
    """What signing in needs: the handle and something that signs with the login key."""

    handle: str
    sign: Sign
    device_name: str = ""


class Door(Protocol):
    """The way into the server for several connections of one desk, which may share a session."""

    def enter(self, http: Http, cancel: CancelToken | None = None) -> None:
        """Have `http` use a session, a kept one or a new one. Raises SyncError."""

    def ended(self, token: bytes) -> None:
        """The server knows the session with this token no more."""


class OwnDoor:
    """A session of its own for each connection."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def enter(self, http: Http, cancel: CancelToken | None = None) -> None:
        sign_in(http, self._credentials, cancel)

    def ended(self, token: bytes) -> None:
        """The next one to enter begins a new one anyway."""


def create_account(http: Http, request: wire.CreateAccount) -> None:
    """Raises ServerRefused (handle-taken, signup-closed, forbidden)."""
    http.post(wire.Route.ACCOUNTS, request, wire.Done)


MakeForward = Callable[[wire.Login], wire_security.LoginForward]


def sign_in(
    http: Http,
    credentials: Credentials,
    cancel: CancelToken | None = None,
    *,
    code: str = "",
    forward: MakeForward | None = None,
) -> wire.Session:
    """Prove the login key to this origin and use the session from now on. `code`: of the second factor, where the
    account has one. `forward` makes of the login one that also brings the account to the newest bundle and login
    key, which a restored server has lost. Raises SignInRefused, CodeNeeded."""
    http.sign_out()
    asked = wire.ChallengeRequest(credentials.handle)
    challenge = http.post(wire.Route.CHALLENGE, asked, wire.Challenge, cancel=cancel)
    statement = wire.LoginStatement(challenge.challenge, http.origin, credentials.handle, int(time.time()))
    signature = credentials.sign(Namespace.LOGIN, encode(statement))
    login = wire.Login(statement, signature, credentials.device_name, code)
    try:
        if forward is None:
            session = http.post(wire.Route.LOGIN, login, wire.Session, cancel=cancel)
        else:
            session = http.post(wire.Route.LOGIN_FORWARD, forward(login), wire.Session, cancel=cancel)
    except CodeNeeded as needed:
        raise CodeNeeded(needed.code, str(needed), wrong=bool(code)) from None
    http.use_session(session.token)
    return session


def read_account(http: Http) -> wire.Account:
    return http.get(wire.Route.ACCOUNT, wire.Account)


def replace_bundle(http: Http, request: wire.ReplaceBundle) -> None:
    """Raises ServerRefused (bundle-moved)."""
    http.put(wire.Route.ACCOUNT, request, wire.Done)


def read_sessions(http: Http) -> list[wire.SessionInfo]:
    return http.get(wire.Route.SESSIONS, wire.Sessions).sessions


def end_session(http: Http, session: bytes) -> None:
    http.post(wire.Route.SESSIONS, wire.EndSession(session), wire.Done)


def end_own_session(http: Http) -> None:
    http.post(wire.Route.LOGOUT, wire.Done(), wire.Done)


def name_session(http: Http, device_name: str) -> None:
    """How the session in use is listed from now on."""
    http.put(wire.Route.SESSIONS, wire.NameSession(device_name), wire.Done)


def end_other_sessions(http: Http) -> None:
    """All of the account but the one in use."""
    http.post(wire.Route.SESSIONS, wire.EndSession(b""), wire.Done)


def read_second_factor(http: Http) -> wire_security.SecondFactor:
    return http.get(wire.Route.SECOND_FACTOR, wire_security.SecondFactor)


def change_second_factor(
    http: Http, change: wire_security.SecondFactorChange
) -> wire_security.SecondFactorReply:
    """Raises CodeNeeded, ServerRefused (second-factor-on, not-found), RateLimited."""
    try:
        return http.post(wire.Route.SECOND_FACTOR, change, wire_security.SecondFactorReply)
    except CodeNeeded as needed:
        raise CodeNeeded(needed.code, str(needed), wrong=True) from None
