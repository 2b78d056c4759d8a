"""Where a moved record lives on: an id that every desk works out alike."""

from __future__ import annotations

from protocol.ids import LogId
from vault.keys.recordid import moved_id
from vault.store.changes import RecordKey


def copy_key(key: RecordKey, target: LogId, position: int) -> RecordKey:
    """Where a moved record lives on; `position` is that of the mark."""
    return RecordKey(target, key.type, moved_id(key.log, key.id, position))
