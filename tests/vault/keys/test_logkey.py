"""Log keys: named by their hash, bound to workspace, log and generation."""

from __future__ import annotations

import itertools

import pytest

from protocol.ids import Compartment, LogId
from vault.keys import body_context, check_key, key_hash, new_log_key
from vault.keys.errors import KeyRefused

WORKSPACE, KEY = b"\x01" * 32, b"\x02" * 32
LOG = LogId(b"\x11" * 16, Compartment.SALES, b"\x22" * 16)


def test_format_is_stable() -> None:
    assert key_hash(WORKSPACE, LOG, 3, KEY).hex() == (
        "87efaee62ec101af94c281c71fb0317dc9d40dd4a3916df1d75ed509cc654d45"
    )
    assert body_context(WORKSPACE, LOG, 3) == (
        b"\x0dtacit/v1/body"
        + b"\0\x20"
        + WORKSPACE
        + b"\0\x21"
        + LOG.encode()
        + b"\0\x08"
        + (3).to_bytes(8, "big")
    )


def test_keys_are_random() -> None:
    keys = {new_log_key() for _ in range(50)}
    assert len(keys) == 50
    assert {len(key) for key in keys} == {32}


@pytest.mark.A32
def test_only_the_key_of_this_place_is_taken() -> None:
    shared = LogId(LOG.group, Compartment.SALES)
    places = list(itertools.product((WORKSPACE, bytes(32)), (LOG, shared), (3, 4)))
    for place in places:
        check_key(*place, KEY, key_hash(*place, KEY))
        for other in places:
            if other != place:
                with pytest.raises(KeyRefused):
                    check_key(*other, KEY, key_hash(*place, KEY))


@pytest.mark.A16
@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), bytes(32)])
def test_another_key_is_refused(key: bytes) -> None:
    with pytest.raises(KeyRefused):
        check_key(WORKSPACE, LOG, 3, key, key_hash(WORKSPACE, LOG, 3, KEY))


def test_contexts_differ_by_place() -> None:
    shared = LogId(LOG.group, Compartment.SALES)
    places = list(itertools.product((WORKSPACE, bytes(32)), (LOG, shared), (3, 4)))
    assert len({body_context(*place) for place in places}) == len(places)
