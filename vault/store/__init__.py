"""The vault's database: records, history, search, outbox, in one SQLCipher file under a raw key.

store = Store.create(path, key, schema)        or Store.open
with store.write() as tx: ...                  one writer at a time; durable when the block has ended
with store.read() as tx: ...                   a snapshot
"""

from vault.store.changes import Changes, RecordKey
from vault.store.companions import Astray, Companions
from vault.store.connection import Tx
from vault.store.edit import Action, Draft, Editor
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
from vault.store.filters import CHANGED, CREATED, GROUP, TITLE, Filter, Op, Query, Shown, Sort
from vault.store.folding import Folder
from vault.store.history import Conflict, Did, FieldChange, History, HistoryEntry
from vault.store.indexing import Indexer
from vault.store.logs import Logs, StoredCommit
from vault.store.moved import copy_key
from vault.store.moving import Mover
from vault.store.numbers import Author, Numbers
from vault.store.outbox import Outbox, Part, Signed
from vault.store.record import Mark, Record
from vault.store.records import Cursor, Group, Page, Records
from vault.store.refolding import refold
from vault.store.search import Hit, Search
from vault.store.store import Store

__all__ = [
    "CHANGED",
    "CREATED",
    "GROUP",
    "TITLE",
    "Action",
    "Astray",
    "Author",
    "Changes",
    "Companions",
    "Conflict",
    "Cursor",
    "Did",
    "Draft",
    "Editor",
    "FieldChange",
    "Filter",
    "Folder",
    "Group",
    "History",
    "HistoryEntry",
    "Hit",
    "Indexer",
    "Logs",
    "Mark",
    "Mover",
    "NotAllowedHere",
    "NotFound",
    "Numbers",
    "Op",
    "Outbox",
    "Page",
    "Part",
    "Query",
    "Record",
    "RecordKey",
    "Records",
    "Search",
    "Shown",
    "Signed",
    "Sort",
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
    "copy_key",
    "refold",
]
