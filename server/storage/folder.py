"""The default storage: one folder, `server.db` for the accounts and `workspaces/<hex id>.db` for each workspace."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from protocol.ids import HASH_SIZE, WorkspaceId
from server.errors import NotFound, StorageError
from server.storage.accounts import SqlAccountTx
from server.storage.engine import open_engine, transaction
from server.storage.interface import News
from server.storage.lock import lock_folder
from server.storage.migrate import Kind, migrate
from server.storage.workspace import SqlWorkspaceStore

RESTORING, READY = "restoring", "ready"
"""Where `server.storage.restoring` puts files together, and the file that says that they are whole."""


class SqliteFolder:
    """`interface.Storage` over a folder. Files and folders are the server user's alone (0700, 0600)."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder where there is none. Raises FolderBusy, NewerData."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_private(folder)
        self.folder = folder
        self._lock = lock_folder(folder)
        try:
            check_whole(folder)
            self._workspaces = folder / "workspaces"
            self._workspaces.mkdir(mode=0o700, exist_ok=True)
            self._workspaces.chmod(0o700)
            path = folder / "server.db"
            _touch(path)
            self._accounts = open_engine(path)
            migrate(self._accounts, Kind.ACCOUNTS, path)
        except BaseException:
            self._lock.close()
            raise

    @contextmanager
    def read_accounts(self) -> Iterator[SqlAccountTx]:
        with transaction(self._accounts, write=False) as connection:
            yield SqlAccountTx(connection)

    @contextmanager
    def write_accounts(self) -> Iterator[SqlAccountTx]:
        with transaction(self._accounts, write=True) as connection:
            yield SqlAccountTx(connection)

    def workspace_ids(self) -> list[WorkspaceId]:
        return workspaces_in(self.folder)

    def open_workspace(self, workspace: WorkspaceId) -> SqlWorkspaceStore:
        path = self._path(workspace)
        if not path.is_file():
            raise NotFound("no such workspace")
        _touch(path)
        return self._open(path, workspace)

    def create_workspace(self, workspace: WorkspaceId) -> SqlWorkspaceStore:
        path = self._path(workspace)
        _touch(path)
        return self._open(path, workspace)

    def listen(self, news: News) -> None:
        """Nothing: the folder is locked, so there is no other process."""

    def close(self) -> None:
        self._accounts.dispose()
        self._lock.close()

    def _path(self, workspace: WorkspaceId) -> Path:
        assert len(workspace) == HASH_SIZE
        return self._workspaces / f"{workspace.hex()}.db"

    def _open(self, path: Path, workspace: WorkspaceId) -> SqlWorkspaceStore:
        engine = open_engine(path)
        try:
            migrate(engine, Kind.WORKSPACE, path, workspace)
        except BaseException:
            engine.dispose()
            raise
        return SqlWorkspaceStore(engine)


def check_whole(folder: Path) -> None:
    """Raises StorageError for a folder in which a restore was broken off: half of it is of another time."""
    if (folder / RESTORING / READY).exists():
        raise StorageError("a restore was broken off here: `python -m server restore` finishes it")


def _touch(path: Path) -> None:
    """Make a database's file, and take it from others where a restore has let them read it."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        if sys.platform != "win32" and os.fstat(handle).st_mode & 0o077:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)


def _check_private(folder: Path) -> None:
    """Raises StorageError for a folder that others on this machine could change under the server."""
    if sys.platform == "win32":
        return
    status = folder.stat()
    mine = os.geteuid() == 0 or status.st_uid in (os.geteuid(), 0)
    if not mine or status.st_mode & 0o022:
        raise StorageError(f"{folder.name}: others can write into this folder; make it yours with mode 0700")


def workspaces_in(folder: Path) -> list[WorkspaceId]:
    """The ids of a folder's workspaces, in order."""
    stems = sorted(path.stem for path in (folder / "workspaces").glob("*.db"))
    return [bytes.fromhex(stem) for stem in stems if len(stem) == 2 * HASH_SIZE]
