"""The fold of one operation into one record's state: a pure function, the same on every desk.

Rules (`protocol/SPEC.md`, section 14)
1. Later position wins, field by field.
2. An author has seen what lies at or before the operation's `seen`, and all that his own device wrote.
3. A put over a value that its author had not seen keeps that value as a conflict, unless both are equal.
4. A put settles every kept value of its fields that its author had seen, and those equal to the value it sets.
5. Deletion is a field of its own: later position wins between delete and restore; later puts are kept, and mark
   the record, as do puts that the author of the deletion had not seen.
6. The first mark of a move wins; later puts are kept, and mark the record.
7. After an erase nothing is left, and every later operation is void.
"""

from __future__ import annotations

import msgspec

from protocol.operations import Delete, Erase, Moved, Operation, Put, Restore, Value
from vault.store.state import Kept, RecordState, Stamp

replace = msgspec.structs.replace


def fold(state: RecordState | None, operation: Operation, stamp: Stamp) -> RecordState:
    """The state after `operation`, whose commit has `stamp`. `state` is None before the first. Nothing is changed
    in place. Positions must not fall from call to call."""
    if state is None:
        if isinstance(operation, Put):
            return RecordState(operation.fields, stamp)
        state = RecordState({}, stamp)
    if state.erased:
        return state
    if isinstance(operation, Put):
        return _put(state, operation, stamp)
    if isinstance(operation, Delete):
        unseen = any(
            not _seen(operation.seen, stamp, other) for other in (state.base, *state.stamps.values())
        )
        return replace(state, deletion=(True, stamp), edited_after=state.edited_after or unseen)
    if isinstance(operation, Restore):
        moved = state.moved is not None
        return replace(state, deletion=(False, stamp), edited_after=state.edited_after and moved)
    if isinstance(operation, Moved):
        return state if state.moved is not None else replace(state, moved=(operation.target, stamp))
    if isinstance(operation, Erase):
        return RecordState({}, state.base, deletion=(True, stamp), erased=True)
    raise AssertionError("an operation that the fold does not know")


def _put(state: RecordState, put: Put, stamp: Stamp) -> RecordState:
    fields = dict(state.fields)
    stamps = dict(state.stamps)
    kept = state.kept
    # In the order of the encoding, so that the kept values have one order on every desk.
    for name, value in sorted(put.fields.items()):
        kept = _keep(state, kept, put.seen, stamp, name, value)
        fields[name] = value
        if stamp != state.base:
            stamps[name] = stamp
        else:
            stamps.pop(name, None)
    after = state.deleted or state.moved is not None
    return RecordState(
        fields, state.base, stamps, kept, state.deletion, state.moved, state.edited_after or after, False
    )


def _keep(
    state: RecordState, kept: list[Kept], seen: int, stamp: Stamp, name: str, value: Value
) -> list[Kept]:
    """The kept values after a put of `value` to the field `name` (rules 3 and 4)."""
    if kept:
        kept = [
            entry
            for entry in kept
            if entry.field != name or not (_seen(seen, stamp, entry.stamp) or same(entry.value, value))
        ]
    if name in state.fields:
        before = state.stamp_of(name)
        if not _seen(seen, stamp, before) and not same(state.fields[name], value):
            kept = [*kept, Kept(name, state.fields[name], before)]
    return kept


def _seen(seen: int, stamp: Stamp, other: Stamp) -> bool:
    """Whether the author of `stamp`, with `seen`, knew what `other` wrote."""
    return other[0] <= seen or other[1] == stamp[1]


def same(first: Value, second: Value) -> bool:
    """Equal, and of the same type: 1 and True are different values."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(
            type(first[key]) is type(second[key]) and first[key] == second[key] for key in first
        )
    return type(first) is type(second) and first == second
