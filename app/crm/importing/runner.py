"""Runs a plan over a table: rows to drafts, references resolved, matched with what exists, written in
batches.

`drafts` is the generator underneath (nothing is written by it); `run_import` writes what it yields. Both stop
soon after `cancelled()` says so; what was written until then stays and is in the report. A row that cannot be
imported is listed and the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.crm.draft import Draft, Value, Writer
from app.crm.errors import ValueRefused
from app.crm.importing.books import Book, Books, Entry, keys_of
from app.crm.importing.plan import MATCH_WITHIN, OnMatch, OnMissing, Plan
from app.crm.importing.reader import RowReader, RowRefused
from app.crm.importing.report import Failure, Report
from app.crm.importing.table import Row, Table
from app.crm.items import split_item
from app.crm.schema import SCHEMA, pipeline_fields
from vault.schema import Field, FieldKind

BATCH = 500
_LOOK_EVERY = 256
# (rows read, drafts made)
Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def never() -> bool:
    """For imports that nobody stops."""
    return False


def silent(rows: int, made: int) -> None:
    """For imports that nobody watches."""


def run_import(
    table: Table,
    plan: Plan,
    writer: Writer,
    *,
    books: Books | None = None,
    progress: Progress = silent,
    cancelled: Cancelled = never,
    batch: int = BATCH,
) -> Report:
    """Import one table. `books` is shared by the tables of one import.

    Raises PlanInvalid, what reading the table raises, and WriteRefused of the writer. What was written before
    stays.
    """
    books = books or Books(writer)
    report = Report(table.name, plan.type, table.header)
    waiting: list[Draft] = []

    def flush() -> None:
        if not waiting:
            return
        writer.write(list(waiting))
        for draft in waiting:
            _count(report, draft)
        waiting.clear()
        progress(report.rows, report.created + report.updated)

    for draft in drafts(table, plan, books, report, cancelled=cancelled):
        waiting.append(draft)
        if len(waiting) >= batch:
            flush()
    flush()
    progress(report.rows, report.created + report.updated)
    return report


def _count(report: Report, draft: Draft) -> None:
    report.groups[draft.group] += 1
    if draft.exists:
        report.updated += 1
        return
    report.records.append(draft.record)
    if draft.type == report.type:
        report.created += 1
    else:
        report.also_created[draft.type] += 1


def drafts(
    table: Table, plan: Plan, books: Books, report: Report, *, cancelled: Cancelled = never
) -> Iterator[Draft]:
    """The drafts of a table, with real references, in an order in which nothing refers to something later.

    (But for a type that refers to itself, such as a company's parent: there the record follows in the same
    run.) Raises PlanInvalid and what reading the table raises.
    """
    plan.check(len(table.header))
    yield from _Run(table, plan, books, report).drafts(cancelled)


class _Run:
    def __init__(self, table: Table, plan: Plan, books: Books, report: Report) -> None:
        self._table, self._plan, self._books, self._report = table, plan, books, report
        self._book = books.of(plan.type)
        self._reader = RowReader(plan, table.header, self._resolve, report.correct)
        self._extra: list[Draft] = []  # made for names only, to be yielded before the row that names them
        self._group = plan.placement.group
        self._columns = {one.target.field: one.column for one in plan.columns}
        self._fresh = Book(plan.type)  # what this very table has made, by what makes two of its rows the same

    def drafts(self, cancelled: Cancelled) -> Iterator[Draft]:
        report, plan = self._report, self._plan
        if any(one.kind is FieldKind.REF and one.target == plan.type for one in self._mapped_fields()):
            self._announce(cancelled)
        for number, row in enumerate(self._table.rows()):
            if number % _LOOK_EVERY == 0 and cancelled():
                report.cancelled = True
                return
            report.rows += 1
            self._group = self._place(row)
            try:
                draft = self._draft(row, self._reader.read(row))
            except RowRefused as refused:
                # References made for a row that then failed are kept: the names may serve later rows.
                report.failures.append(Failure(row.line, refused.column, refused.reason, tuple(row.cells)))
                draft = None
            if self._extra:
                yield from self._extra
                self._extra.clear()
            if draft is not None:
                yield draft
        yield from self._orphans()

    def _mapped_fields(self) -> Iterable[Field]:
        by_name = self._plan.record_type.by_name
        return [by_name[name] for name in self._columns if name in by_name]

    def _announce(self, cancelled: Cancelled) -> None:
        """Names of all rows first: a row may refer to one that comes later ("subsidiary of")."""
        column = self._columns.get("name")
        if column is None:
            return
        for number, row in enumerate(self._table.rows()):
            if number % _LOOK_EVERY == 0 and cancelled():
                return
            name = row.cells[column].strip() if column < len(row.cells) else ""
            if name and self._book.named(name, near=False) is None:
                entry = Entry(self._books.mint(self._plan.type), name, written=False)
                self._book.add(entry, {"name": name}, ("name",))

    def _orphans(self) -> Iterator[Draft]:
        """Rows that were referred to and then failed: the record is made with its name, so no reference
        dangles.
        """
        for entry in self._book.announced():
            if entry.wanted:
                entry.written = True
                self._report.notice(
                    f"“{entry.title}” could not be imported but is named by others: only its name was kept"
                )
                yield Draft(
                    self._plan.type,
                    entry.title,
                    {"name": entry.title},
                    entry.group or self._plan.placement.group,
                    entry.record,
                )

    def _place(self, row: Row) -> str:
        placement = self._plan.placement
        if placement.column is None:
            return placement.group
        cell = row.cells[placement.column].strip() if placement.column < len(row.cells) else ""
        if placement.lookup is None:
            return cell or placement.group
        group = placement.lookup.get(cell)
        if group is None:
            header = self._table.header[placement.column]
            self._report.notice(
                f"{header} “{cell}” belongs to no group that is known; “{placement.group}” was taken",
                row.line,
            )
            return placement.group
        return group

    def _resolve(self, type: str, text: str, line: int, column: str) -> tuple[str, str] | None:
        """The record called `text`, made where the plan says so."""
        book = self._books.of(type)
        entry = book.named(text, near=self._plan.correct)
        if entry is not None:
            entry.wanted = True
            if entry.title and entry.title.casefold() != text.casefold():
                self._report.correct(line, column, text, entry.title)
            return entry.record, entry.title or text
        missing = self._plan.on_missing
        label = SCHEMA.by_name[type].label.lower()
        if missing is OnMissing.REFUSE:
            raise ValueRefused(f"there is no {label} called “{text[:80]}”")
        if missing is OnMissing.LEAVE:
            self._report.notice(f"There is no {label} called “{text[:80]}”; the field was left empty", line)
            return None
        fields: dict[str, Value] = pipeline_fields(text) if type == "pipeline" else {"name": text}
        entry = Entry(self._books.mint(type), text, group=self._group, wanted=True)
        book.add(entry, fields)
        self._extra.append(Draft(type, text, fields, self._group, entry.record))
        self._report.notice(f"The {label} “{text[:80]}” did not exist and was made", line)
        return entry.record, text

    def _draft(self, row: Row, fields: dict[str, Value]) -> Draft | None:
        plan, type = self._plan, self._plan.type
        external = fields.get("external_id")
        key = external if isinstance(external, str) and external else f"line {row.line}"
        if plan.on_match is not OnMatch.CREATE:
            entry = self._match(fields)
            if entry is not None:
                if plan.on_match is OnMatch.SKIP:
                    self._report.skipped += 1
                    return None
                changed = _changes(fields, entry.fields)
                if not changed:
                    self._report.skipped += 1
                    return None
                return Draft(type, key, changed, entry.group or self._group, entry.record, exists=True)
        name = fields.get("name")
        waiting = self._book.named(name, near=False) if isinstance(name, str) else None
        if waiting is not None and not waiting.written:
            entry, waiting.written, waiting.group, waiting.fields = waiting, True, self._group, fields
        else:
            title = name if isinstance(name, str) else ""
            entry = Entry(self._books.mint(type), title, group=self._group, fields=fields)
        self._book.add(entry, fields)
        self._fresh.add(entry, fields, MATCH_WITHIN.get(type, ("external_id",)))
        return Draft(type, key, fields, self._group, entry.record)

    def _match(self, fields: Mapping[str, Value]) -> Entry | None:
        """The record that a row means: one that was there before, or one that this table made already."""
        type = self._plan.type
        for kind in self._plan.matching:
            for key in keys_of(type, kind, fields):
                entry = self._fresh.get(kind, key)
                if entry is not None:
                    return entry
                entry = self._book.get(kind, key)
                if entry is None or not entry.exists:
                    continue
                if kind == "name" and type == "person" and _other_person(fields, entry.fields):
                    continue
                return entry
        return None


def _other_person(fields: Mapping[str, Value], existing: Mapping[str, Value]) -> bool:
    """The same name, but both have mails and share none: two people."""
    mine, theirs = set(keys_of("person", "emails", fields)), set(keys_of("person", "emails", existing))
    return bool(mine) and bool(theirs) and not mine & theirs


def _changes(fields: Mapping[str, Value], existing: Mapping[str, Value]) -> dict[str, Value]:
    """What a row adds to an existing record: items that it has already are not added again."""
    there = {
        (split_item(name)[0], value.get("value", "").casefold())
        for name, value in existing.items()
        if isinstance(value, dict)
    }
    changed: dict[str, Value] = {}
    for name, value in fields.items():
        field, key = split_item(name)
        if key and isinstance(value, dict) and (field, value.get("value", "").casefold()) in there:
            continue
        if not key and name in existing and existing[name] == value:
            continue
        changed[name] = value
    return changed
