"""Which fields the page of a record shows at once, and in which order; the rest is there when it has a value."""

from __future__ import annotations

from app.crm.items import split_item
from app.crm.schema import SCHEMA
from vault.schema import Field, FieldKind
from vault.store import Record

_FIRST = {
    "person": ("name", "title", "company", "phones", "emails", "addresses", "birthday", "owner", "tags", "notes"),
    "company": (
        "name", "sector", "website", "phones", "emails", "addresses", "location", "employees", "revenue",
        "parent", "owner", "tags", "notes",
    ),
    "deal": (
        "name", "company", "person", "stage", "amount", "probability", "expected_close", "closed", "product",
        "owner", "source", "tags", "notes",
    ),
    "product": ("name", "series", "price", "active", "external_id", "description"),
    "task": ("title", "done", "due", "about", "assignee", "notes"),
    "note": ("body", "about", "written", "author"),
    "file": ("name", "size", "media_type", "about"),
}  # fmt: skip
HIDDEN = frozenset({"photo", "currency", "content", "content_key", "stages"})
READ_ONLY = frozenset({"size", "media_type", "written", "author"})
MONEY_FIELDS = {"amount": "currency", "price": "currency", "revenue": "currency"}


def fields_of(type_name: str) -> tuple[list[Field], list[Field]]:
    """(always shown, shown when they have a value or all are asked for)."""
    record_type = SCHEMA.by_name[type_name]
    first = [record_type.by_name[name] for name in _FIRST.get(type_name, ()) if name in record_type.by_name]
    rest = [field for field in record_type.fields if field not in first and field.name not in HIDDEN]
    return first, rest


def has_value(record: Record, field: Field) -> bool:
    if field.kind is FieldKind.LIST:
        return any(split_item(name)[0] == field.name for name in record.fields if "/" in name)
    return record.fields.get(field.name) not in (None, "")
