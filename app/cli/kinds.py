"""Record types by the words that people type, and references between records."""

from __future__ import annotations

from app.cli.errors import NotFoundHere, UsageError
from app.crm import SCHEMA
from app.crm.margins import all_fields
from app.desk import Desk
from protocol.ids import Compartment
from vault.schema import Field, RecordType
from vault.store import Filter, Op, Query, Record, RecordKey, Shown

TYPES = tuple(
    one for one in SCHEMA.types if one.compartment is not Compartment.DIRECTORY and not one.companion_of
)
TYPE_NAMES = ", ".join(one.name for one in TYPES)
_WORDS = {word.casefold(): one for one in TYPES for word in (one.name, one.label, one.plural)}


def record_type(word: str) -> RecordType:
    """The type for a singular or plural. Raises UsageError."""
    found = _WORDS.get(word.casefold())
    if found is None:
        raise UsageError(f"There is no type “{word}”. There are: {TYPE_NAMES}.")
    return found


def field_named(kind: RecordType, name: str) -> Field:
    """A field by its name or its label. Raises UsageError."""
    wanted = name.strip().casefold()
    fields = all_fields(kind.name).values()
    for field in fields:
        if wanted in (field.name, field.label.casefold()):
            return field
    names = ", ".join(field.name for field in fields)
    raise UsageError(f"{kind.plural} have no field “{name}”. They have: {names}.")


def find_record(desk: Desk, reference: str) -> Record:
    """The record for `TYPE:ID`, with TYPE in singular or plural; deleted ones too. Raises UsageError, NotFoundHere."""
    word, colon, digits = reference.partition(":")
    if not colon:
        raise UsageError(f"“{reference}” is not TYPE:ID, such as deal:0123456789abcdef0123456789abcdef.")
    kind = record_type(word)
    key = _resolve(desk, kind.name, digits)
    record = desk.records.get(key) if key else None
    if record is None or record.erased:
        raise NotFoundHere(f"There is no {kind.name} with the id “{digits}” here.")
    return record


def reference_to(desk: Desk, field: Field, text: str) -> str:
    """The reference for what was typed into a REF field: `TYPE:ID`, or a name. Raises UsageError, NotFoundHere."""
    word, colon, digits = text.partition(":")
    if colon and len(digits) == 32 and word.casefold() in _WORDS:
        return find_record(desk, text).key.ref
    if not field.target:
        raise UsageError(f"{field.label} needs TYPE:ID, such as deal:0123456789abcdef0123456789abcdef.")
    target = SCHEMA.by_name[field.target]
    found = desk.records.find(target.name, "name", text, 2)
    if not found:
        raise NotFoundHere(f"There is no {target.name} called “{text}”.")
    if len(found) > 1:
        listed = " or ".join(one.key.ref for one in found)
        raise UsageError(
            f"More than one {target.name} is called “{text}”. Name it by its id: {listed}, for example."
        )
    return found[0].key.ref


def _resolve(desk: Desk, kind: str, digits: str) -> RecordKey | None:
    if len(digits) != 32:
        return None
    try:
        bytes.fromhex(digits)
    except ValueError:
        return None
    return desk.records.resolve(f"{kind}:{digits.lower()}")


__all__ = [
    "TYPES",
    "TYPE_NAMES",
    "Filter",
    "Op",
    "Query",
    "Shown",
    "field_named",
    "find_record",
    "record_type",
    "reference_to",
]
