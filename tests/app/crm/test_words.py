from __future__ import annotations

import pytest

from app.crm import words


@pytest.mark.parametrize(
    ("value", "currency", "plain", "shown"),
    [
        (10_540_000, "USD", "1054.00", "1,054 USD"),
        (12_345_600, "", "1234.56", "1,234.56"),
        (-5_000, "EUR", "-0.50", "-0.50 EUR"),
        (10_000, "JPY", "1", "1 JPY"),
        (12_345, "EUR", "1.2345", "1.2345 EUR"),
        (0, "KWD", "0.000", "0 KWD"),
        (100_055_340_000, "USD", "10005534.00", "10,005,534 USD"),
    ],
)
def test_money(value: int, currency: str, plain: str, shown: str) -> None:
    assert words.money_plain(value, currency) == plain
    assert words.shown_money(value, currency, ",") == shown


def test_dates() -> None:
    assert words.shown_date("2017-03-01") == "1 Mar 2017"
    assert words.shown_moment("2017-03-01T09:05:00Z") == "1 Mar 2017, 09:05"
    assert words.shown_date("--03-01") == "--03-01"


def test_sizes_and_counts() -> None:
    assert [words.shown_size(n) for n in (0, 999, 1_500, 640_000, 5_000_000_000)] == [
        "0 bytes", "999 bytes", "1.5 KB", "640 KB", "5.0 GB",
    ]  # fmt: skip
    assert (words.count(1, "deal"), words.count(8800, "deal"), words.count(2, "company", "companies")) == (
        "1 deal", "8,800 deals", "2 companies",
    )  # fmt: skip


def test_values() -> None:
    assert words.shown_value(True) == "yes"
    assert words.shown_value({"value": "1", "label": "home"}) == "1 (home)"
    assert words.shown_value(None) == ""
    assert (
        words.one_line_address({"street": "Ring 1\nTop 2", "code": "1010", "city": "Wien"})
        == "Ring 1 Top 2, 1010 Wien"
    )
