"""What a vault keeps to bring its account forward: one seal, the newest, and who signed that it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.codec import encode
from protocol.ids import sha256
from protocol.limits import MAX_SUCCESSIONS
from protocol.signing import Namespace, verify
from protocol.wire import BundleUpload, Login, LoginStatement
from protocol.wire_security import LoginForward
from tests.vault.store.desk import SCHEMA
from vault.forwarding import Forwarding
from vault.keys import LoginKey
from vault.store import Logs, Store

KEYS = [LoginKey(bytes([n]) * 32) for n in range(1, 5)]
LOGIN = Login(LoginStatement(bytes(32), "https://crm.example.org", "ann", 1), bytes(64), "")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path / "vault.db", bytes(32), SCHEMA)
    yield made
    made.close()


@pytest.fixture
def forwarding(store: Store) -> Forwarding:
    return Forwarding(store, Logs(store.numbers), "ann")


def bundle(version: int) -> BundleUpload:
    return BundleUpload(version, b"sealed, version %d" % version)


def made(forwarding: Forwarding, key: LoginKey) -> LoginForward:
    make = forwarding.maker(key)
    assert make is not None
    return make(LOGIN)


def test_each_key_signs_the_next_and_only_the_newest_seal_stays(store: Store, forwarding: Forwarding) -> None:
    for version in (2, 3, 4):
        forwarding.changed(bundle(version), KEYS[version - 2], KEYS[version - 1], version - 1)
    wanted = made(forwarding, KEYS[3])
    assert wanted.bundle == bundle(4)
    assert len(wanted.successions) == 4  # the last is the key's own
    by = KEYS[0].public
    for version, step in enumerate(wanted.successions[:3], 2):
        verify(Namespace.ACCOUNT_SUCCESSION, by, encode(step.statement), step.signature)
        assert (step.statement.first, step.statement.version) == (version - 1, version)
        assert step.statement.bundle_hash == sha256(bundle(version).sealed)
        by = step.statement.login_key
    assert by == KEYS[3].public
    with store.read() as tx:
        kept = Logs(store.numbers).get(tx, "account/forward")
    assert kept is not None
    assert bundle(4).sealed in kept
    assert not any(bundle(version).sealed in kept for version in (1, 2, 3))


def test_only_whoever_has_the_newest_key_brings_anything(forwarding: Forwarding) -> None:
    assert forwarding.maker(KEYS[0]) is None
    forwarding.seen(bundle(1), KEYS[0])
    assert forwarding.maker(KEYS[0]) is None, "nothing can be older than the first"
    forwarding.changed(bundle(2), KEYS[0], KEYS[1], 1)
    assert forwarding.maker(KEYS[0]) is None
    assert made(forwarding, KEYS[1]).bundle == bundle(2)


def test_an_older_bundle_takes_no_place(forwarding: Forwarding) -> None:
    forwarding.changed(bundle(3), KEYS[0], KEYS[1], 2)
    forwarding.changed(bundle(2), KEYS[1], KEYS[2], 1)
    forwarding.seen(bundle(1), KEYS[2])
    assert made(forwarding, KEYS[1]).bundle == bundle(3)


def test_a_change_that_nobody_here_signed_begins_anew(forwarding: Forwarding) -> None:
    forwarding.changed(bundle(2), KEYS[0], KEYS[1], 1)
    forwarding.seen(bundle(3), KEYS[1])
    assert len(made(forwarding, KEYS[1]).successions) == 2, "the same login key: what led to it still does"
    forwarding.seen(bundle(4), KEYS[2])
    assert len(made(forwarding, KEYS[2]).successions) == 1


def test_a_request_never_holds_too_many(forwarding: Forwarding) -> None:
    for version in range(2, MAX_SUCCESSIONS + 10):
        forwarding.changed(bundle(version), KEYS[version % 2], KEYS[(version + 1) % 2], version - 1)
    last = MAX_SUCCESSIONS + 9
    assert len(made(forwarding, KEYS[(last + 1) % 2]).successions) == MAX_SUCCESSIONS
