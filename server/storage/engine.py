"""SQLite engines: how a file is opened, and how a transaction begins and ends.

WAL, so that readers do not wait for the writer; `synchronous=FULL`, so that a commit that returned survives a loss of
power. The driver's own transaction handling is off: a read begins with BEGIN, a write with BEGIN IMMEDIATE, so that
a writer never finds out at its commit that another was faster.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from server.errors import OverQuota

BUSY_MILLISECONDS = 10_000
CACHE_KIB = 4_096
MAPPED_BYTES = 1 << 28


def open_engine(path: Path, connections: int = 8) -> sa.Engine:
    """An engine on one file, with at most `connections` kept open. Parameters stay out of error texts."""
    options: dict[str, Any] = {
        "connect_args": {
            "isolation_level": None,
            "check_same_thread": False,
            "timeout": BUSY_MILLISECONDS / 1000,
        },
        "hide_parameters": True,
        "pool_size": connections,
        "max_overflow": 32,
    }
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), **options)
    sa.event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        f"cache_size=-{CACHE_KIB}",
        f"mmap_size={MAPPED_BYTES}",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def transaction(engine: sa.Engine, *, write: bool) -> Iterator[sa.Connection]:
    """One transaction: committed (durably) when the block ends, rolled back when it raises.

    Raises OverQuota where the disk is full.
    """
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, sqlite3.Error) and error.orig.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OverQuota("the server's disk is full") from None
        raise
