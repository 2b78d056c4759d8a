"""Dates as files write them, and which order of day and month a column uses.

3/4/2017 is the third of April or the fourth of March; a column usually tells by a value such as 3/25/2017.
Where none does, the order is AMBIGUOUS and somebody has to choose; nothing is guessed. Each text is parsed
once: columns repeat their dates, so a cache does most of the work.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from app.crm.errors import ValueRefused

_NUMERIC = re.compile(r"(\d{1,4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:\.|st|nd|rd|th)?[\s\-/]*(?:de )?([^\W\d_]{3,12})\.?,?[\s\-/]*(?:de )?(\d{4}|\d{2})",
    re.ASCII,
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})", re.ASCII)
_TIME = re.compile(
    r"[T\s,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$",
    re.ASCII,
)
_WEEKDAY = re.compile(r"^[^\W\d_]{2,10}\.?,\s*")
# Months by the first letters (without accents) in English, German, French, Spanish, Italian, Dutch,
# Portuguese.
_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "jan ene gen", "feb fev", "mar mrz maa mae", "apr avr abr", "may mai mei mag", "jun juin giu", "jul juil lug",
        "aug aou ago", "sep set", "oct okt out ott", "nov", "dec dez dic",
    ),
    start=1,
):  # fmt: skip
    for _name in _names.split():
        _MONTHS[_name] = _number
_CACHE_SIZE = 20_000


class DateOrder(enum.Enum):
    """In which order day, month and year stand."""

    YMD = "year-month-day"
    DMY = "day-month-year"
    MDY = "month-day-year"
    AMBIGUOUS = "ambiguous"
    NONE = "no dates"


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """What a column shows: the order, a value that decided it, and whether other values contradict it."""

    order: DateOrder
    example: str = ""
    mixed: bool = False
    short_years: bool = False


def recognise_dates(cells: Iterable[str]) -> DateEvidence:
    """Look at a column's texts. Names of months count for no order: they need none."""
    votes = {DateOrder.YMD: 0, DateOrder.DMY: 0, DateOrder.MDY: 0}
    examples: dict[DateOrder, str] = {}
    open_ones, short_years, named = 0, False, False
    for cell in cells:
        text, _ = _split_time(cell.strip())
        found = _NUMERIC.fullmatch(text)
        if found is None:
            if _COMPACT.fullmatch(text) or _by_name(text):
                named = True
            continue
        first, second, third = found[1], int(found[3]), found[4]
        if len(first) > 2:
            order = DateOrder.YMD
        elif len(third) == 3 or int(first) > 31 or second > 31:
            continue
        else:
            short_years = short_years or len(third) <= 2
            day, month = int(first) > 12, second > 12
            if day == month:
                open_ones += not day and first != found[3]
                continue
            order = DateOrder.DMY if day else DateOrder.MDY
        votes[order] += 1
        examples.setdefault(order, cell.strip())
    best = max(votes, key=lambda one: votes[one])
    if votes[best]:
        others = sum(votes.values()) - votes[best]
        return DateEvidence(best, examples[best], others > 0, short_years)
    if open_ones:
        return DateEvidence(DateOrder.AMBIGUOUS, short_years=short_years)
    return DateEvidence(DateOrder.YMD if named else DateOrder.NONE, short_years=short_years)


