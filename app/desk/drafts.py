"""Between the values of `app.crm` (items of lists are maps of texts) and those of operations (wider maps)."""

from __future__ import annotations

from collections.abc import Mapping

from app.crm.draft import Value as DraftValue
from protocol.operations import Value


def stored_value(value: DraftValue) -> Value:
    """As an operation holds it."""
    return dict(value) if isinstance(value, dict) else value


def stored_fields(fields: Mapping[str, DraftValue]) -> dict[str, Value]:
    return {name: stored_value(value) for name, value in fields.items()}


def drafted_fields(fields: Mapping[str, Value]) -> dict[str, DraftValue]:
    """As importers and exporters read it."""
    found: dict[str, DraftValue] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            found[name] = {part: str(text) for part, text in value.items() if text is not None}
        else:
            found[name] = value
    return found
