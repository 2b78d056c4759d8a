"""Finishing moves: the copy in the new home, when the mark in the old one has its position.

The copy's id comes from the old home, the id there and the position of the mark, so two desks that finish the same move
make one record. What is written to the old home after the mark is carried over once, by the desk that moved it. A
companion (`vault.store.companions`) takes the id of its record's copy, and goes to where that record went. References
between records that left one home together name the copies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from protocol.codec import encode
from protocol.ids import Compartment, LogId, MemberId
from protocol.operations import Value
from vault.schema import FieldKind
from vault.store.changes import Changes, RecordKey
from vault.store.columns import split_ref
from vault.store.companions import base_of, belongs
from vault.store.connection import Tx
from vault.store.edit import Action, Draft, Editor
from vault.store.folding import Folder
from vault.store.moved import copy_key
from vault.store.numbers import Author
from vault.store.rows import HAS_MOVED, OTHER, StoredRow, Tables, load, load_number
from vault.store.state import PENDING, RecordState
from vault.store.store import Store

CARRIED = "carried:"
FIELDS_IN_A_PUT = 500
BYTES_IN_A_PUT = 1_000_000
"""A record may have grown, put by put, beyond what one put may hold: its copy is made in several."""

MayWrite = Callable[[LogId], bool]
MayAsk = Callable[[MemberId, LogId, LogId], bool]
"""Whether a mark of this member's, from the first log to the second, is to be finished here: see `Mover.finish`."""
CompanionHome = Callable[[Compartment, LogId], LogId]
"""Where a companion with fields of that compartment belongs whose record is in that log."""
Waits = Callable[[MemberId, LogId, int], bool]
"""Whether a copy into that log is for now left to the member who wanted it, at that time (Unix seconds)."""
OnCopy = Callable[[Tx, RecordKey, RecordKey], None]
"""Told of (old, copy), in the transaction that makes the copy."""


def _beside(compartment: Compartment, log: LogId) -> LogId:
    return LogId(log.group, compartment)


def _at_once(member: MemberId, target: LogId, time: int) -> bool:
    return False


def _unheard(tx: Tx, old: RecordKey, copy: RecordKey) -> None:
    """For whoever need not know."""


@dataclass
class _Round:
    """What one call has to go by, and what it found to do."""

    may_write: MayWrite
    may_ask: MayAsk
    companion_home: CompanionHome
    waits: Waits
    action: Action = field(default_factory=Action)
    carried: dict[str, int] = field(default_factory=dict)
    copies: dict[RecordKey, RecordKey] = field(default_factory=dict)  # copy -> old, of copies that are new


