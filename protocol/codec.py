"""Strict MessagePack: one encoding of each thing.

Every format of the protocol is a MessagePack array of fixed length (msgspec, `array_like`), integers in their
shortest form, binary as `bin`, text as UTF-8 `str`. `decode` parses, encodes again, and compares: bytes that are
not the one canonical encoding are refused, so nothing outside a signature can be varied.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from protocol.errors import FormatError

T = TypeVar("T")

_encoder = msgspec.msgpack.Encoder(order="sorted")
_decoders: dict[object, msgspec.msgpack.Decoder[object]] = {}


class Message(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of all structures of the protocol: a MessagePack array, fields in the order of declaration."""


def encode(value: object) -> bytes:
    """The canonical bytes of a message; map keys are sorted."""
    return _encoder.encode(value)


def decode(data: bytes, as_type: type[T], limit: int) -> T:
    """Parse at most `limit` bytes as `as_type`; raises FormatError unless they are its canonical encoding."""
    if len(data) > limit:
        raise FormatError(f"{len(data)} bytes, at most {limit} allowed", "too-large")
    decoder = _decoders.get(as_type)
    if decoder is None:
        decoder = _decoders[as_type] = msgspec.msgpack.Decoder(as_type)
    try:
        value = decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"not a {getattr(as_type, '__name__', as_type)}: {error}") from None
    if _encoder.encode(value) != data:
        raise FormatError(f"not the canonical encoding of a {getattr(as_type, '__name__', as_type)}")
    return value  # type: ignore[return-value]  # the decoder was made for as_type
