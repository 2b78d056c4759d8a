"""The columns of our own CSV files: one table of names for writing and for reading them back.

A plain field has its label as header. A list has numbered groups: "Phones 1 value", "Phones 1 label".
Whatever does not fit (a fourth phone, parts without a column, fields of newer versions) stands as JSON in the
last column, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.crm.margins import all_fields
from app.crm.schema import SCHEMA
from app.crm.words import ADDRESS_PARTS
from vault.schema import FieldKind

RECORD_COLUMN = "Tacit record"
GROUP_COLUMN = "Group"
MORE_COLUMN = "More"
TAG_SEPARATOR = "; "
DEFAULT_SLOTS: Mapping[str, int] = {
    "phones": 3, "emails": 3, "addresses": 2, "urls": 2, "messengers": 1, "relations": 1, "dates": 1, "custom": 2,
}  # fmt: skip
_PARTS: Mapping[str, tuple[str, ...]] = {
    "addresses": ("value", "label", *ADDRESS_PARTS),
    "messengers": ("value", "label", "service"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: a plain field, or one part of the item at `slot` (from 1) of a list."""

    header: str
    field: str
    kind: FieldKind
    slot: int = 0
    part: str = ""


def parts_of(field: str) -> tuple[str, ...]:
    """The parts of a list's items that have columns."""
    return _PARTS.get(field, ("value", "label"))


def columns_of(
    type: str,
    fields: Iterable[str] = (),
    slots: Mapping[str, int] = DEFAULT_SLOTS,
    *,
    commercial: bool = True,
) -> list[Column]:
    """The columns for a record type: all of its fields (with `commercial`, those under keys of their own too), or the
    chosen ones in their order."""
    by_name = all_fields(type)
    columns: list[Column] = []
    for name in fields or (by_name if commercial else SCHEMA.by_name[type].by_name):
        field = by_name[name]
        if field.kind is FieldKind.BYTES:
            continue
        if field.kind is not FieldKind.LIST or name == "tags":
            columns.append(Column(field.label, name, field.kind))
            continue
        for slot in range(1, slots.get(name, 1) + 1):
            for part in parts_of(name):
                columns.append(Column(f"{field.label} {slot} {part}", name, field.kind, slot, part))
    return columns
