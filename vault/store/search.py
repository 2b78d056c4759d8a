"""Search as you type over all types, and the full-text search behind it.

Order of results: titles that begin with what was typed (by the B-tree, in order of the alphabet), then titles with
words that begin so, then other short fields (mails, telephone numbers, companies), then notes and the rest; newest
first within each. Each step looks at no more than it needs, so one letter costs no more than a whole word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from vault.store.connection import SqlValue, Tx
from vault.store.indexing import has_title_index
from vault.store.record import Reader, Record
from vault.store.rows import CODES, Table, Tables
from vault.store.store import Store
from vault.store.text import fold_text
from vault.store.words import match_expression, words_of


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `by_title`: by its title, not by another field."""

    record: Record
    by_title: bool


class Search:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables = Tables(store.schema)
        self._reader = Reader(self._tables, store.numbers)

    def search(
        self, text: str, types: Sequence[str] = (), limit: int = 50, *, full: bool = False
    ) -> list[Hit]:
        """Living records for what was typed, of these types (all by default). `full` looks into notes and the rest
        too, as far as they are indexed. Nothing for an empty text."""
        wanted = [t for name, t in self._tables.by_type.items() if not types or name in types]
        folded = fold_text(text)
        if not folded or not wanted:
            return []
        with self._store.read() as tx:
            found: dict[int, bool] = {}
            self._beginnings(tx, folded, wanted, limit, found)
            for column in ("title", ""):
                if len(found) < limit:
                    expression = match_expression(text, column=column)
                    self._match(tx, "search_short", expression, wanted, limit, found, by_title=bool(column))
            if full and len(found) < limit and all(len(word) > 2 for word in words_of(text)):
                self._match(tx, "search_text", match_expression(text), wanted, limit, found, by_title=False)
            return self._hits(tx, found)

    def _beginnings(
        self, tx: Tx, folded: str, wanted: list[Table], limit: int, found: dict[int, bool]
    ) -> None:
        parts: list[str] = []
        values: list[SqlValue] = []
        for table in wanted:
            if has_title_index(tx, table):
                parts.append(
                    f"SELECT * FROM (SELECT id, title FROM {table.name} WHERE hidden = 0 AND title >= ? AND title < ?"
                    " ORDER BY title LIMIT ?)"
                )
                values += [folded, folded + "\U0010ffff", limit]
        if parts:
            rows = tx.all(f"{' UNION ALL '.join(parts)} ORDER BY title LIMIT ?", [*values, limit])
            found.update((cast(int, row[0]), True) for row in rows)

    def _match(
        self,
        tx: Tx,
        index: str,
        expression: str,
        wanted: list[Table],
        limit: int,
        found: dict[int, bool],
        *,
        by_title: bool,
    ) -> None:
        if not expression:
            return
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH ?"
        values: list[SqlValue] = [expression]
        if len(wanted) < len(self._tables.by_type):
            sql += f" AND rowid % {CODES} IN ({','.join('?' * len(wanted))})"
            values += [table.type.code for table in wanted]
        # Those that an earlier step has found come again: hence one limit more.
        for row in tx.all(f"{sql} ORDER BY rowid DESC LIMIT ?", [*values, limit + len(found)]):
            if len(found) >= limit:
                return
            found.setdefault(cast(int, row[0]), by_title)

    def _hits(self, tx: Tx, found: dict[int, bool]) -> list[Hit]:
        by_code: dict[int, list[int]] = {}
        for number in found:
            by_code.setdefault(number % CODES, []).append(number)
        hits: dict[int, Hit] = {}
        for code, numbers in by_code.items():
            name = self._tables.by_code[code].type.name
            records = self._reader.by_number(tx, name, numbers)
            for number, record in zip(numbers, records, strict=True):
                hits[number] = Hit(record, found[number])
        return [hits[number] for number in found]
