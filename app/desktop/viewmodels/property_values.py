"""Between the fields of a record and what editors work with: money, days, items, options; and back, as changes."""

from __future__ import annotations

from datetime import date

from app.crm.items import item_field, key_after, tag_key
from app.crm.words import MONEY_UNIT
from app.desktop.viewmodels.record_layout import MONEY_FIELDS
from app.desktop.viewmodels.shown import Names, day_of, item_words, items_of, money_of
from app.desktop.widgets import Item, Money, Option
from protocol.operations import Value
from vault.schema import Field, FieldKind
from vault.store import Record

LABELS = {
    "phones": ("work", "mobile", "home", "main", "fax", "other"),
    "emails": ("work", "home", "other"),
    "addresses": ("work", "home", "delivery", "other"),
    "urls": ("work", "home", "profile", "other"),
    "messengers": ("signal", "whatsapp", "matrix", "other"),
    "relations": ("assistant", "manager", "partner", "other"),
    "dates": ("anniversary", "other"),
    "custom": ("note", "other"),
}
NOUNS = {
    "phones": "phone", "emails": "e-mail", "addresses": "address", "urls": "web page",
    "messengers": "messenger", "relations": "relation", "dates": "date", "custom": "field",
}  # fmt: skip


def edited_value(record: Record, field: Field, names: Names) -> object:
    """What the property row of a field holds."""
    value = record.fields.get(field.name)
    if field.kind is FieldKind.LIST:
        if field.name == "tags":
            return tuple(item_words(parts) for _, parts in items_of(record.fields, "tags"))
        return [
            Item(key, str(parts.get("label") or ""), item_words(parts))
            for key, parts in items_of(record.fields, field.name)
        ]
    if field.kind is FieldKind.MONEY:
        return money_of(value, record.fields.get(MONEY_FIELDS.get(field.name, "currency")))
    if field.kind is FieldKind.DATE:
        return day_of(value) or value
    if field.kind is FieldKind.REF:
        return None if not isinstance(value, str) else Option(value, names.ref(value))
    return value


def changed_fields(record: Record, field: Field, edited: object) -> dict[str, Value]:
    """The change that an edited value means; empty where it means none. Raises ValueError with words for people."""
    if field.kind is FieldKind.LIST:
        return _tags(record, edited) if field.name == "tags" else _items(record, field, edited)
    if field.kind is FieldKind.MONEY:
        return _money(field, edited)
    value: Value
    if field.kind is FieldKind.DATE:
        value = edited.isoformat() if isinstance(edited, date) else None
    elif field.kind in (FieldKind.INTEGER, FieldKind.PERCENT):
        value = parse_whole(edited, most=100 if field.kind is FieldKind.PERCENT else None)
    elif field.kind is FieldKind.BOOL:
        value = bool(edited)
    elif isinstance(edited, Option):
        value = edited.value if isinstance(edited.value, str) else None
    else:
        value = edited if isinstance(edited, str) and edited else None
    if field.required and value is None:
        raise ValueError(f"{field.label} cannot be empty.")
    return {field.name: value}


def parse_whole(text: object, *, most: int | None = None) -> int | None:
    """A whole number as people type it; None for nothing. Raises ValueError with words for people."""
    if isinstance(text, int):
        return text
    words = str(text or "").replace(",", "").replace("\u202f", "").replace(" ", "").removesuffix("%")
    if not words:
        return None
    try:
        number = int(words)
    except ValueError:
        raise ValueError("This is not a whole number.") from None
    if most is not None and not 0 <= number <= most:
        raise ValueError(f"A number from 0 to {most}.")
    if not -(1 << 63) <= number < 1 << 63:
        raise ValueError("This number is too large.")
    return number


def stored_money(money: Money | None) -> tuple[int | None, str | None]:
    """(ten-thousandths, currency). Raises ValueError for amounts that have no place in 64 bits."""
    if money is None:
        return None, None
    units = int(money.amount * MONEY_UNIT)
    if not -(1 << 63) <= units < 1 << 63:
        raise ValueError("This amount is too large.")
    return units, money.currency or None


def _money(field: Field, edited: object) -> dict[str, Value]:
    units, currency = stored_money(edited if isinstance(edited, Money) else None)
    if units is None:
        return {field.name: None}
    return {field.name: units, MONEY_FIELDS.get(field.name, "currency"): currency}


def _tags(record: Record, edited: object) -> dict[str, Value]:
    words = [" ".join(str(tag).split()) for tag in edited] if isinstance(edited, list | tuple) else []
    wanted = {tag_key(tag): tag for tag in words if tag}
    present = {key for key, _ in items_of(record.fields, "tags")}
    fields: dict[str, Value] = {item_field("tags", key): None for key in present - set(wanted)}
    for key in set(wanted) - present:
        fields[item_field("tags", key)] = {"value": wanted[key]}
    return fields


def _items(record: Record, field: Field, edited: object) -> dict[str, Value]:
    items = [item for item in edited if isinstance(item, Item)] if isinstance(edited, list) else []
    present = dict(items_of(record.fields, field.name))
    kept = {item.id for item in items if item.id}
    fields: dict[str, Value] = {item_field(field.name, key): None for key in present if key not in kept}
    keys = list(present)
    for item in items:
        old = present.get(item.id)
        if old is None:
            key = key_after(keys)
            keys.append(key)
            fields[item_field(field.name, key)] = _parts(item)
        elif item_words(old) != item.text:
            # Parts of an address that was typed anew as one line would contradict it: they go.
            fields[item_field(field.name, item.id)] = _parts(item)
        elif str(old.get("label") or "") != item.label:
            whole: dict[str, str] = {part: str(text) for part, text in old.items() if text is not None}
            fields[item_field(field.name, item.id)] = {**whole, "label": item.label}
    return fields


def _parts(item: Item) -> dict[str, bool | int | str | None]:
    return {"value": item.text, "label": item.label} if item.label else {"value": item.text}
