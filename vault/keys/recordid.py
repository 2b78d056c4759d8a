"""Ids of records that were moved."""

from __future__ import annotations

from protocol.ids import ID_SIZE, LogId, RecordId
from protocol.signing import Namespace, digest


def moved_id(old_home: LogId, record: RecordId, mark_position: int) -> RecordId:
    """The copy's id (16 bytes) in its new home, derived from the old home, the id there and the position of
    the `moved` mark, so that two who move the same record make one copy."""
    return digest(Namespace.MOVED_RECORD, old_home.encode(), record, mark_position.to_bytes(8, "big"))[
        :ID_SIZE
    ]
