"""What the vault is told about the records it stores: types, fields, which are columns, which are searched.

The vault itself knows no CRM. It stores any record type and any field; a schema only adds typed columns (for
lists, sorting and filtering in SQL) and says what goes into the search indexes. Types and fields that the schema
does not name are stored, folded and kept unseen (they come from newer clients).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from functools import cached_property

from protocol import Compartment


class FieldKind(enum.Enum):
    """How a value is represented in an operation and in a column."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str, several lines
    INTEGER = "integer"  # int, 64 bits signed
    MONEY = "money"  # int, ten-thousandths of the currency's unit (exact for every ISO 4217 currency)
    PERCENT = "percent"  # int, 0 to 100
    DATE = "date"  # str "YYYY-MM-DD"
    DATETIME = "datetime"  # str "YYYY-MM-DDTHH:MM:SSZ"
    BOOL = "bool"  # bool
    CHOICE = "choice"  # str, the key of an option
    REF = "ref"  # str "type:32 hex digits", another record
    MEMBER = "member"  # str "member:32 hex digits", or a plain name of somebody who is not a member
    BYTES = "bytes"  # str, base64 (RFC 4648), for example a photo
    LIST = "list"  # items are fields of their own: "phones/<item key>" -> {"value": str, "label": str, ...}


class Search(enum.Enum):
    """Which index a field's text goes into."""

    NONE = 0
    TITLE = 1  # short index: names; shown in results
    KEYS = 2  # short index: mails, phones, company
    TEXT = 3  # full-text index, filled in the background: notes and the rest


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a CHOICE field; `order` is its place in lists and in sorting."""

    key: str
    label: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record type. `column` makes it a typed column that lists can sort and filter by."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    column: bool = False
    search: Search = Search.NONE
    target: str = ""  # REF: the record type it points to ("" for any)
    options: tuple[Option, ...] = ()
    required: bool = False


@dataclass(frozen=True)
class RecordType:
    """A kind of record. `code` (1 to 15) is stable for ever: it is part of the vault's row numbers."""

    name: str
    code: int
    label: str
    plural: str
    compartment: Compartment
    fields: tuple[Field, ...]
    follows: str = ""  # name of a REF field: the record lives in the home of the record it hangs on
    companion_of: str = ""  # a type: fields of its records under keys of their own (`vault.store.companions`)

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.column)


@dataclass(frozen=True)
class Schema:
    """All record types that the application knows."""

    types: tuple[RecordType, ...]

    @cached_property
    def by_name(self) -> dict[str, RecordType]:
        return {record_type.name: record_type for record_type in self.types}

    @cached_property
    def companions(self) -> dict[str, RecordType]:
        """Type -> the type of its companion, where it has one."""
        return {one.companion_of: one for one in self.types if one.companion_of}

    @cached_property
    def by_code(self) -> dict[int, RecordType]:
        return {record_type.code: record_type for record_type in self.types}
