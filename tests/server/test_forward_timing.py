"""Bringing an account forward tells nothing of accounts to whoever has none of their keys."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.errors import SignatureInvalid
from protocol.ids import sha256
from protocol.signing import Namespace
from protocol.wire_security import LoginForward, Succession, SuccessionStatement
from server.accounts import forward
from tests.protocol.world import Key

pytestmark = pytest.mark.hostile
HANDLE = "ann@example.org"


def wanted(key: Key, first: int, version: int, count: int = 1) -> LoginForward:
    bundle = wire.BundleUpload(version, b"sealed")
    said = SuccessionStatement(HANDLE, first, version, Key("following").public, sha256(bundle.sealed))
    succession = Succession(said, key.sign(Namespace.ACCOUNT_SUCCESSION, encode(said)))
    login = wire.Login(wire.LoginStatement(b"", "", HANDLE, 0), b"", "")
    return LoginForward(login, [succession] * count, bundle)


def test_the_work_is_the_same_whatever_version_the_account_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else many successions that would apply to an unknown handle alone make its answer the slower one."""
    verified = 0

    def counted(*_: object) -> None:
        nonlocal verified
        verified += 1
        raise SignatureInvalid("not this key's")

    monkeypatch.setattr(forward, "verify", counted)
    for version in (1, 2, 7):
        verified = 0
        assert forward.key_after(Key("ann").public, version, HANDLE, wanted(Key("mallory"), 1, 2, 16)) is None
        assert verified == 16


def test_what_the_key_has_signed_applies_to_its_versions_only() -> None:
    ann, after = Key("ann"), Key("following").public
    found = {v: forward.key_after(ann.public, v, HANDLE, wanted(ann, 2, 4)) for v in (1, 2, 3, 4, 5)}
    assert found == {1: None, 2: after, 3: after, 4: None, 5: None}
