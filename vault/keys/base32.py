"""Crockford's base32, for what people read, type and scan.

The alphabet has no I, L, O and U. `decode` is strict: exactly the alphabet, exactly the length, leftover bits
zero. `forgive` turns what somebody typed into it first: case, O for 0, I and L for 1, spaces and dashes of
any kind.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_FORGIVEN = str.maketrans("OIL", "011")
_SEPARATORS = frozenset(" \t\r\n\u00a0\u2007\u202f-_\u00ad\u2010\u2011\u2012\u2013\u2014\u2212.")


def encode(data: bytes) -> str:
    """Five bits a character, most significant first; the last character is filled up with zero bits."""
    length = (len(data) * 8 + 4) // 5
    number = int.from_bytes(data, "big") << (length * 5 - len(data) * 8)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))


def decode(text: str) -> bytes:
    """The inverse of `encode`; raises ValueError (without the text in it) for anything that `encode` does not
    write."""
    number = 0
    for character in text:
        value = _VALUES.get(character)
        if value is None:
            raise ValueError("a character outside the alphabet")
        number = number << 5 | value
    size = len(text) * 5 // 8
    spare = len(text) * 5 - size * 8
    if spare >= 5 or number & (1 << spare) - 1:
        raise ValueError("not a length or an ending that base32 has")
    return (number >> spare).to_bytes(size, "big")


def forgive(text: str) -> str:
    """Upper case, without separators, look-alikes replaced. Any other character stays, for `decode` to
    refuse."""
    return "".join(c for c in text.upper() if c not in _SEPARATORS).translate(_FORGIVEN)


def grouped(text: str, size: int = 5) -> str:
    """Groups of `size` characters with dashes between."""
    return "-".join(text[start : start + size] for start in range(0, len(text), size))
