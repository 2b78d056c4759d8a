"""The one module that touches sqlcipher3: opening with a raw key, statements, errors translated.

A `Tx` is a connection inside a transaction (or a reader's snapshot). Values go in and out as None, int, str, bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import sqlcipher3.dbapi2 as dbapi

from vault.store.errors import NotFound, translate

SqlValue = int | str | bytes | bytearray | None
"""Values go in as any of these, and never come out as a bytearray. The driver looks for adapters of bytes and None,
value by value, which costs more than to store them: where rows come in by the thousand bind `bytearray(...)`, and
`nullif(?, '')` for what may be missing."""
Row = tuple[SqlValue, ...]

KEY_SIZE = 32
CACHE_KIB = 64 * 1024
READER_CACHE_KIB = 32 * 1024


@contextmanager
def translated() -> Iterator[None]:
    """Database errors leave as typed errors of the vault, without the database's text as their cause."""
    try:
        yield
    except dbapi.IntegrityError as error:
        raise AssertionError(
            f"a rule of the vault's tables: {getattr(error, 'sqlite_errorname', '')}"
        ) from None
    except dbapi.Error as error:
        raise translate(getattr(error, "sqlite_errorname", None) or "", str(error)) from None


class Tx:
    """Statements inside one transaction. `touched` names the record types changed in it."""

    __slots__ = ("_before_commit", "_connection", "next_row", "touched")

    def __init__(self, connection: dbapi.Connection) -> None:
        self._connection = connection
        self._before_commit: list[Callable[[Tx], None]] = []
        self.touched: set[str] = set()
        self.next_row = 0
        """The next free row number, once `Rows` has read it in this transaction."""

    def execute(self, sql: str, values: Sequence[SqlValue] = ()) -> None:
        with translated():
            self._connection.execute(sql, values)

    def insert(self, sql: str, values: Sequence[SqlValue] = ()) -> int:
        """Run an INSERT; the new row's number."""
        with translated():
            return cast(int, self._connection.execute(sql, values).lastrowid)

    def change(self, sql: str, values: Sequence[SqlValue] = ()) -> int:
        """Run an UPDATE or DELETE; how many rows it touched."""
        with translated():
            return cast(int, self._connection.execute(sql, values).rowcount)

    def executemany(self, sql: str, rows: Iterable[Sequence[SqlValue]]) -> None:
        with translated():
            self._connection.executemany(sql, rows)

    def all(self, sql: str, values: Sequence[SqlValue] = ()) -> list[Row]:
        with translated():
            return cast(list[Row], self._connection.execute(sql, values).fetchall())

    def first(self, sql: str, values: Sequence[SqlValue] = ()) -> Row | None:
        with translated():
            return cast("Row | None", self._connection.execute(sql, values).fetchone())

    def one(self, sql: str, values: Sequence[SqlValue] = ()) -> Row:
        """The first row; raises NotFound when there is none."""
        row = self.first(sql, values)
        if row is None:
            raise NotFound("no such row")
        return row

    def number(self, sql: str, values: Sequence[SqlValue] = ()) -> int:
        """The first value of the first row as an int; 0 where there is none or it is null."""
        row = self.first(sql, values)
        return cast(int, row[0]) if row is not None and row[0] is not None else 0

    def rows(self, sql: str, values: Sequence[SqlValue] = ()) -> Iterator[Row]:
        """Rows one by one, for results that should not be in memory at once."""
        with translated():
            cursor = self._connection.execute(sql, values)
        while True:
            with translated():
                batch = cast(list[Row], cursor.fetchmany(500))
            if not batch:
                return
            yield from batch

    def before_commit(self, action: Callable[[Tx], None]) -> None:
        """Run `action` once, just before this transaction commits."""
        if action not in self._before_commit:
            self._before_commit.append(action)

    def run_before_commit(self) -> None:
        """Run what was registered, and what that registers; called by the store."""
        while self._before_commit:
            self._before_commit.pop(0)(self)


def connect(path: Path, key: bytes, *, writer: bool) -> dbapi.Connection:
    """A connection under the raw key; usable from any thread, by one at a time. Raises StoreError."""
    if len(key) != KEY_SIZE:
        raise ValueError("a vault key has 32 bytes")
    with translated():
        connection = dbapi.connect(
            str(path), isolation_level=None, check_same_thread=False, cached_statements=256, timeout=10.0
        )
    try:
        with translated():
            # Before anything else: otherwise a wrong key prints to stderr.
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            connection.execute(f"PRAGMA cache_size = -{CACHE_KIB if writer else READER_CACHE_KIB}")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if writer:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                # One page's transaction of a first sync is some 20 MiB: checkpoint after it, not within.
                connection.execute("PRAGMA wal_autocheckpoint = 4000")
                connection.execute("PRAGMA journal_size_limit = 67108864")
            else:
                connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection
