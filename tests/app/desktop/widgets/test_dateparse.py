"""Dates from words."""

from __future__ import annotations

from datetime import date

import pytest

from app.desktop.widgets.dateparse import Order, parse_date

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-11-30", "dmy", date(2026, 11, 30)),
        ("30.11.2026", "dmy", date(2026, 11, 30)),
        ("30.11.", "dmy", date(2026, 11, 30)),
        ("3/4/26", "dmy", date(2026, 4, 3)),
        ("3/4/26", "mdy", date(2026, 3, 4)),
        ("26-03-04", "ymd", date(2026, 3, 4)),
        ("30 Nov", "dmy", date(2026, 11, 30)),
        ("Nov 30 2027", "dmy", date(2027, 11, 30)),
        ("November 3rd, 2027", "dmy", date(2027, 11, 3)),
        (" Today ", "dmy", TODAY),
        ("tomorrow", "dmy", date(2026, 11, 23)),
        ("yesterday", "dmy", date(2026, 11, 21)),
        ("monday", "dmy", date(2026, 11, 23)),
        ("Sun", "dmy", date(2026, 11, 29)),
        ("+3d", "dmy", date(2026, 11, 25)),
        ("+2w", "dmy", date(2026, 12, 6)),
        ("-1m", "dmy", date(2026, 10, 22)),
        ("+1y", "dmy", date(2027, 11, 22)),
        ("29 feb 2028", "dmy", date(2028, 2, 29)),
    ],
)
def test_understood(text: str, order: Order, day: date) -> None:
    assert parse_date(text, today=TODAY, order=order) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "31.02.2026", "13/13/2026", "2026", "+9999y", "30 Foo", "1.2.3.4"]
)
def test_refused(text: str) -> None:
    assert parse_date(text, today=TODAY) is None


def test_a_month_after_the_31st_ends_in_that_month() -> None:
    assert parse_date("+1m", today=date(2026, 1, 31)) == date(2026, 2, 28)
