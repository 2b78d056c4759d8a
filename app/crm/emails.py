"""E-mail addresses: what is one, and when two are the same."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"]{1,64}@[^\s@<>()\[\],;:\"]{1,255}")
_NAMED = re.compile(r"\s*\"?(?P<name>[^<\"]{0,200}?)\"?\s*<(?P<address>[^<>]{1,320})>\s*")


def split_named(text: str) -> tuple[str, str]:
    """("Ann Ash", "ann@ash.at") of "Ann Ash <ann@ash.at>"; the name is empty where there is none."""
    found = _NAMED.fullmatch(text) if len(text) <= 600 else None
    if found is None:
        return "", text.strip().removeprefix("mailto:")
    return found["name"].strip(), found["address"].strip()


def is_email(text: str) -> bool:
    """Whether the text can be an address: one @ with something on both sides (RFC 5321 lengths)."""
    return _ADDRESS.fullmatch(text) is not None


def email_key(text: str) -> str:
    """The same text for addresses that reach the same box, "" for what is none.

    Case is ignored on both sides of the @: the standard allows boxes that differ in case, nobody has them.
    """
    address = split_named(text)[1]
    return address.casefold() if is_email(address) else ""
