"""Titles of records that others refer to, and what follows when they change.

A list of deals sorts by the name of the company, and a person is found by it: so that name stands in the rows and in
the short index of those that refer to it. When a record gets another title, or appears after those that refer to
it (`dangling`), these are projected again, once for each transaction, just before it commits.
"""

from __future__ import annotations

from typing import cast

from protocol.ids import DIRECTORY_LOG, RecordId
from vault.store.columns import MEMBER_TYPE, REFS, split_ref, value_column
from vault.store.connection import SqlValue, Tx
from vault.store.rows import Table, Tables
from vault.store.state import decode_state
from vault.store.text import MOST, fold_text

MOST_CACHED = 50_000
CHUNK = 2_000


def find_title(tx: Tx, tables: Tables, ref: str) -> str | None:
    """The title of the record that a reference names, as people read it; None where it is not here."""
    parts = split_ref(ref)
    if parts is None:
        return None
    table = tables.by_type.get(MEMBER_TYPE if parts[0] == "member" else parts[0])
    if table is None:
        return None
    condition, values = place_of(table, parts[1])
    row = tx.first(
        f"SELECT data FROM {table.name} JOIN states ON number = id WHERE {condition} ORDER BY hidden, id LIMIT 1",
        values,
    )
    return None if row is None else table.projector.title(decode_state(cast(bytes, row[0])).fields)


def place_of(table: Table, record: RecordId) -> tuple[str, list[SqlValue]]:
    """The condition by which a reference finds its record. Names count in the directory alone, where each member
    writes his own and admins write all: in any other log whoever may write could name somebody else."""
    if table.type.name == MEMBER_TYPE:
        return "rid = ? AND log = (SELECT id FROM logs WHERE log = ?)", [record, DIRECTORY_LOG.encode()]
    return "rid = ?", [record]


class Titles:
    """The writer's view of titles: cached, with a note of what could not be found."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._cache: dict[str, tuple[str, str]] = {}
        self._dangling: set[str] | None = None

    def forget(self) -> None:
        """After a transaction was rolled back."""
        self._cache.clear()
        self._dangling = None

    def title(self, tx: Tx, ref: str) -> tuple[str, str]:
        """The title as people read it, and folded; ("", "") where the record is not here, which is then noted.
        Write transactions only."""
        known = self._cache.get(ref)
        if known is not None:
            return known
        found = find_title(tx, self._tables, ref)
        if found is None and ref not in self._missing(tx):
            self._missing(tx).add(ref)
            tx.execute("INSERT OR IGNORE INTO dangling (ref) VALUES (?)", (ref,))
        if len(self._cache) > MOST_CACHED:
            self._cache.clear()
        both = self._cache[ref] = (found or "", fold_text(found or "")[:MOST])
        return both

    def awaited(self, tx: Tx, type_name: str) -> set[str]:
        """References to records of a type that are not here yet (at least those; for one look per batch)."""
        missing = self._missing(tx)
        prefix = f"{type_name}:"
        return {ref for ref in missing if ref.startswith(prefix)} if missing else set()

    def appeared(self, tx: Tx, ref: str) -> None:
        """An awaited record was made."""
        self._missing(tx).discard(ref)
        self._cache.pop(ref, None)
        tx.execute("DELETE FROM dangling WHERE ref = ?", (ref,))

    def renamed(self, ref: str) -> None:
        self._cache.pop(ref, None)

    def referring(self, tx: Tx, refs: set[str]) -> list[int]:
        """Row numbers of all records with a column that refers to one of `refs`."""
        values = sorted(refs | {f"member:{ref[-32:]}" for ref in refs if ref.startswith(f"{MEMBER_TYPE}:")})
        numbers: set[int] = set()
        for table in self._tables.by_type.values():
            for field in table.type.columns:
                if field.kind not in REFS or not _may_point(field.target, refs):
                    continue
                for start in range(0, len(values), CHUNK):
                    chunk = values[start : start + CHUNK]
                    marks = ",".join("?" * len(chunk))
                    sql = f"SELECT id FROM {table.name} WHERE {value_column(field)} IN ({marks})"
                    numbers.update(cast(int, row[0]) for row in tx.all(sql, chunk))
        return sorted(numbers)

    def _missing(self, tx: Tx) -> set[str]:
        if self._dangling is None:
            self._dangling = {cast(str, row[0]) for row in tx.rows("SELECT ref FROM dangling")}
        return self._dangling


def _may_point(target: str, refs: set[str]) -> bool:
    return not target or any(ref.startswith(f"{target}:") for ref in refs)
