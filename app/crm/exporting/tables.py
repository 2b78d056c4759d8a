"""Writes records as CSV: UTF-8, RFC 4180, formulas disarmed, streamed from an iterator.

Amounts are plain numbers with a point, dates ISO 8601, references the names of what they refer to.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from app.crm.draft import Existing, Value
from app.crm.errors import ExportFailed
from app.crm.escaping import escape_cell
from app.crm.exporting.columns import (
    DEFAULT_SLOTS,
    GROUP_COLUMN,
    MORE_COLUMN,
    RECORD_COLUMN,
    TAG_SEPARATOR,
    Column,
    columns_of,
    parts_of,
)
from app.crm.exporting.report import LOOK_EVERY, ExportProgress, ExportReport, unwatched
from app.crm.items import split_item
from app.crm.schema import SCHEMA
from app.crm.words import money_plain
from vault.schema import FieldKind

# The name of a record, for references; "" where it is not known.
Names = Callable[[str], str]


def nameless(record: str) -> str:
    """For exports without names: the reference itself is written."""
    return ""


@dataclass(frozen=True)
class TableOptions:
    """`bom`: a byte order mark, so that Excel knows UTF-8. `fields`: which, in which order (none: all).

    `commercial`: whether fields that lie under keys of their own are among "all".
    `more`: whether the columns for reading the file back (the record's id, the rest as JSON) are written too.
    """

    fields: tuple[str, ...] = ()
    bom: bool = True
    delimiter: str = ","
    more: bool = True
    commercial: bool = False
    slots: Mapping[str, int] = field(default_factory=lambda: DEFAULT_SLOTS)


def export_table(
    type: str,
    records: Iterable[Existing],
    target: BinaryIO,
    options: TableOptions | None = None,
    *,
    names: Names = nameless,
    progress: ExportProgress = unwatched,
    cancelled: Callable[[], bool] = lambda: False,
) -> ExportReport:
    """Write records of one type. Raises ExportFailed when the target cannot be written.

    Cancelled: what was written so far stands in the target, and the report says so.
    """
    options = options or TableOptions()
    columns = columns_of(type, options.fields, options.slots, commercial=options.commercial)
    report = ExportReport()
    text = io.TextIOWrapper(
        target, encoding="utf-8-sig" if options.bom else "utf-8", newline="", write_through=True
    )
    try:
        writer = csv.writer(text, delimiter=options.delimiter)
        ends = [RECORD_COLUMN, GROUP_COLUMN] if options.more else []
        writer.writerow([*ends, *(one.header for one in columns), *([MORE_COLUMN] if options.more else [])])
        rows = _Rows(type, columns, names, report, chosen=bool(options.fields))
        for number, record in enumerate(records):
            if number % LOOK_EVERY == 0:
                progress(number)
                if cancelled():
                    report.cancelled = True
                    break
            cells, more = rows.cells(record)
            if options.more:
                writer.writerow([record.record, escape_cell(record.group), *cells, more])
            else:
                writer.writerow(cells)
            report.written += 1
        text.flush()
    except OSError as error:
        raise ExportFailed(f"The file cannot be written: {error.strerror}.") from error
    finally:
        text.detach()  # the target belongs to the caller
    progress(report.written)
    return report


class _Rows:
    def __init__(
        self, type: str, columns: list[Column], names: Names, report: ExportReport, chosen: bool
    ) -> None:
        self._columns, self._names, self._report = columns, names, report
        self._options = {
            field.name: {option.key: option.label for option in field.options}
            for field in SCHEMA.by_name[type].fields
        }
        self._bytes = {field.name for field in SCHEMA.by_name[type].fields if field.kind is FieldKind.BYTES}
        self._shown = {column.field for column in columns}
        self._slots = {column.field: column.slot for column in columns if column.slot}
        self._chosen = chosen

    def cells(self, record: Existing) -> tuple[list[str], str]:
        fields = record.fields
        lists: dict[str, list[tuple[str, dict[str, str]]]] = {}
        more: dict[str, Value] = {}
        for name in sorted(fields):
            value = fields[name]
            field, key = split_item(name)
            if key and isinstance(value, dict):
                if field in self._shown:
                    lists.setdefault(field, []).append((name, value))
                elif not self._chosen:
                    more[name] = value
            elif field in self._bytes:
                if value:
                    self._report.left_out[field] += 1
            elif field not in self._shown and value is not None and not self._chosen:
                more[name] = value
        for field, items in lists.items():
            more.update(self._overflow(field, items))
        cells = [self._cell(column, fields, lists) for column in self._columns]
        return cells, json.dumps(more, ensure_ascii=False, separators=(",", ":")) if more else ""

    def _overflow(self, field: str, items: list[tuple[str, dict[str, str]]]) -> dict[str, Value]:
        """Items that their columns cannot hold completely."""
        if field == "tags":
            return {
                name: item for name, item in items if set(";,") & set(item.get("value", "")) or len(item) > 1
            }
        known = set(parts_of(field))
        slots = self._slots.get(field, 0)
        return {
            name: item
            for place, (name, item) in enumerate(items)
            if place >= slots or not known.issuperset(item)
        }

    def _cell(
        self,
        column: Column,
        fields: Mapping[str, Value],
        lists: Mapping[str, list[tuple[str, dict[str, str]]]],
    ) -> str:
        if column.kind is FieldKind.LIST:
            items = lists.get(column.field, [])
            if column.slot:
                return (
                    escape_cell(items[column.slot - 1][1].get(column.part, ""))
                    if len(items) >= column.slot
                    else ""
                )
            words = [item.get("value", "") for _, item in items]
            return escape_cell(TAG_SEPARATOR.join(word for word in words if not set(";,") & set(word)))
        value = fields.get(column.field)
        if value is None:
            return ""
        if column.kind is FieldKind.MONEY and isinstance(value, int):
            currency = fields.get("currency")
            return money_plain(value, currency if isinstance(currency, str) else "")
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int):
            return str(value)
        text = str(value)
        if column.kind is FieldKind.REF:
            text = self._names(text) or text
        elif column.kind is FieldKind.CHOICE:
            text = self._options[column.field].get(text, text)
        return escape_cell(text)
