"""Tables of the application's record types: made from its schema, rebuilt where the schema has changed.

Records are kept whole in `states`, so columns, titles and indexes can be made anew from it at any time; those of a type
that becomes known (or unknown) move between `r_other` and the type's table, with their numbers everywhere.
"""

from __future__ import annotations

import hashlib
from typing import cast

from vault.schema import RecordType, Schema
from vault.store.columns import column_definitions, quoted
from vault.store.connection import Tx
from vault.store.rows import CODES, OTHER, StoredRow, Tables
from vault.store.state import decode_state
from vault.store.writing import Write, Writer

_FIXED = (
    "id INTEGER PRIMARY KEY, log INTEGER NOT NULL, rid BLOB NOT NULL, hidden INTEGER NOT NULL, flags INTEGER NOT NULL,"
    " created INTEGER NOT NULL, changed INTEGER NOT NULL, title TEXT"
)
FORMAT = 1
"""Raised when projection itself changes, so that every vault makes its columns anew."""


def fingerprint(record_type: RecordType) -> bytes:
    """What the table of a type depends on."""
    fields = [
        (f.name, f.kind.value, f.column, f.search.value, [(o.key, o.order) for o in f.options])
        for f in record_type.fields
    ]
    return hashlib.sha256(repr((FORMAT, record_type.name, record_type.code, fields)).encode()).digest()


def apply_schema(tx: Tx, schema: Schema) -> list[str]:
    """Make and rebuild tables so that they fit the schema; the names of the types that were rebuilt."""
    tables = Tables(schema)
    known = {
        cast(str, name)[7:]: cast(bytes, value)
        for name, value in tx.all("SELECT name, value FROM meta WHERE name LIKE 'schema:%'")
    }
    changed = [kind for kind in schema.types if known.get(kind.name) != fingerprint(kind)]
    gone = [name for name in known if name not in schema.by_name]
    writer = Writer(tables)
    for name in gone:
        _take_out(tx, name, OTHER)
        tx.execute("DELETE FROM meta WHERE name = ?", (f"schema:{name}",))
    renamed = [kind.name for kind in changed if kind.name in known]
    for name in renamed:
        # Out of the way first, all of them: one type may have taken the code of another.
        _take_out(tx, name, OTHER)
    for kind in changed:
        _make(tx, kind)
        tx.execute(
            "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
            (f"schema:{kind.name}", fingerprint(kind)),
        )
    for kind in changed:
        _bring_in(tx, tables, writer, kind)
    return [kind.name for kind in changed]


def _make(tx: Tx, kind: RecordType) -> None:
    name = quoted(f"r_{kind.name}")
    columns = "".join(f", {column} {sql_type}" for column, sql_type in column_definitions(kind))
    tx.execute(f"CREATE TABLE {name} ({_FIXED}{columns})")
    tx.execute(f"CREATE UNIQUE INDEX {quoted(f'r_{kind.name}_rid')} ON {name} (rid, log)")
    tx.execute(f"CREATE INDEX {quoted(f'r_{kind.name}_flags')} ON {name} (id) WHERE flags <> 0")


def _take_out(tx: Tx, name: str, target: str) -> None:
    """Move all rows of a type's table to `r_other` (code 0), and drop the table with its indexes."""
    table = quoted(f"r_{name}")
    tx.execute("CREATE TEMP TABLE moving AS SELECT id AS old, id / 16 * 16 AS new FROM main." + table)
    tx.execute(
        f"INSERT INTO {target} (id, log, rid, hidden, flags, created, changed, title, type)"
        f" SELECT id / 16 * 16, log, rid, hidden, flags, created, changed, NULL, ? FROM {table}",
        (name,),
    )
    tx.execute(f"DROP TABLE {table}")
    tx.execute("DELETE FROM search_short WHERE rowid IN (SELECT old FROM moving)")
    tx.execute("DELETE FROM search_text WHERE rowid IN (SELECT old FROM moving)")
    tx.execute("DELETE FROM text_queue WHERE id IN (SELECT old FROM moving)")
    tx.execute("DELETE FROM text_progress WHERE type = ?", (name,))
    _renumber(tx)


def _bring_in(tx: Tx, tables: Tables, writer: Writer, kind: RecordType) -> None:
    """Move the records of a type from `r_other` into its table, projected anew."""
    after = -1
    while True:
        rows = tx.all(
            "SELECT id, log, rid, data FROM r_other JOIN states ON number = id"
            " WHERE type = ? AND id > ? ORDER BY id LIMIT 1000",
            (kind.name, after),
        )
        if not rows:
            break
        tx.execute("CREATE TEMP TABLE moving (old INTEGER, new INTEGER)")
        writes = []
        for number, log, rid, data in rows:
            after = cast(int, number)
            new = after // CODES * CODES + kind.code
            tx.execute("INSERT INTO moving VALUES (?, ?)", (after, new))
            state = decode_state(cast(bytes, data))
            writes.append(Write(StoredRow(new, kind.name, cast(int, log), cast(bytes, rid), state), None))
        tx.execute("DELETE FROM r_other WHERE id IN (SELECT old FROM moving)")
        tx.execute("DELETE FROM states WHERE number IN (SELECT old FROM moving)")
        writer.write(tx, writes)
        _renumber(tx)


def _renumber(tx: Tx) -> None:
    """Carry the numbers in `moving` over to every table that names rows, and drop it."""
    for table, column in (
        ("states", "number"),
        ("pending", "record"),
        ("shadow", "record"),
        ("history", "record"),
    ):
        tx.execute(
            f"UPDATE {table} SET {column} = (SELECT new FROM moving WHERE old = {column})"
            f" WHERE {column} IN (SELECT old FROM moving)"
        )
    tx.execute("DROP TABLE temp.moving")
