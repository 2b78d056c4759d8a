"""Schemas: their names, and bringing each to this server's revision under a lock that all processes know."""

from __future__ import annotations

import base64
import hashlib

import sqlalchemy as sa
from alembic.migration import MigrationContext

from protocol.ids import HASH_SIZE, WorkspaceId
from server.errors import NewerData
from server.storage.migrate import Kind, known_revisions, newest, note_migration, upgrade

ACCOUNTS = "tacit"
PREFIX = "w_"


def schema_of(workspace: WorkspaceId) -> str:
    """`w_` and the id in base32, 54 characters: with hexadecimal digits it would pass PostgreSQL's 63."""
    assert len(workspace) == HASH_SIZE
    return PREFIX + base64.b32encode(workspace).decode().rstrip("=").lower()


def workspace_of(schema: str) -> WorkspaceId | None:
    """The workspace whose schema it is; None for somebody else's."""
    digits = schema.removeprefix(PREFIX).upper()
    try:
        found = base64.b32decode(digits + "=" * (-len(digits) % 8))
    except ValueError:
        return None
    return found if len(found) == HASH_SIZE and schema_of(found) == schema else None


def lock_number(name: str) -> int:
    """What PostgreSQL's advisory locks go by: 64 bits, signed."""
    digest = hashlib.sha256(b"tacit server lock\0" + name.encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def take_lock(connection: sa.Connection, name: str) -> None:
    """Wait for a lock that ends with the transaction."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(lock_number(name))))


def schemas(connection: sa.Connection) -> list[str]:
    found = connection.exec_driver_sql("SELECT nspname FROM pg_namespace ORDER BY nspname").scalars()
    return [str(name) for name in found]


def has_schema(connection: sa.Connection, schema: str) -> bool:
    query = sa.text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    return connection.execute(query, {"name": schema}).scalar_one_or_none() is not None


def migrate_schema(engine: sa.Engine, kind: Kind, schema: str) -> None:
    """Make the schema where there is none, and bring it to this server's revision, all or nothing.

    Raises NewerData where it is beyond it.
    """
    if _revision(engine, kind, schema) == newest(kind):
        return
    with engine.begin() as connection:
        take_lock(connection, f"migrate {schema}")
        if not has_schema(connection, schema):  # asked for: IF NOT EXISTS goes by a cache of before the lock
            connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
        _enter(connection, schema)
        present = MigrationContext.configure(connection).get_current_revision()
        upgrade(connection, kind)  # nothing, where another process was faster
        workspace = workspace_of(schema)
        if workspace is not None and present is not None and present != newest(kind):
            note_migration(connection, workspace, present)


def _revision(engine: sa.Engine, kind: Kind, schema: str) -> str | None:
    with engine.begin() as connection:
        _enter(connection, schema)
        present = MigrationContext.configure(connection).get_current_revision()
    if present is not None and present not in known_revisions(kind):
        raise NewerData(f"schema {schema[:10]} was written by a newer server (revision {present})")
    return present


def _enter(connection: sa.Connection, schema: str) -> None:
    """Let plain names mean this schema until the transaction ends. The name is one of ours, without quotes in it."""
    connection.exec_driver_sql(f'SET LOCAL search_path TO "{schema}"')
