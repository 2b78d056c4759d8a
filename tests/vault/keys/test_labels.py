"""HKDF and the unambiguous joining of its contexts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from protocol.signing import Namespace
from vault.keys.labels import Label, hkdf, prefixed


def test_rfc_5869_case_1() -> None:
    output = hkdf(b"\x0b" * 22, bytes(range(13)), bytes(range(0xF0, 0xFA)), 42)
    assert output.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


@given(st.lists(st.binary(max_size=40), max_size=4), st.lists(st.binary(max_size=40), max_size=4))
def test_different_parts_join_differently(one: list[bytes], two: list[bytes]) -> None:
    assert (prefixed(b"x", *one) == prefixed(b"x", *two)) == (one == two)


def test_labels_are_distinct_from_each_other_and_from_the_protocols() -> None:
    values = [label.value for label in Label] + [namespace.value for namespace in Namespace]
    assert len(set(values)) == len(values)
