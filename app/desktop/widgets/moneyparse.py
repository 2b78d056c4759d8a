"""Amounts as people type them, and as we show them. No Qt, no floats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

_SHORT = {"k": Decimal(1000), "m": Decimal(1_000_000), "bn": Decimal(1_000_000_000)}
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "kr": "SEK"}
_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}
NO_MINOR = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "HUF"})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole units (not cents) of an ISO 4217 currency."""

    amount: Decimal
    currency: str


def parse_amount(text: str) -> Decimal | None:
    """A number from ``1,234.50``, ``1.234,50``, ``1 234,5``, ``12k``, ``1.5m``; None if it is none.

    The last of point and comma is the decimal sign; a single one followed by exactly three digits groups thousands.
    """
    words = re.sub(r"[\s'’_\u00a0\u202f]", "", text.casefold())
    factor = Decimal(1)
    for suffix, by in _SHORT.items():
        if words.endswith(suffix) and words[: -len(suffix)][-1:].isdigit():
            words, factor = words[: -len(suffix)], by
            break
    if not re.fullmatch(r"[+-]?[\d.,]*\d[\d.,]*", words):
        return None
    last = max(words.rfind("."), words.rfind(","))
    if last >= 0:
        sign, tail = words[last], words[last + 1 :]
        several = words.count(sign) > 1
        mixed = ("," in words) and ("." in words)
        groups = several or (
            len(tail) == 3 and not mixed and factor == 1 and words.lstrip("+-0")[:1] not in ".,"
        )
        head = re.sub(r"[.,]", "", words[:last])
        words = head + tail if groups and not (several and mixed) else f"{head or '0'}.{tail}"
    try:
        return Decimal(words) * factor
    except InvalidOperation:
        return None


def parse_money(text: str, default: str) -> Money | None:
    """An amount with a currency sign or code at either end, else in `default`; None if it is none."""
    words = text.strip()
    currency = default
    for symbol, code in _SYMBOLS.items():
        if symbol in words:
            words, currency = words.replace(symbol, "", 1), code
            break
    else:
        match = re.search(r"\b([A-Za-z]{3})\b", words)
        if match is not None:
            words, currency = words.replace(match[0], "", 1), match[0].upper()
    amount = parse_amount(words)
    return None if amount is None else Money(amount, currency)


def show_money(money: Money, *, group: str = ",", point: str = ".") -> str:
    """``€12,500`` or ``CHF 12,500.50``: cents only where there are some."""
    whole = money.amount == money.amount.to_integral_value() or money.currency in NO_MINOR
    text = f"{abs(money.amount):,.{0 if whole else 2}f}"
    if (group, point) != (",", "."):
        text = text.replace(",", "\0").replace(".", point).replace("\0", group)
    sign = _SIGNS.get(money.currency)
    return f"{'−' if money.amount < 0 else ''}{sign or money.currency + ' '}{text}"
