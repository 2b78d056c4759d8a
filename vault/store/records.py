"""The reading side of the vault, for the application: lists, records, counts, sums, references.

Every method opens its own snapshot on the calling thread's connection; none blocks while others write.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from protocol.ids import LogId
from vault.store.changes import RecordKey
from vault.store.columns import MEMBER_TYPE, REFS, split_ref, value_column
from vault.store.connection import SqlValue, Tx
from vault.store.errors import NotFound
from vault.store.filters import Filter, Op, Query, Where, group_sql, sort_sql, text_alone, where
from vault.store.moved import copy_key
from vault.store.record import Reader, Record
from vault.store.rows import Table, Tables
from vault.store.store import Store
from vault.store.titles import find_title, place_of

MOST_COUNTS = 200
MOST_MOVES = 20


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: the last record's sort value and row number."""

    value: str | int | None
    number: int


@dataclass(frozen=True, slots=True)
class Page:
    """Records in order; `next` is None at the end."""

    records: list[Record]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class Group:
    """One line of totals: the value grouped by (None: no value), how many records, and the sum (0 without one)."""

    value: str | int | None
    count: int
    total: int


class Records:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables = Tables(store.schema)
        self._reader = Reader(self._tables, store.numbers)
        self._counts: dict[Query, tuple[int, int]] = {}
        self._by_log: dict[str, tuple[int, Mapping[LogId, int]]] = {}
        self._lock = threading.Lock()

    def get(self, key: RecordKey) -> Record | None:
        """One record, hidden ones too; None where it is not here."""
        with self._store.read() as tx:
            return self._reader.by_key(tx, key)

    def resolve(self, ref: str) -> RecordKey | None:
        """The record that a reference names, in whichever home it is; a living one first. One that was moved is
        followed to where it lives now, as far as that is here."""
        parts = split_ref(ref)
        table = (
            None
            if parts is None
            else self._tables.by_type.get(MEMBER_TYPE if parts[0] == "member" else parts[0])
        )
        if parts is None or table is None:
            return None
        rid = parts[1]
        condition, values = place_of(table, rid)
        with self._store.read() as tx:
            row = tx.first(
                f"SELECT log, hidden FROM {table.name} WHERE {condition} ORDER BY hidden, id LIMIT 1", values
            )
            if row is None:
                return None
            key = RecordKey(self._store.numbers.log_of(tx, cast(int, row[0])), table.type.name, rid)
            return self._living(tx, key) if row[1] else key

    def following(self, key: RecordKey) -> RecordKey:
        """Where a record is now, if it was moved, as far as that is here."""
        with self._store.read() as tx:
            return self._living(tx, key)

    def titles(self, refs: Iterable[str]) -> dict[str, str]:
        """Titles of the records that these references name; those that are not here are left out."""
        with self._store.read() as tx:
            found = {ref: find_title(tx, self._tables, ref) for ref in set(refs)}
        return {ref: title for ref, title in found.items() if title is not None}

    # lists

    def window(self, query: Query, offset: int = 0, limit: int = 50) -> list[Record]:
        """Records `offset` to `offset + limit` of a list."""
        with self._store.read() as tx:
            table, conditions = self._prepare(tx, query, in_order=True)
            return self._reader.by_number(
                tx, query.type, self._numbers(tx, table, query, conditions, offset, limit)
            )

    def page(self, query: Query, after: Cursor | None = None, limit: int = 50) -> Page:
        """The records behind `after`, at the same cost however deep."""
        with self._store.read() as tx:
            table, conditions = self._prepare(tx, query, in_order=True)
            found = self._behind(tx, table, query, conditions, after, limit)
            records = self._reader.by_number(tx, query.type, [number for number, _ in found])
        last = Cursor(found[-1][1], found[-1][0]) if len(found) == limit else None
        return Page(records, last)

    def count(self, query: Query) -> int:
        """How many records a list has; kept until a record of the type changes."""
        query = replace(query, sort=Query(query.type).sort)
        companion = self._store.schema.companions.get(query.type)
        version = self._store.type_version(query.type)
        if companion is not None:
            version = max(version, self._store.type_version(companion.name))
        with self._lock:
            known = self._counts.get(query)
        if known is not None and known[0] == version:
            return known[1]
        with self._store.read() as tx:
            table, conditions = self._prepare(tx, query)
            source, alone = table.name, text_alone(table, query)
            if alone is not None:
                source, conditions = "search_short", alone
            count = tx.number(f"SELECT count(*) FROM {source} WHERE {conditions.sql}", conditions.values)
        with self._lock:
            if len(self._counts) > MOST_COUNTS:
                self._counts.clear()
            self._counts[query] = (version, count)
        return count

    def by_log(self, type_name: str) -> Mapping[LogId, int]:
        """How many living records of a type lie in each log; kept until a record of the type changes."""
        version = self._store.type_version(type_name)
        with self._lock:
            known = self._by_log.get(type_name)
        if known is not None and known[0] == version:
            return known[1]
        with self._store.read() as tx:
            rows = tx.all(
                f"SELECT log, count(*) FROM {self._tables.name(type_name)} WHERE hidden = 0 GROUP BY log", ()
            )
            found = {self._store.numbers.log_of(tx, cast(int, log)): cast(int, n) for log, n in rows}
        with self._lock:
            self._by_log[type_name] = (version, found)
        return found

    def aggregate(self, query: Query, group_by: str = "", sum_field: str = "") -> list[Group]:
        """Counts and sums, one line for each value of the column `group_by` (one line in all without it)."""
        with self._store.read() as tx:
            table, conditions = self._prepare(tx, query)
            group = group_sql(table, group_by) if group_by else "NULL"
            total = f"coalesce(sum({group_sql(table, sum_field)}), 0)" if sum_field else "0"
            rows = tx.all(
                f"SELECT {group}, count(*), {total} FROM {table.name} WHERE {conditions.sql} GROUP BY 1 ORDER BY 1",
                conditions.values,
            )
        return [Group(cast("str | int | None", row[0]), cast(int, row[1]), cast(int, row[2])) for row in rows]

    def each(self, query: Query, batch: int = 500) -> Iterator[Record]:
        """All records of a list, page by page (for export); changes in between may show."""
        after: Cursor | None = None
        while True:
            page = self.page(query, after, batch)
            yield from page.records
            after = page.next
            if after is None:
                return

    def find(self, type_name: str, field: str, value: str | int, limit: int = 10) -> list[Record]:
        """Living records whose column has this value (folded, for texts)."""
        return self.window(Query(type_name, (Filter(field, Op.EQUALS, value),)), 0, limit)

    def related(self, ref: str, types: Sequence[str] = (), limit: int = 200) -> list[Record]:
        """Living records that refer to this one by a column field, the newest first within each type."""
        found: list[Record] = []
        with self._store.read() as tx:
            for table in self._tables.by_type.values():
                columns = [value_column(field) for field in table.type.columns if field.kind in REFS]
                if not columns or (types and table.type.name not in types):
                    continue
                either = " UNION ".join(
                    f"SELECT id, changed FROM {table.name} WHERE hidden = 0 AND {column} = ?"
                    for column in columns
                )
                rows = tx.all(
                    f"{either} ORDER BY changed DESC, id DESC LIMIT ?", [*([ref] * len(columns)), limit]
                )
                found += self._reader.by_number(tx, table.type.name, [cast(int, row[0]) for row in rows])
        return found

    # within

    def _living(self, tx: Tx, key: RecordKey) -> RecordKey:
        """Where a record is now that may have been moved, once or more."""
        for _ in range(MOST_MOVES):
            record = self._reader.by_key(tx, key)
            if record is None or record.moved_to is None or record.moved_mark is None:
                return key
            copy = copy_key(key, record.moved_to, record.moved_mark)
            if self._reader.number(tx, copy) is None:
                return key
            key = copy
        return key

    def _prepare(self, tx: Tx, query: Query, *, in_order: bool = False) -> tuple[Table, Where]:
        table = self._tables.by_type.get(query.type)
        if table is None:
            raise NotFound("a type that the schema does not know has no lists")
        return table, where(tx, table, query, self._store.numbers, in_order=in_order)

    def _numbers(
        self, tx: Tx, table: Table, query: Query, conditions: Where, offset: int, limit: int
    ) -> list[int]:
        column = sort_sql(table, query.sort)
        order = "DESC" if query.sort.descending else "ASC"

        def part(where: Where, order_by: str, limit: int, offset: int) -> list[int]:
            sql = f"SELECT id FROM {table.name} WHERE {where.sql} ORDER BY {order_by} LIMIT ? OFFSET ?"
            return [cast(int, row[0]) for row in tx.all(sql, (*where.values, limit, offset))]

        valued = conditions.also(f"{column} IS NOT NULL")
        numbers = part(valued, f"{column} {order}, id {order}", limit, offset)
        if len(numbers) < limit:
            # The records without a value come last: how far into them the window reaches.
            skip = 0
            if not numbers and offset:
                values = tx.number(f"SELECT count(*) FROM {table.name} WHERE {valued.sql}", valued.values)
                skip = max(0, offset - values)
            empty = conditions.also(f"{column} IS NULL")
            numbers += part(empty, f"id {order}", limit - len(numbers), skip)
        return numbers

    def _behind(
        self, tx: Tx, table: Table, query: Query, conditions: Where, after: Cursor | None, limit: int
    ) -> list[tuple[int, str | int | None]]:
        column = sort_sql(table, query.sort)
        order, sign = ("DESC", "<") if query.sort.descending else ("ASC", ">")
        found: list[tuple[int, str | int | None]] = []

        def part(where: Where, order_by: str) -> None:
            sql = f"SELECT id, {column} FROM {table.name} WHERE {where.sql} ORDER BY {order_by} LIMIT ?"
            values: list[SqlValue] = [*where.values, limit - len(found)]
            found.extend((cast(int, row[0]), cast("str | int | None", row[1])) for row in tx.all(sql, values))

        if after is None or after.value is not None:
            valued = conditions.also(f"{column} IS NOT NULL")
            if after is not None:
                valued = valued.also(f"({column}, id) {sign} (?, ?)", after.value, after.number)
            part(valued, f"{column} {order}, id {order}")
        if len(found) < limit:
            empty = conditions.also(f"{column} IS NULL")
            if after is not None and after.value is None:
                empty = empty.also(f"id {sign} ?", after.number)
            part(empty, f"id {order}")
        return found
