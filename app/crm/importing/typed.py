"""One value that a person typed for one field: the same rules as for a cell of an import."""

from __future__ import annotations

from app.crm.draft import Value
from app.crm.errors import ValueRefused
from app.crm.importing.cells import clean_line, converter
from app.crm.importing.numbers import NumberFormat, parse_scaled
from app.crm.importing.plan import ColumnMap, Plan, Target
from vault.schema import Field, FieldKind

_MONEY_DIGITS = 4


def typed_value(type: str, field: Field, text: str) -> Value:
    """The value for a plain field; "" clears it (None). Dates are YYYY-MM-DD, numbers have a point.

    References and members come back as they were typed: who they are is for the caller to find out. Raises
    ValueRefused with the reason in words.
    """
    text = text.strip()
    if not text:
        return None
    if field.kind is FieldKind.MONEY:
        return parse_scaled(text, _MONEY_DIGITS, NumberFormat.POINT)
    if field.kind in (FieldKind.LIST, FieldKind.BYTES):
        raise ValueRefused(f"{field.label} cannot be typed as one value")
    if field.kind in (FieldKind.REF, FieldKind.MEMBER):
        return clean_line(text)
    column = ColumnMap(0, Target(field.name), numbers=NumberFormat.POINT)
    return converter(field, column, Plan(type, (column,)))(text)
