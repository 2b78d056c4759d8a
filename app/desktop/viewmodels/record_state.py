"""Everything that the page of a record shows, read in one go off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from app.crm.items import split_item
from app.crm.margins import field_of
from app.desk import Desk
from app.desktop.viewmodels.commercial import Commercial, past_of, read_commercial, with_commercial
from app.desktop.viewmodels.list_rows import look_up
from app.desktop.viewmodels.places import Place, place_of
from app.desktop.viewmodels.shown import Names
from protocol.ids import Permission
from vault.schema import FieldKind
from vault.store import Conflict, HistoryEntry, Record, RecordKey

RELATED = ("note", "task", "file", "deal", "person", "company")
MOST_RELATED = 200


@dataclass(frozen=True, slots=True)
class Rights:
    """What the user may do to this record. `why_not` says in words why it cannot be changed, where it cannot."""

    write: bool
    delete: bool
    restore: bool
    why_not: str


@dataclass(frozen=True)
class RecordState:
    """One record with all that hangs on it. `names` knows every reference and member in any of it."""

    record: Record
    names: Names
    place: Place
    rights: Rights
    conflicts: tuple[Conflict, ...]
    history: tuple[HistoryEntry, ...]
    related: tuple[Record, ...]
    commercial: Commercial | None = None

    def of_type(self, type_name: str) -> list[Record]:
        return [record for record in self.related if record.key.type == type_name]


def read_record(desk: Desk, key: RecordKey) -> RecordState | None:
    """None where the record is not here, or not any more; one that was moved where it is now. Threads: any."""
    key = desk.records.following(key)
    record = desk.records.get(key)
    if record is None:
        return None
    related = _related(desk, key)
    commercial = read_commercial(desk, record)
    history, conflicts = past_of(desk, record, commercial)
    names = look_up(desk, (record, *related))
    return RecordState(
        with_commercial(record, commercial),
        _with_past(desk, record, names, history, conflicts),
        place_of(desk, key.log),
        rights_of(desk, record),
        conflicts,
        history,
        related,
        commercial,
    )


def _related(desk: Desk, key: RecordKey) -> tuple[Record, ...]:
    """What refers to it, by what it was called before it moved too."""
    found: dict[RecordKey, Record] = {}
    for one in (key, *desk.vault.mover.former(key)):
        for record in desk.records.related(one.ref, RELATED, MOST_RELATED):
            found.setdefault(record.key, record)
    return tuple(found.values())


def rights_of(desk: Desk, record: Record) -> Rights:
    key = record.key
    level = desk.may_write(key)
    where = desk.place_words(key.log)
    if record.moved_to is not None:
        return Rights(False, False, False, f"It was moved to {desk.place_words(record.moved_to)}.")
    if record.erased:
        return Rights(False, False, False, "It was erased for good.")
    why = "" if level else f"Your role in {where} lets you read this, not change it."
    if level and record.deleted:
        why = "It is in the bin. Restore it to change it."
    return Rights(
        level and not record.deleted,
        level and not record.deleted and desk.may(Permission.DELETE, key.log.group),
        level and record.deleted and desk.may(Permission.RESTORE, key.log.group),
        why,
    )


def _with_past(
    desk: Desk,
    record: Record,
    names: Names,
    history: tuple[HistoryEntry, ...],
    conflicts: tuple[Conflict, ...],
) -> Names:
    """The names of what stood in the fields before, and of everybody who wrote."""
    refs: set[str] = set()
    members = dict(names.members)
    past: list[tuple[str, object]] = [
        (change.field, value)
        for entry in history
        for change in entry.changes
        for value in (change.old, change.new)
    ]
    past += [
        (one.field, value) for one in conflicts for value in (one.value, *(kept for kept, _ in one.kept))
    ]
    for name, value in past:
        field = field_of(record.key.type, split_item(name)[0])
        if field is None or not isinstance(value, str):
            continue
        if field.kind is FieldKind.REF and value not in names.titles:
            refs.add(value)
        elif field.kind is FieldKind.MEMBER:
            members.setdefault(value, desk.owner_text(value))
    return Names({**names.titles, **desk.records.titles(refs)} if refs else names.titles, members)
