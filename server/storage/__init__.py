"""Where the server keeps its bytes, behind an interface.

`interface` says what a storage does, and the contract suite in `tests/server` what it promises. `SqliteFolder` is one
folder with a SQLite file for accounts and one for each workspace. A PostgreSQL storage (a schema for each
workspace) needs another engine and another place, not other statements: those are SQLAlchemy Core.
"""

from server.storage.backup import backup_folder
from server.storage.folder import SqliteFolder
from server.storage.interface import (
    AccountRow,
    AccountTx,
    ChallengeRow,
    CommitRow,
    LogRow,
    RosterRow,
    SessionRow,
    Storage,
    StoredCommit,
    WorkspaceStore,
    WorkspaceTx,
    WrapRow,
)

__all__ = [
    "AccountRow",
    "AccountTx",
    "ChallengeRow",
    "CommitRow",
    "LogRow",
    "RosterRow",
    "SessionRow",
    "SqliteFolder",
    "Storage",
    "StoredCommit",
    "WorkspaceStore",
    "WorkspaceTx",
    "WrapRow",
    "backup_folder",
]
