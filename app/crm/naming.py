"""Names for comparing: of people, companies, products. Never shown, only matched.

`name_key` makes one text of all spellings that differ in case, accents, spaces, punctuation and legal forms:
"GTXPro" and "GTX Pro", "ACME Corp." and "Acme Corporation".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from app.crm.draft import Value

_LEGAL = frozenset(
    [
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "ltd",
        "limited",
        "llc",
        "llp",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "ohg",
        "ug",
        "mbh",
        "sa",
        "sarl",
        "sas",
        "srl",
        "spa",
        "bv",
        "nv",
        "oy",
        "ab",
        "as",
        "aps",
        "pty",
        "sro",
        "kft",
        "se",
    ]
)
_ASCII_WORD = re.compile(r"[a-z0-9]+")
# Letters that do not fall apart into a base letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})


def words_of(text: str) -> list[str]:
    """The words in small letters, without accents and punctuation."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower().replace("'", "").replace(".", ""))
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    kept = "".join(
        c if c.isalnum() else "" if unicodedata.combining(c) or c in "'’." else " " for c in folded
    )
    return kept.split()


@lru_cache(maxsize=50_000)
def name_key(text: str) -> str:
    """The words of a name joined, legal forms at its end left out; "" for a name without a letter or
    digit.
    """
    words = words_of(text)
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return "".join(words)


@lru_cache(maxsize=50_000)
def person_key(text: str) -> str:
    """Like `name_key`, whatever the order of the words: "Ash, Ann" and "Ann Ash"."""
    return " ".join(sorted(words_of(text)))


def display_name(fields: Mapping[str, Value]) -> str:
    """The name to show for a person: as given, or made of the parts, the nickname, the organisation, a mail,
    a phone.
    """
    name = _text(fields, "name")
    if name:
        return name
    parts = [_text(fields, part) for part in ("prefix", "given", "middle", "family", "suffix")]
    joined = " ".join(part for part in parts if part)
    if joined:
        return joined
    for other in ("nickname", "organisation"):
        if _text(fields, other):
            return _text(fields, other)
    for field in ("emails/", "phones/"):
        for key in sorted(fields):
            item = fields[key]
            if key.startswith(field) and isinstance(item, dict) and item.get("value"):
                return item["value"]
    return ""


def _text(fields: Mapping[str, Value], field: str) -> str:
    value = fields.get(field)
    return value.strip() if isinstance(value, str) else ""
