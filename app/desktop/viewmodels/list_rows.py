"""Rows of lists, made ready to paint on the thread that reads them: the window only looks up what is here."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.crm.margins import field_of, plain_name
from app.crm.schema import SCHEMA
from app.desk import Desk
from app.desk.small_groups import PRIVATE, is_small
from app.desktop.viewmodels.list_config import Column, ListConfig
from app.desktop.viewmodels.shown import (
    Names,
    ago,
    item_words,
    items_of,
    moment_words,
    money_words,
    record_title,
    short_day,
    stage_hue,
    value_words,
)
from app.desktop.widgets import Cell, ChipCell, ChipsCell, IconCell, PersonCell
from protocol.ids import GroupId
from protocol.operations import Value
from vault.schema import Field, FieldKind
from vault.store import CHANGED, CREATED, TITLE, Query, Record, RecordKey

NO_NAMES = Names({}, {})


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell: words (for copying, tooltips, screen readers), and how it is painted where not as plain words."""

    words: str
    cell: Cell | None = None
    tone: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A record in a list."""

    key: RecordKey
    title: str
    cells: tuple[CellText, ...]
    pending: bool
    conflict: bool
    deleted: bool


def read_rows(desk: Desk, config: ListConfig, query: Query, offset: int, limit: int) -> list[Row]:
    """Rows of a list, with the names they need. Threads: any."""
    records = desk.records.window(query, offset, limit)
    if any("." in column.key for column in config.columns):
        records = desk.acts.margins.with_fields(records)
    small = small_places(desk, records)
    names = look_up(desk, records, [column.key for column in config.columns])
    now = time.time()
    return [make_row(config, record, names, now, small.get(record.key.log.group, "")) for record in records]


def small_places(desk: Desk, records: Iterable[Record]) -> dict[GroupId, str]:
    """Small group -> "Private", "Shared with Ben", of those where these records are."""
    state = desk.vault.roster
    groups = {record.key.log.group for record in records}
    return {group: desk.name("group", group) for group in groups if is_small(state, group)}


def look_up(desk: Desk, records: Iterable[Record], fields: Iterable[str] = ()) -> Names:
    """Titles of what these records refer to, and the names of members in them (only in `fields`, if given)."""
    wanted = set(fields)
    refs: set[str] = set()
    members: dict[str, str] = {}
    for record in records:
        record_type = SCHEMA.by_name.get(record.key.type)
        if record_type is None:
            continue
        for name, value in record.fields.items():
            field = record_type.by_name.get(name)
            if field is None or not isinstance(value, str) or (wanted and name not in wanted):
                continue
            if field.kind is FieldKind.REF:
                refs.add(value)
            elif field.kind is FieldKind.MEMBER and value not in members:
                members[value] = desk.owner_text(value)
    return Names(desk.records.titles(refs), members)


def make_row(config: ListConfig, record: Record, names: Names, now: float, small: str = "") -> Row:
    """`small`: what the place of a record is called that one or two people keep; "" for the others."""
    today = datetime.fromtimestamp(now).astimezone().date()
    cells = tuple(
        _title(config, record, small)
        if column.key == TITLE
        else _cell(config, column, record, names, now, today)
        for column in config.columns
    )
    return Row(
        record.key,
        record_title(record),
        cells,
        record.pending,
        bool(record.conflicts),
        record.deleted,
    )


def _cell(
    config: ListConfig, column: Column, record: Record, names: Names, now: float, today: date
) -> CellText:
    if column.key in (CHANGED, CREATED):
        mark = record.changed if column.key == CHANGED else record.created
        words, full = ago(mark.time, now), moment_words(mark.time)
        if record.pending and column.key == CHANGED:
            return CellText(words, IconCell("wait", words, "faint"), tooltip=f"Not sent yet. {full}")
        return CellText(words, tone="muted", tooltip=full)
    field = field_of(config.type_name, column.key)
    assert field is not None  # columns are made of fields
    if field.kind is FieldKind.LIST:
        return _items(field, record)
    value = record.fields.get(plain_name(column.key))
    if field.kind is FieldKind.BOOL and column.key == "done":
        done = value is True
        return CellText(
            "Done" if done else "Open",
            IconCell("check" if done else "minus", "", "success" if done else "faint"),
        )
    if value is None:
        return CellText("")
    return _valued(field, value, record, column, names, today)


def _title(config: ListConfig, record: Record, small: str) -> CellText:
    title = record_title(record)
    if record.conflicts:
        tip = f"{title}\nTwo people changed this without knowing of each other: open it to choose."
        return CellText(title, IconCell("conflict", title, "warning"), tooltip=tip)
    if record.deleted:
        return CellText(title, IconCell("trash", title, "faint"))
    sign = "" if not small else "lock" if small == PRIVATE else "people"
    tip = f"{title}\n{small}" if small else ""
    if config.type_name in ("person", "company"):
        return CellText(title, PersonCell(title, square=config.square, strong=True, mark=sign), tooltip=tip)
    return CellText(title, IconCell(sign, title, "muted") if sign else None, tooltip=tip)


def _items(field: Field, record: Record) -> CellText:
    texts = [text for _, parts in items_of(record.fields, field.name) if (text := item_words(parts))]
    if field.name == "tags":
        chips = ChipsCell(tuple(ChipCell(text) for text in texts)) if texts else None
        return CellText(", ".join(texts), chips)
    more = f"  +{len(texts) - 1}" if len(texts) > 1 else ""
    return CellText(texts[0] + more if texts else "", tooltip="\n".join(texts))


def _valued(
    field: Field, value: Value, record: Record, column: Column, names: Names, today: date
) -> CellText:
    if field.kind is FieldKind.MONEY:
        return CellText(money_words(value, record.fields.get(column.currency)))
    if field.kind is FieldKind.DATE:
        late = (
            field.name == "due" and record.fields.get("done") is not True and str(value) < today.isoformat()
        )
        words = short_day(value, today)
        return CellText(words, tone="danger" if late else "", tooltip=value_words(field, value, NO_NAMES))
    if field.kind is FieldKind.CHOICE:
        words = value_words(field, value, NO_NAMES)
        return CellText(words, ChipCell(words, stage_hue(value) if isinstance(value, str) else None))
    if field.kind is FieldKind.REF:
        closed = isinstance(value, str) and value not in names.titles
        words = names.ref(value)
        if closed:
            return CellText(words, IconCell("lock", words, "faint"))
        return CellText(words, PersonCell(words, square=True) if field.target == "company" else None)
    if field.kind is FieldKind.MEMBER:
        words = names.member(value)
        return CellText(words, PersonCell(words))
    return CellText(value_words(field, value, names))
