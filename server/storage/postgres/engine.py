"""The engine and its transactions.

A read is REPEATABLE READ and read-only: one state from beginning to end. A write is READ COMMITTED, and begins by
waiting for a lock, so that each of its statements sees what the writer before it has written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg.errors
import sqlalchemy as sa

from server.errors import OverQuota, StorageError

KEPT = 8  # connections of a process that stay open
MOST = 32  # two for each of the 16 writers; readers wait for one
MUST_BE = {
    "fsync": ("on", "a crash could lose what was acknowledged"),
    "full_page_writes": ("on", "a crash could lose what was acknowledged"),
    "server_encoding": ("UTF8", "handles could not be stored"),
}


def open_engine(url: sa.URL) -> sa.Engine:
    """An engine on a database that keeps what it has committed. Parameters stay out of error texts.

    Raises StorageError where the database cannot be reached, or does not keep what it has committed.
    """
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=KEPT,
        max_overflow=MOST - KEPT,
        pool_use_lifo=True,
        isolation_level="READ COMMITTED",
    )
    try:
        with engine.connect() as connection:
            _check(connection)
    except sa.exc.OperationalError:
        engine.dispose()
        raise StorageError(
            "the database cannot be reached: is it running, and are host, user, password and name right?"
        ) from None  # the driver's text could quote the URL
    except BaseException:
        engine.dispose()
        raise
    return engine


def _check(connection: sa.Connection) -> None:
    for name, (wanted, why) in MUST_BE.items():
        if connection.exec_driver_sql(f"SHOW {name}").scalar_one() != wanted:
            raise StorageError(f"PostgreSQL runs with {name} other than {wanted}: {why}")
    if connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "off":
        raise StorageError(
            "PostgreSQL runs with synchronous_commit=off: a crash could lose what was acknowledged"
        )


def reader_of(engine: sa.Engine) -> sa.Engine:
    """The same connections, for transactions that read one state."""
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def glancer_of(engine: sa.Engine) -> sa.Engine:
    """The same connections, for single statements without a transaction around them."""
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction: committed (durably) when the block ends, rolled back when it raises.

    Raises OverQuota where the database's disk is full.
    """
    try:
        with engine.begin() as connection:
            yield connection
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, psycopg.errors.DiskFull):
            raise OverQuota("the database's disk is full") from None
        raise
