"""A server that lies about the second factor: "none is needed", "one is needed", a secret of its own, false codes.

Whatever it says, a desk does nothing with its keys: it seals, signs and sends nothing that it would not have sent, and
what it has is as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from app.desk.second_factor import begin_factor, confirm_factor, enter_code, factor_state, new_recovery_codes
from protocol import wire
from protocol.codec import Message, encode
from protocol.wire_security import SecondFactor, SecondFactorReply
from sync_client import CodeNeeded, FactorMissing, Http, ServerMisbehaved, SyncError
from sync_client import http as http_module
from tests.support.real_desks import PASSWORD, Office

pytestmark = [pytest.mark.usefixtures("fast_kdf"), pytest.mark.hostile, pytest.mark.A03]

Reply = Callable[[str, str], Message | None]
"""(method, path) -> a false reply; an ErrorReply for a refusal; None for the true server's."""


class Liar:
    """Between this process and its server: records what is sent, and lies where a test wants it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.sent: list[bytes] = []
        self.reply: Reply = lambda method, path: None
        true = Http._exchange
        liar = self

        def exchange(
            http: Http, method: str, path: str, body: bytes | None, query: object, cancel: object
        ) -> bytes:
            liar.sent.append(body or b"")
            false = liar.reply(method, path)
            if isinstance(false, wire.ErrorReply):
                raise http_module.Http._refusal(401, encode(false), _NoHeaders())  # type: ignore[arg-type]
            if false is not None:
                return encode(false)
            return true(http, method, path, body, query, cancel)  # type: ignore[arg-type]

        patch.setattr(Http, "_exchange", exchange)


class _NoHeaders:
    headers: dict[str, str] = {}  # of a reply that is none


@pytest.fixture
def liar(monkeypatch: pytest.MonkeyPatch) -> Liar:
    return Liar(monkeypatch)


@pytest.fixture
def ann(tmp_path: Path, liar: Liar) -> Iterator[Desk]:
    office = Office(tmp_path)
    desk = office.found()
    desk.sync_now(20)
    desk.stop_sync()
    liar.sent.clear()
    yield desk
    office.close()


def secrets_of(desk: Desk) -> list[bytes]:
    """What must never be in a request."""
    keys = desk.vault.exchange.desk.logs
    with desk.vault.store.read() as tx:
        log_keys = [key for log in keys.logs_with_keys(tx) for key in keys.keys(tx, log).values()]
    own = desk.vault._own
    private = [key.to_bytes() for key in own.private]
    return [*log_keys, *private, PASSWORD.encode(), own.device.to_bytes()]


def picture(desk: Desk) -> tuple[object, ...]:
    """What a lie must not change."""
    profile = desk.profile.folder
    return (
        desk.vault.exchange.roster_head(),
        (profile / "key.sealed").read_bytes(),
        [bytes(secret) for secret in secrets_of(desk)],
        desk.pending(),
    )


def holds(desk: Desk, liar: Liar, before: tuple[object, ...]) -> None:
    assert picture(desk) == before
    sent = b"\0".join(liar.sent)
    for secret in secrets_of(desk):
        assert secret not in sent


ASK = wire.ErrorReply(wire.ErrorCode.SECOND_FACTOR, "a code, please")
SETUP = wire.ErrorReply(wire.ErrorCode.SECOND_FACTOR_SETUP, "set one up")


def test_A03_a_server_that_lies_about_the_second_factor_gains_nothing(ann: Desk, liar: Liar) -> None:
    before = picture(ann)
    # One is needed, for ever: codes are asked for, and nothing else is given.
    ann.account.door.ended(ann.account.door._kept.load())
    ann.account.use_login(ann._derived)
    liar.reply = lambda method, path: ASK if path == wire.Route.LOGIN else None
    with pytest.raises(CodeNeeded):
        ann.sync_once()
    with pytest.raises(CodeNeeded):
        enter_code(ann, "123456")
    holds(ann, liar, before)
    # The workspace demands one, it says; the roster that this desk has verified does not.
    liar.reply = lambda method, path: SETUP if "/workspaces/" in path else None
    with pytest.raises(FactorMissing):
        ann.sync_once()
    holds(ann, liar, before)
    # None is needed: the desk goes on as it would have.
    liar.reply = lambda method, path: SecondFactor(False, 0) if path == wire.Route.SECOND_FACTOR else None
    assert not factor_state(ann).enabled
    ann.sync_once()
    holds(ann, liar, before)


FALSE_SECRETS = (b"", b"s" * 19, b"s" * 21, b"s" * 5_000)
FALSE_CODES: tuple[list[str], ...] = (
    [],
    [""],
    ["A" * 41],
    ["\x1b[2Jpwned"],
    ["<b>AAAA</b>"],
    ["tacit:0123456789"],
    ["AAAA-AAAA-AAAA-AAAA"] * 21,
    ["\u202eAAAA"],
)


def test_A03_false_secrets_and_recovery_codes_are_not_shown(ann: Desk, liar: Liar) -> None:
    for secret in FALSE_SECRETS:
        answer = SecondFactorReply(secret, [])
        liar.reply = lambda method, path, answer=answer: answer  # type: ignore[misc]
        with pytest.raises(ServerMisbehaved):
            begin_factor(ann)
    for codes in FALSE_CODES:
        answer = SecondFactorReply(b"", codes)
        liar.reply = lambda method, path, answer=answer: answer  # type: ignore[misc]
        for ask in (confirm_factor, new_recovery_codes):
            with pytest.raises(ServerMisbehaved):
                ask(ann, "123456")


def test_A03_a_code_goes_to_the_login_alone(ann: Desk, liar: Liar) -> None:
    """The code that is typed is in the login's body and in no other request, and in no address."""
    ann.account.door.ended(ann.account.door._kept.load())
    liar.reply = lambda method, path: ASK if path == wire.Route.LOGIN else None
    with pytest.raises(SyncError):
        enter_code(ann, "271828")
    assert sum(b"271828" in body for body in liar.sent) == 1
