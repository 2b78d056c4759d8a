"""The second factor of one's own account, and the workspace's policy about it. Slow, all of it.

It is between the account and the server, and changes nothing about keys: whoever has a session and no keys reads
nothing, and a server that says "no second factor" gains nothing that it did not have. What it adds: a stolen password
and a stolen Secret Key open no session.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from app.desk.desk import Desk
from protocol.ids import Standing
from protocol.wire_security import (
    SecondFactor,
    SecondFactorBegin,
    SecondFactorChange,
    SecondFactorCodes,
    SecondFactorConfirm,
    SecondFactorDisable,
)
from sync_client import ServerMisbehaved, change_second_factor, read_second_factor

ISSUER = "Tacit"
SECRET_SIZE = 20


@dataclass(frozen=True, slots=True)
class NewFactor:
    """For an authenticator app: `uri` as a QR code, or `text` to type. Both hold the secret."""

    uri: str = field(repr=False)
    text: str = field(repr=False)


def factor_state(desk: Desk) -> SecondFactor:
    """Whether the account has one, and how many recovery codes are left."""
    with desk.account.session() as http:
        return read_second_factor(http)


def begin_factor(desk: Desk) -> NewFactor:
    """A new secret, which counts once it is confirmed. Raises ServerRefused (second-factor-on), SyncError."""
    with desk.account.session() as http:
        secret = change_second_factor(http, SecondFactorChange(SecondFactorBegin())).secret
    if len(secret) != SECRET_SIZE:
        raise ServerMisbehaved("a secret of another length than the protocol's")
    text = base64.b32encode(secret).decode("ascii")
    return NewFactor(_uri(text, desk.profile.handle, desk.profile.server), _in_groups(text))


def confirm_factor(desk: Desk, code: str) -> list[str]:
    """From now on signing in needs codes, here and elsewhere; other sessions have ended. Gives the recovery codes, this
    once. Raises CodeNeeded where the code is not right, SyncError."""
    confirm = SecondFactorChange(SecondFactorConfirm(code))
    return _codes(desk.account.ask(lambda http: change_second_factor(http, confirm).recovery_codes))


def disable_factor(desk: Desk, code: str) -> None:
    """With a code, or a recovery code. Raises CodeNeeded, RateLimited, SyncError."""
    disable = SecondFactorChange(SecondFactorDisable(code))
    desk.account.ask(lambda http: change_second_factor(http, disable))


def new_recovery_codes(desk: Desk, code: str) -> list[str]:
    """Ten new ones; the old ones are void. Raises CodeNeeded, RateLimited, SyncError."""
    change = SecondFactorChange(SecondFactorCodes(code))
    return _codes(desk.account.ask(lambda http: change_second_factor(http, change).recovery_codes))


def enter_code(desk: Desk, code: str) -> None:
    """Sign in with a code, and go on synchronising. Raises CodeNeeded where it is not right, SyncError."""
    desk.account.enter_code(code)
    desk.wake()


def is_demanded(desk: Desk) -> bool:
    """Whether the workspace's policy demands one of this member, by the verified roster."""
    state = desk.vault.roster
    member = state.members.get(desk.me)
    demanded = state.policies.second_factor
    if member is None or not member.active:
        return False
    return demanded >= 2 or (demanded == 1 and member.standing >= Standing.ADMIN)


def recovery_sheet(codes: list[str], handle: str, server: str) -> str:
    """The codes as a page to save or print."""
    lines = [
        "Tacit: recovery codes",
        "",
        f"Login handle  {handle}",
        f"Server        {server}",
        "",
        "Each takes the place of one code of your authenticator app, once.",
        "They open nothing without your password and your Secret Key.",
        "",
        *(f"  {code}" for code in codes),
        "",
    ]
    return "\n".join(lines)


def _codes(codes: list[str]) -> list[str]:
    """A server's texts are shown and printed: they are what they should be, or nothing."""
    plain = all(0 < len(code) <= 40 and code.isascii() and code.replace("-", "").isalnum() for code in codes)
    if len(codes) > 20 or not codes or not plain:
        raise ServerMisbehaved("recovery codes that are none")
    return codes


def _uri(secret: str, handle: str, server: str) -> str:
    """otpauth://totp/…, the form that authenticator apps read. The server's name tells two accounts apart."""
    host = server.partition("://")[2]
    label = quote(f"{ISSUER} {host}:{handle}", safe="")
    query = urlencode(
        {"secret": secret, "issuer": f"{ISSUER} {host}", "digits": 6, "period": 30}, quote_via=quote
    )
    return f"otpauth://totp/{label}?{query}"


def _in_groups(text: str) -> str:
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))
