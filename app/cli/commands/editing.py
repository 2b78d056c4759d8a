"""add, edit, delete, restore: done on this computer at once, with or without a server, and then sent."""

from __future__ import annotations

from app.cli.commands.parsing import Commands, no_sync_option
from app.cli.context import Context
from app.cli.errors import UsageError
from app.cli.fields import read_fields
from app.cli.groups import group_for
from app.cli.kinds import TYPE_NAMES, find_record, record_type
from app.cli.output import Json
from app.cli.shown import Shower
from app.cli.syncing import Synced, after_edit
from app.crm.margins import split_fields
from app.desk import Desk, NotAllowed, member_of, member_value
from app.desk.audit_events import BULK_DELETE
from protocol.ids import LogId, Permission
from protocol.operations import Value
from vault.schema import FieldKind, RecordType
from vault.store import Record, RecordKey

_NO_RECORD = bytes(16)


def add(commands: Commands) -> None:
    adding = commands.add(
        "add",
        run_add,
        "make a record",
        f"Make a record. Types: {TYPE_NAMES}. See docs/cli.md for FIELD=VALUE.",
    )
    adding.add_argument("type", metavar="TYPE")
    adding.add_argument(
        "--group", default="", metavar="NAME", help="where it belongs; needed where you have several"
    )
    _set_option(adding.add_argument, required=True)
    no_sync_option(adding)

    edit = commands.add("edit", run_edit, "change fields of a record")
    edit.add_argument("record", metavar="TYPE:ID")
    _set_option(edit.add_argument, required=True)
    no_sync_option(edit)

    for name, run, words in (
        ("delete", run_delete, "move records to the bin"),
        ("restore", run_restore, "bring records back from the bin"),
    ):
        parser = commands.add(name, run, words)
        parser.add_argument("records", nargs="+", metavar="TYPE:ID")
        no_sync_option(parser)


def _set_option(add_argument: object, *, required: bool) -> None:
    assert callable(add_argument)
    add_argument(
        "--set", action="append", required=required, default=[], metavar="FIELD=VALUE", help="may be repeated"
    )


def run_add(context: Context) -> None:
    kind = record_type(context.text("type"))
    with context.desk() as desk:
        fields = read_fields(desk, kind, context.texts("set"), {})
        missing = [field.name for field in kind.fields if field.required and not fields.get(field.name)]
        if missing:
            raise UsageError(f"A {kind.label.lower()} needs --set {missing[0]}=….")
        if "owner" in kind.by_name and "owner" not in fields and kind.name == "deal":
            fields["owner"] = member_value(desk.me)
        home = _home(context, desk, kind, fields)
        if not desk.may_write(RecordKey(home, kind.name, _NO_RECORD)):
            raise NotAllowed(f"Your role does not let you write {kind.plural.lower()} there.")
        own, commercial = split_fields(
            kind.name, {name: value for name, value in fields.items() if value is not None}
        )
        with desk.editor.action() as action:
            key = action.create(kind.name, home, own)
            desk.acts.changing.put(action, key, commercial)
        synced = after_edit(context, desk)
        _tell(context, desk, [key], synced, "made")


def run_edit(context: Context) -> None:
    with context.desk() as desk:
        (record,) = desk.acts.margins.with_fields([find_record(desk, context.text("record"))])
        _check_write(desk, record)
        fields = read_fields(desk, record_type(record.key.type), context.texts("set"), record.fields)
        with desk.editor.action() as action:
            moves = desk.acts.changing.put(action, record.key, fields, record.seen)
        synced = after_edit(context, desk)
        now = desk.records.following(record.key)
        _tell(context, desk, [now], synced, "handed over" if moves else "changed")


def run_delete(context: Context) -> None:
    _mark(context, Permission.DELETE, "deleted")


def run_restore(context: Context) -> None:
    _mark(context, Permission.RESTORE, "restored")


def _mark(context: Context, permission: Permission, word: str) -> None:
    with context.desk() as desk:
        records = [find_record(desk, text) for text in context.texts("records")]
        for record in records:
            _check_write(desk, record)
            if not desk.may(permission, record.key.log.group):
                raise NotAllowed(f"Your role does not let you have records {word} there.")
        with desk.editor.action() as action:
            for record in records:
                if permission is Permission.DELETE:
                    action.delete(record.key, record.seen)
                else:
                    action.restore(record.key, record.seen)
        if permission is Permission.DELETE:
            desk.events.note_many(BULK_DELETE, [record.key for record in records])
        synced = after_edit(context, desk)
        _tell(context, desk, [record.key for record in records], synced, word)


def _home(context: Context, desk: Desk, kind: RecordType, fields: dict[str, Value]) -> LogId:
    """A note lives with what it is about; everything else in a group."""
    about = fields.get(kind.follows) if kind.follows else None
    if isinstance(about, str):
        key = desk.records.resolve(about)
        if key is not None:
            return key.log
    group = group_for(desk, kind, context.text("group"))
    members = [
        field.name for field in kind.fields if field.kind is FieldKind.MEMBER and field.name == "owner"
    ]
    owner = member_of(fields.get(members[0])) if members else None
    return desk.home_for(kind.name, group, owner)


def _check_write(desk: Desk, record: Record) -> None:
    if not desk.may_write(record.key):
        raise NotAllowed(f"Your role does not let you change records of {desk.place_words(record.key.log)}.")


def _tell(context: Context, desk: Desk, keys: list[RecordKey], synced: Synced, word: str) -> None:
    shower = Shower(desk)
    records = [found for key in keys if (found := desk.records.get(key)) is not None]
    shower.prepare(records)
    objects: list[Json] = [shower.object_of(record) for record in records]
    answer: dict[str, Json] = {"records": objects, **synced.answer()}
    if len(records) == 1:
        answer["id"] = records[0].key.ref
    context.out.result(answer, "\n".join(f"{record.title}: {word}. {record.key.ref}" for record in records))
