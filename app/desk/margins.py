"""The commercial fields of records at a desk: who may see and change them, reading and writing them.

A desk without the key of the log where they lie holds no byte of them: it knows from the schema that there are such
fields, and from the roster that they are closed to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.crm.margins import companion_type, split_fields
from app.desk.errors import NotAllowed
from protocol import access
from protocol.ids import Level, LogId
from protocol.operations import Value
from vault import Vault
from vault.moves import companion_home
from vault.store import Action, Astray, Draft, Record, RecordKey

BATCH = 250
WORDS_CLOSED = "Only people with access to costs and margins can see this."


class Margins:
    """Threads: any."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def home(self, record: RecordKey) -> LogId | None:
        """Where the commercial fields of a record belong; None for a type without."""
        kind = companion_type(record.type)
        return None if kind is None else companion_home(self._vault.roster, kind.compartment, record.log)

    def level(self, record: RecordKey) -> Level:
        """What the user may do with the commercial fields of this record."""
        home = self.home(record)
        return Level.NONE if home is None else access.level(self._vault.roster, self._vault.own.member, home)

    def open_to_me(self, type_name: str) -> bool:
        """Whether the user may see commercial fields of this type anywhere: whether lists offer them."""
        kind = companion_type(type_name)
        if kind is None:
            return False
        logs = access.logs_of(self._vault.roster, self._vault.own.member)
        return any(log.compartment is kind.compartment for log in logs)

    def of(self, records: Iterable[Record]) -> dict[RecordKey, Record]:
        """Record -> what holds its commercial fields, for those that have any here."""
        return self._vault.companions.of(record.key for record in records)

    def with_fields(self, records: Sequence[Record]) -> list[Record]:
        """The records with the commercial fields that this desk can read among their own."""
        there = self.of(records)
        return [with_companion(record, there.get(record.key)) for record in records]

    def each_with_fields(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same for many, some hundred at a time."""
        waiting: list[Record] = []
        for record in records:
            waiting.append(record)
            if len(waiting) >= BATCH:
                yield from self.with_fields(waiting)
                waiting.clear()
        yield from self.with_fields(waiting)

    def one(self, record: RecordKey) -> Record | None:
        """What holds the commercial fields of one record."""
        return self._vault.companions.of([record]).get(record)

    def put(
        self, action: Action, record: RecordKey, fields: Mapping[str, Value], seen: int | None = None
    ) -> None:
        """Change commercial fields in an action. Raises NotAllowed where the user may not."""
        if not fields:
            return
        home, kind = self.home(record), companion_type(record.type)
        present = self.one(record)
        log = present.key.log if present is not None else home
        if kind is None or log is None or not self._may_write(log):
            raise NotAllowed("Your role does not let you change costs and margins there.")
        if not self.are_its_own(record, log):
            raise NotAllowed(
                "Another record has the same id: nobody can tell whose costs and margins these are."
            )
        if present is not None:
            action.put(present.key, fields, seen)
        else:
            valued = {name: value for name, value in fields.items() if value is not None}
            if valued:
                action.write(Draft(kind.name, log, valued, record.id))

    def are_its_own(self, record: RecordKey, companion: LogId) -> bool:
        """Whether commercial fields in that log can be changed or moved for this record's sake. Somebody may make a
        record in his own log with the id of a colleague's, whose fields are shared: they go with the one that
        is alone in having the id, or that came to it by a move (nobody chooses such an id), never with his."""
        if companion.is_own or not record.log.is_own or self._vault.companions.is_alone(record):
            return True
        return bool(self._vault.mover.former(record, 1))

    def write(
        self, action: Action, record: RecordKey, fields: Mapping[str, Value], seen: int | None = None
    ) -> None:
        """Change fields of a record, its own and commercial ones, in one action. Raises NotAllowed."""
        own, commercial = split_fields(record.type, fields)
        if own:
            action.put(record, own, seen)
        self.put(action, record, commercial)

    def astray(self, record: RecordKey) -> list[Astray]:
        """Commercial fields that stayed behind when this record moved to another group."""
        return self._vault.moves.astray(record)

    def bring(self, record: RecordKey) -> int:
        """Bring them after it; how many."""
        found = self.astray(record)
        self._vault.moves.bring(found)
        return len(found)

    def _may_write(self, log: LogId) -> bool:
        return access.level(self._vault.roster, self._vault.own.member, log) is Level.WRITE


def with_companion(record: Record, companion: Record | None) -> Record:
    """The record with its companion's fields among its own, for whatever shows fields."""
    if companion is None:
        return record
    return replace(
        record,
        fields={**record.fields, **companion.fields},
        conflicts=(*record.conflicts, *companion.conflicts),
        pending=record.pending or companion.pending,
    )


__all__ = ["WORDS_CLOSED", "Margins", "with_companion"]
