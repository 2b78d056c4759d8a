"""list, show, search: records, as this computer has them; none of these asks a server."""

from __future__ import annotations

from itertools import islice

from app.cli.commands.parsing import Commands
from app.cli.conditions import read_filter, read_sort
from app.cli.context import Context
from app.cli.errors import UsageError
from app.cli.kinds import TYPE_NAMES, field_named, find_record, record_type
from app.cli.output import Json, pairs, table
from app.cli.shown import Shower, moment
from app.crm import SCHEMA
from app.crm.items import split_item
from app.crm.margins import all_fields, commercial_fields
from app.desk import Desk
from app.desk.margins import WORDS_CLOSED
from protocol.ids import Level
from vault.schema import FieldKind
from vault.store import HistoryEntry, Query, Record, Shown

DEFAULT_LIMIT = 50
INDEX_MILLISECONDS = 500
_RIGHT = ("amount", "revenue", "price", "employees", "size", "probability")


def add(commands: Commands) -> None:
    listing = commands.add(
        "list", run_list, "list records of one type", f"List records. Types: {TYPE_NAMES}."
    )
    listing.add_argument("type", metavar="TYPE")
    listing.add_argument("--sort", metavar="FIELD", help="also: title, created, changed (default: title)")
    listing.add_argument("--desc", action="store_true", help="downwards")
    listing.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="FIELD=VALUE",
        help="also != < <= > >= ~ (contains) ^= (begins with); nothing behind = means empty; may be repeated",
    )
    listing.add_argument(
        "--text", default="", metavar="TEXT", help="words that the record has in names and keys"
    )
    listing.add_argument(
        "--limit",
        type=int,
        default=DEFAULT_LIMIT,
        metavar="N",
        help=f"at most (0: all; default: {DEFAULT_LIMIT})",
    )
    listing.add_argument("--columns", default="", metavar="A,B", help="fields to print, for people")
    listing.add_argument("--deleted", action="store_true", help="the bin: deleted records only")

    show = commands.add("show", run_show, "everything about one record")
    show.add_argument("record", metavar="TYPE:ID")
    show.add_argument("--history", action="store_true", help="who changed what, when")

    search = commands.add("search", run_search, "find records of all types")
    search.add_argument("text", metavar="TEXT")
    search.add_argument("--type", action="append", default=[], metavar="TYPE", help="of this type only")
    search.add_argument("--full", action="store_true", help="in notes and all other fields too")
    search.add_argument("--limit", type=int, default=DEFAULT_LIMIT, metavar="N")


def run_list(context: Context) -> None:
    kind = record_type(context.text("type"))
    limit = context.number("limit") or 0
    if limit < 0:
        raise UsageError("--limit is a number of records, 0 for all.")
    names = [field_named(kind, name).name for name in context.text("columns").split(",") if name]
    with context.desk() as desk:
        query = Query(
            kind.name,
            tuple(read_filter(desk, kind, text) for text in context.texts("filter")),
            read_sort(kind, getattr(context.options, "sort", None), descending=context.flag("desc")),
            context.text("text"),
            Shown.DELETED if context.flag("deleted") else Shown.LIVING,
        )
        total = desk.records.count(query)
        records = desk.acts.margins.with_fields(list(islice(desk.records.each(query), limit or None)))
        shower = Shower(desk)
        shower.prepare(records)
        columns = shower.columns(kind.name, names)
        answer: dict[str, Json] = {"records": [shower.object_of(one) for one in records], "count": total}
        rows = [
            (one.title, *(shower.text_of(one, column).replace("\n", ", ") for column in columns), one.key.ref)
            for one in records
        ]
    text = table((kind.label.lower(), *(column.name for column in columns), "id"), rows, _RIGHT)
    if len(records) < total:
        context.out.say(f"{len(records):,} of {total:,}; more with --limit.")
    context.out.result(answer, text)


