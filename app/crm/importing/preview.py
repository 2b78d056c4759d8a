"""What an import would do, shown before it does it: the first rows as records, and what is wrong with
them.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.crm.draft import Draft, Value, Writer
from app.crm.importing.books import Books
from app.crm.importing.plan import Plan
from app.crm.importing.report import Correction, Failure, Report
from app.crm.importing.runner import Cancelled, drafts, never
from app.crm.importing.table import Table
from app.crm.items import split_item
from app.crm.schema import SCHEMA
from app.crm.words import shown_money, shown_value
from vault.schema import FieldKind

PREVIEW_ROWS = 50


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One record to be: the labels of its fields and their values as people read them."""

    type: str
    group: str
    exists: bool
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Preview:
    """The first rows, and the problems among them."""

    rows: tuple[PreviewRow, ...]
    failures: tuple[Failure, ...]
    corrections: tuple[Correction, ...]
    notices: tuple[str, ...]


def preview(table: Table, plan: Plan, writer: Writer | None = None, cancelled: Cancelled = never) -> Preview:
    """Read the first rows by the plan, against what exists where a writer is given. Writes nothing.

    Raises PlanInvalid and what reading the table raises.
    """
    report = Report(table.name, plan.type, table.header)
    first = table.first(PREVIEW_ROWS)
    made = [_shown(draft) for draft in drafts(first, plan, Books(writer), report, cancelled=cancelled)]
    return Preview(tuple(made), tuple(report.failures), tuple(report.corrections), tuple(report.notices))


def _shown(draft: Draft) -> PreviewRow:
    by_name = SCHEMA.by_name[draft.type].by_name
    currency = draft.fields.get("currency")
    values: list[tuple[str, str]] = []
    for name, value in draft.fields.items():
        field = by_name.get(split_item(name)[0])
        label = field.label if field is not None else name
        values.append((label, _text(value, field.kind if field else FieldKind.TEXT, currency)))
    return PreviewRow(draft.type, draft.group, draft.exists, tuple(values))


def _text(value: Value, kind: FieldKind, currency: Value) -> str:
    if kind is FieldKind.MONEY and isinstance(value, int):
        return shown_money(value, currency if isinstance(currency, str) else "")
    return shown_value(value)
