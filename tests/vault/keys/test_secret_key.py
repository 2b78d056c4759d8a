"""The Secret Key's text form and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.keys import SecretKey, base32
from vault.keys.errors import SecretKeyUnreadable, UnknownKeyVersion, WordsUnreadable

RAW = bytes(range(16))
TEXT = "TACIT1-000G4-0R40M-30E20-9185G-R38E1-W4K0Y"
WORDS = "abandon amount liar amount expire adjust cage candy arch gather drum buyer"


def test_format_is_stable() -> None:
    key = SecretKey(RAW)
    assert key.text() == TEXT
    assert key.words() == WORDS
    assert SecretKey.parse(TEXT).raw == RAW


@given(st.binary(min_size=16, max_size=16))
def test_round_trips(raw: bytes) -> None:
    key = SecretKey(raw)
    assert SecretKey.parse(key.text()) == key
    assert SecretKey.parse_words(key.words()) == key
    assert SecretKey.parse_any(key.text()) == key
    assert SecretKey.parse_any(key.words()) == key


def test_generated_keys_differ() -> None:
    assert len({SecretKey.generate().raw for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "typed",
    [
        TEXT.lower(),
        TEXT.replace("-", " "),
        TEXT.replace("-", ""),
        TEXT.replace("0", "O"),
        TEXT.replace("0", "o").replace("1", "l"),
        TEXT.replace("TACIT1", "TAClTI"),
        f"  {TEXT}\n",
        TEXT.replace("-", "\u2013"),
    ],
)
def test_forgives_how_people_type(typed: str) -> None:
    assert SecretKey.parse(typed).raw == RAW


def test_every_single_wrong_character_is_noticed() -> None:
    body = TEXT.removeprefix("TACIT1-").replace("-", "")
    for index in range(len(body)):
        for other in base32.ALPHABET:
            if other != body[index]:
                with pytest.raises(SecretKeyUnreadable):
                    SecretKey.parse("TACIT1-" + body[:index] + other + body[index + 1 :])


def test_swapped_neighbours_are_noticed() -> None:
    body = TEXT.removeprefix("TACIT1-").replace("-", "")
    for index in range(len(body) - 1):
        if body[index] != body[index + 1]:
            swapped = body[:index] + body[index + 1] + body[index] + body[index + 2 :]
            with pytest.raises(SecretKeyUnreadable):
                SecretKey.parse("TACIT1-" + swapped)


@pytest.mark.parametrize(
    "typed",
    ["", "TACIT1", "TACIT1-", TEXT[:-1], TEXT + "0", TEXT[7:], "SECRET-" + TEXT, TEXT + "é", "٣" * 36],
)
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(SecretKeyUnreadable):
        SecretKey.parse(typed)


@pytest.mark.A16
def test_a_newer_format_is_named_as_such() -> None:
    with pytest.raises(UnknownKeyVersion):
        SecretKey.parse(TEXT.replace("TACIT1", "TACIT2"))


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_only_sixteen_bytes(size: int) -> None:
    with pytest.raises(SecretKeyUnreadable):
        SecretKey(bytes(size))


def test_words_forgive_case_and_blanks() -> None:
    assert SecretKey.parse_words(f"  {WORDS.upper().replace(' ', '   ')}\n").raw == RAW


@pytest.mark.parametrize(
    "typed",
    [
        "",
        WORDS.rsplit(" ", 1)[0],
        WORDS + " buyer",
        WORDS.replace("buyer", "zoo"),
        WORDS.replace("buyer", "qwerty"),
        " ".join(reversed(WORDS.split())),
    ],
)
def test_wrong_words_are_refused_without_repeating_them(typed: str) -> None:
    with pytest.raises(WordsUnreadable) as caught:
        SecretKey.parse_words(typed)
    assert "buyer" not in str(caught.value)
    assert "qwerty" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_bip39_vectors() -> None:
    """Of the reference implementation's vectors (trezor/python-mnemonic, vectors.json)."""
    assert SecretKey(bytes(16)).words() == "abandon " * 11 + "about"
    legal = "legal winner thank year wave sausage worth useful legal winner thank yellow"
    assert SecretKey(b"\x7f" * 16).words() == legal
