"""Telephone numbers: when two are the same."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

_LONGEST = 60
_DIGIT = re.compile(r"\d", re.ASCII)


@lru_cache(maxsize=20_000)
def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region or None)
    except NumberParseException:
        return None


@lru_cache(maxsize=20_000)
def phone_key(text: str, region: str = "") -> str:
    """The same text for numbers that ring the same telephone: "+43 1 234 56" and "0043/1/23456" in Austria.

    E.164 where the country is known (by the number itself or by `region`, two letters), else its digits
    without leading zeros; "" for what is no number. The extension is part of the key.
    """
    if len(text) > _LONGEST:
        return ""
    number = _parsed(text, region)
    if number is not None and phonenumbers.is_possible_number(number):
        key = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        return f"{key}x{number.extension}" if number.extension else key
    digits = "".join(_DIGIT.findall(text)).lstrip("0")
    return digits if len(digits) >= 4 else ""


def is_phone(text: str) -> bool:
    """Whether the text looks like a number: enough digits and nothing that numbers do not have."""
    return re.fullmatch(r"[+(\d][\d\s()./\-–x#*;=ext]{3,58}", text.strip(), re.ASCII) is not None
