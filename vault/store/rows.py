"""Rows of records: one for each, narrow, in the table of its type (`r_<type>`, `r_other` for types that the schema does
not know), and its whole state in `states` under the same number. Row number = running number * 16 + the type's
code, so a row number of a search index tells the type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from protocol.ids import RecordId
from vault.schema import RecordType, Schema
from vault.store.columns import Projector, column_definitions, quoted
from vault.store.connection import Row, SqlValue, Tx
from vault.store.state import PENDING, RecordState, decode_state, settle

CODES = 16
OTHER = "r_other"
HAS_CONFLICT = 1
EDITED_AFTER = 2
HAS_MOVED = 4
NEXT_ROW = "next row"


@dataclass(slots=True)
class StoredRow:
    """A record as stored: its number (0 for one that has none yet), and its state (None before its first write)."""

    number: int
    type: str
    log: int
    id: RecordId
    state: RecordState | None


class Table:
    """The statements for one type's table."""

    def __init__(self, record_type: RecordType) -> None:
        self.type = record_type
        self.companion: Table | None = None
        self.name = quoted(f"r_{record_type.name}")
        self.projector = Projector(record_type)
        fixed = ["log", "rid", "hidden", "flags", "created", "changed", "title"]
        self.columns = [name for name, _ in column_definitions(record_type)]
        names = ["id", *fixed, *self.columns]
        marks = [*("?" * 7), *["nullif(?, '')"] * (len(self.columns) + 1)]
        self.insert = f"INSERT INTO {self.name} ({', '.join(names)}) VALUES ({', '.join(marks)})"
        self.changing = [*fixed[2:], *self.columns]


class Tables:
    """All tables of a schema."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.by_type = {record_type.name: Table(record_type) for record_type in schema.types}
        self.by_code = {record_type.code: self.by_type[record_type.name] for record_type in schema.types}
        for name, companion in schema.companions.items():
            if name in self.by_type:
                self.by_type[name].companion = self.by_type[companion.name]

    def name(self, type_name: str) -> str:
        table = self.by_type.get(type_name)
        return OTHER if table is None else table.name

    def names(self) -> list[str]:
        return [*(table.name for table in self.by_type.values()), OTHER]

    def of_number(self, number: int) -> str:
        """The table of a row number."""
        table = self.by_code.get(number % CODES)
        return OTHER if table is None else table.name

    def code(self, type_name: str) -> int:
        table = self.by_type.get(type_name)
        return 0 if table is None else table.type.code


def landed(tx: Tx, part: int) -> int | None:
    """Where a part of the outbox landed; None while it waits."""
    row = tx.first("SELECT position FROM own_positions WHERE part = ?", (part,))
    return None if row is None else cast(int, row[0])


def read_state(tx: Tx, data: SqlValue) -> RecordState:
    """The state in a row's `data`, with the positions of what has landed."""
    return settle(decode_state(cast(bytes, data)), lambda part: landed(tx, part))


def load(
    tx: Tx, tables: Tables, type_name: str, log: int, ids: Sequence[RecordId]
) -> dict[RecordId, StoredRow]:
    """The rows of these records, those that exist."""
    table = tables.name(type_name)
    marks = ",".join("?" * len(ids))
    sql = f"SELECT rid, id, data FROM {table} JOIN states ON number = id WHERE log = ? AND rid IN ({marks})"
    values: list[SqlValue] = [log, *map(bytearray, ids)]
    if table == OTHER:
        sql += " AND type = ?"
        values.append(type_name)
    rows = {}
    for rid, number, data in tx.all(sql, values):
        key = cast(bytes, rid)
        rows[key] = StoredRow(cast(int, number), type_name, log, key, read_state(tx, data))
    return rows


def load_number(tx: Tx, tables: Tables, number: int) -> StoredRow | None:
    """The row with this number."""
    table = tables.of_number(number)
    kind = "type" if table == OTHER else "NULL"
    row = tx.first(
        f"SELECT log, rid, data, {kind} FROM {table} JOIN states ON number = id WHERE id = ?", (number,)
    )
    if row is None:
        return None
    name = cast(str, row[3]) if table == OTHER else tables.by_code[number % CODES].type.name
    return StoredRow(number, name, cast(int, row[0]), cast(bytes, row[1]), read_state(tx, row[2]))


def take_numbers(tx: Tx, tables: Tables, type_name: str, count: int) -> list[int]:
    """New row numbers for records of a type."""
    if tx.next_row == 0:
        tx.next_row = max(1, tx.number("SELECT value FROM meta WHERE name = ?", (NEXT_ROW,)))
        tx.before_commit(_save_next)
    first = tx.next_row
    tx.next_row += count
    code = tables.code(type_name)
    return [number * CODES + code for number in range(first, first + count)]


def _save_next(tx: Tx) -> None:
    tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (NEXT_ROW, tx.next_row))


def flags_of(state: RecordState) -> int:
    moved = HAS_MOVED if state.moved is not None else 0
    return moved | (HAS_CONFLICT if state.kept else 0) | (EDITED_AFTER if state.edited_after else 0)


def is_hidden(state: RecordState) -> bool:
    """Deleted, moved away or erased: not in lists, counts and searches."""
    return state.deleted or state.moved is not None or state.erased


def common(state: RecordState) -> tuple[int, int, int, int]:
    """hidden, flags, created, changed (the authors' clocks, Unix seconds)."""
    created = state.base[2]
    plain = not state.stamps and state.deletion is None and state.moved is None
    return int(is_hidden(state)), flags_of(state), created, created if plain else state.changed[2]


def is_pending_made(state: RecordState) -> bool:
    """Whether the record exists only through parts that wait."""
    return state.base[0] >= PENDING


def write_other(tx: Tx, inserts: Iterable[StoredRow], updates: Iterable[StoredRow]) -> None:
    """Write rows of types that the schema does not know."""
    new: list[Row] = []
    for row in inserts:
        assert row.state is not None
        new.append((row.number, row.log, row.id, *common(row.state), None, row.type))
    if new:
        tx.executemany(
            "INSERT INTO r_other (id, log, rid, hidden, flags, created, changed, title, type)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            new,
        )
    for row in updates:
        assert row.state is not None
        tx.execute(
            "UPDATE r_other SET hidden = ?, flags = ?, created = ?, changed = ? WHERE id = ?",
            (*common(row.state), row.number),
        )
