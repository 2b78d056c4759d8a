"""Companions: fields of a record that lie under keys of their own, in another log of the same group.

The vault is told by the schema (`RecordType.companion_of`) that a type is the companion of another. A companion has the
id of its record, so two desks that make one make the same; which log it is in says only who reads it. A companion
belongs to a record where both are in one group, and it is in the group's shared log or in an own log of the
same member: whoever plants one elsewhere reaches nothing by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from protocol.ids import LogId, MemberId, RecordId
from vault.schema import Schema
from vault.store.changes import RecordKey
from vault.store.connection import SqlValue, Tx
from vault.store.moved import copy_key
from vault.store.numbers import Numbers
from vault.store.record import Reader, Record
from vault.store.rows import HAS_MOVED, StoredRow, Tables, load_number
from vault.store.state import PENDING
from vault.store.store import Store

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Astray:
    """A companion whose record has moved on: `record` is what it was, `copy` where it lives now, `mover` who
    moved it."""

    companion: RecordKey
    record: RecordKey
    copy: RecordKey
    mover: MemberId


def belongs(companion: LogId, record: LogId) -> bool:
    """Whether a companion in the one log can be that of a record in the other."""
    shared = not companion.is_own
    return companion.group == record.group and (shared or companion.owner == record.owner)


class Companions:
    """Reading; any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables = Tables(store.schema)
        self._reader = Reader(self._tables, store.numbers)

    def of(self, keys: Iterable[RecordKey]) -> dict[RecordKey, Record]:
        """Record -> its companion, the one in an own log before that in the shared one; living ones only."""
        wanted: dict[str, list[RecordKey]] = {}
        for key in keys:
            if key.type in self._store.schema.companions:
                wanted.setdefault(key.type, []).append(key)
        found: dict[RecordKey, Record] = {}
        with self._store.read() as tx:
            for name, some in wanted.items():
                for start in range(0, len(some), CHUNK):
                    self._some(tx, name, some[start : start + CHUNK], found)
        return found

    def _some(self, tx: Tx, name: str, keys: Sequence[RecordKey], found: dict[RecordKey, Record]) -> None:
        kind = self._store.schema.companions[name]
        table = self._tables.by_type[kind.name]
        marks = ",".join("?" * len(keys))
        ids: list[SqlValue] = [bytearray(key.id) for key in keys]
        rows = tx.all(f"SELECT id FROM {table.name} WHERE rid IN ({marks}) AND hidden = 0", ids)
        by_id: dict[RecordId, list[Record]] = {}
        for record in self._reader.by_number(tx, kind.name, [cast(int, row[0]) for row in rows]):
            by_id.setdefault(record.key.id, []).append(record)
        for key in keys:
            mine = [one for one in by_id.get(key.id, ()) if belongs(one.key.log, key.log)]
            if mine:
                found[key] = max(mine, key=lambda one: one.key.log.is_own)

    def is_alone(self, record: RecordKey) -> bool:
        """Whether no other record of the group has the id of this one. A companion in the group's shared log is that
        of either, then, and whoever makes a record in his own log chooses its id."""
        with self._store.read() as tx:
            return len(same_id(tx, self._tables, self._store.numbers, record)) < 2

    def astray(self, limit: int = 200) -> list[Astray]:
        """Companions that are still where their record was before it moved. Not where two records of the group have
        the id: then nobody can tell whose it is."""
        found: list[Astray] = []
        with self._store.read() as tx:
            for name, kind in self._store.schema.companions.items():
                base, table = self._tables.by_type[name], self._tables.by_type[kind.name]
                rows = tx.all(
                    f"SELECT c.id, b.id FROM {base.name} AS b JOIN {table.name} AS c ON c.rid = b.rid"
                    f" WHERE b.flags <> 0 AND b.flags & {HAS_MOVED} AND c.hidden = 0 LIMIT ?",
                    (limit,),
                )
                for companion, record in rows:
                    one = self._astray(tx, cast(int, companion), cast(int, record))
                    if one is not None:
                        found.append(one)
        return found

    def _astray(self, tx: Tx, companion: int, record: int) -> Astray | None:
        mine, base = load_number(tx, self._tables, companion), load_number(tx, self._tables, record)
        if mine is None or base is None or base.state is None or base.state.moved is None:
            return None
        target, mark = base.state.moved
        key, own = _key(tx, self._store.numbers, base), _key(tx, self._store.numbers, mine)
        if mark[0] >= PENDING or not belongs(own.log, key.log):
            return None
        if len(same_id(tx, self._tables, self._store.numbers, key)) != 1:
            return None
        mover = self._store.numbers.author_of(tx, mark[1]).member
        return Astray(own, key, copy_key(key, LogId.decode(target), mark[0]), mover)


def same_id(tx: Tx, tables: Tables, numbers: Numbers, key: RecordKey) -> list[StoredRow]:
    """All records of the type with this id in the group, in whichever of its logs, moved and deleted ones too."""
    table = tables.by_type[key.type]
    found = []
    for (number,) in tx.all(f"SELECT id FROM {table.name} WHERE rid = ?", (bytearray(key.id),)):
        row = load_number(tx, tables, cast(int, number))
        if row is not None and numbers.log_of(tx, row.log).group == key.log.group:
            found.append(row)
    return found


def base_of(
    tx: Tx,
    tables: Tables,
    schema: Schema,
    numbers: Numbers,
    companion: RecordKey,
    mover: MemberId,
    time: int,
) -> StoredRow | None:
    """The one record that a companion, which `mover` marked as moved at `time`, belongs to (living or not). Where
    somebody planted others of the same id: the one that the same member moved; of several the one that he moved in
    the same action. None where nobody can tell."""
    name = schema.by_name[companion.type].companion_of
    rows = [
        row
        for row in same_id(tx, tables, numbers, RecordKey(companion.log, name, companion.id))
        if belongs(companion.log, numbers.log_of(tx, row.log))
    ]
    if len(rows) > 1:
        rows = [row for row in rows if _moved_by(tx, numbers, row) == mover]
    if len(rows) > 1:
        rows = [row for row in rows if row.state and row.state.moved and row.state.moved[1][2] == time]
    return rows[0] if len(rows) == 1 else None


def _moved_by(tx: Tx, numbers: Numbers, row: StoredRow) -> MemberId | None:
    if row.state is None or row.state.moved is None:
        return None
    return numbers.author_of(tx, row.state.moved[1][1]).member


def _key(tx: Tx, numbers: Numbers, row: StoredRow) -> RecordKey:
    return RecordKey(numbers.log_of(tx, row.log), row.type, row.id)


def companion_sql(base: str, companion: str, column: str) -> str:
    """A column of the companion, for a row of the table `base`: an expression in SQL."""
    home = f"(SELECT log FROM logs WHERE id = {base}.log)"
    mine = "(SELECT log FROM logs WHERE id = c.log)"
    return (
        f"(SELECT c.{column} FROM {companion} AS c WHERE c.rid = {base}.rid AND c.hidden = 0"
        f" AND substr({mine}, 2, 16) = substr({home}, 2, 16)"
        f" AND substr({mine}, 18) IN (zeroblob(16), substr({home}, 18))"
        f" ORDER BY substr({mine}, 18) DESC LIMIT 1)"
    )


__all__ = ["Astray", "Companions", "base_of", "belongs", "companion_sql", "same_id"]
