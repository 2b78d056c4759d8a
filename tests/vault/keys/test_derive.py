"""From password and Secret Key to unlock key and login key."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import inspect
import unicodedata

import pytest
from argon2.low_level import Type, hash_secret_raw

from vault.keys import SecretKey
from vault.keys.derive import Cost, Derived, derive, normalised_password
from vault.keys.errors import PasswordUnusable, UnknownKeyVersion

SECRET = SecretKey(bytes(range(16)))
REAL_UNLOCK, REAL_LOGIN = (
    "a177ee884c0be27a56c498ad80a04d35fda5f31a68131cf9693c1c185033c503",
    ("4eb666922068c5a46c774c2ce7dd9a4618c2a7f5a99065887bda4611345e32dc"),
)
FAST_UNLOCK, FAST_LOGIN = (
    "ed3996012c6031b3b901c81222e6a62ceffab47b9a8f02dc2c2d745aa2b8ae6b",
    ("8854da8c542676e1853656b7b2245f39ed5c17ceeff85e1285acc3c15b1b7a7e"),
)


def hkdf(key: bytes, info: bytes, length: int = 32) -> bytes:
    """RFC 5869 with SHA-256 and no salt, written again from its text."""
    pseudorandom = hmac.digest(bytes(32), key, hashlib.sha256)
    output, block = b"", b""
    for counter in range(1, 3):
        block = hmac.digest(pseudorandom, block + info + bytes((counter,)), hashlib.sha256)
        output += block
    return output[:length]


def labelled(label: str) -> bytes:
    return bytes((len(label),)) + label.encode()


def test_real_cost_and_format_are_stable() -> None:
    """The one test at full cost: a change of cost, label or order would lock everybody out."""
    costs = importlib.import_module("vault.keys.derive").COSTS
    assert dict(costs) == {1: Cost(memory=262_144, passes=3, lanes=4)}
    derived = derive("correct horse battery staple", SECRET)
    assert derived.unlock_key.hex() == REAL_UNLOCK
    assert derived.login.public.hex() == REAL_LOGIN


@pytest.mark.usefixtures("fast_kdf")
def test_is_the_construction_of_its_docstring() -> None:
    derived = derive("pässwort", SECRET)
    assert (derived.unlock_key.hex(), derived.login.public.hex()) == (FAST_UNLOCK, FAST_LOGIN)
    stretched = hash_secret_raw(
        unicodedata.normalize("NFKD", "pässwort").encode(),
        hkdf(SECRET.raw, labelled("tacit/v1/password-salt")),
        time_cost=1,
        memory_cost=64,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
        version=19,
    )
    assert derived.unlock_key == hkdf(stretched + SECRET.raw, labelled("tacit/v1/unlock-key"))
    assert derived.login.to_bytes() == hkdf(stretched + SECRET.raw, labelled("tacit/v1/login-seed"))


@pytest.mark.usefixtures("fast_kdf")
def test_both_halves_matter() -> None:
    keys = {
        derive("one", SECRET).unlock_key,
        derive("two", SECRET).unlock_key,
        derive("one", SecretKey(bytes(16))).unlock_key,
        derive("one", SECRET).login.to_bytes(),
    }
    assert len(keys) == 4


@pytest.mark.usefixtures("fast_kdf")
def test_the_same_password_from_another_keyboard() -> None:
    composed, decomposed = "Zo\u00eb\ufb01", "Zoe\u0308fi"
    assert derive(composed, SECRET) == derive(decomposed, SECRET)


@pytest.mark.A09
@pytest.mark.parametrize("version", [-1, 0, 2, 255])
def test_unknown_version_is_refused_before_anything_is_derived(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(**_: object) -> bytes:
        raise AssertionError("derived")

    monkeypatch.setattr(importlib.import_module("vault.keys.derive"), "hash_secret_raw", never)
    with pytest.raises(UnknownKeyVersion):
        derive("password", SECRET, version)


@pytest.mark.A09
def test_no_parameter_comes_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """`derive` takes a password, a Secret Key and a version, and reads no environment; its table cannot be written."""
    assert list(inspect.signature(derive).parameters) == ["password", "secret_key", "version"]
    module = importlib.import_module("vault.keys.derive")
    assert not {"os", "sys", "environ", "getenv"} & set(vars(module))
    with pytest.raises(TypeError):
        module.COSTS[2] = Cost(8, 1, 1)


@pytest.mark.parametrize("password", ["", "x" * 1_001, "canary\ud800"])
def test_unusable_passwords_are_refused_without_repeating_them(password: str) -> None:
    with pytest.raises(PasswordUnusable) as caught:
        normalised_password(password)
    assert "canary" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.usefixtures("fast_kdf")
def test_derived_compares_by_content() -> None:
    assert isinstance(derive("one", SECRET), Derived)
    assert derive("one", SECRET) == derive("one", SECRET) != derive("two", SECRET)
