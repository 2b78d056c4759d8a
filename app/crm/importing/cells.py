"""From the text of a cell to the value of a field, one small function per kind of field.

Each `convert_…` makes a function that takes a stripped, non-empty text and returns the value, or raises
ValueRefused with a reason in plain words. They are made once per column, so that a row costs little.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from app.crm.draft import Value
from app.crm.errors import ValueRefused
from app.crm.importing.columns import FALSE_WORDS, TRUE_WORDS
from app.crm.importing.dates import DateParser
from app.crm.importing.limits import DEFAULT_LIMITS
from app.crm.importing.numbers import parse_scaled
from app.crm.importing.plan import ColumnMap, Plan
from app.crm.schema import stage_of
from vault.schema import Field, FieldKind

Convert = Callable[[str], Value]
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029")
_WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)


def clean_line(text: str) -> str:
    """One line: control characters away, any white space a single space."""
    if text.isprintable() and "  " not in text:
        return text
    return " ".join(_CONTROL.sub("", text).split())


def clean_text(text: str) -> str:
    """Several lines: control characters away, line ends as \\n. Refuses what is longer than the limit."""
    if len(text) > DEFAULT_LIMITS.text:
        raise ValueRefused(f"the text has more than {DEFAULT_LIMITS.text:,} characters")
    return (text if text.isprintable() else _CONTROL.sub("", _LINE_ENDS.sub("\n", text))).strip()


def converter(field: Field, one: ColumnMap, plan: Plan) -> Convert:
    """The function for a plain field; amounts, references and lists have ways of their own."""
    kind = field.kind
    if kind is FieldKind.LONG_TEXT:
        return clean_text
    if kind is FieldKind.DATE:
        return DateParser(one.dates, plan.zone).day
    if kind is FieldKind.DATETIME:
        return DateParser(one.dates, plan.zone).moment
    if kind is FieldKind.INTEGER:
        return _integer(one)
    if kind is FieldKind.PERCENT:
        return _percent(one)
    if kind is FieldKind.BOOL:
        return _bool
    if kind is FieldKind.CHOICE:
        return _choice(field, one.choices)
    return _line


def _line(text: str) -> str:
    if len(text) > 4_000:
        raise ValueRefused("the text is too long for one line")
    return clean_line(text)


def _integer(one: ColumnMap) -> Convert:
    def convert(text: str) -> Value:
        if one.scale == 1 and _WHOLE.fullmatch(text):
            return int(text)
        return parse_scaled(text, 0, one.numbers, one.scale)

    return convert


def _percent(one: ColumnMap) -> Convert:
    def convert(text: str) -> Value:
        number = text.removesuffix("%").rstrip()
        # "33.5%" is kept as 34: the field holds whole percents.
        thousandths = (
            parse_scaled(number, 3, one.numbers, one.scale)
            if number.isdecimal()
            else _thousandths(number, one)
        )
        percent = (thousandths + 500) // 1000
        if not 0 <= percent <= 100:
            raise ValueRefused(f"{text[:20]} is not between 0 and 100 percent")
        return percent

    def _thousandths(number: str, column: ColumnMap) -> int:
        return parse_scaled(number, 3, column.numbers, column.scale)

    return convert


def _bool(text: str) -> Value:
    word = text.casefold()
    if word in TRUE_WORDS or word in ("done", "completed", "active", "erledigt", "aktiv"):
        return True
    if word in FALSE_WORDS or word in ("open", "inactive", "offen", "inaktiv", "not started"):
        return False
    raise ValueRefused(f"“{text[:40]}” is neither yes nor no")


def _choice(field: Field, choices: Mapping[str, str]) -> Convert:
    known: dict[str, str] = {}
    for option in field.options:
        known[option.key.casefold()] = known[option.label.casefold()] = option.key
    known.update((text.strip().casefold(), key) for text, key in choices.items())

    def convert(text: str) -> Value:
        key = known.get(text) or known.get(text.casefold())
        if key is None and field.name in ("stage", "status"):
            stage = stage_of(text)
            key = stage.key if stage is not None else None
            if key is not None:
                known[text] = key
        if key is None:
            raise ValueRefused(
                f"“{text[:40]}” is not one of: {', '.join(option.label for option in field.options)}"
            )
        return key

    return convert


def split_values(text: str) -> list[str]:
    """Several values of one cell: Google writes " ::: " between them."""
    return [part.strip() for part in text.split(" ::: ") if part.strip()]


def split_tags(text: str) -> list[str]:
    """Tags of one cell: separated by " ::: ", ";" or ","; Google's own groups ("* myContacts") are left
    out.
    """
    parts = text.split(" ::: ") if " ::: " in text else re.split(r"[;,]", text)
    words = [clean_line(part.strip()) for part in parts]
    return [word for word in words if word and not word.startswith("* ")]
