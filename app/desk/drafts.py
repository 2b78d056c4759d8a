"""Between the values of `app.crm` (bytes for a photo) and those of operations (base64 text)."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from app.crm.draft import Value as DraftValue
from protocol.operations import Value


def stored_value(value: DraftValue) -> Value:
    """As an operation holds it."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {part: text for part, text in value.items()}  # the value type is wider than str
    return value


def stored_fields(fields: Mapping[str, DraftValue]) -> dict[str, Value]:
    return {name: stored_value(value) for name, value in fields.items()}


def drafted_fields(fields: Mapping[str, Value]) -> dict[str, DraftValue]:
    """As importers and exporters read it; a photo stays base64 text."""
    found: dict[str, DraftValue] = {}
    for name, value in fields.items():
        if isinstance(value, dict):
            found[name] = {part: str(text) for part, text in value.items() if text is not None}
        else:
            found[name] = value
    return found
