"""The second factor of an account: time-based codes (RFC 6238) and recovery codes, each good for one login.

A code is six digits of HMAC-SHA-1 over the 30-second step (pyotp); the step before and the one after are taken too, for
clocks that differ. The newest step that was taken is stored, in the transaction that begins the session, so that a code
works once, at once too (RFC 6238, 5.2). It is asked for only after a valid signature of the login key: nobody else can
use up tries. Tries of six digits are counted for each account; recovery codes have 80 random bits, cannot be guessed,
and are taken whatever was tried before.

The server makes the secret and keeps it, since it has to compute with it. So this holds against whoever has stolen a
password and a Secret Key, and not against the server (docs/decisions/0031-second-factor.md).
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import secrets

import pyotp

from protocol import wire_security as wire
from protocol.wire import ErrorCode
from server.accounts.sessions import Caller, Sessions
from server.errors import CodeNeeded, Conflict, NotFound, RateLimited
from server.settings import Settings
from server.storage import AccountTx, FactorRow, Storage

SECRET_SIZE = 20  # RFC 4226, 4 (R6): 160 bits
STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1  # steps before and after the present one
RECOVERY_CODES = 10
RECOVERY_SIZE = 10  # 80 random bits
MAX_CODE = 64

_PLAIN = str.maketrans("", "", " -\t")


class Verdict(enum.Enum):
    """What a login's code is worth. RIGHT where none is asked for."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"
    TOO_MANY = "too many"


def check_code(tx: AccountTx, settings: Settings, account: int, code: str) -> Verdict:
    """Judge a code and use it up, in the caller's transaction, which is to be kept whatever the verdict is."""
    row = tx.second_factor(account)
    if row is None or not row.confirmed:
        return Verdict.RIGHT
    if len(code) > MAX_CODE:
        return Verdict.WRONG
    plain = code.translate(_PLAIN).upper()
    if not plain:
        return Verdict.MISSING
    if not _is_digits(plain):
        struck = tx.spend_recovery_code(account, code_hash(account, plain))
        return Verdict.RIGHT if struck else Verdict.WRONG
    now, who = settings.now(), _tries(account)
    bounds = settings.bounds
    short, day = tx.attempts_since(who, now - bounds.refused_window), tx.attempts_since(who, now - 86_400 + 1)
    if short >= bounds.code_tries or day >= bounds.code_tries_a_day:
        return Verdict.TOO_MANY
    step = step_of(row.secret, plain, now)
    if step is not None and tx.spend_step(account, step):
        return Verdict.RIGHT
    tx.add_attempt(who, now)
    return Verdict.WRONG


def raise_for(verdict: Verdict, settings: Settings) -> None:
    """Raises CodeNeeded, RateLimited."""
    if verdict is Verdict.TOO_MANY:
        raise RateLimited("too many wrong codes; a recovery code is taken", settings.bounds.refused_window)
    if verdict is Verdict.MISSING:
        raise CodeNeeded("a code of the second factor is needed")
    if verdict is Verdict.WRONG:
        raise CodeNeeded("this code is wrong, or was used")


def factor_view(storage: Storage, caller: Caller) -> wire.SecondFactor:
    with storage.read_accounts() as tx:
        row = tx.second_factor(caller.account)
        left = tx.recovery_codes_left(caller.account)
    return wire.SecondFactor(row is not None and row.confirmed > 0, left)


def change_factor(
    storage: Storage, settings: Settings, sessions: Sessions, caller: Caller, wanted: wire.SecondFactorChange
) -> wire.SecondFactorReply:
    """Begin, confirm, disable, or new recovery codes. Raises CodeNeeded, RateLimited, Conflict, NotFound."""
    change = wanted.change
    if isinstance(change, wire.SecondFactorBegin):
        return _begin(storage, caller)
    if isinstance(change, wire.SecondFactorConfirm):
        reply = _confirm(storage, settings, sessions, caller, change.code)
    else:
        disable = isinstance(change, wire.SecondFactorDisable)
        reply = _with_code(storage, settings, caller, change.code, disable=disable)
    sessions.look_again(caller.account)
    return reply


def _begin(storage: Storage, caller: Caller) -> wire.SecondFactorReply:
    secret = secrets.token_bytes(SECRET_SIZE)
    with storage.write_accounts() as tx:
        row = tx.second_factor(caller.account)
        if row is not None and row.confirmed:
            raise Conflict("the account has a second factor", ErrorCode.SECOND_FACTOR_ON)
        tx.put_second_factor(caller.account, FactorRow(secret, 0, 0))
    return wire.SecondFactorReply(secret, [])


def _confirm(
    storage: Storage, settings: Settings, sessions: Sessions, caller: Caller, code: str
) -> wire.SecondFactorReply:
    """From now on it counts. Other sessions, which have shown no code, end."""
    now = settings.now()
    with storage.write_accounts() as tx:
        row = tx.second_factor(caller.account)
        if row is None:
            raise NotFound("no second factor was begun")
        if row.confirmed:
            raise Conflict("the account has a second factor", ErrorCode.SECOND_FACTOR_ON)
        plain = code.translate(_PLAIN) if len(code) <= MAX_CODE else ""
        step = step_of(row.secret, plain, now) if _is_digits(plain) else None
        if step is None:
            raise CodeNeeded("this code is wrong")
        tx.put_second_factor(caller.account, FactorRow(row.secret, now, step))
        codes = _new_codes(tx, caller.account)
        ended = tx.end_other_sessions(caller.account, caller.session)
    sessions.forget(ended)
    return wire.SecondFactorReply(b"", codes)


def _with_code(
    storage: Storage, settings: Settings, caller: Caller, code: str, *, disable: bool
) -> wire.SecondFactorReply:
    codes: list[str] = []
    with storage.write_accounts() as tx:
        row = tx.second_factor(caller.account)
        if row is None or not row.confirmed:
            raise NotFound("the account has no second factor")
        verdict = check_code(tx, settings, caller.account, code)
        if verdict is Verdict.RIGHT and disable:
            tx.drop_second_factor(caller.account)
        elif verdict is Verdict.RIGHT:
            codes = _new_codes(tx, caller.account)
    raise_for(verdict, settings)
    return wire.SecondFactorReply(b"", codes)


def _new_codes(tx: AccountTx, account: int) -> list[str]:
    codes = [
        base64.b32encode(secrets.token_bytes(RECOVERY_SIZE)).decode("ascii") for _ in range(RECOVERY_CODES)
    ]
    tx.set_recovery_codes(account, [code_hash(account, code) for code in codes])
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def code_hash(account: int, code: str) -> bytes:
    """What is kept of a recovery code (16 letters and digits). With 80 random bits no slow hash is needed."""
    return hashlib.sha256(
        b"tacit server recovery code\0" + account.to_bytes(8, "big") + code.encode()
    ).digest()


def step_of(secret: bytes, code: str, now: int) -> int | None:
    """The step near `now` whose code this is; all of them are looked at, in constant time."""
    generator = pyotp.TOTP(base64.b32encode(secret).decode("ascii"), digits=DIGITS, interval=STEP_SECONDS)
    found = None
    present = now // STEP_SECONDS
    for step in range(max(0, present - DRIFT), present + DRIFT + 1):
        if hmac.compare_digest(generator.generate_otp(step), code):
            found = step
    return found


def _is_digits(plain: str) -> bool:
    return len(plain) == DIGITS and plain.isascii() and plain.isdigit()


def _tries(account: int) -> bytes:
    """Stands for the account in the table of wrong tries."""
    return hashlib.sha256(b"tacit server second factor\0" + account.to_bytes(8, "big")).digest()
