"""What a transaction changed, for whoever shows records."""

from __future__ import annotations

from dataclasses import dataclass, field

from protocol.ids import LogId, RecordId

MOST_KEYS = 1_000


@dataclass(frozen=True, slots=True)
class RecordKey:
    """A record's identity: its home, its type, its id. `id` has 16 bytes."""

    log: LogId
    type: str
    id: RecordId

    @property
    def ref(self) -> str:
        """How other records refer to it: `type:32 hex digits`."""
        return f"{self.type}:{self.id.hex()}"


@dataclass(slots=True)
class Changes:
    """Types that changed, and which records while they are few (`complete`); else read everything again."""

    types: set[str] = field(default_factory=set)
    records: set[RecordKey] = field(default_factory=set)
    complete: bool = True
    conflicts: int = 0
    """Records that came into conflict."""

    def add(self, log: LogId, type: str, id: RecordId) -> None:
        self.types.add(type)
        if len(self.records) < MOST_KEYS:
            self.records.add(RecordKey(log, type, id))
        else:
            self.complete = False

    def merge(self, other: Changes) -> None:
        self.types |= other.types
        self.complete = self.complete and other.complete
        self.conflicts += other.conflicts
        for key in other.records if self.complete else ():
            self.add(key.log, key.type, key.id)

    def __bool__(self) -> bool:
        return bool(self.types)
