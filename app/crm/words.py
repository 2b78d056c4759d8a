"""Values as people read them, the same in every locale: amounts, dates, sizes, addresses.

The window may show more local forms; these are for exports, search results, messages and the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from app.crm.draft import Value

MONEY_UNIT = 10_000
# ISO 4217 currencies whose smallest unit is not a hundredth.
_DIGITS = dict.fromkeys(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ],
    0,
) | dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3)
NARROW = "\u202f"


def currency_digits(currency: str) -> int:
    """Decimals that are usual in a currency."""
    return _DIGITS.get(currency.upper(), 2)


def money_plain(value: int, currency: str = "") -> str:
    """Ten-thousandths as a plain number that any program reads: "1234.50"; never shorter than exact."""
    sign, units = ("-" if value < 0 else ""), abs(value)
    whole, fraction = divmod(units, MONEY_UNIT)
    digits = f"{fraction:04d}".rstrip("0")
    digits = digits.ljust(currency_digits(currency), "0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def shown_money(value: int, currency: str = "", separator: str = NARROW) -> str:
    """ "1 234.50 EUR" with a narrow no-break space between groups; whole amounts without decimals."""
    plain = money_plain(value, currency)
    whole, _, fraction = plain.partition(".")
    grouped = f"{int(whole.lstrip('-')):,}".replace(",", separator)
    sign = "-" if value < 0 else ""
    number = sign + grouped + (f".{fraction}" if fraction.strip("0") else "")
    return f"{number} {currency}" if currency else number


def shown_date(text: str) -> str:
    """ "2017-03-01" as "1 Mar 2017"; texts that are no dates come back as they are."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def shown_moment(text: str) -> str:
    """ "2017-03-01T09:05:00Z" as "1 Mar 2017, 09:05"."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{shown_date(text)}, {moment:%H:%M}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def shown_size(size: int) -> str:
    """Bytes in the unit that gives a short number: "640 KB"."""
    amount, unit = float(size), "bytes"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "bytes" or amount >= 10 else f"{amount:.1f} {unit}"


ADDRESS_PARTS = ("box", "extended", "street", "city", "region", "code", "country")


def one_line_address(parts: Mapping[str, str]) -> str:
    """The parts of an address in one line: street, code and city, region, country."""
    place = " ".join(part for part in (parts.get("code", ""), parts.get("city", "")) if part)
    pieces = [
        parts.get("extended", ""),
        parts.get("street", ""),
        parts.get("box", ""),
        place,
        parts.get("region", ""),
        parts.get("country", ""),
    ]
    lines = [" ".join(piece.split()) for piece in pieces]
    return ", ".join(line for line in lines if line)


def shown_value(value: Value) -> str:
    """Any value as text: items by their value and label."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        text = value.get("value", "")
        return f"{text} ({value['label']})" if value.get("label") else text
    return str(value)


def count(number: int, one: str, many: str = "") -> str:
    """ "1 deal", "8,800 deals"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
