"""The inside stage alone: what a rotate may carry, and reasons that every client finds alike."""

from __future__ import annotations

import msgspec
import pytest

from protocol.codec import encode
from protocol.commit import Header, Kind, body_hash, rotate_detail
from protocol.ids import NO_HASH, Compartment, LogId
from protocol.operations import RotateBody
from vault.admit import AsideReason, SetAside
from vault.admit.inside import open_rotate
from vault.keys import body_context, key_hash, new_log_key, seal_body

WORKSPACE = bytes(range(32))
LOG = LogId(b"g" * 16, Compartment.CONTACTS)


def rotate(key: bytes, carried_generation: int, body: bytes) -> tuple[Header, bytes]:
    """A ROTATE of generation 2 with any body, sealed under `key`."""
    header = Header(
        1,
        Kind.ROTATE,
        WORKSPACE,
        LOG.encode(),
        2,
        b"d" * 16,
        1,
        NO_HASH,
        0,
        NO_HASH,
        1,
        NO_HASH,
        rotate_detail(key_hash(WORKSPACE, LOG, 2, key), carried_generation),
        NO_HASH,
    )
    sealed = seal_body(key, body_context(WORKSPACE, LOG, 2), header.associated_data(), body)
    return msgspec.structs.replace(header, body_hash=body_hash(sealed)), sealed


def reason(key: bytes, header: Header, sealed: bytes, carried_hash: bytes) -> AsideReason:
    with pytest.raises(SetAside) as aside:
        open_rotate(header, key, sealed, carried_hash)
    return aside.value.reason


def test_carried_key_is_the_one_of_its_rotate() -> None:
    key, earlier = new_log_key(), new_log_key()
    right = key_hash(WORKSPACE, LOG, 1, earlier)
    header, sealed = rotate(key, 1, encode(RotateBody(earlier)))
    assert open_rotate(header, key, sealed, right) == earlier
    assert reason(key, header, sealed, NO_HASH) is AsideReason.CARRIED_KEY
    assert reason(new_log_key(), header, sealed, right) is AsideReason.NOT_OPENED


@pytest.mark.parametrize("carried", [b"", b"short", bytes(33)])
def test_carried_key_has_32_bytes(carried: bytes) -> None:
    key = new_log_key()
    header, sealed = rotate(key, 1, encode(RotateBody(carried)))
    assert reason(key, header, sealed, NO_HASH) is AsideReason.CARRIED_KEY


def test_nothing_is_carried_where_the_header_names_nothing() -> None:
    key = new_log_key()
    header, sealed = rotate(key, 0, encode(RotateBody(b"")))
    assert open_rotate(header, key, sealed, NO_HASH) == b""
    header, sealed = rotate(key, 0, encode(RotateBody(new_log_key())))
    assert reason(key, header, sealed, NO_HASH) is AsideReason.CARRIED_KEY


@pytest.mark.parametrize("body", [b"", b"\xc0", b"\x91\xa1x", encode(RotateBody(b"k" * 32)) + b"\x00"])
def test_other_bodies_are_no_rotate(body: bytes) -> None:
    key = new_log_key()
    header, sealed = rotate(key, 1, body)
    assert reason(key, header, sealed, NO_HASH) is AsideReason.FORMAT


@pytest.mark.hostile
@pytest.mark.A07
def test_body_under_another_header_does_not_open() -> None:
    """A07."""
    key, earlier = new_log_key(), new_log_key()
    header, sealed = rotate(key, 1, encode(RotateBody(earlier)))
    for changed in (
        msgspec.structs.replace(header, counter=2),
        msgspec.structs.replace(header, seen_position=1),
        msgspec.structs.replace(header, author=b"e" * 16),
        msgspec.structs.replace(header, generation=3),
    ):
        expected = key_hash(WORKSPACE, LOG, 1, earlier)
        assert reason(key, changed, sealed, expected) is AsideReason.NOT_OPENED
