"""Accounts: making one, signing in by signature, the sealed bundle, sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from protocol import wire
from protocol.codec import encode
from protocol.signing import Namespace
from sync_client.cancel import CancelToken
from sync_client.http import Http

Sign = Callable[[Namespace, bytes], bytes]
"""Signs a body in a namespace and gives 64 bytes; the key stays with the caller."""


@dataclass(frozen=True)
class Credentials:
    """What signing in needs: the handle and something that signs with the login key."""

    handle: str
    sign: Sign
    device_name: str = ""


def create_account(http: Http, request: wire.CreateAccount) -> None:
    """Raises ServerRefused (handle-taken, signup-closed, forbidden)."""
    http.post(wire.Route.ACCOUNTS, request, wire.Done)


def sign_in(http: Http, credentials: Credentials, cancel: CancelToken | None = None) -> None:
    """Prove the login key to this origin and use the session from now on. Raises SignInRefused."""
    http.sign_out()
    asked = wire.ChallengeRequest(credentials.handle)
    challenge = http.post(wire.Route.CHALLENGE, asked, wire.Challenge, cancel=cancel)
    statement = wire.LoginStatement(challenge.challenge, http.origin, credentials.handle, int(time.time()))
    signature = credentials.sign(Namespace.LOGIN, encode(statement))
    session = http.post(
        wire.Route.LOGIN,
        wire.Login(statement, signature, credentials.device_name),
        wire.Session,
        cancel=cancel,
    )
    http.use_session(session.token)


def read_account(http: Http) -> wire.Account:
    return http.get(wire.Route.ACCOUNT, wire.Account)


def replace_bundle(http: Http, request: wire.ReplaceBundle) -> None:
    """Raises ServerRefused (bundle-moved)."""
    http.put(wire.Route.ACCOUNT, request, wire.Done)


def read_sessions(http: Http) -> list[wire.SessionInfo]:
    return http.get(wire.Route.SESSIONS, wire.Sessions).sessions


def end_session(http: Http, session: bytes) -> None:
    http.post(wire.Route.SESSIONS, wire.EndSession(session), wire.Done)
