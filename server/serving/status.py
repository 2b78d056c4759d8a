"""`python -m server status`: what a folder or a database holds. May run beside the server."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from protocol.ids import WorkspaceId
from server.errors import StorageError
from server.storage import Storage
from server.storage.folder import workspaces_in

QUESTIONS = {
    "roster": "SELECT count(*) FROM roster",
    "members": "SELECT count(*) FROM links",
    "logs": "SELECT count(*) FROM logs",
    "commits": "SELECT count(*) FROM commits",
    "stored": "SELECT stored FROM usage",
    "cursor": "SELECT serial FROM usage",
    "revision": "SELECT version_num FROM alembic_version",
}


def folder_status(folder: Path) -> dict[str, object]:
    """Counts and bytes. Workspaces are shown by the first eight digits of their ids. Raises StorageError."""
    path = folder / "server.db"
    if not path.is_file():
        raise StorageError("no server's folder there")
    workspaces = []
    for workspace in workspaces_in(folder):
        file = folder / "workspaces" / f"{workspace.hex()}.db"
        row: dict[str, object] = {"id": workspace.hex()[:8], "bytes": file.stat().st_size}
        row.update({name: _ask(file, question) for name, question in QUESTIONS.items()})
        workspaces.append(row)
    return {
        "accounts": _ask(path, "SELECT count(*) FROM accounts"),
        "sessions": _ask(path, "SELECT count(*) FROM sessions"),
        "revision": _ask(path, "SELECT version_num FROM alembic_version"),
        "workspaces": workspaces,
    }


def _ask(path: Path, question: str) -> object:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute(question).fetchone()
    except sqlite3.OperationalError:
        return None  # a file that a cut-off creation has left without tables
    return None if found is None else found[0]


def database_status(storage: Storage) -> dict[str, object]:
    """The counts of a database, of which this closes the storage. It must be of this server's version."""
    try:
        with storage.read_accounts() as tx:
            status: dict[str, object] = dict(tx.counts())
        del status["memberships"]
        return {**status, "workspaces": [_workspace(storage, each) for each in storage.workspace_ids()]}
    finally:
        storage.close()


def _workspace(storage: Storage, workspace: WorkspaceId) -> dict[str, object]:
    store = storage.open_workspace(workspace)
    try:
        with store.read() as tx:
            usage = tx.usage()
            logs = tx.logs()
            counts = {
                "roster": sum(1 for _ in tx.roster()),
                "members": len(tx.member_links()),
                "logs": len(logs),
                "commits": sum(row.position for row in logs),
                "stored": usage.stored,
                "cursor": usage.serial,
            }
    finally:
        store.close()
    return {"id": workspace.hex()[:8], **counts}


def print_status(status: dict[str, object], *, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps(status, indent=2) + "\n")
        return 0
    workspaces = status.pop("workspaces")
    assert isinstance(workspaces, list)
    for name, value in status.items():
        sys.stdout.write(f"{name:<10} {value}\n")
    for row in workspaces:
        sys.stdout.write("  ".join(f"{name} {value}" for name, value in row.items()) + "\n")
    return 0
