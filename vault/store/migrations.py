"""Numbered migrations of the vault's own tables, forward only.

Before the first step an encrypted copy of the file is put beside it (`vault.db.before-<version>`), so that a step
that goes wrong loses nothing. Each step is one transaction. A file of a newer version is refused unchanged.
What depends on the application's schema is not here: `layout` rebuilds it from the records themselves.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import cast

import sqlcipher3.dbapi2 as dbapi

from vault.store.connection import translated
from vault.store.errors import StoreError, VaultTooNew
from vault.store.tables import VERSION_1, VERSION_2

MIGRATIONS: dict[int, str] = {1: VERSION_1, 2: VERSION_2}
"""SQL that brings a file from the version before to this one."""


def migrate(connection: dbapi.Connection, path: Path) -> int:
    """Bring the file forward; returns its version before. Raises VaultTooNew, VaultFull, VaultReadOnly."""
    newest = max(MIGRATIONS)
    with translated():
        version = cast(int, connection.execute("PRAGMA user_version").fetchone()[0])
    if version > newest:
        raise VaultTooNew(f"version {version}, this program knows {newest}")
    if 0 < version < newest:
        back_up(connection, path, version)
    for number in range(version + 1, newest + 1):
        _step(connection, number)
    return version


def back_up(connection: dbapi.Connection, path: Path, version: int) -> Path:
    """Copy the (encrypted) file as it is now, by way of a temporary name, durably."""
    target = path.with_name(f"{path.name}.before-{version}")
    half = path.with_name(f"{path.name}.before-{version}.part")
    with translated():
        blocked = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if blocked:
            raise StoreError("the log of changes could not be written back before the backup")
        connection.execute("BEGIN IMMEDIATE")  # nothing changes while it is copied
    try:
        shutil.copyfile(path, half)
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.chmod(0o600)
        half.replace(target)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise StoreError(f"no backup could be made: {error.strerror}") from None
    finally:
        with translated():
            connection.execute("ROLLBACK")
    return target


def _step(connection: dbapi.Connection, number: int) -> None:
    with translated():
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def statements(script: str) -> list[str]:
    """The single statements of a script of ours (no `;` inside them)."""
    return [statement.strip() for statement in script.split(";") if statement.strip()]
