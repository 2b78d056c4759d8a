"""Commercial fields: those of a deal or a product that lie under keys of their own, shown as fields of it.

The vault keeps them in a companion record (`vault.store.companions`). Everything here is about names: which fields a
type has by its companion, and how a list asks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from app.crm.items import split_item
from app.crm.schema import SCHEMA
from vault.schema import Field, RecordType

T = TypeVar("T")


def companion_type(type_name: str) -> RecordType | None:
    """The type of the companion that records of this type can have; None where they have none."""
    return SCHEMA.companions.get(type_name)


def commercial_fields(type_name: str) -> tuple[Field, ...]:
    """The fields that lie under keys of their own."""
    companion = companion_type(type_name)
    return () if companion is None else companion.fields


def is_commercial(type_name: str, name: str) -> bool:
    """Whether a field of this name (or an item of a list) lies with the companion."""
    companion = companion_type(type_name)
    return companion is not None and split_item(name)[0] in companion.by_name


def all_fields(type_name: str) -> dict[str, Field]:
    """Name -> field, the type's own and the commercial ones. No name is in both."""
    kind = SCHEMA.by_name[type_name]
    return kind.by_name | {field.name: field for field in commercial_fields(type_name)}


def listed_as(type_name: str, name: str) -> str:
    """How a filter, a sort or a sum names the field: `deal_margins.cost` for a commercial one."""
    companion = companion_type(type_name)
    return f"{companion.name}.{name}" if companion is not None and name in companion.by_name else name


def plain_name(name: str) -> str:
    """The field behind the name in a list: `cost` for `deal_margins.cost`."""
    return name.rpartition(".")[2]


def field_of(type_name: str, name: str) -> Field | None:
    """The field that is listed as `name`; None for a type or a field that this version does not know."""
    return all_fields(type_name).get(plain_name(name)) if type_name in SCHEMA.by_name else None


def split_fields(type_name: str, fields: Mapping[str, T]) -> tuple[dict[str, T], dict[str, T]]:
    """(those of the record itself, those of its companion)."""
    own: dict[str, T] = {}
    commercial: dict[str, T] = {}
    for name, value in fields.items():
        (commercial if is_commercial(type_name, name) else own)[name] = value
    return own, commercial


__all__ = [
    "all_fields",
    "commercial_fields",
    "companion_type",
    "field_of",
    "is_commercial",
    "listed_as",
    "plain_name",
    "split_fields",
]
