"""Recovery words: BIP-39 (English) for the 16 bytes of a Secret Key; twelve words with four bits of checksum."""

from __future__ import annotations

import functools
import unicodedata

from mnemonic import Mnemonic

from vault.keys.errors import WordsUnreadable

WORD_COUNT = 12


@functools.cache
def _english() -> Mnemonic:
    return Mnemonic("english")


def to_words(raw: bytes) -> str:
    """16 bytes as twelve words, one space between."""
    return str(_english().to_mnemonic(raw))


def look_like_words(text: str) -> bool:
    """Whether somebody typed words rather than the text form."""
    parts = text.split()
    return len(parts) >= 8 and all(len(part) >= 3 for part in parts) and not any(c.isdigit() for c in text)


def from_words(text: str) -> bytes:
    """Read twelve words, forgiving case and spaces; raises WordsUnreadable (without naming any of them)."""
    parts = unicodedata.normalize("NFKD", text).lower().split()
    if len(parts) != WORD_COUNT:
        raise WordsUnreadable("not twelve words")
    try:
        return bytes(_english().to_entropy(parts))
    except (LookupError, ValueError):
        raise WordsUnreadable("an unknown word, or the checksum does not match") from None
