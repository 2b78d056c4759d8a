"""`--filter FIELD=VALUE` and `--sort FIELD` as the vault's filters.

Signs: `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` (contains), `^=` (begins with). Nothing behind `=` or `!=` means: empty,
not empty. `a|b` behind `=` means one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.cli.errors import UsageError
from app.cli.fields import plain_value
from app.cli.kinds import field_named
from app.crm.margins import all_fields, listed_as
from app.desk import Desk
from vault.schema import Field, FieldKind, RecordType
from vault.store import CHANGED, CREATED, TITLE, Filter, Op, Sort

_CONDITION = re.compile(r"\s*([\w -]+?)\s*(!=|<=|>=|\^=|=|<|>|~)(.*)", re.DOTALL)
_SIGNS = {
    "=": Op.EQUALS,
    "!=": Op.NOT_EQUALS,
    "<": Op.LESS,
    "<=": Op.AT_MOST,
    ">": Op.MORE,
    ">=": Op.AT_LEAST,
    "~": Op.CONTAINS,
    "^=": Op.STARTS,
}
_BUILT_IN = {"created": CREATED, "changed": CHANGED, "title": TITLE}


def read_filter(desk: Desk, kind: RecordType, text: str) -> Filter:
    """One condition. Raises UsageError, NotFoundHere."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise UsageError(f"“{text}” is not FIELD=VALUE.")
    field = _column(kind, found[1])
    name = listed_as(kind.name, field.name)
    sign, value = _SIGNS[found[2]], found[3].strip()
    if not value:
        if sign not in (Op.EQUALS, Op.NOT_EQUALS):
            raise UsageError(f"“{text}” says nothing to compare with.")
        return Filter(name, Op.EMPTY if sign is Op.EQUALS else Op.NOT_EMPTY)
    if sign in (Op.CONTAINS, Op.STARTS):
        return Filter(name, sign, value)
    if sign is Op.EQUALS and "|" in value:
        return Filter(name, Op.ONE_OF, tuple(_value(desk, kind, field, one) for one in value.split("|")))
    return Filter(name, sign, _value(desk, kind, field, value))


def read_sort(kind: RecordType, name: str | None, *, descending: bool) -> Sort:
    """How a list is sorted; by title where nothing is said. Raises UsageError."""
    if name is None:
        return Sort(descending=descending)
    if name in _BUILT_IN and name not in kind.by_name:
        return Sort(_BUILT_IN[name], descending)
    return Sort(listed_as(kind.name, _column(kind, name).name), descending)


def _value(desk: Desk, kind: RecordType, field: Field, text: str) -> str | int:
    value = plain_value(desk, kind, field, text)
    if isinstance(value, str | int):
        return value
    raise UsageError(f"{field.name}: “{text}” is nothing to compare with.")


def _column(kind: RecordType, name: str) -> Field:
    field = field_named(kind, name)
    if not field.column or field.kind is FieldKind.LIST:
        names: Sequence[str] = [one.name for one in all_fields(kind.name).values() if one.column]
        raise UsageError(
            f"Lists cannot be filtered or sorted by {field.name}. They can by: {', '.join(names)}."
        )
    return field
