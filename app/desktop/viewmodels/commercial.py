"""The commercial fields of a record as its page shows them: their values, or that they are closed."""

from __future__ import annotations

from dataclasses import dataclass

from app.crm.margins import commercial_fields
from app.desk import Desk
from app.desk.margins import with_companion
from protocol.ids import Level
from vault.schema import Field
from vault.store import Conflict, HistoryEntry, Record


@dataclass(frozen=True)
class Commercial:
    """`fields` there are; `level` says what the user may do with them. `stayed`: they are where the record was before
    it moved, and the user may bring them."""

    fields: tuple[Field, ...]
    level: Level
    record: Record | None
    stayed: bool

    @property
    def is_closed(self) -> bool:
        return self.level is Level.NONE

    @property
    def names(self) -> str:
        """ "Cost, margin, commission and terms"."""
        words = [self.fields[0].label, *(one.label.lower() for one in self.fields[1:])]
        return ", ".join(words[:-1]) + f" and {words[-1]}"


def read_commercial(desk: Desk, record: Record) -> Commercial | None:
    """None for a type without such fields. Threads: any."""
    fields = commercial_fields(record.key.type)
    if not fields:
        return None
    margins = desk.acts.margins
    level = margins.level(record.key)
    there = None if level is Level.NONE else margins.one(record.key)
    return Commercial(fields, level, there, there is None and bool(margins.astray(record.key)))


def with_commercial(record: Record, commercial: Commercial | None) -> Record:
    """The record with these fields among its own, for whatever shows fields."""
    return with_companion(record, None if commercial is None else commercial.record)


def past_of(
    desk: Desk, record: Record, commercial: Commercial | None
) -> tuple[tuple[HistoryEntry, ...], tuple[Conflict, ...]]:
    """The history of a record and of its commercial fields, the oldest first, and all conflicts. Threads: any."""
    history = list(desk.history.history(record.key))
    conflicts = list(desk.history.conflicts(record.key)) if record.conflicts else []
    there = None if commercial is None else commercial.record
    if there is not None:
        history += desk.history.history(there.key)
        history.sort(key=lambda entry: entry.mark.time)
        if there.conflicts:
            conflicts += desk.history.conflicts(there.key)
    return tuple(history), tuple(conflicts)


__all__ = ["Commercial", "past_of", "read_commercial", "with_commercial"]
