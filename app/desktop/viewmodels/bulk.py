"""What is done to many records at once. Every function runs off the GUI thread, in transactions of a thousand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.crm.items import item_field, tag_key
from app.crm.schema import SCHEMA
from app.desk import Desk
from app.desk.audit_events import BULK_DELETE
from app.desktop.background import Progress
from protocol.ids import Permission
from protocol.operations import Value
from vault.store import Action, Query, RecordKey

BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the user may do to the records of a type, somewhere at least."""

    delete: bool
    restore: bool
    edit: bool
    export: bool


@dataclass(frozen=True, slots=True)
class Done:
    """How many were changed, and how many the user's role does not let him change."""

    changed: int
    refused: int


def allowed(desk: Desk) -> Allowed:
    """By all roles of the user in all groups together; each record is looked at again when it is done."""
    groups = [group for group, one in desk.vault.roster.groups.items() if not one.archived]

    def may(permission: Permission) -> bool:
        return any(desk.may(permission, group) for group in groups)

    return Allowed(
        may(Permission.DELETE), may(Permission.RESTORE), may(Permission.BULK_EDIT), may(Permission.EXPORT)
    )


def keys_of(desk: Desk, query: Query, rows: Iterable[int]) -> list[RecordKey]:
    """The records in these rows (ascending) of a list."""
    found: list[RecordKey] = []
    for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
        numbers = [row for _, row in run]
        for start in range(0, len(numbers), BATCH):
            part = numbers[start : start + BATCH]
            found += [record.key for record in desk.records.window(query, part[0], len(part))]
    return found


def delete(desk: Desk, keys: Sequence[RecordKey], progress: Progress) -> Done:
    """To the bin; many at once are noted for the colleagues."""
    mine = [key for key in keys if _may(desk, key, Permission.DELETE)]
    _each(desk, mine, progress, lambda key: True, lambda act, key: act.delete(key))
    desk.events.note_many(BULK_DELETE, mine)
    return Done(len(mine), len(keys) - len(mine))


def restore(desk: Desk, keys: Sequence[RecordKey], progress: Progress) -> Done:
    """Out of the bin."""
    return _each(
        desk,
        keys,
        progress,
        lambda key: _may(desk, key, Permission.RESTORE),
        lambda act, key: act.restore(key),
    )


def set_field(desk: Desk, keys: Sequence[RecordKey], field: str, value: Value, progress: Progress) -> Done:
    """The same value in all of them."""
    return _each(
        desk,
        keys,
        progress,
        _may_change(desk, keys),
        lambda act, key: desk.acts.changing.put(act, key, {field: value}),
    )


def add_tag(desk: Desk, keys: Sequence[RecordKey], tag: str, progress: Progress) -> Done:
    """One more tag on all of them; those that have it stay as they are."""
    words = " ".join(tag.split())
    fields: dict[str, Value] = {item_field("tags", tag_key(words)): {"value": words}}
    return _each(desk, keys, progress, _may_change(desk, keys), lambda act, key: act.put(key, fields))


def owner_field(type_name: str) -> str:
    """The field that says whose a record is; "" where there is none."""
    fields = SCHEMA.by_name[type_name].by_name
    return next((name for name in ("owner", "assignee") if name in fields), "")


def _may(desk: Desk, key: RecordKey, permission: Permission) -> bool:
    return desk.may_write(key) and desk.may(permission, key.log.group)


def _may_change(desk: Desk, keys: Sequence[RecordKey]) -> Callable[[RecordKey], bool]:
    """One record by the right to write it; many at once by the permission of its own group as well."""
    if len(keys) < 2:
        return desk.may_write
    return lambda key: _may(desk, key, Permission.BULK_EDIT)


def _each(
    desk: Desk,
    keys: Sequence[RecordKey],
    progress: Progress,
    may: Callable[[RecordKey], bool],
    step: Callable[[Action, RecordKey], object],
) -> Done:
    mine = [key for key in keys if may(key)]
    for start in range(0, len(mine), BATCH):
        progress(start, len(mine))
        with desk.editor.action() as action:
            for key in mine[start : start + BATCH]:
                step(action, key)
    return Done(len(mine), len(keys) - len(mine))
