"""Dates as people type them. No Qt here: pure, so that it is tested by tables."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

Order = Literal["dmy", "mdy", "ymd"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RELATIVE = re.compile(r"([+-])\s*(\d{1,4})\s*([dwmy]?)")
_NUMBERS = re.compile(r"(\d{1,4})[./\-\s](\d{1,2})(?:[./\-\s](\d{1,4}))?\.?")
_NAMED = (
    re.compile(r"(\d{1,2})\.?\s+([a-z]{3,})\.?(?:,?\s+(\d{2,4}))?"),
    re.compile(r"([a-z]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{2,4}))?"),
)


def parse_date(text: str, *, today: date, order: Order = "dmy") -> date | None:
    """A date from words, or None if it is none.

    Understands ``2026-11-22``, ``22.11.2026`` or ``11/22/26`` (by `order`), ``22 Nov``, ``Nov 22 2026``, ``today``,
    ``tomorrow``, ``yesterday``, a weekday (the next one), ``+3d``, ``+2w``, ``-1m``, ``+1y``. Without a year: this one.
    """
    words = " ".join(text.casefold().split())
    if not words:
        return None
    fixed = {"today": 0, "now": 0, "tomorrow": 1, "tom": 1, "yesterday": -1}
    if words in fixed:
        return today + timedelta(days=fixed[words])
    if words.isalpha() and words[:3] in _DAYS:
        return today + timedelta(days=(_DAYS.index(words[:3]) - today.weekday() - 1) % 7 + 1)
    try:
        if (match := _RELATIVE.fullmatch(words)) is not None:
            return _shift(today, int(match[1] + match[2]), match[3] or "d")
        if (match := _NUMBERS.fullmatch(words)) is not None:
            return _numeric(match[1], match[2], match[3], today, order)
        for pattern, day_at, month_at in ((_NAMED[0], 1, 2), (_NAMED[1], 2, 1)):
            if (match := pattern.fullmatch(words)) is not None and match[month_at][:3] in _MONTHS:
                return date(
                    _year(match[3], today), _MONTHS.index(match[month_at][:3]) + 1, int(match[day_at])
                )
    except (ValueError, OverflowError):
        return None
    return None


def _numeric(a: str, b: str, c: str | None, today: date, order: Order) -> date:
    if len(a) == 4:
        return date(int(a), int(b), int(c or 1))
    if order == "mdy":
        return date(_year(c, today), int(a), int(b))
    if order == "ymd" and c is not None and len(c) < 3:
        return date(_year(a, today), int(b), int(c))
    return date(_year(c, today), int(b), int(a))


def _year(text: str | None, today: date) -> int:
    if text is None:
        return today.year
    return int(text) + 2000 if len(text) == 2 else int(text)


def _shift(start: date, count: int, unit: str) -> date:
    if unit in ("d", "w"):
        return start + timedelta(days=count * (7 if unit == "w" else 1))
    months = start.year * 12 + start.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    for day in range(start.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue  # the 31st of a shorter month: its last day
    return date(year, month + 1, min(start.day, 28))
