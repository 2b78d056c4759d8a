"""Records as they are printed: for scripts (exact values, ids beside names), and for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from app.cli.output import Json
from app.crm.items import split_item
from app.crm.margins import all_fields, field_of
from app.crm.words import money_plain, shown_date, shown_moment, shown_money, shown_value
from app.desk import Desk, member_of
from protocol.operations import Value
from vault.schema import Field, FieldKind
from vault.store import Mark, Record

_COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("organisation", "title", "emails", "phones"),
    "company": ("sector", "location", "employees", "revenue"),
    "deal": ("company", "stage", "amount", "closed", "owner"),
    "product": ("series", "price"),
    "task": ("due", "done", "about", "assignee"),
    "note": ("about", "written", "author"),
    "file": ("size", "media_type", "about"),
}


def moment(seconds: float) -> str:
    """Unix seconds as ISO 8601, "" for never."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds else ""


class Shower:
    """Prints records of one desk; `prepare` looks up the names that records refer to, all at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._titles: dict[str, str] = {}

    def prepare(self, records: Iterable[Record]) -> None:
        wanted: set[str] = set()
        for record in records:
            for name, value in record.fields.items():
                field = self._field(record, name)
                if field is not None and field.kind is FieldKind.REF and isinstance(value, str):
                    wanted.add(value)
        self._titles.update(self._desk.records.titles(wanted - self._titles.keys()))

    def object_of(self, record: Record) -> dict[str, Json]:
        """A record for scripts. Amounts are decimal texts; references and members have their id in `…_id`."""
        found: dict[str, Json] = {
            "id": record.key.ref,
            "type": record.key.type,
            "group": self._desk.place_words(record.key.log),
        }
        lists: dict[str, list[Json]] = {}
        for name, value in sorted(record.fields.items()):
            field = self._field(record, name)
            plain, key = split_item(name)
            if field is None:
                continue  # of a newer version; and the key of a file's content, which nobody needs to see
            if key and isinstance(value, dict):
                lists.setdefault(plain, []).append(
                    {"key": name, **{part: str(text) for part, text in value.items()}}
                )
            elif field.kind is FieldKind.BYTES:
                found[f"{name}_bytes"] = len(value) * 3 // 4 if isinstance(value, str) else 0
            else:
                found.update(self._plain(record, field, value))
        found.update(lists)
        found["name"] = record.title
        found["changed"] = moment(record.changed.time)
        found["changed_by"] = self.author(record.changed)
        for name, flag in (("pending", record.pending), ("deleted", record.deleted)):
            if flag:
                found[name] = True
        if record.conflicts:
            found["conflicts"] = list(record.conflicts)
        return found

    def text_of(self, record: Record, field: Field) -> str:
        """One field for people."""
        if field.kind is FieldKind.LIST:
            items = [
                value for name, value in sorted(record.fields.items()) if split_item(name)[0] == field.name
            ]
            return "\n".join(item_text(value) for value in items)
        value = record.fields.get(field.name)
        if value is None:
            return ""
        if field.kind is FieldKind.BYTES:
            return "(a picture)"
        return self.value_text(field, value, record.fields.get("currency"))

    def value_text(self, field: Field | None, value: Value, currency: Value = None) -> str:
        """One value for people."""
        if field is None or value is None or isinstance(value, dict):
            return item_text(value)
        if field.kind is FieldKind.MONEY and isinstance(value, int):
            return shown_money(value, currency if isinstance(currency, str) else "", " ")
        if field.kind is FieldKind.DATE:
            return shown_date(str(value))
        if field.kind is FieldKind.DATETIME:
            return shown_moment(str(value))
        if field.kind is FieldKind.PERCENT:
            return f"{value} %"
        if field.kind is FieldKind.MEMBER:
            return self._desk.owner_text(value)
        if field.kind is FieldKind.REF:
            return self.title(str(value))
        if field.kind is FieldKind.CHOICE:
            return next((option.label for option in field.options if option.key == value), str(value))
        if field.kind is FieldKind.BYTES:
            return "(a picture)"
        return shown_value(value)

    def title(self, reference: str) -> str:
        """The title of a record; the reference itself where the record is not here."""
        if reference not in self._titles:
            self._titles.update(self._desk.records.titles([reference]))
        return self._titles.get(reference) or reference

    def author(self, mark: Mark) -> str:
        return self._desk.name("member", mark.author.member)

    @staticmethod
    def columns(type_name: str, chosen: Sequence[str] = ()) -> list[Field]:
        """The fields of a table for people."""
        by_name = all_fields(type_name)
        return [by_name[name] for name in chosen or _COLUMNS.get(type_name, ())]

    def _plain(self, record: Record, field: Field, value: Value) -> dict[str, Json]:
        if field.kind is FieldKind.MONEY and isinstance(value, int):
            currency = record.fields.get("currency")
            return {field.name: money_plain(value, currency if isinstance(currency, str) else "")}
        if field.kind is FieldKind.REF and isinstance(value, str):
            return {field.name: self.title(value), f"{field.name}_id": value}
        if field.kind is FieldKind.MEMBER and isinstance(value, str):
            known = {f"{field.name}_id": value} if member_of(value) is not None else {}
            return {field.name: self._desk.owner_text(value), **known}
        if isinstance(value, dict):
            return {field.name: {part: str(text) for part, text in value.items()}}
        return {field.name: value}

    @staticmethod
    def _field(record: Record, name: str) -> Field | None:
        return field_of(record.key.type, split_item(name)[0])


def item_text(value: Value) -> str:
    """An item of a list, or a value of a field that this version does not know."""
    if isinstance(value, dict):
        return shown_value({part: str(text) for part, text in value.items() if text is not None})
    return shown_value(value)
