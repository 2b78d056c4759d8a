"""Amounts from words and back."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.desktop.widgets.moneyparse import Money, parse_amount, parse_money, show_money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234", "1234"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1 234,5", "1234.5"),
        ("1'234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234", "1234"),
        ("1.5", "1.5"),
        ("0.125", "0.125"),
        ("12k", "12000"),
        ("1.5m", "1500000"),
        ("-42", "-42"),
    ],
)
def test_amounts(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "abc", "12x", ".", "1-2"])
def test_no_amount(text: str) -> None:
    assert parse_amount(text) is None


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("€ 1.234,50", Money(Decimal("1234.50"), "EUR")),
        ("900 USD", Money(Decimal(900), "USD")),
        ("chf 12k", Money(Decimal(12000), "CHF")),
        ("77", Money(Decimal(77), "SEK")),
    ],
)
def test_money(text: str, money: Money) -> None:
    assert parse_money(text, "SEK") == money


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(Decimal("12500"), "EUR"), "€12,500"),
        (Money(Decimal("12500.5"), "USD"), "$12,500.50"),
        (Money(Decimal("-3"), "CHF"), "−CHF 3"),
        (Money(Decimal("99.6"), "JPY"), "¥100"),
    ],
)
def test_shown(money: Money, text: str) -> None:
    assert show_money(money) == text


def test_shown_with_other_signs() -> None:
    assert show_money(Money(Decimal("1234567.5"), "EUR"), group=".", point=",") == "€1.234.567,50"
