"""From what somebody typed to an FTS5 expression: every word is the beginning of a word of the record."""

from __future__ import annotations

import re

from vault.store.text import fold_text, phone_query

_WORD = re.compile(r"\w+")
MOST_WORDS = 8


def words_of(text: str) -> list[str]:
    """The words typed, folded."""
    return _WORD.findall(fold_text(text).replace("_", " "))[:MOST_WORDS]


def match_expression(text: str, *, column: str = "") -> str:
    """An expression for MATCH ("" where nothing can be searched). Digits in any format find telephone numbers."""
    words = words_of(text)
    if not words:
        return ""
    terms = " AND ".join(f'"{word}"*' for word in words)
    digits = phone_query(text.strip())
    if digits and words != [digits]:
        terms = f'({terms}) OR "{digits}"*'
    return f"{column} : ({terms})" if column else terms
