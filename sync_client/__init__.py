"""Moves sealed bytes between a vault and its server. No Qt, no plaintext; of the vault it sees `vault.exchange`.

`Syncer` keeps a workspace in step for as long as a desk is unlocked; `Round` is one round of it; `Http`,
`WorkspaceCalls` and the account functions are the single calls that first start, joining and signing in make.
"""

from sync_client.account import (
    Credentials,
    Door,
    MakeForward,
    change_second_factor,
    create_account,
    end_other_sessions,
    end_own_session,
    end_session,
    name_session,
    read_account,
    read_second_factor,
    read_sessions,
    replace_bundle,
    sign_in,
)
from sync_client.bringing_back import RESTORE
from sync_client.cancel import CancelToken, OnProgress, Progress, ignore_progress
from sync_client.errors import (
    Cancelled,
    CodeNeeded,
    Defect,
    FactorMissing,
    Offline,
    RateLimited,
    ServerMisbehaved,
    ServerRefused,
    ServerTrouble,
    SessionEnded,
    SignInRefused,
    SyncError,
)
from sync_client.http import Http
from sync_client.reconciling import Found, adopt, find_forks
from sync_client.rounds import KEYS, Round
from sync_client.syncer import Phase, Syncer, SyncState
from sync_client.workspace import WorkspaceCalls

__all__ = [
    "KEYS",
    "RESTORE",
    "CancelToken",
    "Cancelled",
    "CodeNeeded",
    "Credentials",
    "Defect",
    "Door",
    "FactorMissing",
    "Found",
    "Http",
    "MakeForward",
    "Offline",
    "OnProgress",
    "Phase",
    "Progress",
    "RateLimited",
    "Round",
    "ServerMisbehaved",
    "ServerRefused",
    "ServerTrouble",
    "SessionEnded",
    "SignInRefused",
    "SyncError",
    "SyncState",
    "Syncer",
    "WorkspaceCalls",
    "adopt",
    "change_second_factor",
    "create_account",
    "end_other_sessions",
    "end_own_session",
    "end_session",
    "find_forks",
    "ignore_progress",
    "name_session",
    "read_account",
    "read_second_factor",
    "read_sessions",
    "replace_bundle",
    "sign_in",
]
