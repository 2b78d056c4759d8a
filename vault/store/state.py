"""The state of one record: what the fold makes of the operations on it, and what a row's `data` holds.

A stamp is (position, author, time): the log position of the commit, the author's number, his clock. While a part of
the outbox waits, its position is `PENDING + part`, greater than every position of a log; `settle` puts the real one
in its place when the part has landed. So rows need not be written again when an own commit is read back.

`base` is the stamp of the record's first operation; `stamps` holds the fields that differ from it, so a
record that was written once costs one stamp.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from protocol.operations import Value

Stamp = tuple[int, int, int]
_T = TypeVar("_T")
PENDING = 1 << 53
"""Positions of a log are below it (the strict parse of a header sees to that)."""


class Kept(msgspec.Struct, array_like=True, frozen=True):
    """A value that lost to a newer one whose author had not seen it."""

    field: str
    value: Value
    stamp: Stamp


class RecordState(msgspec.Struct, array_like=True):
    """Treat as immutable: the fold copies. `fields` holds None for a field that was cleared."""

    fields: dict[str, Value]
    base: Stamp
    stamps: dict[str, Stamp] = {}
    kept: list[Kept] = []
    deletion: tuple[bool, Stamp] | None = None
    moved: tuple[bytes, Stamp] | None = None
    edited_after: bool = False  # changed by somebody after, or unseen by, a deletion or a move
    erased: bool = False

    def stamp_of(self, field: str) -> Stamp:
        return self.stamps.get(field, self.base)

    @property
    def deleted(self) -> bool:
        return self.deletion is not None and self.deletion[0]

    @property
    def changed(self) -> Stamp:
        """The newest stamp of all."""
        newest = self.base
        for stamp in self.stamps.values():
            if stamp[0] > newest[0]:
                newest = stamp
        for mark in (self.deletion, self.moved):
            if mark is not None and mark[1][0] > newest[0]:
                newest = mark[1]
        return newest

    def latest(self) -> dict[str, Stamp]:
        """Every field with its stamp."""
        return {field: self.stamps.get(field, self.base) for field in self.fields}


encode_state = msgspec.msgpack.Encoder().encode
decode_state = msgspec.msgpack.Decoder(RecordState).decode
Landed = Callable[[int], int | None]
"""Where a part of the outbox landed in its log; None while it waits."""


def settle(state: RecordState, landed: Landed) -> RecordState:
    """The state with the positions of parts that have landed; the same object where nothing was pending."""

    def real(stamp: Stamp) -> Stamp:
        position = landed(stamp[0] - PENDING) if stamp[0] >= PENDING else None
        return stamp if position is None else (position, stamp[1], stamp[2])

    def mark(value: tuple[_T, Stamp] | None) -> tuple[_T, Stamp] | None:
        return None if value is None else (value[0], real(value[1]))

    if state.base[0] < PENDING and not any(stamp[0] >= PENDING for stamp in _others(state)):
        return state
    return msgspec.structs.replace(
        state,
        base=real(state.base),
        stamps={field: real(stamp) for field, stamp in state.stamps.items()},
        kept=[Kept(kept.field, kept.value, real(kept.stamp)) for kept in state.kept],
        deletion=mark(state.deletion),
        moved=mark(state.moved),
    )


def _others(state: RecordState) -> list[Stamp]:
    stamps = [*state.stamps.values(), *(kept.stamp for kept in state.kept)]
    return stamps + [mark[1] for mark in (state.deletion, state.moved) if mark is not None]
