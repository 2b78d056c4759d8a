"""One encoding of each thing: whatever else says the same is refused."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import (
    MAX_HEADER,
    NO_HASH,
    VERSION,
    Commit,
    Compartment,
    FormatError,
    Header,
    Kind,
    LogId,
    Namespace,
    SignatureInvalid,
    body_hash,
    bridge_detail,
    decode,
    device_id,
    digest,
    encode,
    key_id,
    parse_commit,
    parse_header,
    rotate_detail,
    sha256,
    signed_message,
    verify,
)
from tests.protocol.world import NORTH, Key, refused, seeded

LOG = LogId(NORTH, Compartment.SALES)


def header(**changes: Any) -> Header:
    fields: dict[str, Any] = {
        "version": VERSION,
        "kind": Kind.DATA,
        "workspace": seeded("w"),
        "log": LOG.encode(),
        "generation": 1,
        "author": seeded("a", size=16),
        "counter": 1,
        "previous": NO_HASH,
        "seen_position": 0,
        "seen_chain": NO_HASH,
        "roster_position": 1,
        "roster_hash": seeded("r"),
        "detail": b"",
        "body_hash": seeded("b"),
    }
    return Header(**{**fields, **changes})


def test_a_header_survives() -> None:
    assert parse_header(encode(header())) == header()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": 0}, "version"),
        ({"version": 2}, "version"),
        ({"kind": 9}, "format"),
        ({"workspace": bytes(31)}, "format"),
        ({"log": bytes(32)}, "format"),
        ({"log": b"\x09" + LOG.encode()[1:]}, "format"),
        ({"log": b"\x01" + LOG.encode()[1:17] + seeded("m", size=16)}, "format"),
        ({"log": b"\x00" + LOG.encode()[1:]}, "format"),
        ({"log": b"\x03" + bytes(32)}, "format"),
        ({"generation": 0}, "format"),
        ({"generation": 1 << 53}, "format"),
        ({"author": bytes(17)}, "format"),
        ({"counter": 0}, "format"),
        ({"previous": b""}, "format"),
        ({"seen_position": -1}, "format"),
        ({"seen_chain": bytes(33)}, "format"),
        ({"roster_hash": bytes(16)}, "format"),
        ({"detail": b"x"}, "format"),
        ({"kind": Kind.ROTATE, "detail": bytes(32)}, "format"),
        ({"kind": Kind.ROTATE, "detail": rotate_detail(seeded("k"), 1)}, "format"),
        ({"kind": Kind.NUMBER, "detail": bytes(15)}, "format"),
        ({"kind": Kind.BRIDGE, "detail": bytes(3)}, "format"),
        ({"kind": Kind.BRIDGE, "detail": bridge_detail(0)}, "format"),
        ({"kind": Kind.BRIDGE, "detail": bridge_detail(1)}, "format"),
        ({"kind": Kind.PACK, "detail": bytes(129)}, "format"),
        ({"kind": Kind.PACK, "detail": bytes(400)}, "too-large"),
        ({"body_hash": bytes(31)}, "format"),
        ({"counter": 1.0}, "format"),
        ({"counter": True}, "format"),
        ({"detail": None}, "format"),
        ({"workspace": "x" * 32}, "format"),
    ],
)
def test_a_header_that_cannot_be(changes: dict[str, Any], code: str) -> None:
    with refused(code, FormatError):
        parse_header(encode(header(**changes)))


def _array(*items: bytes) -> bytes:
    return bytes((0x90 | len(items),)) + b"".join(items)


@pytest.mark.parametrize(
    "varied",
    [
        lambda good: good + b"\x00",
        lambda good: good[:-1],
        lambda good: b"\xdc\x00\x0e" + good[1:],  # a longer array header
        lambda good: good[:1] + b"\xcc\x01" + good[2:],  # 1 in two bytes
        lambda good: good[:1] + b"\xd1\x00\x01" + good[2:],  # a signed 1
        lambda good: good.replace(b"\xc4\x20" + seeded("w"), b"\xc5\x00\x20" + seeded("w")),  # bin 16
        lambda good: good.replace(b"\xc4\x20" + seeded("w"), b"\xd9\x20" + seeded("w")),  # str
        lambda good: b"\x9f" + good[1:] + b"\xc0",  # one field more
        lambda good: b"\x9d" + good[1:-34],  # one field less
    ],
)
@pytest.mark.A16
def test_other_encodings_of_the_same_header(varied: Any) -> None:
    good = encode(header())
    assert varied(good) != good
    with pytest.raises(FormatError):
        parse_header(varied(good))


def test_too_large_is_refused_before_any_work() -> None:
    with refused("too-large", FormatError):
        decode(b"\xff" * (MAX_HEADER + 1), Header, MAX_HEADER)


def test_commits() -> None:
    body = bytes(100)
    good = Commit(encode(header(body_hash=body_hash(body))), bytes(64), body)
    assert parse_commit(good).body_hash == body_hash(body)
    with refused("body-hash", FormatError):
        parse_commit(Commit(good.header, good.signature, body[:-1]))
    with refused("format", FormatError):
        parse_commit(Commit(good.header, bytes(63), body))
    for size in (0, 81, (1 << 21) + 1):
        with refused("too-large", FormatError):
            parse_commit(Commit(good.header, good.signature, bytes(size)))


def test_the_body_authenticates_the_header_but_its_own_hash() -> None:
    one, other = header(body_hash=seeded("one")), header(body_hash=seeded("other"))
    assert one.associated_data() == other.associated_data() != header(counter=2).associated_data()


@pytest.mark.A26
@pytest.mark.parametrize("signed", list(Namespace))
@pytest.mark.parametrize("asked", list(Namespace))
def test_no_signature_is_valid_as_another_type(signed: Namespace, asked: Namespace) -> None:
    key = Key("anybody")
    signature = key.sign(signed, b"body")
    if signed is asked:
        verify(asked, key.public, b"body", signature)
    else:
        with pytest.raises(SignatureInvalid):
            verify(asked, key.public, b"body", signature)


@pytest.mark.parametrize(
    ("public", "signature"), [(b"", bytes(64)), (bytes(31), bytes(64)), (Key("a").public, bytes(63))]
)
def test_keys_and_signatures_have_exact_lengths(public: bytes, signature: bytes) -> None:
    with pytest.raises(SignatureInvalid):
        verify(Namespace.COMMIT, public, b"", signature)


def test_ids_are_hashes_with_namespaces() -> None:
    assert signed_message(Namespace.LOGIN, b"x") == b"\x0etacit/v1/loginx"
    assert digest(Namespace.LOGIN, b"x") == sha256(b"\x0etacit/v1/login", b"x")
    assert device_id(bytes(32)) == digest(Namespace.DEVICE_ID, bytes(32))[:16]
    assert key_id(bytes(1216)) == digest(Namespace.KEY_ID, bytes(1216))


def test_namespaces_are_all_different() -> None:
    values = [namespace.value for namespace in Namespace]
    assert len(set(values)) == len(values)
    assert all(value.startswith(b"tacit/v1/") for value in values)


@given(st.binary(max_size=300))
def test_whatever_decodes_is_its_only_encoding(data: bytes) -> None:
    """No codec accepts two encodings: what it takes is what it writes."""
    for as_type in (Header, Commit, list[int], dict[str, int]):
        try:
            value = decode(data, as_type, 300)
        except FormatError:
            continue
        assert encode(value) == data


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 40), 1 << 40)
    | st.binary(max_size=40)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=20,
)


@given(st.lists(VALUES, min_size=14, max_size=14), st.integers(0, 13), VALUES)
def test_anything_in_a_field_is_a_header_or_refused(fields: list[Any], index: int, value: Any) -> None:
    for items in (fields, [*msgspec.structs.astuple(header())]):
        items[index] = value
        data = encode(items)
        with contextlib.suppress(FormatError):
            assert encode(parse_header(data)) == data


@given(st.integers(0, 6), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_log_ids(compartment: int, group: bytes, owner: bytes) -> None:
    data = bytes((compartment,)) + group + owner
    try:
        assert LogId.decode(data).encode() == data
    except FormatError:
        assert compartment in (0, 1, 6) or group == bytes(16)
