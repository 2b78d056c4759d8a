"""Login: the client signs a challenge, the origin it connected to, its handle and its clock.

What is answered, and the work done for it, does not depend on whether the handle exists: an unknown one gets a
challenge, and its signature is checked against a key that belongs to nobody. A challenge is good for one attempt.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import wire, wire_security
from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.signing import Namespace, verify
from server.accounts.forward import key_after
from server.accounts.handles import attempt_key, handle_hash, handle_key
from server.accounts.second_factor import Verdict, check_code, raise_for
from server.accounts.sessions import Sessions, check_device_name
from server.accounts.signup import check_bundle
from server.errors import LoginRefused, RateLimited
from server.settings import Settings
from server.storage import ChallengeRow, SignInRow, Storage

CHALLENGE_SIZE = 32

# A public key whose private half is dropped right here: checked in place of an unknown handle's.
NOBODY = Ed25519PrivateKey.generate().public_key().public_bytes_raw()


def challenge_for(storage: Storage, settings: Settings, handle: str) -> wire.Challenge:
    """A fresh challenge, kept for `challenge_seconds`. Raises Malformed for what cannot be a handle."""
    who = handle_hash(handle)
    challenge = secrets.token_bytes(CHALLENGE_SIZE)
    now = settings.now()
    with storage.write_accounts() as tx:
        tx.drop_expired(now)
        tx.add_challenge(challenge, ChallengeRow(who, now + settings.bounds.challenge_seconds))
    return wire.Challenge(challenge)


def log_in(
    storage: Storage,
    settings: Settings,
    sessions: Sessions,
    origins: frozenset[str],
    address: str,
    login: wire.Login,
    forward: wire_security.LoginForward | None = None,
) -> wire.Session:
    """Check a login and begin a session. Raises LoginRefused (one for all reasons), RateLimited, Malformed; after a
    valid signature CodeNeeded, where the account has a second factor.

    With `forward`, whose `login` it is, the account's login key and bundle are brought to those that it leads to, in
    the transaction that begins the session; all other sessions end."""
    if forward is not None:
        check_bundle(forward.bundle)
    statement = login.statement
    key = handle_key(statement.handle)
    check_device_name(login.device_name)
    now = settings.now()
    who = attempt_key(statement.handle, address)
    with storage.write_accounts() as tx:
        recent = tx.attempts_since(who, now - settings.bounds.refused_window)
        if recent >= settings.bounds.refused_logins:
            raise RateLimited("too many refused logins", settings.bounds.refused_window)
        challenge = tx.take_challenge(statement.challenge)
        account = tx.account_by_handle(key)
    public_key = NOBODY if account is None else account.login_key
    if forward is not None:
        known = 1 if account is None else account.bundle_version
        public_key = key_after(public_key, known, statement.handle, forward) or NOBODY
    fresh = challenge is not None and challenge.expires >= now
    same = challenge is not None and challenge.handle == handle_hash(statement.handle)
    timely = abs(statement.time - now) <= settings.bounds.login_clock_seconds
    right = _signed(public_key, statement, login.signature)
    if account is None or not (fresh and same and timely and right and statement.origin in origins):
        with storage.write_accounts() as tx:
            tx.add_attempt(who, now)
            # What an outsider says of his device is nobody's word, and is not kept.
            row = SignInRow(0 if account is None else account.id, now, "", False)
            tx.add_sign_in(row, settings.bounds.sign_ins_kept)
        raise LoginRefused("unknown handle, wrong key, wrong origin, wrong time, or the challenge was used")
    ended: list[bytes] = []
    session: wire.Session | None = None
    with storage.write_accounts() as tx:
        present = tx.account(account.id)
        if present is None or present.login_key != account.login_key:
            raise LoginRefused("the login key was replaced just now")
        if forward is not None and present.bundle_version != account.bundle_version:
            raise LoginRefused("the bundle was replaced just now")
        verdict = check_code(tx, settings, account.id, login.code)
        if verdict is not Verdict.MISSING:
            row = SignInRow(account.id, now, login.device_name, verdict is Verdict.RIGHT)
            tx.add_sign_in(row, settings.bounds.sign_ins_kept)
        if verdict is Verdict.RIGHT:
            if forward is not None:
                bundle = forward.bundle
                tx.replace_bundle(account.id, present.bundle_version, bundle.version, bundle.sealed)
                tx.set_login_key(account.id, public_key)
                ended = tx.end_other_sessions(account.id, b"")
            session = sessions.begin(tx, account.id, login.device_name)
    sessions.forget(ended)
    if session is not None:
        return session
    raise_for(verdict, settings)
    raise AssertionError("every other verdict raises")


def _signed(public_key: bytes, statement: wire.LoginStatement, signature: bytes) -> bool:
    try:
        verify(Namespace.LOGIN, public_key, encode(statement), signature)
    except SignatureInvalid:
        return False
    return True