class DateParser:
    """Parses the texts of one column in one order; remembers what it has parsed."""

    def __init__(self, order: DateOrder, zone: tzinfo = UTC) -> None:
        """`zone` is that of times which name none."""
        self._order = order
        self._zone = zone
        self._days: dict[str, str] = {}

    def day(self, text: str) -> str:
        """ "YYYY-MM-DD"; a time of day is dropped. Raises ValueRefused."""
        known = self._days.get(text)
        if known is None:
            stripped = text.strip()
            known = self._date(_split_time(stripped)[0], stripped).isoformat()
            if len(self._days) < _CACHE_SIZE:
                self._days[text] = known
        return known

    def moment(self, text: str) -> str:
        """ "YYYY-MM-DDTHH:MM:SSZ"; a date alone is its first second. Raises ValueRefused."""
        stripped = text.strip()
        rest, time = _split_time(stripped)
        day = self._date(rest, stripped)
        hour, minute, second, half, zone = time or (None,) * 5
        hours = int(hour or 0)
        if half is not None:
            if not 1 <= hours <= 12:
                raise ValueRefused(f"“{stripped[:40]}” is not a time")
            hours = hours % 12 + (12 if half in "Pp" else 0)
        try:
            clock = int(minute or 0), int(second or 0)
            moment = datetime(day.year, day.month, day.day, hours, *clock, tzinfo=self._zone)
            if zone in ("Z", "UTC", "GMT"):
                moment = moment.replace(tzinfo=UTC)
            elif zone is not None:
                ahead = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
                moment = moment.replace(tzinfo=timezone(ahead if zone[0] == "+" else -ahead))
            return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError):
            raise ValueRefused(f"“{stripped[:40]}” is not a time") from None

    def _date(self, text: str, shown: str) -> date:
        found = _NUMERIC.fullmatch(text)
        try:
            if found is not None:
                return self._numeric(found[1], found[3], found[4], shown)
            compact = _COMPACT.fullmatch(text)
            if compact is not None:
                return date(int(compact[1]), int(compact[2]), int(compact[3]))
            named = _by_name(text)
            if named is not None:
                return date(*named)
        except (ValueError, OverflowError):
            pass  # said below, in the words for all texts that are no dates
        raise ValueRefused(f"“{shown[:40]}” is not a date")

    def _numeric(self, first: str, second: str, third: str, shown: str) -> date:
        if len(first) > 2:
            return date(int(first), int(second), int(third))
        if self._order is DateOrder.YMD or self._order is DateOrder.NONE:
            raise ValueRefused(f"“{shown[:40]}” is not written year-month-day like the rest of the column")
        if self._order is DateOrder.AMBIGUOUS and first != second:
            raise ValueRefused(f"“{shown[:40]}” can be read in two ways: choose the order of day and month")
        year = _year(third)
        if self._order is DateOrder.MDY:
            if int(first) > 12:
                raise ValueRefused(
                    f"“{shown[:40]}” has no month {int(first)}: the column is read as {self._order.value}"
                )
            return date(year, int(first), int(second))
        if int(second) > 12:
            raise ValueRefused(
                f"“{shown[:40]}” has no month {int(second)}: the column is read as {self._order.value}"
            )
        return date(year, int(second), int(first))


def _year(text: str) -> int:
    """Two digits as POSIX does: 69 to 99 are 19xx, 00 to 68 are 20xx."""
    if len(text) > 2:
        return int(text)
    number = int(text)
    return 1900 + number if number >= 69 else 2000 + number


def _split_time(text: str) -> tuple[str, tuple[str | None, ...] | None]:
    """(the date, (hour, minute, second, a or p, zone)), or (text, None) when there is no time of day."""
    if ":" not in text or len(text) > 60:
        return text, None
    found = _TIME.search(text)
    return (text[: found.start()], found.groups()) if found else (text, None)


def _by_name(text: str) -> tuple[int, int, int] | None:
    """(year, month, day) of "12 March 2017", "Mar 12, 2017", "12. März 2017"."""
    if len(text) > 40:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(c))
    plain = _WEEKDAY.sub("", plain)
    found = _DAY_FIRST.fullmatch(plain)
    day, month, year = (found[1], found[2], found[3]) if found else ("", "", "")
    if not found:
        found = _MONTH_FIRST.fullmatch(plain)
        if not found:
            return None
        month, day, year = found[1], found[2], found[3]
    number = _MONTHS.get(month[:4]) or _MONTHS.get(month[:3])
    return (_year(year), number, int(day)) if number else None
