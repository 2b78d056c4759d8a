"""From a record's fields to the typed columns of its row, its title, and its search texts.

A column field has a value column `c_<name>` (numbers, dates, keys of choices, references; folded text for texts) and,
where lists sort by something else than that value, a sort column `s_<name>`: the place of the option for a
choice, the folded title of the record it points to for a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from protocol.operations import Value
from vault.schema import Field, FieldKind, RecordType, Search
from vault.store.text import MOST, fold_text, is_phone, phone_tokens

Fields = Mapping[str, Value]
TitleOf = Callable[[str], tuple[str, str]]
"""The title of the record with this reference: as people read it, and folded for sorting; ("", "") where it is not
here."""

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
    """What a record's fields make of its row. All texts are folded. `title` is for sorting; `words` (the title,
    "" in types that are not searched) and `keys` go into the short index.

    "" stands for no value: a row has NULL there (`nullif` in SQL, as binding None is slow in the driver)."""

    title: str
    words: str
    columns: list[str | int]
    keys: str


class Projector:
    """Projects records of one type. What each field needs is worked out once: this runs for every record pulled."""

    def __init__(self, record_type: RecordType) -> None:
        self.record_type = record_type
        self._titles = tuple(field.name for field in title_fields(record_type))
        self._keys = [field for field in record_type.fields if field.search is Search.KEYS]
        self._texts = [field for field in record_type.fields if field.search is Search.TEXT]
        self.has_text = bool(self._texts)
        self._searched = bool(self._keys) or any(f.search is Search.TITLE for f in record_type.fields)
        self._steps = [
            (_step(field), field.name, {option.key: option.order for option in field.options})
            for field in record_type.columns
        ]

    def title(self, fields: Fields) -> str:
        """The title as people read it."""
        words = [value for name in self._titles if isinstance(value := fields.get(name), str) and value]
        return " ".join(words)

    def project(self, fields: Fields, titles: TitleOf) -> Projection:
        text = self.title(fields)
        title = fold_text(text)
        return Projection(
            title=title[:MOST],
            words=title if self._searched else "",
            columns=self._columns(fields, titles, text, title[:MOST]),
            keys=fold_text(_join(self._keys, fields, titles, phones=True)) if self._keys else "",
        )

    def body(self, fields: Fields, titles: TitleOf) -> str:
        """The text for the full-text index."""
        return fold_text(_join(self._texts, fields, titles, phones=False)) if self._texts else ""

    def _columns(self, fields: Fields, titles: TitleOf, title: str, folded: str) -> list[str | int]:
        """`folded` is the title folded: the text of most types' first column, which is not folded twice."""
        out: list[str | int] = []
        add = out.append
        get = fields.get
        for step, name, orders in self._steps:
            value = get(name)
            if step == _LIST:
                add(fold_text(" ".join(_items(fields, name)))[:MOST])
            elif value is None:
                add("")
                if step in (_REF, _CHOICE):
                    add("")
            elif step == _TEXT:
                if value == title:
                    add(folded)
                else:
                    add(fold_text(value)[:MOST] if isinstance(value, str) else "")
            elif step == _NUMBER:
                fits = type(value) is int and -(1 << 63) <= value < 1 << 63
                add(value if fits and isinstance(value, int) else "")
            elif step == _PLAIN:
                add(value[:MOST] if isinstance(value, str) else "")
            elif step == _CHOICE:
                key = value if isinstance(value, str) else ""
                add(key)
                add(orders.get(key, UNKNOWN_OPTION) if key else "")
            elif step == _REF:
                text = value if isinstance(value, str) else ""
                add(text)
                add(_sort_title(text, titles) if text else "")
            else:
                add(int(value) if isinstance(value, bool) else "")
        return out


_TEXT, _NUMBER, _PLAIN, _CHOICE, _REF, _LIST, _BOOL = range(7)


def _step(field: Field) -> int:
    if field.kind in NUMBERS:
        return _NUMBER
    if field.kind in REFS:
        return _REF
    if field.kind is FieldKind.LIST:
        return _LIST
    if field.kind in TEXTS:
        return _TEXT
    return {FieldKind.CHOICE: _CHOICE, FieldKind.BOOL: _BOOL}.get(field.kind, _PLAIN)


def _sort_title(value: str, titles: TitleOf) -> str:
    ref = reference(value)
    return titles(ref)[1] if ref else fold_text(value)[:MOST]


def _join(wanted: list[Field], fields: Fields, titles: TitleOf, *, phones: bool) -> str:
    words: list[str] = []
    for field in wanted:
        if field.kind is FieldKind.LIST:
            texts = _items(fields, field.name)
        else:
            value = fields.get(field.name)
            if not isinstance(value, str) or not value:
                continue
            ref = reference(value) if field.kind in REFS else ""
            texts = [titles(ref)[0]] if ref else [value]
        for text in texts:
            if phones and is_phone(text):
                words.extend(phone_tokens(text))
            else:
                words.append(text)
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


@lru_cache(maxsize=16_384)
def reference(value: str) -> str:
    """The reference in a REF or MEMBER value, as that of the record that holds the title; "" where there is none."""
    parts = split_ref(value)
    if parts is None:
        return ""
    return f"{MEMBER_TYPE}:{value[-32:].lower()}" if parts[0] == "member" else value


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
