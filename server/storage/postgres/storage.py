"""`interface.Storage` over one PostgreSQL database, which several server processes may use at the same time."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from protocol.ids import WorkspaceId
from server.errors import NotFound
from server.storage.interface import News
from server.storage.migrate import Kind
from server.storage.postgres.engine import glancer_of, open_engine, reader_of, transaction
from server.storage.postgres.news import Listener, Teller
from server.storage.postgres.place import parse_place
from server.storage.postgres.schemas import (
    ACCOUNTS,
    has_schema,
    migrate_schema,
    schema_of,
    schemas,
    take_lock,
    workspace_of,
)
from server.storage.postgres.store import PostgresAccountTx, PostgresWorkspaceStore


class PostgresStorage:
    """Everything in one database: accounts in the schema `tacit`, each workspace in a schema of its own."""

    def __init__(self, url: str) -> None:
        """`url`: as `postgresql://user:password@host/database`. Raises StorageError, NewerData."""
        self._engine = open_engine(parse_place(url))
        self._glancer = glancer_of(self._engine)
        self._teller = Teller(secrets.token_hex(8))
        self._listener: Listener | None = None
        try:
            migrate_schema(self._engine, Kind.ACCOUNTS, ACCOUNTS)
        except BaseException:
            self._engine.dispose()
            raise
        self._accounts = self._engine.execution_options(schema_translate_map={None: ACCOUNTS})
        self._accounts_reader = reader_of(self._accounts)

    @contextmanager
    def read_accounts(self) -> Iterator[PostgresAccountTx]:
        with transaction(self._accounts_reader) as connection:
            yield PostgresAccountTx(connection, self._teller)

    @contextmanager
    def write_accounts(self) -> Iterator[PostgresAccountTx]:
        """One writer at a time, as with SQLite: quotas and challenges are counted before they are written."""
        with transaction(self._accounts) as connection:
            take_lock(connection, "accounts")
            yield PostgresAccountTx(connection, self._teller)

    def workspace_ids(self) -> list[WorkspaceId]:
        with self._glancer.connect() as connection:
            names = schemas(connection)
        return sorted(found for name in names if (found := workspace_of(name)) is not None)

    def open_workspace(self, workspace: WorkspaceId) -> PostgresWorkspaceStore:
        with self._glancer.connect() as connection:
            if not has_schema(connection, schema_of(workspace)):
                raise NotFound("no such workspace")
        return self.create_workspace(workspace)

    def create_workspace(self, workspace: WorkspaceId) -> PostgresWorkspaceStore:
        migrate_schema(self._engine, Kind.WORKSPACE, schema_of(workspace))
        return PostgresWorkspaceStore(self._engine, workspace, self._teller)

    def listen(self, news: News) -> None:
        assert self._listener is None
        self._listener = Listener(self._engine, self._teller.mark, news)
        self._listener.start()

    def close(self) -> None:
        if self._listener is not None:
            self._listener.stop()
        self._engine.dispose()