def run_show(context: Context) -> None:
    with context.desk() as desk:
        (record,) = desk.acts.margins.with_fields([find_record(desk, context.text("record"))])
        shower = Shower(desk)
        shower.prepare([record])
        answer: dict[str, Json] = dict(shower.object_of(record))
        answer["created"] = moment(record.created.time)
        answer["created_by"] = shower.author(record.created)
        rows = _rows(desk, shower, record)
        conflicts: list[Json] = []
        for conflict in desk.history.conflicts(record.key):
            field = SCHEMA.by_name[record.key.type].by_name.get(split_item(conflict.field)[0])
            others = [(shower.value_text(field, value), shower.author(mark)) for value, mark in conflict.kept]
            stands = shower.value_text(field, conflict.value)
            conflicts.append(
                {
                    "field": conflict.field,
                    "stands": stands,
                    "others": [{"value": value, "by": author} for value, author in others],
                }
            )
            words = "; ".join(f"{author} wrote {value}" for value, author in others)
            rows.append((f"conflict: {conflict.field}", f"{stands} stands; {words}"))
        if conflicts:
            answer["conflicts"] = conflicts
        text = pairs(rows)
        if context.flag("history"):
            entries = desk.history.history(record.key)
            answer["history"] = [_entry(shower, record, entry) for entry in entries]
            text += "\n\n" + "\n".join(_entry_text(shower, record, entry) for entry in entries)
    context.out.result(answer, text)


def run_search(context: Context) -> None:
    types = [record_type(word).name for word in context.texts("type")]
    limit = context.number("limit") or DEFAULT_LIMIT
    full = context.flag("full")
    with context.desk() as desk:
        if full:
            while desk.vault.indexer.index_more(INDEX_MILLISECONDS):
                done, total = desk.vault.indexer.progress()
                context.out.progress(f"indexing notes: {done:,} of {total:,}")
        known = {one.name for one in SCHEMA.types}
        hits = [
            hit
            for hit in desk.search.search(context.text("text"), types, limit, full=full)
            if hit.record.key.type in known
        ]
        shower = Shower(desk)
        shower.prepare(hit.record for hit in hits)
        answer: dict[str, Json] = {
            "records": [{**shower.object_of(hit.record), "by_title": hit.by_title} for hit in hits]
        }
        rows = [
            (hit.record.key.type, hit.record.title, desk.place_words(hit.record.key.log), hit.record.key.ref)
            for hit in hits
        ]
    context.out.result(answer, table(("type", "name", "group", "id"), rows))


def _rows(desk: Desk, shower: Shower, record: Record) -> list[tuple[str, str]]:
    rows = [(record.key.type, record.title), ("group", desk.place_words(record.key.log))]
    for field in all_fields(record.key.type).values():
        text = shower.text_of(record, field)
        if text and not (field.kind is FieldKind.TEXT and text == record.title):
            rows.append((field.label.lower(), text))
    if commercial_fields(record.key.type) and desk.acts.margins.level(record.key) is Level.NONE:
        rows.append(("commercial", f"locked. {WORDS_CLOSED}"))
    rows.append(("made", f"{moment(record.created.time)} by {shower.author(record.created)}"))
    rows.append(("changed", f"{moment(record.changed.time)} by {shower.author(record.changed)}"))
    if record.pending:
        rows.append(("pending", "not sent yet"))
    if record.deleted:
        rows.append(("deleted", "yes; `restore` brings it back"))
    rows.append(("id", record.key.ref))
    return rows


def _changes(shower: Shower, record: Record, entry: HistoryEntry) -> list[tuple[str, str, str]]:
    """(field, before, after), of fields that this version knows."""
    by_name = SCHEMA.by_name[record.key.type].by_name
    found = []
    for change in entry.changes:
        field = by_name.get(split_item(change.field)[0])
        if field is not None:
            old, new = (shower.value_text(field, value) for value in (change.old, change.new))
            found.append((change.field, old, new))
    return found


def _entry(shower: Shower, record: Record, entry: HistoryEntry) -> Json:
    return {
        "when": moment(entry.mark.time),
        "by": shower.author(entry.mark),
        "did": entry.did.value,
        "pending": entry.mark.position is None,
        "changes": [
            {"field": name, "old": old, "new": new} for name, old, new in _changes(shower, record, entry)
        ],
    }


def _entry_text(shower: Shower, record: Record, entry: HistoryEntry) -> str:
    head = f"{moment(entry.mark.time)}  {shower.author(entry.mark)} {entry.did.value} it"
    if entry.mark.position is None:
        head += " (not sent yet)"
    lines = [
        (f"    {name}", f"{old} → {new}" if old else new)
        for name, old, new in _changes(shower, record, entry)
    ]
    return "\n".join([head, *([pairs(lines)] if lines else [])])
