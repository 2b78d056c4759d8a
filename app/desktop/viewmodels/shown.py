"""Values of records in words, the same in lists, on record pages and in history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from app.crm.items import split_item
from app.crm.schema import SCHEMA, Outcome, Stage
from app.crm.schema.stages import DEFAULT_STAGES
from app.crm.words import MONEY_UNIT, shown_size
from app.desktop.widgets import Money, show_date, show_money
from protocol.operations import Value
from vault.schema import Field, FieldKind
from vault.store import Record

ICONS = {
    "person": "person",
    "company": "company",
    "deal": "deal",
    "product": "product",
    "task": "task",
    "note": "note",
    "file": "file",
    "pipeline": "pipeline",
}
PAGE_OF = {
    "person": "people", "company": "companies", "deal": "deals", "product": "products", "task": "tasks",
}  # fmt: skip
KIND_ICONS = {
    FieldKind.TEXT: "text",
    FieldKind.LONG_TEXT: "note",
    FieldKind.INTEGER: "hash",
    FieldKind.MONEY: "money",
    FieldKind.PERCENT: "chart",
    FieldKind.DATE: "calendar",
    FieldKind.DATETIME: "clock",
    FieldKind.BOOL: "check",
    FieldKind.CHOICE: "pipeline",
    FieldKind.REF: "link",
    FieldKind.MEMBER: "user",
    FieldKind.BYTES: "photo",
    FieldKind.LIST: "list",
}
_FIELD_ICONS = {
    "phones": "phone", "emails": "mail", "addresses": "address", "urls": "globe", "website": "globe",
    "tags": "tag", "birthday": "cake", "company": "company", "person": "person", "product": "product",
    "organisation": "company", "location": "address", "parent": "company", "stage": "pipeline",
}  # fmt: skip
_OUTCOME_HUES = {Outcome.WON: 2, Outcome.LOST: 7}
_OPEN_HUES = (0, 1, 6, 3, 4)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def field_icon(field: Field) -> str:
    return _FIELD_ICONS.get(field.name) or KIND_ICONS[field.kind]


def plural(type_name: str) -> str:
    return SCHEMA.by_name[type_name].plural


def label(type_name: str) -> str:
    return SCHEMA.by_name[type_name].label


def counted(number: int, type_name: str) -> str:
    """ "1 deal", "8,800 deals"."""
    noun = label(type_name) if number == 1 else plural(type_name)
    return f"{number:,} {noun.lower()}"


# stages


def stage_of_key(key: object) -> Stage | None:
    return next((stage for stage in DEFAULT_STAGES if stage.key == key), None)


def stage_hue(key: str) -> int | None:
    """Won is green, lost is grey, the open ones keep their colours; None for a stage of a newer client."""
    stage = stage_of_key(key)
    if stage is None:
        return None
    return _OUTCOME_HUES.get(stage.outcome, _OPEN_HUES[(stage.order - 1) % len(_OPEN_HUES)])


def stage_keys(outcome: Outcome) -> tuple[str, ...]:
    return tuple(stage.key for stage in DEFAULT_STAGES if stage.outcome is outcome)


# single values


def money_of(value: object, currency: object) -> Money | None:
    """A stored amount (ten-thousandths) with its currency."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return Money(Decimal(value) / MONEY_UNIT, currency if isinstance(currency, str) and currency else "")


def money_words(value: object, currency: object) -> str:
    money = money_of(value, currency)
    return "" if money is None else show_money(money).strip()


def day_of(value: object) -> date | None:
    """The day that a DATE holds; None for partial ones ("--03-14") and what is no date."""
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def date_words(value: object) -> str:
    day = day_of(value)
    if day is not None:
        return show_date(day)
    if isinstance(value, str) and value.startswith("--") and len(value) == 7 and value[2:4].isdigit():
        month = int(value[2:4])
        if 1 <= month <= 12 and value[5:].isdigit():
            return f"{int(value[5:])} {MONTHS[month - 1]}"
    return value if isinstance(value, str) else ""


def short_day(value: object, today: date) -> str:
    """ "Today", "Tomorrow", "14 Mar", "14 Mar 2024"."""
    day = day_of(value)
    if day is None:
        return date_words(value)
    away = (day - today).days
    if -1 <= away <= 1:
        return ("Yesterday", "Today", "Tomorrow")[away + 1]
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if day.year != today.year else "")


