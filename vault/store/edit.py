"""Editing: operations made here, shown at once, queued for sending; acknowledged when they are on the disk.

    with editor.action() as action:
        person = action.create("person", home, {"name": "Ann"})
        action.put(deal.key, {"amount": 5_0000}, seen=deal.seen)

One action is one transaction and one entry of the outbox (with a part for each log). Leaving the block without an
error means that it is on the disk; an exception inside the block means that nothing was done.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from protocol.ids import ID_SIZE, LogId, RecordId
from protocol.limits import MAX_FIELDS, MAX_VALUE
from protocol.operations import Delete, Moved, Operation, Put, Restore, Value
from vault.store.changes import Changes, RecordKey
from vault.store.connection import Tx
from vault.store.errors import NotAllowedHere, NotFound, TooLarge
from vault.store.fold import same
from vault.store.folding import Folder
from vault.store.history import Conflict
from vault.store.rows import StoredRow, load
from vault.store.state import RecordState
from vault.store.store import Store

BULK = 1_000
"""Records in one transaction, and one commit, of a bulk edit."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be made, or (where one with this id is there) changed, by a bulk edit."""

    type: str
    home: LogId
    fields: Mapping[str, Value]
    id: RecordId = field(default_factory=lambda: secrets.token_bytes(ID_SIZE))

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.home, self.type, self.id)


