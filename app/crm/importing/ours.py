"""Reading back what our own CSV export wrote: its headers, and the column that holds the rest as JSON."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from app.crm.draft import Value
from app.crm.errors import ValueRefused
from app.crm.exporting.columns import DEFAULT_SLOTS, MORE_COLUMN, RECORD_COLUMN, columns_of
from app.crm.importing.plan import MORE, RECORD, Target
from app.crm.items import is_item_key, split_item
from app.crm.schema import SCHEMA

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")
_MOST_SLOTS = 50


@lru_cache(maxsize=16)
def own_targets(type: str) -> dict[str, Target]:
    """Header -> target for the columns that our export writes."""
    targets = {RECORD_COLUMN: Target(RECORD), MORE_COLUMN: Target(MORE)}
    for column in columns_of(type, slots=dict.fromkeys(DEFAULT_SLOTS, _MOST_SLOTS)):
        targets[column.header] = Target(
            column.field, str(column.slot) if column.slot else "", column.part or "value"
        )
    return targets


def own_type(example: str) -> str:
    """The record type that a value of the record column names, or ""."""
    type = example.partition(":")[0]
    return type if type in SCHEMA.by_name else ""


def parse_more(text: str) -> dict[str, Value]:
    """The fields in a cell of the last column. Raises ValueRefused for anything that our export does not
    write.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueRefused("it is not what the export wrote there") from None
    if not isinstance(found, dict):
        raise ValueRefused("it is not what the export wrote there")
    fields: dict[str, Value] = {}
    for name, value in found.items():
        field, key = split_item(name)
        plain = not key and isinstance(value, str | int) and "/" not in name
        item = (
            is_item_key(key)
            and isinstance(value, dict)
            and all(isinstance(one, str) for one in value.values())
        )
        if _FIELD.fullmatch(field) is None or not (plain or item):
            raise ValueRefused("it is not what the export wrote there")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueRefused("it holds a number that is too large")
        fields[name] = value
    return fields
