"""What is made in the background, when records are not streaming in: indexes for sorting, and the full-text index.

While a first sync fills an empty vault there is only what it needs: rows, the index by id, the short index. The rest
follows by `index_more`, in short write transactions, and continues where it was after a crash. Small tables need no
index for sorting.
"""

from __future__ import annotations

import time
from typing import cast

from vault.store.connection import SqlValue, Tx
from vault.store.filters import indexed_columns
from vault.store.rows import Table, Tables, is_hidden, read_state
from vault.store.store import Store
from vault.store.titles import find_title

SMALL = 300
"""Rows below which a list is sorted by reading it."""
BATCH = 100


class Indexer:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables = Tables(store.schema)

    def index_more(self, budget_ms: int = 50) -> bool:
        """Work for about this long (one index of a large table may take longer); whether more is left to do.

        Call it when no records are coming in: an index that exists makes every further row dearer."""
        end = time.monotonic() + budget_ms / 1000
        while self._column_index() or self._text_batch():
            if time.monotonic() >= end:
                return True
        return False

    def progress(self) -> tuple[int, int]:
        """(rows whose notes are searchable, all rows with notes) - for "searching in names only so far"."""
        with self._store.read() as tx:
            done = total = 0
            for table in self._tables.by_type.values():
                if table.projector.has_text:
                    total += tx.number(f"SELECT count(*) FROM {table.name}")
                    done += tx.number(f"SELECT count(*) FROM {table.name} WHERE id <= ?", (_upto(tx, table),))
            return done, total

    def _column_index(self) -> bool:
        """Make one missing index; whether there was one to make."""
        with self._store.read() as tx:
            present = {row[0] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'index'")}
            missing = [
                (table, index, column)
                for table in self._tables.by_type.values()
                if not is_small(tx, table)
                for index, column in indexed_columns(table)
                if index.strip('"') not in present
            ]
        if not missing:
            return False
        table, index, column = missing[0]
        with self._store.write(durable=False) as tx:
            tx.execute(f"CREATE INDEX IF NOT EXISTS {index} ON {table.name} ({column}) WHERE hidden = 0")
            if len(missing) == 1:
                tx.execute("PRAGMA analysis_limit = 400")
                tx.execute("ANALYZE")
        return True

    def _text_batch(self) -> bool:
        """Index some rows' notes; whether there were any."""
        with self._store.read() as tx:
            job = self._next_job(tx)
        if job is None:
            return False
        table, after = job
        with self._store.write(durable=False) as tx:
            if table is None:
                self._queued(tx)
            else:
                self._behind(tx, table, after)
        return True

    def _next_job(self, tx: Tx) -> tuple[Table | None, int] | None:
        for table in self._tables.by_type.values():
            if table.projector.has_text:
                upto = _upto(tx, table)
                if tx.first(f"SELECT 1 FROM {table.name} WHERE id > ? LIMIT 1", (upto,)) is not None:
                    return table, upto
        return None if tx.first("SELECT 1 FROM text_queue LIMIT 1") is None else (None, 0)

    def _behind(self, tx: Tx, table: Table, after: int) -> None:
        sql = f"SELECT id, data FROM {table.name} JOIN states ON number = id WHERE id > ? ORDER BY id LIMIT ?"
        rows = tx.all(sql, (after, BATCH))
        for number, data in rows:
            self._index(tx, table, cast(int, number), data, known=False)
        sql = "INSERT OR REPLACE INTO text_progress (type, upto) VALUES (?, ?)"
        tx.execute(sql, (table.type.name, cast(int, rows[-1][0])))

    def _queued(self, tx: Tx) -> None:
        for (number,) in tx.all("SELECT id FROM text_queue LIMIT ?", (BATCH,)):
            table = self._tables.by_code.get(cast(int, number) % 16)
            row = None if table is None else tx.first("SELECT data FROM states WHERE number = ?", (number,))
            if row is None or table is None:
                tx.execute("DELETE FROM search_text WHERE rowid = ?", (number,))
            else:
                self._index(tx, table, cast(int, number), row[0], known=True)
            tx.execute("DELETE FROM text_queue WHERE id = ?", (number,))

    def _index(self, tx: Tx, table: Table, number: int, data: SqlValue, *, known: bool) -> None:
        state = read_state(tx, data)
        body = ""
        if not is_hidden(state):
            body = table.projector.body(
                state.fields, lambda ref: (find_title(tx, self._tables, ref) or "", "")
            )
        if known:
            tx.execute("DELETE FROM search_text WHERE rowid = ?", (number,))
        if body:
            tx.execute("INSERT INTO search_text (rowid, body) VALUES (?, ?)", (number, body))


def is_small(tx: Tx, table: Table) -> bool:
    return tx.number(f"SELECT count(*) FROM (SELECT 1 FROM {table.name} LIMIT {SMALL + 1})") <= SMALL


def has_title_index(tx: Tx, table: Table) -> bool:
    """Whether titles can be looked up by their beginning without reading all rows."""
    index = indexed_columns(table)[0][0].strip('"')
    found = tx.first("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?", (index,))
    return found is not None or is_small(tx, table)


def _upto(tx: Tx, table: Table) -> int:
    return tx.number("SELECT upto FROM text_progress WHERE type = ?", (table.type.name,))
