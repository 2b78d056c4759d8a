"""What the application gets to see of a record, and how a row becomes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from protocol.ids import LogId
from protocol.operations import Value
from vault.store.changes import RecordKey
from vault.store.connection import SqlValue, Tx
from vault.store.numbers import Author, Numbers
from vault.store.rows import OTHER, Tables, read_state
from vault.store.state import PENDING, RecordState, Stamp


@dataclass(frozen=True, slots=True)
class Mark:
    """Who wrote something, when (Unix seconds, his clock), and at which position of the log: None while it waits to
    be sent."""

    author: Author
    time: int
    position: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it is shown. `fields` has only fields with a value; items of lists are fields of their own
    (`phones/<key>`). `seen` goes with every change that is made on the strength of what is shown here."""

    key: RecordKey
    title: str
    fields: dict[str, Value]
    seen: int
    created: Mark
    changed: Mark
    pending: bool
    conflicts: tuple[str, ...]
    deleted: bool
    edited_after: bool
    """Changed after it was deleted or moved, or by somebody whom the deletion had not seen."""
    moved_to: LogId | None
    erased: bool
    moved_mark: int | None = None
    """The position of the mark that moved it; None while that waits to be sent."""


class Reader:
    """Turns rows into records, inside one snapshot."""

    def __init__(self, tables: Tables, numbers: Numbers) -> None:
        self._tables = tables
        self._numbers = numbers

    def by_number(self, tx: Tx, type_name: str, rows: Sequence[int]) -> list[Record]:
        """Records by row number, in that order; those that are not there are left out."""
        if not rows:
            return []
        table = self._tables.name(type_name)
        kind = "type" if table == OTHER else "NULL"
        marks = ",".join("?" * len(rows))
        found = tx.all(
            f"SELECT id, log, rid, data, {kind} FROM {table} JOIN states ON number = id WHERE id IN ({marks})",
            list(rows),
        )
        pending = {
            row[0] for row in tx.all(f"SELECT record FROM pending WHERE record IN ({marks})", list(rows))
        }
        seen: dict[int, int] = {}
        records = {}
        for number, log, rid, data, name in found:
            key = RecordKey(
                self._numbers.log_of(tx, cast(int, log)),
                type_name if name is None else str(name),
                cast(bytes, rid),
            )
            state = read_state(tx, data)
            head = self._head(tx, cast(int, log), seen)
            records[cast(int, number)] = self._record(tx, key, state, head, pending=number in pending)
        return [records[number] for number in rows if number in records]

    def by_key(self, tx: Tx, key: RecordKey) -> Record | None:
        number = self.number(tx, key)
        found = [] if number is None else self.by_number(tx, key.type, [number])
        return found[0] if found else None

    def number(self, tx: Tx, key: RecordKey) -> int | None:
        """The row number of a record."""
        log = self._numbers.find_log(tx, key.log)
        if log is None:
            return None
        table = self._tables.name(key.type)
        values: list[SqlValue] = [key.id, log]
        sql = f"SELECT id FROM {table} WHERE rid = ? AND log = ?"
        if table == OTHER:
            sql += " AND type = ?"
            values.append(key.type)
        row = tx.first(sql, values)
        return None if row is None else cast(int, row[0])

    def mark(self, tx: Tx, stamp: Stamp) -> Mark:
        position = None if stamp[0] >= PENDING else stamp[0]
        return Mark(self._numbers.author_of(tx, stamp[1]), stamp[2], position)

    def _record(self, tx: Tx, key: RecordKey, state: RecordState, seen: int, *, pending: bool) -> Record:
        table = self._tables.by_type.get(key.type)
        return Record(
            key=key,
            title="" if table is None else table.projector.title(state.fields),
            fields={name: value for name, value in state.fields.items() if value is not None},
            seen=seen,
            created=self.mark(tx, state.base),
            changed=self.mark(tx, state.changed),
            pending=pending,
            conflicts=tuple(dict.fromkeys(kept.field for kept in state.kept)),
            deleted=state.deleted,
            edited_after=state.edited_after,
            moved_to=None if state.moved is None else LogId.decode(state.moved[0]),
            erased=state.erased,
            moved_mark=None if state.moved is None or state.moved[1][0] >= PENDING else state.moved[1][0],
        )

    def _head(self, tx: Tx, log: int, known: dict[int, int]) -> int:
        """The newest position of the log in this snapshot."""
        if log not in known:
            known[log] = tx.number("SELECT max(position) FROM commits WHERE log = ?", (log,))
        return known[log]
