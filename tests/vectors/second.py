"""Encodings made a second time, from `protocol/SPEC.md` alone: so vectors made with them do not repeat a mistake of the
code. Nothing of `protocol` or `vault` is imported here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
Packed = bool | int | str | bytes | Sequence["Packed"] | Mapping[str, "Packed"] | None


def message(value: Packed) -> bytes:
    """Section 1: the one encoding of a value, for lengths below 65,536."""
    if value is None:
        return b"\xc0"
    if isinstance(value, bool):
        return b"\xc3" if value else b"\xc2"
    if isinstance(value, int):
        return _number(value)
    if isinstance(value, str):
        text = value.encode()
        if len(text) < 32:
            return bytes((0xA0 + len(text),)) + text
        return _counted(text, b"\xd9", b"\xda")
    if isinstance(value, bytes):
        return _counted(value, b"\xc4", b"\xc5")
    if isinstance(value, Mapping):
        pairs = sorted(value.items(), key=lambda pair: pair[0].encode())
        items = b"".join(message(name) + message(each) for name, each in pairs)
        return _head(len(pairs), 0x80, b"\xde") + items
    return _head(len(value), 0x90, b"\xdc") + b"".join(message(each) for each in value)


def _number(value: int) -> bytes:
    if value < 0:
        if value >= -32:
            return (256 + value).to_bytes(1, "big")
        for size, tag in ((1, b"\xd0"), (2, b"\xd1"), (4, b"\xd2"), (8, b"\xd3")):
            if value >= -(1 << 8 * size - 1):
                return tag + value.to_bytes(size, "big", signed=True)
        raise ValueError("below -2^63")
    if value < 128:
        return bytes((value,))
    for size, tag in ((1, b"\xcc"), (2, b"\xcd"), (4, b"\xce"), (8, b"\xcf")):
        if value < 1 << 8 * size:
            return tag + value.to_bytes(size, "big")
    raise ValueError("above 2^64 - 1")


def _counted(data: bytes, short: bytes, long: bytes) -> bytes:
    if len(data) < 256:
        return short + len(data).to_bytes(1, "big") + data
    return long + len(data).to_bytes(2, "big") + data


def _head(count: int, small: int, large: bytes) -> bytes:
    return bytes((small + count,)) if count < 16 else large + count.to_bytes(2, "big")


def prefixed(label: str, *parts: bytes) -> bytes:
    """Section 1."""
    name = label.encode()
    joined = bytes((len(name),)) + name
    return joined + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def digest(name: str, *parts: bytes) -> bytes:
    """Section 2; `name` without its `tacit/v1/`."""
    return hashlib.sha256(prefixed(f"tacit/v1/{name}") + b"".join(parts)).digest()


def signed(name: str, body: bytes) -> bytes:
    """Section 2: what a signature is over."""
    return prefixed(f"tacit/v1/{name}") + body


def hkdf(key: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(key)


def sub(key: bytes, name: str) -> bytes:
    """Section 6."""
    return hkdf(key, bytes(32), prefixed(f"tacit/v1/{name}"), 32)


def seal(key: bytes, salt: bytes, context: bytes, associated: bytes, plaintext: bytes) -> bytes:
    """Section 4."""
    both = hkdf(key, salt, prefixed("tacit/v1/seal", context), 64)
    return b"\x01" + salt + both[32:] + AESGCM(both[:32]).encrypt(bytes(12), plaintext, associated)


def frame(content: bytes) -> bytes:
    """RFC 8878: one zstd frame of one raw block that names its content size, for 256 to 65,791 bytes or fewer."""
    if len(content) < 256:
        head = b"\x20" + bytes((len(content),))
    else:
        head = b"\x60" + (len(content) - 256).to_bytes(2, "little")
    return b"\x28\xb5\x2f\xfd" + head + (1 + (len(content) << 3)).to_bytes(3, "little") + content


def padded(content: bytes) -> bytes:
    """Section 4: a frame behind its length, filled up to the Padmé length."""
    one = frame(content)
    length = 4 + len(one)
    exponent = length.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return (len(one).to_bytes(4, "big") + one).ljust((length + mask) & ~mask, b"\0")


def base32(data: bytes) -> str:
    """Section 6: Crockford's, the last character filled up with zero bits."""
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(ALPHABET[int(bits[start : start + 5], 2)] for start in range(0, len(bits), 5))


def checked(label: str, payload: bytes) -> bytes:
    """Section 7: `payload` and its check."""
    return payload + digest(label, payload)[:4]


def code_of(content: bytes) -> str:
    """Section 2: six groups of five digits."""
    first = hashlib.sha256(content).digest()[:30]
    groups = (int.from_bytes(first[start : start + 5], "big") % 100_000 for start in range(0, 30, 5))
    return " ".join(f"{group:05d}" for group in groups)


def _times(one: int, other: int) -> int:
    """In GF(2^128) modulo x^128 + x^7 + x^2 + x + 1."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one <<= 1
        if one >> 128:
            one ^= (1 << 128) | 0b1000_0111
        other >>= 1
    return product


def shares_of(secret: bytes, coefficients: Sequence[bytes], count: int) -> list[bytes]:
    """Section 7: the values at 1 to `count` of the polynomial whose value at 0 is `secret` (16 bytes); coefficients
    from the first power on."""
    values = []
    for point in range(1, count + 1):
        value, power = int.from_bytes(secret, "big"), 1
        for coefficient in coefficients:
            power = _times(power, point)
            value ^= _times(int.from_bytes(coefficient, "big"), power)
        values.append(value.to_bytes(16, "big"))
    return values
