from __future__ import annotations

import pytest

from app.crm import ValueRefused
from app.crm.importing.numbers import NumberFormat, parse_money, parse_scaled, recognise_numbers

POINT, COMMA, UNKNOWN = NumberFormat.POINT, NumberFormat.COMMA, NumberFormat.UNKNOWN


@pytest.mark.parametrize(
    ("text", "format", "expected"),
    [
        ("1054", UNKNOWN, 10_540_000),
        ("1,234.56", POINT, 12_345_600),
        ("1.234,56", COMMA, 12_345_600),
        ("1.234,56", UNKNOWN, 12_345_600),
        ("1'234.50", UNKNOWN, 12_345_000),
        ("1 234,5", UNKNOWN, 12_345_000),
        ("1\u202f234,5", COMMA, 12_345_000),
        ("1.234", COMMA, 12_340_000),
        ("1.234", POINT, 12_340),
        ("1,234,567", UNKNOWN, 12_345_670_000),
        ("12,34,567.00", POINT, 12_345_670_000),  # Indian groups
        ("-0.5", UNKNOWN, -5_000),
        (".25", UNKNOWN, 2_500),
        ("0.123400", UNKNOWN, 1_234),
    ],
)
def test_scaled(text: str, format: NumberFormat, expected: int) -> None:
    assert parse_scaled(text, 4, format) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1.2.3,4,5",
        "1e9",
        "inf",
        "NaN",
        "--1",
        "1,23.4",
        "٣٤",
        "1.00001",
        "9" * 30,
        "1" * 5000,
        "1_000",
        "0x1F",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(ValueRefused):
        parse_scaled(text, 4, POINT)


def test_a_lone_group_can_be_read_in_two_ways() -> None:
    with pytest.raises(ValueRefused, match="two ways"):
        parse_scaled("1.234", 4)
    assert parse_scaled("1.234", 0) == 1234  # employees: no decimals to be meant
    assert recognise_numbers(["1.234", "5.678"]).ambiguous
    assert recognise_numbers(["1.234", "5.678", "9,5"]).format is COMMA


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$1,200.50", (12_005_000, "USD")),
        ("1.200,50 €", (12_005_000, "EUR")),
        ("EUR 99", (990_000, "EUR")),
        ("(300)", (-3_000_000, "")),
        ("-£12.30", (-123_000, "GBP")),
        ("£-12.30", (-123_000, "GBP")),
        ("12.30-", (-123_000, "")),
        ("CHF 1'000.05", (10_000_500, "CHF")),
    ],
)
def test_money(text: str, expected: tuple[int, str]) -> None:
    assert parse_money(text) == expected


@pytest.mark.parametrize(
    "text", ["(300", "= 1+1", "EUR 5 USD", "12 bananas", "Q 5", "=cmd|'/c calc'!A1", "5" * 100]
)
def test_no_money(text: str) -> None:
    with pytest.raises(ValueRefused):
        parse_money(text)


def test_scale_is_exact() -> None:
    assert parse_money("1100.04", POINT, 1_000_000) == (11_000_400_000_000, "")
