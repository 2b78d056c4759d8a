"""A login that brings an account forward: what leads from the present key to a later one, and what not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from protocol import wire
from protocol import wire_security as security
from protocol.codec import encode
from protocol.ids import sha256
from protocol.signing import Namespace
from server.accounts import challenge_for, log_in
from server.errors import CodeNeeded, LoginRefused, Malformed
from tests.protocol.world import Key
from tests.server.test_second_factor import KINDS, ORIGIN, Bench

pytestmark = [pytest.mark.hostile, pytest.mark.A50]


@pytest.fixture(params=sorted(KINDS))
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    storage = KINDS[request.param](request)
    yield Bench(storage)
    storage.close()


@dataclass
class Step:
    by: Key
    first: int
    version: int
    to: Key
    sealed: bytes
    handle: str = "ann"

    def signed(self) -> security.Succession:
        said = security.SuccessionStatement(
            self.handle, self.first, self.version, self.to.public, sha256(self.sealed)
        )
        return security.Succession(said, self.by.sign(Namespace.ACCOUNT_SUCCESSION, encode(said)))


SECOND, THIRD, MALLORY = Key("login", "second"), Key("login", "third"), Key("login", "mallory")


def forward(
    bench: Bench,
    steps: list[Step],
    key: Key = THIRD,
    version: int = 3,
    sealed: bytes = b"three",
    code: str = "",
    handle: str = "ann",
) -> wire.Session:
    challenge = challenge_for(bench.storage, bench.settings, handle).challenge
    statement = wire.LoginStatement(challenge, ORIGIN, handle, int(bench.now))
    login = wire.Login(statement, key.sign(Namespace.LOGIN, encode(statement)), "", code)
    bundle = wire.BundleUpload(version, sealed)
    wanted = security.LoginForward(login, [step.signed() for step in steps], bundle)
    return log_in(
        bench.storage, bench.settings, bench.sessions, bench.settings.origins, "127.0.0.1", login, wanted
    )


def account(bench: Bench) -> tuple[int, bytes, bytes]:
    with bench.storage.read_accounts() as tx:
        row = tx.account(bench.account)
    assert row is not None
    return row.bundle_version, row.bundle, row.login_key


def chain(bench: Bench) -> list[Step]:
    return [Step(bench.key, 1, 2, SECOND, b"two"), Step(SECOND, 2, 3, THIRD, b"three")]


def test_the_chain_of_keys_leads_to_the_newest_and_ends_other_sessions(bench: Bench) -> None:
    before = bench.log_in()
    session = forward(bench, chain(bench))
    assert account(bench) == (3, b"three", THIRD.public)
    assert bench.sessions.caller(session.token).account == bench.account
    with pytest.raises(Exception, match="no such session"):
        bench.sessions.caller(before.token)
    with pytest.raises(LoginRefused):
        bench.log_in()


def test_it_begins_anywhere_in_the_chain_and_only_leads_forward(bench: Bench) -> None:
    forward(bench, chain(bench)[:1], SECOND, 2, b"two")
    forward(bench, chain(bench))
    with pytest.raises(LoginRefused):  # there already
        forward(bench, chain(bench))
    with pytest.raises(LoginRefused):  # back
        forward(bench, [Step(THIRD, 1, 2, SECOND, b"two")], SECOND, 2, b"two")
    assert account(bench) == (3, b"three", THIRD.public)


def test_a_bundle_under_the_same_login_key(bench: Bench) -> None:
    forward(bench, [Step(bench.key, 1, 4, bench.key, b"four")], bench.key, 4, b"four")
    assert account(bench) == (4, b"four", bench.key.public)


def test_what_leads_nowhere_changes_nothing(bench: Bench) -> None:
    """Nobody without the present login key, by whatever he has read, sets another."""
    good = chain(bench)
    first, second = good
    refused: list[tuple[list[Step], Key, int, bytes]] = [
        ([], THIRD, 3, b"three"),
        ([second], THIRD, 3, b"three"),  # does not begin at the present key
        ([second, first], THIRD, 3, b"three"),  # in another order
        (good, MALLORY, 3, b"three"),  # by whoever has only read the statements
        (good, bench.key, 3, b"three"),  # by the key that was replaced
        (good, THIRD, 3, b"another"),  # other bytes
        (good, THIRD, 4, b"three"),  # another version
        (good[:1], SECOND, 3, b"three"),
        ([Step(MALLORY, 1, 3, MALLORY, b"three")], MALLORY, 3, b"three"),
        ([Step(bench.key, 1, 3, THIRD, b"three", "ben")], THIRD, 3, b"three"),  # of another account
        ([Step(bench.key, 2, 3, THIRD, b"three")], THIRD, 3, b"three"),  # of a later time
        ([Step(bench.key, 1, 1, THIRD, b"three")], THIRD, 1, b"three"),  # not forward
    ]
    for steps, key, version, sealed in refused:
        bench.now += 10_000  # refused logins are counted, as at any login
        with pytest.raises(LoginRefused):
            forward(bench, steps, key, version, sealed)
    assert account(bench) == (1, b"x", bench.key.public)
    with pytest.raises(LoginRefused):
        forward(bench, good, handle="nobody")
    with pytest.raises(Malformed):
        forward(bench, good, sealed=b"")


def test_a_second_factor_is_asked_for_first(bench: Bench) -> None:
    secret, _ = bench.set_up()
    bench.later()
    with pytest.raises(CodeNeeded):
        forward(bench, chain(bench))
    assert account(bench)[0] == 1
    forward(bench, chain(bench), code=bench.code(secret))
    assert account(bench) == (3, b"three", THIRD.public)
