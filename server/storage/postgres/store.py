"""Transactions on PostgreSQL: the statements of the SQLite files, with locks that reach across processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from protocol.ids import WorkspaceId
from server.errors import StorageError
from server.storage.accounts import SqlAccountTx
from server.storage.interface import Usage
from server.storage.postgres.engine import glancer_of, reader_of, transaction
from server.storage.postgres.news import Teller
from server.storage.postgres.schemas import schema_of
from server.storage.workspace import SqlWorkspaceTx
from server.storage.workspace_tables import usage

_usage = sa.select(usage.c.serial, usage.c.stored).where(usage.c.id == 1)
_lock = _usage.with_for_update()


class PostgresAccountTx(SqlAccountTx):
    """Tells the other processes of sessions that end: they remember them for a moment."""

    def __init__(self, connection: sa.Connection, teller: Teller) -> None:
        super().__init__(connection)
        self._teller = teller

    def end_session(self, account: int, session: bytes) -> bool:
        ended = super().end_session(account, session)
        if ended:
            self._teller.session_ended(self._connection, session)
        return ended

    def end_other_sessions(self, account: int, keep: bytes) -> list[bytes]:
        ended = super().end_other_sessions(account, keep)
        for session in ended:
            self._teller.session_ended(self._connection, session)
        return ended


class PostgresWriteTx(SqlWorkspaceTx):
    """A writer's: it has the lock of the workspace, and with it the newest usage."""

    def __init__(self, connection: sa.Connection, workspace: WorkspaceId, teller: Teller) -> None:
        super().__init__(connection)
        self._workspace = workspace
        self._teller = teller
        self._usage = Usage(*connection.execute(_lock).one())

    def usage(self) -> Usage:
        return self._usage

    def set_usage(self, usage: Usage) -> None:
        super().set_usage(usage)
        if usage.serial != self._usage.serial:
            self._teller.workspace_moved(self._connection, self._workspace)
        self._usage = usage


class PostgresWorkspaceStore:
    """`interface.WorkspaceStore` over a schema. The row `usage` is the lock: one writer in all processes."""

    def __init__(self, engine: sa.Engine, workspace: WorkspaceId, teller: Teller) -> None:
        here = engine.execution_options(schema_translate_map={None: schema_of(workspace)})
        self._writer = here
        self._reader = reader_of(here)
        self._glancer = glancer_of(here)
        self._workspace = workspace
        self._teller = teller

    @property
    def shared(self) -> bool:
        return True

    def newest(self) -> Usage:
        try:
            with self._glancer.connect() as connection:
                return Usage(*connection.execute(_usage).one())
        except sa.exc.ProgrammingError:
            raise StorageError("the workspace's schema is gone") from None

    @contextmanager
    def read(self) -> Iterator[SqlWorkspaceTx]:
        with transaction(self._reader) as connection:
            yield SqlWorkspaceTx(connection)

    @contextmanager
    def write(self) -> Iterator[PostgresWriteTx]:
        with transaction(self._writer) as connection:
            yield PostgresWriteTx(connection, self._workspace, self._teller)

    def close(self) -> None:
        """Nothing: the connections are the storage's."""
