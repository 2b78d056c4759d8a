"""export: records of one type into a new CSV or vCard file."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from app.cli.commands.parsing import Commands
from app.cli.conditions import read_filter
from app.cli.context import Context
from app.cli.errors import FileProblem, UsageError
from app.cli.kinds import record_type
from app.cli.output import Json
from app.cli.shown import item_text
from app.cli.stopping import Stopping, stoppable
from app.crm import Existing, Value
from app.crm.exporting import ExportReport, TableOptions, export_cards, export_table
from app.crm.margins import all_fields
from app.crm.words import count
from app.desk import Desk
from app.desk.audit_events import EXPORT
from protocol.ids import Permission
from vault.schema import FieldKind, RecordType
from vault.store import Query, Record


def add(commands: Commands) -> None:
    parser = commands.add("export", run_export, "write records of one type into a new file")
    parser.add_argument("type", metavar="TYPE")
    parser.add_argument("file", type=Path, metavar="FILE.csv|.vcf")
    parser.add_argument("--filter", action="append", default=[], metavar="FIELD=VALUE", help="as in `list`")
    parser.add_argument("--fields", default="", metavar="A,B", help="only these fields, in this order (CSV)")
    parser.add_argument(
        "--plain", action="store_true", help="without the columns for reading the file back (CSV)"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")


def run_export(context: Context) -> None:
    kind = record_type(context.text("type"))
    target = context.path("file")
    assert target is not None
    cards = target.suffix.lower() in (".vcf", ".vcard")
    if cards and kind.name != "person":
        raise UsageError("Only people are written as vCards; name a .csv file.")
    if not cards and target.suffix.lower() != ".csv":
        raise UsageError("Name a file that ends in .csv or .vcf.")
    if target.exists() and not context.flag("force"):
        raise FileProblem(f"{target} exists already; --force writes over it.")
    fields = tuple(filter(None, context.text("fields").split(",")))
    unknown = [name for name in fields if name not in all_fields(kind.name)]
    if unknown:
        raise UsageError(f"{kind.plural} have no field “{unknown[0]}”.")
    with context.desk() as desk, stoppable() as stopping:
        filters = tuple(read_filter(desk, kind, text) for text in context.texts("filter"))
        rows = _Rows(desk, kind)
        records = rows.of(Query(kind.name, filters))
        options = TableOptions(
            fields, more=not context.flag("plain"), commercial=desk.acts.margins.open_to_me(kind.name)
        )
        report = _write(context, target, cards, kind, records, options, rows, stopping)
        if not report.cancelled:
            desk.events.note(EXPORT, kind=kind.name, count=report.written, code="vcf" if cards else "csv")
    answer: dict[str, Json] = {
        "file": str(target),
        "written": report.written,
        "left_out": dict(report.left_out),
        "not_allowed": rows.not_allowed,
    }
    text = f"{count(report.written, 'record')} written to {target}."
    if rows.not_allowed:
        text += f" {count(rows.not_allowed, 'record')} left out: your role there does not let you export."
    for name, times in report.left_out.items():
        text += f"\nThe format has no place for {name} ({count(times, 'value')})."
    context.out.result(answer, text)
    if stopping():
        raise KeyboardInterrupt


def _write(
    context: Context,
    target: Path,
    cards: bool,
    kind: RecordType,
    records: Iterator[Existing],
    options: TableOptions,
    rows: _Rows,
    stopping: Stopping,
) -> ExportReport:
    """Beside the target first: a broken export leaves nothing that looks like a whole one."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}")

    def progress(written: int) -> None:
        context.out.progress(f"{count(written, 'record')}")

    try:
        with beside.open("xb") as stream:
            if cards:
                report = export_cards(records, stream, progress=progress, cancelled=stopping)
            else:
                report = export_table(
                    kind.name,
                    records,
                    stream,
                    options,
                    names=rows.name,
                    progress=progress,
                    cancelled=stopping,
                )
        if not report.cancelled:
            beside.replace(target)
        return report
    finally:
        beside.unlink(missing_ok=True)


class _Rows:
    """Records as the exporters read them; those of groups where the user may not export are counted only."""

    def __init__(self, desk: Desk, kind: RecordType) -> None:
        self._desk = desk
        self._members = {field.name for field in kind.fields if field.kind is FieldKind.MEMBER}
        self._titles: dict[str, str] = {}
        self.not_allowed = 0

    def of(self, query: Query) -> Iterator[Existing]:
        for record in self._desk.acts.margins.each_with_fields(self._desk.records.each(query)):
            if self._desk.may(Permission.EXPORT, record.key.log.group):
                yield self._row(record)
            else:
                self.not_allowed += 1

    def name(self, reference: str) -> str:
        if reference not in self._titles:
            self._titles.update(self._desk.records.titles([reference]))
        return self._titles.get(reference, "")

    def _row(self, record: Record) -> Existing:
        fields: dict[str, Value] = {}
        for name, value in record.fields.items():
            if isinstance(value, dict):
                fields[name] = {part: item_text(text) for part, text in value.items() if text is not None}
            else:
                fields[name] = self._desk.owner_text(value) if name in self._members else value
        return Existing(record.key.ref, fields, self._desk.name("group", record.key.log.group))
