"""Who changed what, when: read from the admitted commits themselves, and from the outbox for what waits.

The index has a row only for the second and later commits that touched a record; the first stands in the record. So
history costs nothing while records come in, and a few commits are opened when somebody looks.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import cast

from protocol.ids import ActionId
from protocol.operations import Delete, Erase, Moved, Operation, Put, Restore, Value, parse_body
from vault.store.changes import RecordKey
from vault.store.connection import Tx
from vault.store.fold import fold, same
from vault.store.logs import Logs
from vault.store.numbers import Author
from vault.store.outbox import Outbox
from vault.store.record import Mark, Reader
from vault.store.rows import HAS_CONFLICT, Tables, load_number
from vault.store.state import PENDING, RecordState
from vault.store.store import Store


class Did(enum.Enum):
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    RESTORED = "restored"
    MOVED = "moved"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """None stands for no value."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One commit's share in a record. `mark.position` is None while it waits to be sent."""

    mark: Mark
    did: Did
    changes: tuple[FieldChange, ...]
    action: ActionId


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two wrote without knowing of each other: `value` stands, `kept` are the others, newest first."""

    key: RecordKey
    field: str
    value: Value
    mark: Mark
    kept: tuple[tuple[Value, Mark], ...]


class History:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables = Tables(store.schema)
        self._reader = Reader(self._tables, store.numbers)
        self._logs = Logs(store.numbers)
        self._outbox = Outbox(store.numbers)

    def history(self, key: RecordKey) -> list[HistoryEntry]:
        """Everything that was done to a record, oldest first; what waits to be sent comes last."""
        with self._store.read() as tx:
            number = self._reader.number(tx, key)
            row = None if number is None else load_number(tx, self._tables, number)
            if row is None or row.state is None:
                return []
            entries: list[HistoryEntry] = []
            state: RecordState | None = None
            for position in self._positions(tx, row.number, row.state):
                commit = self._logs.commit(tx, key.log, position)
                if commit is None or commit.body is None or commit.aside:
                    continue
                body = parse_body(commit.body)
                number = self._store.numbers.author(tx, commit.member, commit.device)
                mark = Mark(Author(commit.member, commit.device), body.time, position)
                state = _follow(
                    key, body.operations, state, (position, number, body.time), mark, body.action, entries
                )
            for (part_id,) in tx.all(
                "SELECT part FROM pending WHERE record = ? ORDER BY part", (row.number,)
            ):
                part = self._outbox.part(tx, cast(int, part_id))
                if part is not None:
                    stamp = (PENDING + part.id, row.state.changed[1], part.time)
                    mark = self._reader.mark(tx, stamp)
                    state = _follow(key, part.operations, state, stamp, mark, part.action, entries)
            return entries

    def conflicts(self, key: RecordKey) -> list[Conflict]:
        """The conflicts of one record."""
        with self._store.read() as tx:
            number = self._reader.number(tx, key)
            row = None if number is None else load_number(tx, self._tables, number)
            return [] if row is None or row.state is None else self._conflicts(tx, key, row.state)

    def conflict_count(self) -> int:
        """How many living records have conflicts."""
        with self._store.read() as tx:
            return sum(
                tx.number(
                    f"SELECT count(*) FROM {table} WHERE flags <> 0 AND flags & {HAS_CONFLICT} AND hidden = 0"
                )
                for table in self._tables.names()
            )

    def _conflicts(self, tx: Tx, key: RecordKey, state: RecordState) -> list[Conflict]:
        found = []
        for field in dict.fromkeys(kept.field for kept in state.kept):
            others = sorted(
                (kept for kept in state.kept if kept.field == field), key=lambda kept: -kept.stamp[0]
            )
            found.append(
                Conflict(
                    key,
                    field,
                    state.fields.get(field),
                    self._reader.mark(tx, state.stamp_of(field)),
                    tuple((kept.value, self._reader.mark(tx, kept.stamp)) for kept in others),
                )
            )
        return found

    def _positions(self, tx: Tx, record: int, state: RecordState) -> list[int]:
        rows = tx.all("SELECT position FROM history WHERE record = ?", (record,))
        found = {cast(int, row[0]) for row in rows}
        if state.base[0] < PENDING:
            found.add(state.base[0])
        return sorted(found)


def _follow(
    key: RecordKey,
    operations: list[Operation],
    state: RecordState | None,
    stamp: tuple[int, int, int],
    mark: Mark,
    action: ActionId,
    entries: list[HistoryEntry],
) -> RecordState | None:
    """Fold one commit's operations on the record, adding an entry for each kind of thing done."""
    for operation in operations:
        if (operation.type, operation.record) != (key.type, key.id):
            continue
        before = state
        state = fold(state, operation, stamp)
        changes: tuple[FieldChange, ...] = ()
        if isinstance(operation, Put):
            old = {} if before is None else before.fields
            changes = tuple(
                FieldChange(name, old.get(name), value)
                for name, value in operation.fields.items()
                if not same(old.get(name), value)
            )
            did = Did.CREATED if before is None else Did.CHANGED
        else:
            did = _DID[type(operation)]
        entries.append(HistoryEntry(mark, did, changes, action))
    return state


_DID: dict[type[Operation], Did] = {
    Delete: Did.DELETED,
    Restore: Did.RESTORED,
    Moved: Did.MOVED,
    Erase: Did.ERASED,
}