class Editor:
    """`clock` gives Unix seconds; `changed` hears of every action after it is on the disk, in the editing thread."""

    def __init__(
        self,
        store: Store,
        folder: Folder,
        clock: Callable[[], float] = time.time,
        changed: Callable[[Changes], None] = lambda changes: None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock
        self._changed = changed

    @contextmanager
    def action(self) -> Iterator[Action]:
        """Collect changes; they are made when the block ends. Raises NotFound, NotAllowedHere, TooLarge, VaultFull
        and the other errors of a write, with nothing done."""
        action = Action()
        yield action
        self.perform(action)

    def perform(self, action: Action) -> Changes:
        """Make all changes of an action, or none."""
        if not action.steps:
            return Changes()
        with self._store.write() as tx:
            changes = self.perform_in(tx, action)
        if changes:
            self._changed(changes)
        return changes

    def announce(self, changes: Changes) -> None:
        """Tell whoever shows records of what `perform_in` did, when its transaction has committed."""
        if changes:
            self._changed(changes)

    def bulk(
        self,
        drafts: Iterable[Draft],
        progress: Callable[[int], None] = lambda done: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> int:
        """Make many records, about a thousand in each transaction; how many were made. What is done when it is
        cancelled, or fails, stays; `progress` hears only of what is on the disk."""
        done = 0
        batch = Action()
        for draft in drafts:
            batch.write(draft)
            if len(batch.steps) >= BULK:
                if cancelled():
                    return done
                self.perform(batch)
                done += len(batch.steps)
                progress(done)
                batch = Action()
        if batch.steps and not cancelled():
            self.perform(batch)
            done += len(batch.steps)
            progress(done)
        return done

    def perform_in(self, tx: Tx, action: Action) -> Changes:
        """The same inside a transaction of the caller's, who acknowledges it when that has committed."""
        heads: dict[LogId, int] = {}
        parts: dict[LogId, list[Operation]] = {}
        states = self._states(tx, action)
        for step in action.steps:
            head = heads.get(step.key.log)
            if head is None:
                head = heads[step.key.log] = self._head(tx, step.key.log)
            operation = _operation(step, states.get(step.key), head)
            if operation is not None:
                parts.setdefault(step.key.log, []).append(operation)
                states[step.key] = self._folder.preview(tx, states.get(step.key), operation)
        if not parts:
            return Changes()
        queued = self._folder.outbox.enqueue(tx, list(parts.items()), action.id, int(self._clock()))
        return self._folder.overlay(tx, queued)

    def _states(self, tx: Tx, action: Action) -> dict[RecordKey, RecordState | None]:
        wanted: dict[tuple[LogId, str], list[RecordId]] = {}
        for step in action.steps:
            wanted.setdefault((step.key.log, step.key.type), []).append(step.key.id)
        states: dict[RecordKey, RecordState | None] = {}
        for (log, name), ids in wanted.items():
            number = self._store.numbers.log(tx, log)
            rows: dict[RecordId, StoredRow] = load(tx, self._folder.tables, name, number, ids)
            states.update((RecordKey(log, name, rid), row.state) for rid, row in rows.items())
        return states

    def _head(self, tx: Tx, log: LogId) -> int:
        number = self._store.numbers.log(tx, log)
        return tx.number("SELECT max(position) FROM commits WHERE log = ?", (number,))


@dataclass(frozen=True, slots=True)
class _Step:
    key: RecordKey
    do: str
    fields: dict[str, Value] = field(default_factory=dict)
    seen: int | None = None
    target: bytes = b""
    always: bool = (
        False  # write fields that have that value already (to settle a conflict); move within a log
    )


class Action:
    """Changes to be made together."""

    def __init__(self) -> None:
        self.id = secrets.token_bytes(ID_SIZE)
        self.steps: list[_Step] = []

    def create(
        self, type: str, home: LogId, fields: Mapping[str, Value], id: RecordId | None = None
    ) -> RecordKey:
        """A new record in this home; its key. Raises NotAllowedHere (when done) where that id is in use."""
        key = RecordKey(home, type, secrets.token_bytes(ID_SIZE) if id is None else id)
        self.steps.append(_Step(key, "create", _checked(key, fields)))
        return key

    def put(self, key: RecordKey, fields: Mapping[str, Value], seen: int | None = None) -> None:
        """Change fields (None clears one). `seen` is that of the record as it was shown to whoever changes it; by
        default, all that the vault holds. Fields that have the value already are left out."""
        self.steps.append(_Step(key, "put", _checked(key, fields), seen))

    def write(self, draft: Draft) -> None:
        """Make the record, or change it where it is there."""
        self.steps.append(_Step(draft.key, "write", _checked(draft.key, draft.fields)))

    def delete(self, key: RecordKey, seen: int | None = None) -> None:
        """Move to the bin."""
        self.steps.append(_Step(key, "delete", seen=seen))

    def restore(self, key: RecordKey, seen: int | None = None) -> None:
        self.steps.append(_Step(key, "restore", seen=seen))

    def move(self, key: RecordKey, target: LogId, seen: int | None = None) -> None:
        """Mark the record as moved to another home. The copy is made when the mark has its place in the log:
        `vault.store.moving`."""
        self.steps.append(_Step(key, "move", seen=seen, target=target.encode()))

    def rename(self, key: RecordKey) -> None:
        """The same for a companion that stays in its log while its record moved: it gets that record's new id."""
        self.steps.append(_Step(key, "move", target=key.log.encode(), always=True))

    def settle(self, conflict: Conflict, value: Value) -> None:
        """Choose a value (one of those shown, or another): the conflict ends, unless somebody wrote once more."""
        marks = [conflict.mark, *(mark for _, mark in conflict.kept)]
        seen = max((mark.position for mark in marks if mark.position is not None), default=None)
        fields = _checked(conflict.key, {conflict.field: value})
        self.steps.append(_Step(conflict.key, "put", fields, seen, always=True))


def _operation(step: _Step, state: RecordState | None, head: int) -> Operation | None:
    """The operation for a step on a record in this state; None where it changes nothing."""
    key = step.key
    seen = head if step.seen is None else min(step.seen, head)
    if state is None:
        if step.do in ("create", "write"):
            return Put(key.type, key.id, step.fields, seen)
        raise NotFound("record")
    if state.erased or state.moved is not None or step.do == "create":
        raise NotAllowedHere(step.do)
    if step.do == "delete":
        return None if state.deleted else Delete(key.type, key.id, seen)
    if step.do == "restore":
        return Restore(key.type, key.id, seen) if state.deleted else None
    if state.deleted:
        raise NotAllowedHere("deleted")
    if step.do == "move":
        stays = step.target == key.log.encode() and not step.always
        return None if stays else Moved(key.type, key.id, step.target, seen)
    disputed = {kept.field for kept in state.kept} if step.always else set()
    fields = {
        name: value
        for name, value in step.fields.items()
        if name in disputed or not same(state.fields.get(name), value)
    }
    return Put(key.type, key.id, fields, seen) if fields else None


def _checked(key: RecordKey, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The fields, within the limits of the format. Raises TooLarge, ValueError for values that it has not."""
    if not 1 <= len(key.type) <= 64 or len(key.id) != ID_SIZE:
        raise ValueError("a record has a type of at most 64 characters and an id of 16 bytes")
    if len(fields) > MAX_FIELDS:
        raise TooLarge("fields")
    for name, value in fields.items():
        if not 1 <= len(name) <= 128:
            raise ValueError("a field's name has 1 to 128 characters")
        for scalar in value.values() if isinstance(value, dict) else (value,):
            if isinstance(scalar, str):
                if len(scalar) > MAX_VALUE:
                    raise TooLarge("value")
                scalar.encode()  # lone surrogates have no encoding: ValueError
            elif scalar is not None and not isinstance(scalar, int):
                raise ValueError("a value is text, a whole number, a truth value, or empty")
            elif isinstance(scalar, int) and not -(1 << 63) <= scalar < 1 << 63:
                raise ValueError("a number has at most 64 bits")
    return dict(fields)
