"""Writing of rows with everything that hangs on them: typed columns, short index, full-text queue, titles elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from vault.store.columns import Projection, TitleOf
from vault.store.connection import SqlValue, Tx
from vault.store.rows import (
    StoredRow,
    Table,
    Tables,
    common,
    is_hidden,
    load_number,
    take_numbers,
    write_other,
)
from vault.store.state import RecordState, encode_state
from vault.store.titles import Titles

INSERT_SHORT = "INSERT INTO search_short (rowid, title, keys) VALUES (?, ?, ?)"
REPLACE_SHORT = "INSERT OR REPLACE INTO search_short (rowid, title, keys) VALUES (?, ?, ?)"
DELETE_SHORT = "DELETE FROM search_short WHERE rowid = ?"


@dataclass(slots=True)
class Write:
    """A row with its new state; `before` is the state it had in the table (None for a new row). Where `again` is
    set, only what is derived from the state has to be made anew."""

    row: StoredRow
    before: RecordState | None
    again: bool = False


class Writer:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.titles = Titles(tables)
        self._retitled: set[str] = set()

    def forget(self) -> None:
        """After a transaction was rolled back."""
        self.titles.forget()
        self._retitled.clear()

    def write(self, tx: Tx, writes: Sequence[Write]) -> None:
        """Write rows; gives numbers to those that have none. Each record at most once."""
        by_type: dict[str, list[Write]] = {}
        for write in writes:
            by_type.setdefault(write.row.type, []).append(write)
        for name, some in by_type.items():
            tx.touched.add(name)
            new = [write.row for write in some if write.row.number == 0]
            for row, number in zip(new, take_numbers(tx, self.tables, name, len(new)), strict=True):
                row.number = number
            made = [
                (write.row.number, bytearray(encode_state(state)))
                for write in some
                if (state := write.row.state) is not None
            ]
            tx.executemany("INSERT OR REPLACE INTO states (number, data) VALUES (?, ?)", made)
            table = self.tables.by_type.get(name)
            if table is None:
                old = [write.row for write in some if write.before is not None]
                write_other(tx, (write.row for write in some if write.before is None), old)
            else:
                self._write_table(tx, table, some)

    def remove(self, tx: Tx, rows: Iterable[StoredRow]) -> None:
        """Take rows away altogether (a part that was set aside had made them)."""
        for row in rows:
            tx.touched.add(row.type)
            tx.execute(f"DELETE FROM {self.tables.name(row.type)} WHERE id = ?", (row.number,))
            tx.execute("DELETE FROM states WHERE number = ?", (row.number,))
            tx.execute(DELETE_SHORT, (row.number,))
            tx.execute("DELETE FROM search_text WHERE rowid = ?", (row.number,))
            tx.execute("DELETE FROM text_queue WHERE id = ?", (row.number,))
            tx.execute("DELETE FROM history WHERE record = ?", (row.number,))
            self._retitle(tx, f"{row.type}:{row.id.hex()}")

    def _write_table(self, tx: Tx, table: Table, writes: list[Write]) -> None:
        projector = table.projector
        inserts: list[list[SqlValue]] = []
        short: list[tuple[SqlValue, ...]] = []
        title_of = partial(self.titles.title, tx)
        for write in writes:
            row, state = write.row, write.row.state
            assert state is not None
            made = projector.project(state.fields, title_of)
            if write.before is None:
                hidden, flags, created, changed = common(state)
                rid = bytearray(row.id)
                inserts.append(
                    [row.number, row.log, rid, hidden, flags, created, changed, made.title, *made.columns]
                )
                if not hidden and (made.words or made.keys):
                    short.append((row.number, made.words, made.keys))
            else:
                self._update(tx, table, write, made, title_of)
        if inserts:
            tx.executemany(table.insert, inserts)
        if short:
            tx.executemany(INSERT_SHORT, short)
        # Only now, when the rows are there: records of one batch may refer to each other.
        awaited = self.titles.awaited(tx, table.type.name)
        for write in writes if awaited else ():
            ref = f"{write.row.type}:{write.row.id.hex()}"
            if ref in awaited:
                self.titles.appeared(tx, ref)
                self._retitle(tx, ref)

    def _update(self, tx: Tx, table: Table, write: Write, made: Projection, title_of: TitleOf) -> None:
        """Write a row again: only columns that change, so that only their indexes are touched."""
        row, before, state = write.row, write.before, write.row.state
        assert before is not None and state is not None
        old = table.projector.project(before.fields, title_of)
        now = (*common(state), made.title, *made.columns)
        if write.again:
            names = list(zip(table.changing, now, strict=True))
        else:
            was = (*common(before), old.title, *old.columns)
            names = [
                pair
                for pair, value in zip(zip(table.changing, now, strict=True), was, strict=True)
                if pair[1] != value
            ]
        if names:
            sets = ", ".join(f"{name} = nullif(?, '')" for name, _ in names)
            tx.execute(
                f"UPDATE {table.name} SET {sets} WHERE id = ?", [*(value for _, value in names), row.number]
            )
        self._update_indexes(tx, write, (old.words, old.keys) != (made.words, made.keys), made)
        body = table.projector.body
        hidden = is_hidden(before) != is_hidden(state)
        text = write.again or hidden or body(before.fields, title_of) != body(state.fields, title_of)
        if table.projector.has_text and text and row.number <= self._indexed_upto(tx, row.type):
            tx.execute("INSERT OR IGNORE INTO text_queue (id) VALUES (?)", (row.number,))
        if table.projector.title(before.fields) != table.projector.title(state.fields):
            self._retitle(tx, f"{row.type}:{row.id.hex()}")

    def _update_indexes(self, tx: Tx, write: Write, changed: bool, made: Projection) -> None:
        row, before, state = write.row, write.before, write.row.state
        assert before is not None and state is not None
        was, now = is_hidden(before), is_hidden(state)
        if now and not was:
            tx.execute(DELETE_SHORT, (row.number,))
        elif not now and (was or write.again or changed):
            tx.execute(REPLACE_SHORT, (row.number, made.words, made.keys))

    def _indexed_upto(self, tx: Tx, name: str) -> int:
        """How far the full-text index of a type has come; later rows need no entry in the queue."""
        return tx.number("SELECT upto FROM text_progress WHERE type = ?", (name,))

    def _retitle(self, tx: Tx, ref: str) -> None:
        self.titles.renamed(ref)
        self._retitled.add(ref)
        tx.before_commit(self._project_again)

    def _project_again(self, tx: Tx) -> None:
        refs, self._retitled = self._retitled, set()
        numbers = self.titles.referring(tx, refs)
        for start in range(0, len(numbers), 1_000):
            again = []
            for number in numbers[start : start + 1_000]:
                row = load_number(tx, self.tables, number)
                if row is not None:
                    again.append(Write(row, row.state, again=True))
            self.write(tx, again)
