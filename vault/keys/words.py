"""Words of BIP-39 (English): twelve for the 16 bytes of a Secret Key, with four bits of checksum; twenty-four for the
32 bytes of a code that adds a computer, with eight."""

from __future__ import annotations

import functools
import unicodedata

from mnemonic import Mnemonic

from vault.keys.errors import WordsUnreadable

WORD_COUNT = 12
TRANSFER_WORD_COUNT = 24


@functools.cache
def _english() -> Mnemonic:
    return Mnemonic("english")


def to_words(raw: bytes) -> str:
    """16 bytes as twelve words (32 as twenty-four), one space between."""
    return str(_english().to_mnemonic(raw))


def look_like_words(text: str) -> bool:
    """Whether somebody typed words rather than the text form."""
    parts = text.split()
    return len(parts) >= 8 and all(len(part) >= 3 for part in parts) and not any(c.isdigit() for c in text)


def from_words(text: str, count: int = WORD_COUNT) -> bytes:
    """Read `count` words, forgiving case and spaces; raises WordsUnreadable (without naming any of them)."""
    parts = unicodedata.normalize("NFKD", text).lower().split()
    if len(parts) != count:
        raise WordsUnreadable(f"not {count} words")
    try:
        return bytes(_english().to_entropy(parts))
    except (LookupError, ValueError):
        raise WordsUnreadable("an unknown word, or the checksum does not match") from None
