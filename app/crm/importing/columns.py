"""What the columns of a table hold: a look at their first rows, so that a mapping can be suggested.

Also the one place that says in which order a column's dates stand and how its numbers are written.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from app.crm.emails import is_email
from app.crm.importing.dates import DateEvidence, DateOrder, recognise_dates
from app.crm.importing.numbers import NumberEvidence, recognise_numbers
from app.crm.importing.table import Table
from app.crm.phones import is_phone

PROFILED_ROWS = 20_000
_MOST_DISTINCT = 4_000
_MOST_CHARACTERS = 20_000_000  # of all columns together
_LONGEST = 1_000
_LOOKED_AT = 500
_MOSTLY = 0.8
_MARK = r"(?:[A-Z]{3}|US\$|R\$|Fr\.|kr|[€$£¥₹%])"
_NUMBER = re.compile(rf"\(?[-+\u2212]?\s*{_MARK}?\s*[-+\u2212]?\d[\d.,'’\s]*\s*-?{_MARK}?\)?", re.ASCII)
_URL = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|eu|de|at|fr|nl|co\.uk)(?:/\S*)?", re.I
)
TRUE_WORDS = frozenset(
    [
        "yes",
        "y",
        "true",
        "t",
        "1",
        "x",
        "on",
        "ja",
        "j",
        "wahr",
        "oui",
        "o",
        "vrai",
        "si",
        "sí",
        "s",
        "verdadero",
        "sim",
        "vero",
        "waar",
    ]
)
FALSE_WORDS = frozenset(
    [
        "no",
        "n",
        "false",
        "f",
        "0",
        "off",
        "nein",
        "falsch",
        "non",
        "faux",
        "falso",
        "não",
        "nao",
        "onwaar",
        "nee",
    ]
)


class Looks(enum.Enum):
    """What most values of a column look like."""

    EMPTY = "empty"
    TEXT = "text"
    LONG = "long text"
    NUMBER = "number"
    DATE = "date"
    EMAIL = "e-mail"
    PHONE = "phone"
    URL = "web page"
    BOOL = "yes or no"


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column: how many of the rows looked at have a value, the first different ones, and what they look
    like.
    """

    index: int
    header: str
    filled: int
    examples: tuple[str, ...]
    looks: Looks
    dates: DateEvidence
    numbers: NumberEvidence
    values: frozenset[str] = frozenset()  # distinct values, where they are few
    dated: float = 0.0  # share of the different values that are dates
    numeric: float = 0.0  # share of those that are numbers or amounts


def profile_columns(table: Table, rows: int = PROFILED_ROWS) -> tuple[ColumnProfile, ...]:
    """Look at the first `rows` rows. Raises what reading the table raises."""
    header = table.header
    width = len(header)
    distinct: list[dict[str, None]] = [{} for _ in header]
    filled = [0] * width
    budget = _MOST_CHARACTERS
    for number, row in enumerate(table.rows()):
        if number >= rows:
            break
        for index, cell in enumerate(row.cells[:width]):
            if cell and (text := cell.strip()):
                filled[index] += 1
                seen = distinct[index]
                if len(seen) < _MOST_DISTINCT and budget > 0 and (text := text[:_LONGEST]) not in seen:
                    budget -= len(text)
                    seen[text] = None
    return tuple(
        _profile(index, name, filled[index], list(distinct[index])) for index, name in enumerate(header)
    )


def _profile(index: int, header: str, filled: int, values: list[str]) -> ColumnProfile:
    dates, numbers = recognise_dates(values), recognise_numbers(values)
    looks = _looks(values, dates)
    few = frozenset(values) if len(values) < _MOST_DISTINCT else frozenset()
    some = values[:_LOOKED_AT]
    dated = sum(recognise_dates([value]).order is not DateOrder.NONE for value in some) / max(1, len(some))
    numeric = sum(len(value) < 40 and _NUMBER.fullmatch(value) is not None for value in some) / max(
        1, len(some)
    )
    return ColumnProfile(index, header, filled, tuple(values[:3]), looks, dates, numbers, few, dated, numeric)


def _looks(values: list[str], dates: DateEvidence) -> Looks:
    if not values:
        return Looks.EMPTY
    some = values[:_LOOKED_AT]

    def most(fits: list[bool]) -> bool:
        return sum(fits) >= _MOSTLY * len(some)

    if len(values) <= 2 and all(value.casefold() in TRUE_WORDS | FALSE_WORDS for value in values):
        return Looks.BOOL
    if most([is_email(value) for value in some]):
        return Looks.EMAIL
    if dates.order is not DateOrder.NONE and most(
        [recognise_dates([value]).order is not DateOrder.NONE for value in some]
    ):
        return Looks.DATE
    if most([len(value) < 40 and _NUMBER.fullmatch(value) is not None for value in some]):
        many_digits = most([len(value) >= 8 and not re.search(r"[.,]\d{1,2}$", value) for value in some])
        spaced = most([value[0] in "+(0" or value.count(" ") + value.count("-") >= 2 for value in some])
        return Looks.PHONE if many_digits and spaced else Looks.NUMBER
    if most([is_phone(value) for value in some]):
        return Looks.PHONE
    if most([len(value) < 300 and _URL.fullmatch(value) is not None for value in some]):
        return Looks.URL
    return Looks.LONG if most([len(value) > 120 or "\n" in value for value in some]) else Looks.TEXT
