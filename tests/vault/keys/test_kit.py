"""The Emergency Kit's content: typed, scanned, pasted."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.keys import Account, Kit, SecretKey, base32, workspace_code
from vault.keys.errors import (
    AddressUnusable,
    HandleUnusable,
    KitUnreadable,
    SecretKeyUnreadable,
    UnknownKeyVersion,
    WordsUnreadable,
)

SECRET = SecretKey(bytes(range(16)))
ACCOUNT = Account("https://crm.example.org", "ann@example.org", SECRET)
WORKSPACE, HEAD = b"\x01" * 32, b"\x02" * 32
KIT = Kit(ACCOUNT, WORKSPACE, 7, HEAD, "Nordwind", date(2026, 11, 22))
CODE = (
    "TACIT-KIT:04000000000001R2081040G2081040G2081040G2081040G2081040G2081040G2080G2081040G2081040G208104"
    "0G2081040G2081040G2081040G2001081G81860W40J2GB1G6GW3RFC5Q6WG35F1GPTW3CCMQ6YWK72XM78X3GECX2YBV3E9PJWSBRC5PQ0V355SQQ4SV6CHFN6"
)


def test_format_is_stable() -> None:
    assert KIT.code() == CODE
    assert Kit.parse(CODE) == KIT


@given(
    st.sampled_from(["https://crm.example.org", "http://localhost:8080", "https://[2001:db8::1]:8443"]),
    st.sampled_from(["ann", "ann@example.org", "жанна", "张伟"]),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    st.integers(1, (1 << 53) - 1),
    st.binary(min_size=32, max_size=32),
)
def test_round_trips(
    server: str, handle: str, raw: bytes, workspace: bytes, position: int, head: bytes
) -> None:
    kit = Kit(Account(server, handle, SecretKey(raw)), workspace, position, head, "a name")
    for text in (kit.code(), kit.code().lower(), kit.text(), "> " + kit.text().replace("\n", "\r\n> ")):
        read = Kit.parse(text)
        assert read == kit
        assert (read.account.server, read.account.handle, read.account.secret_key.raw) == (
            server,
            handle,
            raw,
        )
        assert (read.workspace, read.position, read.head) == (workspace, position, head)


def test_the_text_has_all_that_must_be_typed() -> None:
    text = KIT.text()
    for part in (
        ACCOUNT.server, ACCOUNT.handle, SECRET.text(), SECRET.words(), workspace_code(WORKSPACE), "7 · 02020202",
        "Nordwind", "2026-11-22",
    ):  # fmt: skip
        assert part in text
    assert max(map(len, KIT.text().split("\n")[:6])) < 100


def test_typed_fields() -> None:
    for secret in (
        SECRET.text(),
        SECRET.text().lower().replace("0", "o"),
        SECRET.words(),
        SECRET.words().upper(),
    ):
        assert Account.typed(" CRM.example.org/ ", " Ann@Example.ORG ", secret) == ACCOUNT


def test_each_wrong_field_has_its_own_error() -> None:
    with pytest.raises(AddressUnusable):
        Account.typed("ftp://crm.example.org", "ann", SECRET.text())
    with pytest.raises(HandleUnusable):
        Account.typed("crm.example.org", "", SECRET.text())
    with pytest.raises(SecretKeyUnreadable):
        Account.typed("crm.example.org", "ann", SECRET.text()[:-1])
    with pytest.raises(WordsUnreadable):
        Account.typed("crm.example.org", "ann", SECRET.words() + " zoo")


@pytest.mark.A10
def test_every_wrong_character_is_noticed() -> None:
    for index in range(10, len(CODE)):
        other = base32.ALPHABET[(base32.ALPHABET.index(CODE[index]) + 7) % 32]
        with pytest.raises(KitUnreadable):
            Kit.parse(CODE[:index] + other + CODE[index + 1 :])


@pytest.mark.A16
@pytest.mark.parametrize(
    "text", ["", "TACIT-KIT:", CODE[:-1], CODE + "0", CODE[10:], CODE.replace("-", ""), SECRET.text()]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(KitUnreadable):
        Kit.parse(text)


def with_payload(change: dict[int, int]) -> str:
    payload = bytearray(base32.decode(CODE[10:])[:-4])
    for index, value in change.items():
        payload[index] = value
    check = hashlib.sha256(b"\x11tacit/v1/kit-text" + payload).digest()[:4]
    return "TACIT-KIT:" + base32.encode(bytes(payload) + check)


def test_impossible_contents_are_refused() -> None:
    assert with_payload({}) == CODE
    for change in (
        {8: 0},
        {89: 0},
        {89: 255},
        {90: ord("A")},
        {90: 0xFF},
        {105: 0},
        {105: 24},
        {106: ord("x")},
    ):
        with pytest.raises(KitUnreadable):
            Kit.parse(with_payload(change))
    with pytest.raises(UnknownKeyVersion):
        Kit.parse(with_payload({0: 2}))


@pytest.mark.parametrize(
    ("workspace", "position", "head"), [(b"", 1, HEAD), (WORKSPACE, 0, HEAD), (WORKSPACE, 1, b"")]
)
def test_impossible_fields_are_refused(workspace: bytes, position: int, head: bytes) -> None:
    with pytest.raises(KitUnreadable):
        Kit(ACCOUNT, workspace, position, head)


@pytest.mark.A05
def test_no_key_is_built_in() -> None:
    """There is no vendor or recovery key to which anything could be sealed: no module holds as much as 32 bytes."""
    import vault.keys
    import vault.profile

    for package in (vault.keys, vault.profile):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            large = [
                name for name, value in vars(module).items() if isinstance(value, bytes) and len(value) >= 32
            ]
            assert not large, f"{found.name}: {large}"
