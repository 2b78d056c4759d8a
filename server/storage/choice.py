"""Which storage a server gets: a folder of SQLite files, or PostgreSQL where the operator names a database."""

from __future__ import annotations

from server.errors import StorageError
from server.settings import Settings
from server.storage.folder import SqliteFolder
from server.storage.interface import Storage


def open_storage(settings: Settings) -> Storage:
    """Raises StorageError where it cannot be used."""
    if settings.data is None:
        return open_database(settings.database)
    return SqliteFolder(settings.data)


def open_database(url: str) -> Storage:
    """Raises StorageError, also where the driver is not installed."""
    try:
        from server.storage.postgres import PostgresStorage
    except ModuleNotFoundError as missing:
        if missing.name is None or not missing.name.startswith("psycopg"):
            raise
        raise StorageError(
            "PostgreSQL needs psycopg, which packaging/server/requirements.lock names"
        ) from None
    return PostgresStorage(url)
