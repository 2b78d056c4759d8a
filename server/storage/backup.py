"""A copy of a whole folder while the server runs. Needs no lock: each file is copied in one read transaction.

The accounts are copied last, so that every account that a copied workspace links to is in the copy. Sessions are
left out: one that was ended after the backup would live again in a server that is restored from it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from server.errors import StorageError
from server.storage.folder import workspaces_in
from server.storage.migrate import copy_database


def backup_folder(folder: Path, target: Path) -> int:
    """Copy to `target`, which must be empty or absent; the number of workspaces. Raises StorageError."""
    if not (folder / "server.db").is_file():
        raise StorageError("no server's folder there")
    if target.exists() and any(target.iterdir()):
        raise StorageError("the folder for the backup is not empty")
    (target / "workspaces").mkdir(mode=0o700, parents=True, exist_ok=True)
    target.chmod(0o700)
    workspaces = workspaces_in(folder)
    for workspace in workspaces:
        name = f"{workspace.hex()}.db"
        copy_database(folder / "workspaces" / name, target / "workspaces" / name)
    accounts = target / "server.db"
    copy_database(folder / "server.db", accounts)
    with closing(sqlite3.connect(accounts)) as copy:
        for table in ("sessions", "challenges", "attempts"):
            copy.execute(f"DELETE FROM {table}")  # one of these three names
        copy.commit()
        copy.execute("VACUUM").close()
    return len(workspaces)
