"""Keys for the items of list fields (phones, mails, tags): each item is a field of its own, `phones/<item
key>`.

A key is `<place>-<mark>`: the place is lower-case hexadecimal and sorts the items as strings; the mark keeps
two desks that add an item at the same place from overwriting each other. Items that come from a file get a
mark that is derived from their value, so importing the same file twice writes the same item and not a second
one. A tag is a set member: its key is the mark alone, so the same tag added at two desks is one tag.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable

PLACE_DIGITS = 6
STEP = 0x100
_PATTERN = re.compile(r"(?:[0-9a-f]{6,80}-)?[0-9a-f]{8}")


def is_item_key(key: str) -> bool:
    """Whether `key` has the form this module makes."""
    return _PATTERN.fullmatch(key) is not None


def item_field(field: str, key: str) -> str:
    """The name of one item as a field of the record: `phones/000100-1f3a9c20`."""
    return f"{field}/{key}"


def split_item(name: str) -> tuple[str, str]:
    """(`field`, `item key`); the key is empty for a plain field."""
    field, _, key = name.partition("/")
    return field, key


def mark_of(value: str) -> str:
    """Eight hexadecimal digits derived from the value; not a secret, only a spreader."""
    return hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def key_at(index: int, value: str) -> str:
    """The key of the item number `index` (from 0) of a file; the same for the same value at the same
    place.
    """
    return f"{(index + 1) * STEP:0{PLACE_DIGITS}x}-{mark_of(value)}"


def tag_key(tag: str) -> str:
    """The key of a tag: the same for the same word, whatever its case and spacing."""
    return mark_of(" ".join(unicodedata.normalize("NFKC", tag).casefold().split()))


def key_after(keys: Iterable[str]) -> str:
    """A key that sorts after all of `keys`, for an item that is added by hand."""
    places = [int(key[:PLACE_DIGITS], 16) for key in keys if "-" in key and is_item_key(key)]
    place = max(places, default=0) + STEP
    if place >= 16**PLACE_DIGITS:
        return f"{'f' * PLACE_DIGITS}{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    return f"{place:0{PLACE_DIGITS}x}-{secrets.token_hex(4)}"
