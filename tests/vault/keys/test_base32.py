"""Crockford's base32: strict decoding, one encoding of each thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.keys import base32


@given(st.binary(max_size=200))
def test_round_trip(data: bytes) -> None:
    text = base32.encode(data)
    assert base32.decode(text) == data
    assert set(text) <= set(base32.ALPHABET)


def test_known_answers() -> None:
    assert base32.encode(b"") == ""
    assert base32.encode(b"\0") == "00"
    assert base32.encode(b"\xff") == "ZW"
    assert base32.encode(b"foobar") == "CSQPYRK1E8"


@given(st.text(alphabet=base32.ALPHABET, max_size=60))
def test_what_decodes_encodes_to_the_same_text(text: str) -> None:
    try:
        data = base32.decode(text)
    except ValueError:
        return
    assert base32.encode(data) == text


@pytest.mark.parametrize("text", ["0", "01", "000", "zw", "Z!", "ZO", " ZW", "ZW=", "ZX"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"alphabet|length"):
        base32.decode(text)


def test_forgiving_of_what_people_type() -> None:
    assert base32.forgive(" o0 iIlL-1\u2013a\u00a0b_c.d\n") == "0011111ABCD"
    assert base32.forgive("!") == "!"


def test_groups() -> None:
    assert base32.grouped("ABCDEFGHIJKL") == "ABCDE-FGHIJ-KL"