class Mover:
    """Used by one thread at a time."""

    def __init__(self, store: Store, folder: Folder, editor: Editor) -> None:
        self._store = store
        self._folder = folder
        self._editor = editor
        self._tables: Tables = folder.tables
        self._settled: dict[int, tuple[int, int]] = {}  # rows with nothing left to do, as they were then
        self._epoch = 0
        self._former: dict[str, tuple[int, dict[RecordKey, RecordKey], set[int]]] = {}

    def finish(
        self,
        may_write: MayWrite,
        may_ask: MayAsk,
        limit: int = 200,
        *,
        companion_home: CompanionHome = _beside,
        on_copy: OnCopy = _unheard,
        waits: Waits = _at_once,
        epoch: int = 0,
    ) -> list[RecordKey]:
        """Make the copies that are due, and carry over what came later; the copies that were written.

        `may_write` says whether this desk may write to a log. That is not enough: the copy is signed here, so a mark
        of somebody else's must not carry anything where he himself could not put it. `may_ask` judges that. Rows are
        looked at again when they change, or when `epoch` (the position of the roster that both go by) does.
        """
        if epoch != self._epoch:
            self._settled.clear()
            self._epoch = epoch
        found = _Round(may_write, may_ask, companion_home, waits)
        with self._store.read() as tx:
            for number, mark in self._moved(tx):
                if len(found.action.steps) >= limit:
                    break
                row = load_number(tx, self._tables, number)
                if row is not None and self._finish(tx, row, found):
                    self._settled[number] = mark
        if not found.action.steps and not found.carried:
            return []
        with self._store.write() as tx:
            for name, position in found.carried.items():
                tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, position))
            for copy, old in found.copies.items():
                on_copy(tx, old, copy)
            changes: Changes = self._editor.perform_in(tx, found.action)
        self._editor.announce(changes)
        return list(dict.fromkeys(step.key for step in found.action.steps))

    def copy_of(self, key: RecordKey) -> RecordKey | None:
        """The copy of a moved record, where its mark has a position; None else, and for companions."""
        with self._store.read() as tx:
            log = self._store.numbers.find_log(tx, key.log)
            row = None if log is None else load(tx, self._tables, key.type, log, [key.id]).get(key.id)
            return None if row is None else self._copy(key, row)

    def former(self, key: RecordKey, most: int = 20) -> list[RecordKey]:
        """What a record was before it came here by moves, the latest first; as far as this desk can read it."""
        known = self._all_moved(key.type)
        found: list[RecordKey] = []
        while key in known and len(found) < most:
            key = known[key]
            found.append(key)
        return found

    def _all_moved(self, type_name: str) -> dict[RecordKey, RecordKey]:
        """Copy -> what it was, of every moved record of the type whose mark has its place."""
        version, moved, seen = self._former.get(type_name, (-1, {}, set()))
        now = self._store.type_version(type_name)
        if version == now:
            return moved
        moved, seen = dict(moved), set(seen)
        table = self._tables.name(type_name)
        with self._store.read() as tx:
            for (number,) in tx.all(f"SELECT id FROM {table} WHERE flags <> 0 AND flags & {HAS_MOVED}"):
                row = None if number in seen else load_number(tx, self._tables, cast(int, number))
                if row is not None and row.type == type_name:
                    old = RecordKey(self._store.numbers.log_of(tx, row.log), row.type, row.id)
                    copy = self._copy(old, row)
                    if copy is not None:
                        moved[copy] = old
                        seen.add(row.number)  # the first mark stands for good
        self._former[type_name] = (now, moved, seen)
        return moved

    @staticmethod
    def _copy(key: RecordKey, row: StoredRow) -> RecordKey | None:
        if row.state is None or row.state.moved is None or row.state.moved[1][0] >= PENDING:
            return None
        return copy_key(key, LogId.decode(row.state.moved[0]), row.state.moved[1][0])

    def _moved(self, tx: Tx) -> list[tuple[int, tuple[int, int]]]:
        """Rows that were moved and may have something left to do, each with what tells that it changed."""
        rows: list[tuple[int, tuple[int, int]]] = []
        for table in self._tables.names():
            if table != OTHER:
                sql = f"SELECT id, flags, changed FROM {table} WHERE flags <> 0 AND flags & {HAS_MOVED} ORDER BY id"
                found = cast("list[tuple[int, int, int]]", tx.all(sql))
                rows += [(n, (flags, at)) for n, flags, at in found if self._settled.get(n) != (flags, at)]
        return rows

    def _finish(self, tx: Tx, row: StoredRow, found: _Round) -> bool:
        """Whether nothing is left to do for this row, until it changes."""
        state = row.state
        if state is None or state.moved is None or state.deleted:
            return state is None or state.moved is None
        target, mark = LogId.decode(state.moved[0]), state.moved[1]
        if mark[0] >= PENDING:
            return False
        home = self._store.numbers.log_of(tx, row.log)
        old = RecordKey(home, row.type, row.id)
        is_companion = bool(self._companion_of(row.type))
        author = self._store.numbers.author_of(tx, mark[1])
        key: RecordKey | None = copy_key(old, target, mark[0])
        if is_companion:
            key = self._companion_copy(tx, old, target, author.member, mark[2], found)
        if key is None:
            return False
        mine = author == Author(self._folder.member, self._folder.device)
        if not found.may_write(key.log) or not (mine or found.may_ask(author.member, home, key.log)):
            return not is_companion
        if not mine and found.waits(author.member, key.log, mark[2]):
            return False
        number = self._store.numbers.find_log(tx, key.log)
        present = None if number is None else load(tx, self._tables, key.type, number, [key.id]).get(key.id)
        name = f"{CARRIED}{row.number}"
        before = tx.number("SELECT value FROM meta WHERE name = ?", (name,))
        upto = max(mark[0], before)
        if present is None:
            puts = _puts(self._followed(tx, row, home, fields_of(state)))
            if puts is None:
                return True
            found.action.write(Draft(key.type, key.log, puts[0], key.id))
            for some in puts[1:]:
                found.action.put(key, some)
            found.copies[key] = old
        elif mine:
            late: dict[str, Value] = {
                field: state.fields[field] for field, at in state.latest().items() if upto < at[0] < PENDING
            }
            if is_companion and not before and present.state is not None:
                # Somebody began another one for the copy before this one came: neither's fields are lost.
                there = present.state.fields
                late = {n: v for n, v in fields_of(state).items() if n not in there} | late
            late_puts = _puts(self._followed(tx, row, home, late))
            if late_puts is None:
                return True
            if late and present.state is not None and not _gone(present.state):
                for some in late_puts:
                    found.action.put(key, some)
        newest = max((at[0] for at in state.latest().values() if at[0] < PENDING), default=0)
        if newest > upto or present is None or (is_companion and mine and not before):
            found.carried[name] = max(newest, upto)
        return present is not None and not any(at[0] >= PENDING for at in state.latest().values())

    def _companion_of(self, type_name: str) -> str:
        table = self._tables.by_type.get(type_name)
        return "" if table is None else table.type.companion_of

    def _companion_copy(
        self, tx: Tx, old: RecordKey, target: LogId, mover: MemberId, time: int, found: _Round
    ) -> RecordKey | None:
        """Where a companion goes: to its record's copy; None while that has none."""
        base = base_of(tx, self._tables, self._store.schema, self._store.numbers, old, mover, time)
        if base is None:
            return None
        record = RecordKey(self._store.numbers.log_of(tx, base.log), base.type, base.id)
        copy = self._copy(record, base)
        if copy is None:
            return None
        if target.compartment is not old.log.compartment or not belongs(target, copy.log):
            # Two moved the record at once, and not to one place: the companion goes where the record went.
            target = found.companion_home(old.log.compartment, copy.log)
        return RecordKey(target, old.type, copy.id)

    def _followed(self, tx: Tx, row: StoredRow, home: LogId, fields: dict[str, Value]) -> dict[str, Value]:
        """The fields, with references to what left the same home naming the copies. Only there: every desk that
        finishes this move reads that home, and so all come to the same."""
        table = self._tables.by_type.get(row.type)
        if table is None:
            return fields
        followed = dict(fields)
        for one in table.type.fields:
            value = fields.get(one.name)
            parts = split_ref(value) if one.kind is FieldKind.REF and isinstance(value, str) else None
            other = (
                None if parts is None else load(tx, self._tables, parts[0], row.log, [parts[1]]).get(parts[1])
            )
            copy = None if other is None else self._copy(RecordKey(home, other.type, other.id), other)
            if copy is not None:
                followed[one.name] = copy.ref
        return followed


def _puts(fields: dict[str, Value]) -> list[dict[str, Value]] | None:
    """The fields in as many puts as they need, at least one; None where a single value is larger than any part of
    the outbox may be (such a record stays where it is)."""
    puts: list[dict[str, Value]] = [{}]
    size = 0
    for name, value in fields.items():
        length = len(encode(value)) + 4 * len(name)
        if length > BYTES_IN_A_PUT:
            return None
        if len(puts[-1]) >= FIELDS_IN_A_PUT or size + length > BYTES_IN_A_PUT:
            puts.append({})
            size = 0
        puts[-1][name] = value
        size += length
    return puts


def fields_of(state: RecordState) -> dict[str, Value]:
    """The fields that have a value."""
    return {name: value for name, value in state.fields.items() if value is not None}


def _gone(state: RecordState) -> bool:
    return state.deleted or state.moved is not None or state.erased