def ago(seconds: int, now: float) -> str:
    """How long ago, in the shortest words: "just now", "5 min ago", "3 h ago", "14 Mar", "14 Mar 2024"."""
    gone = now - seconds
    if gone < 60:
        return "just now"
    if gone < 3600:
        return f"{int(gone // 60)} min ago"
    moment, today = datetime.fromtimestamp(seconds).astimezone(), datetime.fromtimestamp(now).astimezone()
    if gone < 86_400 and moment.date() == today.date():
        return f"{int(gone // 3600)} h ago"
    days = (today.date() - moment.date()).days
    if days == 1:
        return "yesterday"
    if 1 < days < 7:
        return f"{days} days ago"
    return short_day(moment.date().isoformat(), today.date())


def moment_words(seconds: int) -> str:
    """The moment in full, local time: "14 Mar 2026, 09:05"."""
    moment = datetime.fromtimestamp(seconds).astimezone()
    return f"{show_date(moment.date())}, {moment:%H:%M}"


def seconds_of(value: object) -> int | None:
    """Unix seconds of a DATETIME value."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


# names of others


@dataclass(frozen=True, slots=True)
class Names:
    """What references and members are called, looked up beforehand. A reference without a title is closed to the
    user (or not here yet)."""

    titles: Mapping[str, str]
    members: Mapping[str, str]

    def ref(self, value: object) -> str:
        if not isinstance(value, str) or not value:
            return ""
        return self.titles.get(value, NOT_SHARED)

    def member(self, value: object) -> str:
        return self.members.get(value, value) if isinstance(value, str) else ""


NOT_SHARED = "Not shared with you"


def items_of(fields: Mapping[str, Value], name: str) -> list[tuple[str, dict[str, object]]]:
    """(item key, parts) of a list's items, in order; text items as {"value": …}."""
    found: list[tuple[str, dict[str, object]]] = []
    for key in sorted(fields):
        field, item = split_item(key)
        value = fields[key]
        if field == name and item and value is not None:
            found.append((item, dict(value) if isinstance(value, dict) else {"value": str(value)}))
    return found


def item_words(parts: Mapping[str, object]) -> str:
    """The text of an item; an address without a line of its own has its parts joined."""
    value = parts.get("value")
    if isinstance(value, str) and value:
        return value
    rest = [str(text) for part, text in parts.items() if part not in ("label", "kind", "type") and text]
    return ", ".join(rest)


YEARS = frozenset({"founded"})  # numbers that are not counted in thousands


def value_words(field: Field, value: Value, names: Names, currency: object = "") -> str:
    """One value in words, for history, conflicts and read-only rows."""
    if value is None:
        return ""
    if isinstance(value, dict):
        text, kind = item_words(value), value.get("label")
        return f"{text} ({kind})" if kind else text
    if field.kind is FieldKind.MONEY:
        return money_words(value, currency)
    if field.kind is FieldKind.PERCENT:
        return f"{value} %"
    if field.kind is FieldKind.INTEGER:
        if field.name == "size" and isinstance(value, int):
            return shown_size(value)
        return f"{value:,}" if isinstance(value, int) and field.name not in YEARS else str(value)
    if field.kind is FieldKind.DATE:
        return date_words(value)
    if field.kind is FieldKind.DATETIME:
        seconds = seconds_of(value)
        return str(value) if seconds is None else moment_words(seconds)
    if field.kind is FieldKind.BOOL:
        return "Yes" if value else "No"
    if field.kind is FieldKind.CHOICE:
        return next((option.label for option in field.options if option.key == value), str(value))
    if field.kind is FieldKind.REF:
        return names.ref(value)
    if field.kind is FieldKind.MEMBER:
        return names.member(value)
    if field.kind is FieldKind.BYTES:
        return "A picture"
    return str(value)


def record_title(record: Record) -> str:
    """What to call a record: its title; a note by how it begins."""
    if record.title.strip():
        return record.title
    body = record.fields.get("body")
    if isinstance(body, str) and body.strip():
        first = body.strip().splitlines()[0]
        return first if len(first) <= 80 else f"{first[:79]}…"
    return f"Unnamed {label(record.key.type).lower()}" if record.key.type in SCHEMA.by_name else "Unnamed"
