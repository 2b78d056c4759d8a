"""The commercial fields of a record as its page shows them: their values, or that they are closed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.crm.margins import commercial_fields
from app.desk import Desk
from app.desk.margins import with_companion
from protocol.ids import Level
from vault.schema import Field
from vault.store import Conflict, Did, HistoryEntry, Record

BROUGHT = 120
"""Seconds within which commercial fields follow their record to its new home, as a rule."""


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
    """The history of a record, from before it moved here too, and of its commercial fields, the oldest first; and all
    conflicts. Threads: any."""
    history = list(desk.history.history(record.key))
    former = desk.vault.mover.former(record.key)
    if former:
        history = [
            entry for entry in history if entry.did is not Did.CREATED
        ]  # the copy, by whoever brought it
    for key in former[:-1]:
        history += [entry for entry in desk.history.history(key) if entry.did is not Did.CREATED]
    for key in former[-1:]:
        history += desk.history.history(key)
    conflicts = list(desk.history.conflicts(record.key)) if record.conflicts else []
    there = None if commercial is None else commercial.record
    if there is not None:
        history += _filled_in(desk, record, there, bool(former))
        if there.conflicts:
            conflicts += desk.history.conflicts(there.key)
    told = [entry for entry in history if entry.changes or entry.did is not Did.CHANGED]
    return tuple(sorted(told, key=lambda entry: entry.mark.time)), tuple(conflicts)


def _filled_in(desk: Desk, record: Record, there: Record, brought: bool) -> list[HistoryEntry]:
    """The history of commercial fields. That they were made together with the record, or were brought after it, is no
    news beside the record itself."""
    entries = desk.history.history(there.key)
    made = {one.action for one in desk.history.history(record.key) if one.did is Did.CREATED}
    found = [one for one in entries if one.did is not Did.CREATED]
    for one in entries:
        late = not brought or one.mark.time > record.created.time + BROUGHT
        if one.did is Did.CREATED and one.action not in made and late:
            found.append(replace(one, did=Did.CHANGED))
    return found


__all__ = ["Commercial", "past_of", "read_commercial", "with_commercial"]
