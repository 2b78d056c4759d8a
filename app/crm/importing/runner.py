"""Runs a plan over a table: rows to drafts, references resolved, matched with what exists, written in
batches.

`drafts` is the generator underneath (nothing is written by it); `run_import` writes what it yields. Both stop
soon after `cancelled()` says so; what was written until then stays and is in the report. A row that cannot be
imported is listed and the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app.crm.draft import Draft, Writer
from app.crm.importing.books import Books, Entry, title_key
from app.crm.importing.plan import Plan
from app.crm.importing.reader import RowReader, RowRefused
from app.crm.importing.report import Failure, Report
from app.crm.importing.settling import Settler
from app.crm.importing.table import Row, Table
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
    write_drafts(drafts(table, plan, books, report, cancelled=cancelled), writer, report, progress, batch)
    return report


def write_drafts(
    made: Iterable[Draft], writer: Writer, report: Report, progress: Progress = silent, batch: int = BATCH
) -> None:
    """Write drafts in batches as they come, counting them in the report. Raises what `made` and the writer
    raise.
    """
    waiting: list[Draft] = []

    def flush() -> None:
        if waiting:
            writer.write(list(waiting))
            for draft in waiting:
                _count(report, draft)
            waiting.clear()
        progress(report.rows, report.created + report.updated)

    for draft in made:
        waiting.append(draft)
        if len(waiting) >= batch:
            flush()
    flush()


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
        self._settler = Settler(
            plan.type,
            books,
            report,
            matching=plan.matching,
            on_match=plan.on_match,
            on_missing=plan.on_missing,
            correct=plan.correct,
        )
        self._reader = RowReader(plan, table.header, self._settler.resolve, report.correct)
        self._columns = {one.target.field: one.column for one in plan.columns}

    def drafts(self, cancelled: Cancelled) -> Iterator[Draft]:
        report, plan, settler = self._report, self._plan, self._settler
        table_limits = self._table.limits
        if any(one.kind is FieldKind.REF and one.target == plan.type for one in self._mapped_fields()):
            self._announce(cancelled)
        for number, row in enumerate(self._table.rows()):
            if number % _LOOK_EVERY == 0 and cancelled():
                report.cancelled = True
                break  # what was named by rows that were imported still has to be made
            report.rows += 1
            settler.group = self._place(row)
            draft = None
            try:
                if sum(map(len, row.cells)) > table_limits.record // 4:
                    raise RowRefused("", "the row holds more text than a record can")
                fields = self._reader.read(row)
                if plan.type == "person":
                    settler.link_company(fields, row.line)
                external = fields.get("external_id")
                key = external if isinstance(external, str) and external else f"line {row.line}"
                draft = settler.settle(key, fields)
            except RowRefused as refused:
                # What was made for the names in such a row is kept: later rows may name it too.
                report.failures.append(Failure(row.line, refused.column, refused.reason, tuple(row.cells)))
                if len(report.failures) >= table_limits.failures:
                    report.gave_up = True
                    break
            yield from settler.take_extra()
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
                self._book.add(entry, {"name": [title_key(self._plan.type, name)]})

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
