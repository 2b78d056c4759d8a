"""What leaves and enters the vault: all that the sync client sees of it.

`Exchange` takes and gives the structures of `protocol.wire`; it verifies, seals, signs and keeps pins, and knows no
network. Errors: `vault.roster` (TrustError, MemberError) and `vault.store`.
"""

from vault.errors import VaultError
from vault.exchange.adopting import Fork
from vault.exchange.confirming import Confirmed
from vault.exchange.exchange import Exchange
from vault.exchange.giving import Waiting
from vault.exchange.own import Own, load_own, save_own
from vault.exchange.pins import Pin, PinFile
from vault.exchange.sealing import is_upkeep
from vault.exchange.types import Accepted, LogRange, StoppedLog
from vault.roster.errors import (
    AdoptRefused,
    Forked,
    LogBroken,
    MemberError,
    MovedOn,
    NotAMember,
    NotConfirmed,
    Refused,
    RestoredBackup,
    RolledBack,
    RosterBroken,
    ServerRestored,
    TrustError,
    WrongWorkspace,
)
from vault.roster.local import LocalRoster

__all__ = [
    "Accepted",
    "AdoptRefused",
    "Confirmed",
    "Exchange",
    "Fork",
    "Forked",
    "LocalRoster",
    "LogBroken",
    "LogRange",
    "MemberError",
    "MovedOn",
    "NotAMember",
    "NotConfirmed",
    "Own",
    "Pin",
    "PinFile",
    "Refused",
    "RestoredBackup",
    "RolledBack",
    "RosterBroken",
    "ServerRestored",
    "StoppedLog",
    "TrustError",
    "VaultError",
    "Waiting",
    "WrongWorkspace",
    "is_upkeep",
    "load_own",
    "save_own",
]
