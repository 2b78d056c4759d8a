"""From a record's fields to the typed columns of its row, its title, and its search texts.

A column field has a value column `c_<name>` (numbers, dates, keys of choices, references; folded text for texts) and,
where lists sort by something else than that value, a sort column `s_<name>`: the place of the option for a
choice, the folded title of the record it points to for a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protocol.operations import Value
from vault.schema import Field, FieldKind, RecordType, Search
from vault.store.connection import SqlValue
from vault.store.text import MOST, fold_text, is_phone, phone_tokens

Fields = Mapping[str, Value]
TitleOf = Callable[[str], str]
"""The shown title of the record with this reference; "" where it is not here."""

MEMBER_TYPE = "name"
"""The directory's record type that holds what members, groups and roles are called; a MEMBER value
`member:<hex>` has its name in the record of this type with that id."""

NUMBERS = frozenset({FieldKind.INTEGER, FieldKind.MONEY, FieldKind.PERCENT})
TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.LIST, FieldKind.BYTES})
REFS = frozenset({FieldKind.REF, FieldKind.MEMBER})
UNKNOWN_OPTION = 1_000_000
_LABELS = frozenset({"label", "kind", "type"})


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def value_column(field: Field) -> str:
    return quoted(f"c_{field.name}")


def sort_column(field: Field) -> str:
    """The column that lists sort this field by."""
    separate = field.kind in REFS or field.kind is FieldKind.CHOICE
    return quoted(f"s_{field.name}") if separate else value_column(field)


def column_definitions(record_type: RecordType) -> list[tuple[str, str]]:
    """(quoted name, SQL type) of every column made for the type's fields."""
    columns = []
    for field in record_type.columns:
        number = field.kind in NUMBERS or field.kind is FieldKind.BOOL
        columns.append((value_column(field), "INTEGER" if number else "TEXT"))
        if sort_column(field) != value_column(field):
            columns.append((sort_column(field), "INTEGER" if field.kind is FieldKind.CHOICE else "TEXT"))
    return columns


@dataclass(frozen=True, slots=True)
class Projection:
    """What a record's fields make of its row. `title` is folded, for sorting; `shown` (the title as people read it,
    "" in types that are not searched) and `keys` go into the short index, `body` into the full-text index."""

    title: str | None
    shown: str
    columns: tuple[SqlValue, ...]
    keys: str
    body: str


class Projector:
    """Projects records of one type."""

    def __init__(self, record_type: RecordType) -> None:
        self.record_type = record_type
        self._titles = title_fields(record_type)
        self._keys = [field for field in record_type.fields if field.search is Search.KEYS]
        self._texts = [field for field in record_type.fields if field.search is Search.TEXT]
        self._orders = {
            field.name: {option.key: option.order for option in field.options} for field in record_type.fields
        }
        self.has_text = bool(self._texts)
        self._searched = bool(self._keys) or any(f.search is Search.TITLE for f in record_type.fields)

    def title(self, fields: Fields) -> str:
        """The title as people read it."""
        words = [
            value for field in self._titles if isinstance(value := fields.get(field.name), str) and value
        ]
        return " ".join(words)

    def project(self, fields: Fields, title_of: TitleOf) -> Projection:
        shown = self.title(fields)
        columns: list[SqlValue] = []
        for field in self.record_type.columns:
            self._column(field, fields, title_of, columns)
        keys = self._join(self._keys, fields, title_of, phones=True) if self._keys else ""
        return Projection(
            title=fold_text(shown)[:MOST] or None,
            shown=shown if self._searched else "",
            columns=tuple(columns),
            keys=keys,
            body=self.body(fields, title_of),
        )

    def body(self, fields: Fields, title_of: TitleOf) -> str:
        return self._join(self._texts, fields, title_of, phones=False) if self._texts else ""

    def refs(self, fields: Fields) -> list[str]:
        """Every record that one of this record's reference fields points to."""
        found = (_reference(field, fields.get(field.name)) for field in self.record_type.fields)
        return [ref for ref in found if ref]

    def _column(self, field: Field, fields: Fields, title_of: TitleOf, out: list[SqlValue]) -> None:
        value = fields.get(field.name)
        kind = field.kind
        if kind in NUMBERS:
            fits = type(value) is int and -(1 << 63) <= value < 1 << 63
            out.append(value if fits and isinstance(value, int) else None)
        elif kind is FieldKind.BOOL:
            out.append(int(value) if isinstance(value, bool) else None)
        elif kind is FieldKind.CHOICE:
            key = value if isinstance(value, str) else None
            out.append(key)
            out.append(None if key is None else self._orders[field.name].get(key, UNKNOWN_OPTION))
        elif kind in REFS:
            text = value if isinstance(value, str) and value else None
            ref = _reference(field, value)
            out.append(text)
            out.append(None if text is None else fold_text(title_of(ref) if ref else text)[:MOST])
        elif kind in TEXTS:
            words = value if isinstance(value, str) else " ".join(_items(fields, field.name))
            out.append(fold_text(words)[:MOST] or None)
        else:
            out.append(value[:MOST] if isinstance(value, str) and value else None)

    def _join(self, wanted: list[Field], fields: Fields, title_of: TitleOf, *, phones: bool) -> str:
        words: list[str] = []
        for field in wanted:
            if field.kind is FieldKind.LIST:
                texts = _items(fields, field.name)
            else:
                value = fields.get(field.name)
                texts = [value] if isinstance(value, str) and value else []
                if texts and field.kind in REFS:
                    ref = _reference(field, value)
                    texts = [title_of(ref)] if ref else texts
            for text in texts:
                words.extend(phone_tokens(text) if phones and is_phone(text) else (text,))
        return " ".join(words)


def title_fields(record_type: RecordType) -> list[Field]:
    """The fields that make a record's title: those searched as titles, else the one called name or title."""
    titles = [field for field in record_type.fields if field.search is Search.TITLE]
    if titles:
        return titles
    return [record_type.by_name[name] for name in ("name", "title") if name in record_type.by_name][:1]


def split_ref(ref: str) -> tuple[str, bytes] | None:
    """(type, id) of a reference `type:32 hex digits`; None where the text is not one."""
    name, colon, digits = ref.rpartition(":")
    if not colon or not name or len(digits) != 32:
        return None
    try:
        return name, bytes.fromhex(digits)
    except ValueError:
        return None


def _reference(field: Field, value: Value) -> str:
    """The reference in a field's value, as the record that holds the title; "" where there is none."""
    if field.kind not in REFS or not isinstance(value, str):
        return ""
    parts = split_ref(value)
    if parts is None:
        return ""
    return f"{MEMBER_TYPE}:{parts[1].hex()}" if parts[0] == "member" else value


def _items(fields: Fields, name: str) -> list[str]:
    """The texts of a list's items, in the order of their keys."""
    prefix = name + "/"
    texts: list[str] = []
    for key in sorted(key for key in fields if key.startswith(prefix)):
        value = fields[key]
        if isinstance(value, dict):
            main = value.get("value")
            # An address has parts instead of one value; its label and kind are not what people look for.
            parts = (
                [main] if isinstance(main, str) else [value[part] for part in value if part not in _LABELS]
            )
            texts.extend(part for part in parts if isinstance(part, str) and part)
        elif isinstance(value, str) and value:
            texts.append(value)
    return texts
