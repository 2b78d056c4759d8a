"""Numbers and amounts as people write them: 1.234,56 and 1,234.56, with currencies, in brackets when
negative.

Nothing goes through binary floating point: an amount is an exact integer of ten-thousandths.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.crm.errors import ValueRefused

MONEY_DIGITS = 4
GREATEST = 2**63 - 1

SYMBOLS = {
    "€": "EUR", "$": "USD", "US$": "USD", "£": "GBP", "¥": "JPY", "CHF": "CHF", "Fr.": "CHF",
    "zł": "PLN", "Kč": "CZK",
    "₹": "INR", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₺": "TRY", "R$": "BRL",
    "A$": "AUD", "C$": "CAD", "Ft": "HUF",
}  # fmt: skip
_SPACES = " \u00a0\u202f\u2009"
_BODY = re.compile(rf"\d[\d.,'’{_SPACES}]*|[.,]\d+", re.ASCII)
_MONEY = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-+\u2212])?\s*(?P<before>[^\d.,()+\-\s]{{1,4}})?\s*(?P<sign2>[-+\u2212])?"
    rf"(?P<body>\d[\d.,'’{_SPACES}]*|[.,]\d+)\s*(?P<sign3>-)?\s*(?P<after>[^\d.,()\s]{{1,4}}\.?)?\s*(?P<close>\))?"
)


class NumberFormat(enum.Enum):
    """Which mark separates the decimals. UNKNOWN: nothing in the column tells."""

    POINT = "."
    COMMA = ","
    UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class NumberEvidence:
    """What a column of numbers shows: `example` is a value that decided, `mixed` that others contradict
    it.
    """

    format: NumberFormat
    example: str = ""
    mixed: bool = False
    ambiguous: bool = False  # there are values such as 1.234, and none that tells how to read them


def _tells(body: str) -> NumberFormat:
    """What one number tells about its decimals."""
    comma, point = body.rfind(","), body.rfind(".")
    if comma >= 0 and point >= 0:
        return NumberFormat.COMMA if comma > point else NumberFormat.POINT
    mark = "," if comma >= 0 else "." if point >= 0 else ""
    if not mark:
        return NumberFormat.UNKNOWN
    as_decimals = NumberFormat.COMMA if mark == "," else NumberFormat.POINT
    as_groups = NumberFormat.POINT if mark == "," else NumberFormat.COMMA
    if body.count(mark) > 1:
        return as_groups
    whole, _, after = body.partition(mark)
    if len(after) != 3 or len(whole) > 3 or not whole or whole == "0":
        return as_decimals
    return NumberFormat.UNKNOWN


def recognise_numbers(cells: Iterable[str]) -> NumberEvidence:
    """Look at a column; amounts with currencies count too."""
    votes: dict[NumberFormat, int] = {NumberFormat.POINT: 0, NumberFormat.COMMA: 0}
    examples: dict[NumberFormat, str] = {}
    unclear = ""
    for cell in cells:
        found = _BODY.search(cell)
        if found is None:
            continue
        tells = _tells(found[0].strip())
        if tells is not NumberFormat.UNKNOWN:
            votes[tells] += 1
            examples.setdefault(tells, cell.strip())
        elif not unclear and ("," in found[0] or "." in found[0]):
            unclear = cell.strip()
    best = max(votes, key=lambda one: votes[one])
    if not votes[best]:
        return NumberEvidence(NumberFormat.UNKNOWN, unclear, ambiguous=bool(unclear))
    return NumberEvidence(best, examples[best], all(votes.values()))


def parse_scaled(text: str, digits: int, format: NumberFormat = NumberFormat.UNKNOWN, scale: int = 1) -> int:
    """`text` (a plain number) times `scale` as an integer of 10**-digits: parse_scaled("1.5", 4) is 15000.

    With UNKNOWN the number itself has to tell its decimals: "1.234" does not, unless it is a whole number
    (digits 0). More decimals than `digits` are refused unless they are zeros. Raises ValueRefused.
    """
    # The everyday case, plain ASCII digits, without any of the rules below.
    if text.isdecimal() and text.isascii():
        return _bounded(int(text) * 10**digits * scale) if len(text) < 25 else _bounded(GREATEST + 1)
    body = text.strip()
    negative = body[:1] in "-\u2212" and bool(body)
    if body[:1] in ("-", "+", "\u2212"):
        body = body[1:].lstrip()
    if not body or len(body) > 40 or _BODY.fullmatch(body) is None:
        raise ValueRefused(f"“{_short(text)}” is not a number")
    if format is NumberFormat.UNKNOWN:
        format = _tells(body)
        lone = "." if "." in body else "," if "," in body else ""
        if format is NumberFormat.UNKNOWN and lone and digits:
            raise ValueRefused(
                f"“{_short(text)}” can be read in two ways: choose the mark before the decimals"
            )
        if lone and not digits and format is NumberFormat.UNKNOWN:
            format = NumberFormat.COMMA if lone == "." else NumberFormat.POINT  # a whole number: groups
    decimals = "," if format is NumberFormat.COMMA else "."
    groups = ".'’" + _SPACES if decimals == "," else ",'’" + _SPACES
    whole, _, fraction = body.rstrip(_SPACES).partition(decimals)
    if any(mark in fraction for mark in decimals + groups):
        raise ValueRefused(f"“{_short(text)}” is not a number")
    pieces = re.split(f"[{re.escape(groups)}]", whole)
    if len(pieces) > 1 and (
        not 1 <= len(pieces[0]) <= 3
        or any(len(piece) not in (2, 3) for piece in pieces[1:-1])
        or len(pieces[-1]) != 3
    ):
        raise ValueRefused(f"“{_short(text)}” is not a number with “{decimals}” before the decimals")
    if len(fraction) > 18:
        raise ValueRefused(f"“{_short(text)}” has too many decimals")
    value = int("".join(pieces) + fraction or "0") * scale * 10**digits
    value, rest = divmod(value, 10 ** len(fraction))
    if rest:
        raise ValueRefused(f"“{_short(text)}” has more decimals than can be kept")
    return _bounded(-value if negative else value)


def parse_money(text: str, format: NumberFormat = NumberFormat.UNKNOWN, scale: int = 1) -> tuple[int, str]:
    """(ten-thousandths, ISO 4217 code or "") of an amount such as "$1,200.50", "(300)", "1 200,50 EUR".

    Raises ValueRefused.
    """
    if text.isdecimal() and text.isascii() and len(text) < 15:
        return _bounded(int(text) * 10_000 * scale), ""
    found = _MONEY.fullmatch(text.strip()) if len(text) <= 60 else None
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise ValueRefused(f"“{_short(text)}” is not an amount")
    marks = [mark for mark in (found["before"], found["after"]) if mark]
    code = _currency(marks[0]) if len(marks) == 1 else "" if not marks else None
    if code is None:
        raise ValueRefused(f"“{_short(text)}” is not an amount in a currency that is known")
    negative = bool(found["open"]) or any(
        found[sign] in ("-", "\u2212") for sign in ("sign", "sign2", "sign3")
    )
    value = parse_scaled(found["body"], MONEY_DIGITS, format, scale)
    return (-value if negative else value), code


def _currency(mark: str) -> str | None:
    if mark in SYMBOLS:
        return SYMBOLS[mark]
    upper = mark.upper()
    if len(upper) == 3 and upper.isascii() and upper.isalpha():
        return upper
    return None


def _bounded(value: int) -> int:
    if not -GREATEST <= value <= GREATEST:
        raise ValueRefused("the number is too large")
    return value


def _short(text: str) -> str:
    text = text.strip()
    return text if len(text) <= 40 else text[:39] + "…"
