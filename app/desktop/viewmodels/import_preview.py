"""The first records as they will be, and what is wrong with them. Slow: it reads what exists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from app.crm.draft import Draft, Value
from app.crm.importing import (
    Books,
    CardFile,
    CardPlan,
    Correction,
    Failure,
    Plan,
    Report,
    Table,
    card_drafts,
    drafts,
)
from app.crm.items import split_item
from app.crm.schema import SCHEMA
from app.crm.words import shown_date, shown_value
from app.desk import Desk
from app.desktop.viewmodels.import_session import ImportSession, Part
from app.desktop.viewmodels.shown import money_words
from vault.schema import FieldKind, RecordType

ROWS = 50
GROUP, STATE = "Group", ""


@dataclass(frozen=True)
class PreviewLine:
    """One record to be. `state` is "New" or "Changes"."""

    state: str
    group: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class PreviewTable:
    """The first rows of one file: `columns` are labels in the order of the record type's fields."""

    name: str
    type: str
    columns: tuple[str, ...]
    lines: tuple[PreviewLine, ...]
    failures: tuple[Failure, ...]
    corrections: tuple[Correction, ...]
    also: int  # records that will be made for names only, among these rows


def preview_all(session: ImportSession, cancelled: Callable[[], bool]) -> list[PreviewTable]:
    """One for each file. Raises what reading the files raises."""
    group = session.placing.group
    choices = session.group_choices()
    if group is None and choices:
        group = choices[0].id
    books = Books(session.desk.writer(group) if group is not None else None)
    titles: dict[str, str] = {}
    return [
        _preview(session.desk, part, books, titles, cancelled, session.is_bundle) for part in session.parts()
    ]


def _preview(
    desk: Desk,
    part: Part,
    books: Books,
    titles: dict[str, str],
    cancelled: Callable[[], bool],
    whole: bool,
) -> PreviewTable:
    """`whole`: files that belong together, where what is named by one is in another."""
    source, plan = part.source, part.plan
    report = Report(part.name, part.type)
    if isinstance(source, Table) and isinstance(plan, Plan):
        report = Report(part.name, part.type, source.header)
        made = list(drafts(source.first(ROWS), plan, books, report, cancelled=cancelled))
    else:
        assert isinstance(source, CardFile)
        assert isinstance(plan, CardPlan)
        made = list(islice(card_drafts(source, plan, books, report, cancelled=cancelled), ROWS))
    for draft in made:
        name = draft.fields.get("name") or draft.fields.get("title")
        if isinstance(name, str):
            titles[draft.record] = name
    main = [draft for draft in made if draft.type == part.type]
    wanted = {
        value
        for draft in main
        for value in draft.fields.values()
        if isinstance(value, str) and ":" in value and value not in titles
    }
    titles.update(desk.records.titles(wanted))
    kind = SCHEMA.by_name[part.type]
    lines = [_line(kind, draft, titles) for draft in main]
    present = {label for line in lines for label in line.values}
    columns = [field.label for field in kind.fields if field.label in present]
    return PreviewTable(
        part.name,
        part.type,
        tuple(columns),
        tuple(lines),
        tuple(report.failures),
        tuple(report.corrections),
        0 if whole else len(made) - len(main),
    )


def _line(kind: RecordType, draft: Draft, titles: Mapping[str, str]) -> PreviewLine:
    currency = draft.fields.get("currency")
    values: dict[str, str] = {}
    for name, value in draft.fields.items():
        field = kind.by_name.get(split_item(name)[0])
        if field is None or value is None or field.kind is FieldKind.BYTES:
            continue
        text = _text(value, field.kind, currency, titles)
        if field.kind is FieldKind.CHOICE:
            text = next((option.label for option in field.options if option.key == value), text)
        values[field.label] = f"{values[field.label]}, {text}" if field.label in values else text
    return PreviewLine("Changes" if draft.exists else "New", draft.group, values)


def _text(value: Value, kind: FieldKind, currency: Value, titles: Mapping[str, str]) -> str:
    if kind is FieldKind.MONEY and isinstance(value, int):
        return money_words(value, currency)  # as the lists show it
    if kind is FieldKind.REF and isinstance(value, str):
        return titles.get(value, "")
    if kind is FieldKind.DATE and isinstance(value, str):
        return shown_date(value)
    return shown_value(value)
