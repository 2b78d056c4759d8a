"""A folder that a server may be serving at the same time, for commands of the operator.

SQLite lets several processes in; the folder's lock keeps other *servers* out, and these commands start none. Nothing is
migrated here: files of another version are refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from protocol.ids import WorkspaceId
from server.errors import NotFound, StorageError
from server.storage.accounts import SqlAccountTx
from server.storage.engine import open_engine, transaction
from server.storage.folder import check_whole, workspaces_in
from server.storage.interface import News
from server.storage.migrate import Kind, newest, revision
from server.storage.workspace import SqlWorkspaceStore


class FolderBeside:
    """`interface.Storage` over a folder whose lock somebody else may hold. It makes nothing."""

    def __init__(self, folder: Path) -> None:
        """Raises StorageError for what is no server's folder, or not of this version."""
        if not (folder / "server.db").is_file():
            raise StorageError("no server's folder there")
        check_whole(folder)
        self._folder = folder
        self._accounts = _opened(folder / "server.db", Kind.ACCOUNTS)

    @contextmanager
    def read_accounts(self) -> Iterator[SqlAccountTx]:
        with transaction(self._accounts, write=False) as connection:
            yield SqlAccountTx(connection)

    @contextmanager
    def write_accounts(self) -> Iterator[SqlAccountTx]:
        with transaction(self._accounts, write=True) as connection:
            yield SqlAccountTx(connection)

    def workspace_ids(self) -> list[WorkspaceId]:
        return workspaces_in(self._folder)

    def open_workspace(self, workspace: WorkspaceId) -> SqlWorkspaceStore:
        path = self._folder / "workspaces" / f"{workspace.hex()}.db"
        if not path.is_file():
            raise NotFound("no such workspace")
        return SqlWorkspaceStore(_opened(path, Kind.WORKSPACE))

    def create_workspace(self, workspace: WorkspaceId) -> SqlWorkspaceStore:
        """Not beside a server: gives what is there. Raises NotFound."""
        return self.open_workspace(workspace)

    def listen(self, news: News) -> None:
        """Nothing: commands end before there is news."""

    def close(self) -> None:
        self._accounts.dispose()


def _opened(path: Path, kind: Kind) -> sa.Engine:
    engine = open_engine(path)
    try:
        if revision(engine) != newest(kind):
            raise StorageError(f"{path.name} is not of this version: `python -m server migrate` first")
    except BaseException:
        engine.dispose()
        raise
    return engine
