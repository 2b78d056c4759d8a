"""import: CSV files, vCards and bundle folders, as one import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from app.cli.commands.parsing import Commands, no_sync_option
from app.cli.context import Context
from app.cli.errors import FileProblem, UsageError
from app.cli.groups import fullest_role, group_for, pick_role
from app.cli.kinds import record_type
from app.cli.output import Json
from app.cli.sources import DATE_ORDERS, Part, Sources, Wanted, open_sources
from app.cli.stopping import Stopping, stoppable
from app.cli.syncing import after_edit, synchronise
from app.crm import Draft, Existing, Writer
from app.crm.importing import (
    Books,
    CardFile,
    CardPlan,
    OnMatch,
    Plan,
    Report,
    Table,
    import_cards,
    run_import,
    save_failures,
    totals,
)
from app.crm.words import count
from app.desk import Desk, NotAllowed
from protocol.ids import GroupId, Permission

_SHOWN = 10


class Watching:
    """A writer that writes nothing: what an import would do."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    def find(self, type: str, fields: Sequence[str]) -> Iterable[Existing]:
        return self._writer.find(type, fields)

    def write(self, batch: Sequence[Draft]) -> None:
        """Nothing."""


def add(commands: Commands) -> None:
    parser = commands.add(
        "import",
        run_import_command,
        "import CSV files, vCards, or a folder of tables that belong together",
        "Import. Encoding, separators, date order and columns are recognised; see what would happen with --dry-run.",
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a .csv, a .vcf, or a folder")
    parser.add_argument("--type", default="", metavar="T", help="what the rows of the CSV files are")
    parser.add_argument("--group", default="", metavar="NAME", help="where everything goes")
    parser.add_argument(
        "--make-groups", action="store_true", help="make the groups that the tables name (regional offices)"
    )
    parser.add_argument("--as-role", default="", metavar="ROLE", help="your role in groups that are made")
    parser.add_argument(
        "--on-match",
        choices=[one.value for one in OnMatch],
        default=OnMatch.UPDATE.value,
        help="what to do with a record that is there already (default: update)",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="where a column goes; - leaves it out",
    )
    parser.add_argument(
        "--dates", choices=sorted(DATE_ORDERS), help="the order of dates, where the file does not tell"
    )
    parser.add_argument(
        "--failures", type=Path, metavar="FILE.csv", help="write the rows that failed to this file"
    )
    parser.add_argument("--dry-run", action="store_true", help="read everything, write nothing")
    no_sync_option(parser)


def run_import_command(context: Context) -> None:
    typed = context.text("type")
    wanted = Wanted(
        record_type(typed).name if typed else "",
        context.text("group"),
        OnMatch(context.text("on_match") or OnMatch.UPDATE.value),
        _read_map(context.texts("map")),
        DATE_ORDERS.get(context.text("dates")),
    )
    failures = context.path("failures")
    if failures is not None and failures.exists():
        raise FileProblem(f"{failures} exists already.")
    paths = [Path(text) for text in context.texts("paths")]
    for path in paths:
        if not path.exists():
            raise FileProblem(f"There is no {path}.")
    sources = open_sources(paths, wanted)
    with context.desk() as desk:
        dry = context.flag("dry_run")
        if not dry:
            _make_groups(context, desk, sources)
        group = _group(desk, wanted, sources)
        writer: Writer = desk.writer(group)
        if dry:
            writer = Watching(writer)
        elif not desk.may(Permission.IMPORT, group):
            raise NotAllowed("Your role does not let you import there.")
        with stoppable() as stopping:
            reports: list[Report] = []
            try:
                _run(context, sources, writer, stopping, reports)
            finally:
                if not dry:
                    desk.events.note_import(reports, _format(sources))
        answer = _answer(reports, dry)
        if failures is not None:
            answer["failure_files"] = list(_save_failures(reports, failures))
        if not dry:
            answer.update(after_edit(context, desk).answer())
    context.out.result(answer, _text(reports, dry))
    if stopping():
        raise KeyboardInterrupt


def _read_map(typed: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in typed:
        column, sign, field = text.rpartition("=")
        if not sign or not column or not field:
            raise UsageError(f"“{text}” is not COLUMN=FIELD.")
        found[column.strip()] = "" if field.strip() == "-" else field.strip()
    return found


def _make_groups(context: Context, desk: Desk, sources: Sources) -> None:
    """Groups that the tables name and the workspace does not have: made where the user said so."""
    known = {group.name.casefold() for group in desk.team().groups}
    missing = [name for name in sources.groups if name.casefold() not in known]
    if not missing:
        return
    if not context.flag("make_groups"):
        raise UsageError(
            f"The tables name groups that are not there: {', '.join(missing)}. Make them with --make-groups, or put "
            "everything into one with --group."
        )
    team = desk.team()
    role = pick_role(team, context.text("as_role")) if context.text("as_role") else fullest_role(team)
    for name in missing:
        context.out.progress(f"making the group {name}")
        desk.actions.create_group(name, [(desk.me, role.id)])
    synchronise(context, desk)


def _group(desk: Desk, wanted: Wanted, sources: Sources) -> GroupId:
    """The import's own group: the one named; else the first that the tables name; else the only one there is."""
    name = wanted.group or next(iter(sources.groups), "")
    return group_for(desk, record_type(sources.parts[0].type), name)


def _format(sources: Sources) -> str:
    if len(sources.parts) > 1:
        return "bundle"
    return "csv" if isinstance(sources.parts[0].source, Table) else "vcf"


def _run(
    context: Context, sources: Sources, writer: Writer, stopping: Stopping, reports: list[Report]
) -> None:
    """Fills `reports` as it goes: what was done before an error is in it."""
    books = Books(writer)
    for part in sources.parts:

        def watch(rows: int, made: int, name: str = part.source.name) -> None:
            context.out.progress(f"{name}: {count(rows, 'row')}, {count(made, 'record')}")

        reports.append(_run_part(part, writer, books, watch, stopping))
        if stopping():
            break


def _run_part(
    part: Part, writer: Writer, books: Books, watch: Callable[[int, int], None], stopping: Stopping
) -> Report:
    source, plan = part.source, part.plan
    if isinstance(source, Table) and isinstance(plan, Plan):
        return run_import(source, plan, writer, books=books, progress=watch, cancelled=stopping)
    assert isinstance(source, CardFile)
    assert isinstance(plan, CardPlan)
    return import_cards(source, plan, writer, books=books, progress=watch, cancelled=stopping)


def _save_failures(reports: Sequence[Report], path: Path) -> Iterable[str]:
    """One file for each table with failed rows: FILE.csv, or FILE-<table>.csv where there are several."""
    failed = [report for report in reports if report.failures]
    for report in failed:
        target = (
            path
            if len(failed) == 1
            else path.with_name(f"{path.stem}-{Path(report.table).stem}{path.suffix}")
        )
        with target.open("x", encoding="utf-8", newline="") as stream:
            save_failures(report, stream)
        yield str(target)


def _answer(reports: Sequence[Report], dry: bool) -> dict[str, Json]:
    tables: list[Json] = []
    for report in reports:
        entry: dict[str, Json] = {
            "table": report.table,
            "type": report.type,
            "rows": report.rows,
            "created": report.created,
            "also_created": dict(report.also_created),
            "updated": report.updated,
            "skipped": report.skipped,
            "failed": len(report.failures),
            "groups": dict(report.groups),
            "failures": [
                {"line": one.line, "column": one.column, "reason": one.reason} for one in report.failures
            ],
            "corrections": [
                {"column": one.column, "before": one.before, "after": one.after, "times": one.times}
                for one in report.corrections
            ],
            "dropped": [
                {"card": one.card, "property": one.property, "value": one.value, "reason": one.reason}
                for one in report.dropped
            ],
            "notices": list(report.notices),
        }
        tables.append(entry)
    return {
        "dry_run": dry,
        "created": sum(report.created + report.also_created.total() for report in reports),
        "updated": sum(report.updated for report in reports),
        "skipped": sum(report.skipped for report in reports),
        "failed": sum(len(report.failures) for report in reports),
        "types": totals(reports),
        "tables": tables,
    }


def _text(reports: Sequence[Report], dry: bool) -> str:
    lines: list[str] = ["Nothing was written; this is what would happen."] if dry else []
    for report in reports:
        lines.append(f"{report.table}: {report.sentence()}")
        for words in (report.failures, report.corrections, report.dropped, report.notices):
            lines += [f"  {one}" for one in words[:_SHOWN]]
            if len(words) > _SHOWN:
                lines.append(f"  … and {len(words) - _SHOWN:,} more (all with --json)")
    return "\n".join(lines)
