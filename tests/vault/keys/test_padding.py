"""Compression and padding: lengths, bombs, and one encoding of the padding."""

from __future__ import annotations

import hashlib
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from vault.keys import padding

LIMIT = 1 << 20


def packed(frame: bytes) -> bytes:
    body = len(frame).to_bytes(4, "big") + frame
    return body.ljust(padding.padme(len(body)), b"\0")


@given(st.binary(max_size=5_000))
def test_round_trip(data: bytes) -> None:
    assert padding.unpack(padding.pack(data), LIMIT) == data


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, 0),
        (1, 1),
        (2, 2),
        (3, 3),
        (8, 8),
        (9, 10),
        (100, 104),
        (1_000, 1_024),
        (1_025, 1_088),
        (10_000, 10_240),
    ],
)
def test_padme_known_answers(length: int, expected: int) -> None:
    assert padding.padme(length) == expected


@given(st.integers(2, 1 << 40))
def test_padme_is_the_least_of_its_lengths_and_costs_little(length: int) -> None:
    padded = padding.padme(length)
    assert length <= padded <= length * 1.12 + 1
    assert padding.padme(padded) == padded
    assert padding.padme(length - 1) <= padded


def test_every_byte_of_padding_must_be_zero() -> None:
    genuine = padding.pack(hashlib.shake_256(b"incompressible").digest(1_000))
    end = 4 + int.from_bytes(genuine[:4], "big")
    assert end < len(genuine)
    for index in range(end, len(genuine)):
        with pytest.raises(ValueError, match="padding"):
            padding.unpack(genuine[:index] + b"\x01" + genuine[index + 1 :], LIMIT)


def test_another_padded_length_is_refused() -> None:
    genuine = padding.pack(b"hello" * 30)
    for mauled in (genuine + b"\0", genuine[:-1], genuine + bytes(16), b"", b"\0\0\0", genuine[:4]):
        with pytest.raises(ValueError, match=r"length|frame"):
            padding.unpack(mauled, LIMIT)


@pytest.mark.A46
def test_a_bomb_is_refused_without_being_expanded() -> None:
    frame = zstandard.ZstdCompressor(level=19).compress(bytes(1 << 28))
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="limit"):
            padding.unpack(packed(frame), LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.A46
def test_a_frame_that_lies_about_its_size_is_refused() -> None:
    frame = bytearray(zstandard.ZstdCompressor(level=3).compress(bytes(200_000)))
    # RFC 8878, 3.1.1.1: descriptor, then (single segment) four bytes of content size.
    assert frame[4] >> 6 == 2
    assert int.from_bytes(frame[5:9], "little") == 200_000
    for claimed in (100_000, 199_999, 200_001, 0xFFFFFFFF):
        frame[5:9] = claimed.to_bytes(4, "little")
        with pytest.raises(ValueError, match="frame"):
            padding.unpack(packed(bytes(frame)), LIMIT)


def test_a_frame_without_a_size_is_refused() -> None:
    frame = zstandard.ZstdCompressor(level=3, write_content_size=False).compress(b"hello" * 100)
    with pytest.raises(ValueError, match="frame"):
        padding.unpack(packed(frame), LIMIT)


def test_exactly_one_frame() -> None:
    frame = zstandard.ZstdCompressor(level=3).compress(b"hello" * 100)
    skippable = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"
    for wrong in (
        frame + frame,
        frame + skippable,
        skippable + frame,
        skippable,
        frame + b"\0",
        frame[:-1],
        b"",
        b"\0",
    ):
        with pytest.raises(ValueError, match=r"frame|length"):
            padding.unpack(packed(wrong), LIMIT)


@given(st.binary(max_size=300))
def test_garbage_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"frame|length|padding"):
        padding.unpack(packed(data), LIMIT)
