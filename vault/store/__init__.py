"""The vault's database: records, history, search, outbox, in one SQLCipher file under a raw key.

store = Store.create(path, key, schema)        or Store.open
with store.write() as tx: ...                  one writer at a time; durable when the block has ended
with store.read() as tx: ...                   a snapshot
"""

from vault.store.changes import Changes, RecordKey
from vault.store.connection import Tx
from vault.store.errors import (
    NotAllowedHere,
    NotFound,
    StoreError,
    TooLarge,
    VaultBusy,
    VaultClosed,
    VaultDamaged,
    VaultFull,
    VaultReadOnly,
    VaultTooNew,
)
from vault.store.folding import Folder
from vault.store.logs import Logs, StoredCommit
from vault.store.numbers import Author, Numbers
from vault.store.outbox import Outbox, Part, Signed
from vault.store.store import Store

__all__ = [
    "Author",
    "Changes",
    "Folder",
    "Logs",
    "NotAllowedHere",
    "NotFound",
    "Numbers",
    "Outbox",
    "Part",
    "RecordKey",
    "Signed",
    "Store",
    "StoreError",
    "StoredCommit",
    "TooLarge",
    "Tx",
    "VaultBusy",
    "VaultClosed",
    "VaultDamaged",
    "VaultFull",
    "VaultReadOnly",
    "VaultTooNew",
]
