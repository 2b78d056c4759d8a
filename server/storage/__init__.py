"""Where the server keeps its bytes, behind an interface.

`interface` says what a storage does, and the contract suite in `tests/server` what it promises. `SqliteFolder` is one
folder with a SQLite file for accounts and one for each workspace. `postgres` is a database with a schema for each
workspace: another engine, locks that other processes heed, and the same statements, which are SQLAlchemy Core.
"""

from server.storage.backup import backup_folder
from server.storage.beside import FolderBeside
from server.storage.choice import open_database, open_storage
from server.storage.folder import SqliteFolder
from server.storage.interface import (
    AccountRow,
    AccountTx,
    ChallengeRow,
    CommitRow,
    FactorRow,
    LogRow,
    News,
    RosterRow,
    SessionRow,
    SignInRow,
    Storage,
    StoredCommit,
    WorkspaceStore,
    WorkspaceTx,
    WrapRow,
)
from server.storage.restoring import Restored, finish_restore, restore_folder

__all__ = [
    "AccountRow",
    "AccountTx",
    "ChallengeRow",
    "CommitRow",
    "FactorRow",
    "FolderBeside",
    "LogRow",
    "News",
    "Restored",
    "RosterRow",
    "SessionRow",
    "SignInRow",
    "SqliteFolder",
    "Storage",
    "StoredCommit",
    "WorkspaceStore",
    "WorkspaceTx",
    "WrapRow",
    "backup_folder",
    "finish_restore",
    "open_database",
    "open_storage",
    "restore_folder",
]
