"""The Secret Key: 128 random bits, made on the first device, never sent.

Text form: `TACIT1-` and six groups of five characters of Crockford's base32: 128 bits of key and 22 bits of
checksum (the first bits of SHA-256 over a label and the key). The digit after TACIT is the format's version.
"""

from __future__ import annotations

import re
import secrets

from protocol.ids import sha256
from vault.keys import base32, words
from vault.keys.errors import SecretKeyUnreadable, UnknownKeyVersion
from vault.keys.hidden import Hidden
from vault.keys.labels import Label, prefixed

SECRET_KEY_SIZE = 16
_CHARACTERS = 30
_CHECK_BITS = _CHARACTERS * 5 - SECRET_KEY_SIZE * 8
_PREFIX = base32.forgive("TACIT1")
_ANY_PREFIX = re.compile(r"TAC1T[0-9]")


def _check(key: bytes) -> int:
    digest = sha256(prefixed(Label.SECRET_KEY_TEXT.value), key)
    return int.from_bytes(digest, "big") >> 256 - _CHECK_BITS


class SecretKey(Hidden):
    """16 bytes. Shown to its owner by `text` and `words` only."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != SECRET_KEY_SIZE:
            raise SecretKeyUnreadable("a Secret Key has 16 bytes")
        self._raw = bytes(raw)

    def _secret(self) -> bytes:
        return self._raw

    @classmethod
    def generate(cls) -> SecretKey:
        return cls(secrets.token_bytes(SECRET_KEY_SIZE))

    @property
    def raw(self) -> bytes:
        """The 16 bytes."""
        return self._raw

    def text(self) -> str:
        """`TACIT1-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX-XXXXX`."""
        number = int.from_bytes(self._raw, "big") << _CHECK_BITS | _check(self._raw)
        body = "".join(
            base32.ALPHABET[number >> shift & 31] for shift in range(5 * (_CHARACTERS - 1), -1, -5)
        )
        return f"TACIT1-{base32.grouped(body)}"

    def words(self) -> str:
        """The twelve BIP-39 words (English) that stand for the same 16 bytes."""
        return words.to_words(self._raw)

    @classmethod
    def parse(cls, text: str) -> SecretKey:
        """Read the text form, forgiving case, spaces, dashes, O for 0, I and L for 1.

        Raises SecretKeyUnreadable, or UnknownKeyVersion where the prefix is that of a newer format.
        """
        plain = base32.forgive(text)
        if not plain.startswith(_PREFIX):
            if _ANY_PREFIX.match(plain):
                raise UnknownKeyVersion("a Secret Key of another version")
            raise SecretKeyUnreadable("no TACIT1 at its start")
        body = plain[len(_PREFIX) :]
        if len(body) != _CHARACTERS or any(c not in base32.ALPHABET for c in body):
            raise SecretKeyUnreadable("not thirty characters of the alphabet")
        number = 0
        for character in body:
            number = number << 5 | base32.ALPHABET.index(character)
        key = (number >> _CHECK_BITS).to_bytes(SECRET_KEY_SIZE, "big")
        if number & (1 << _CHECK_BITS) - 1 != _check(key):
            raise SecretKeyUnreadable("the checksum does not match")
        return cls(key)

    @classmethod
    def parse_words(cls, text: str) -> SecretKey:
        """Read the recovery words; raises WordsUnreadable."""
        return cls(words.from_words(text))

    @classmethod
    def parse_any(cls, text: str) -> SecretKey:
        """Read the text form or the words, whichever it is. Raises as those do."""
        return cls.parse_words(text) if words.look_like_words(text) else cls.parse(text)
