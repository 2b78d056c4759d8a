"""Folding of text for sorting and searching: case, diacritics and compatibility forms are gone; digits of phones."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PHONE = re.compile(r"[+(]?[0-9][0-9 ()/.\-\u00a0+]{3,}")
_NOT_DIGIT = re.compile(r"[^0-9]")
# Letters that Unicode does not take apart, as people type them on a keyboard that has not got them.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
# The diacritics of Latin, Greek and Cyrillic; U+034F among them is none. Other scripts have theirs elsewhere.
_MARKS = re.compile(r"[\u0300-\u034e\u0350-\u036f]+")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_TRUNK = re.compile(r"\(0+\)")
MOST = 200
"""Characters of a text that take part in sorting."""


def fold_text(text: str) -> str:
    """`Änne  Østergård` -> `anne ostergard`; one space between words. Indexes and what is typed both go through it."""
    if text.isascii():
        return " ".join(text.lower().split())
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    if not bare.isascii():
        # Nothing without diacritics composes with an ASCII letter, so the rest can be folded by itself.
        bare = _BEYOND_ASCII.sub(_fold_beyond, bare)
    return " ".join(bare.casefold().split())


def _fold_beyond(found: re.Match[str]) -> str:
    return _fold_run(found[0])


@lru_cache(maxsize=4_096)
def _fold_run(text: str) -> str:
    """Decomposed characters beyond ASCII, folded: words of other scripts, letters such as those below, dashes."""
    bare = "".join(char for char in text if not unicodedata.combining(char))
    return unicodedata.normalize("NFKC", bare).casefold().translate(_LETTERS)


def is_phone(text: str) -> bool:
    """Whether the whole text reads as a telephone number (five digits or more)."""
    return _PHONE.fullmatch(text) is not None and sum(char.isdigit() for char in text) >= 5


def phone_tokens(text: str) -> list[str]:
    """The digits of a number, and its tails from where people begin to type it: without the country code (one to
    three digits), without a trunk zero, the last seven, six and four."""
    text = _TRUNK.sub("", text)  # +49 (0)89 ...
    digits = _NOT_DIGIT.sub("", text)
    international = text.lstrip(" (").startswith("+") or digits.startswith("00")
    digits = digits.lstrip("0") if international or digits.startswith("0") else digits
    starts = range(4) if international or len(digits) > 10 else range(1)
    tokens = {digits[start:] for start in starts}
    tokens.update((digits[-7:], digits[-6:], digits[-4:]))
    return sorted(token for token in tokens if len(token) >= 4)


def phone_query(text: str) -> str:
    """The digits to look for, where the text could be (the beginning of) a number; else "" ."""
    if not re.fullmatch(r"[+(]?[0-9 ()/.\-\u00a0+]*", text):
        return ""
    digits = _NOT_DIGIT.sub("", _TRUNK.sub("", text))
    if len(digits) < 3:
        return ""
    bare = digits.lstrip("0")
    return bare if len(bare) >= 3 else ""
