"""Letting go of a branch of a log: an owner has signed that another one stays (`adopt`, SPEC).

The commits from the first differing position on are forgotten, and with them the keys of the generations that they
began. What this desk itself wrote there becomes pending again: the same actions and operations, which get new counters
when they are signed on the branch that stays. What they claim to have seen is cut to what both branches have, so that
what others wrote there instead shows as a conflict and is not overwritten.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from protocol.admission import LogState, advance
from protocol.commit import parse_header
from protocol.ids import LogId
from protocol.operations import Body, Erase, Operation, parse_body
from vault.admit.book import LogBook
from vault.admit.keyring import forget_generation
from vault.admit.pipeline import Admission, Context
from vault.store import Tx, refold
from vault.store.refolding import is_data


def rewind(tx: Tx, context: Context, admission: Admission, log: LogId, position: int) -> None:
    """`log` ends before `position` from here on; it is no longer stopped, and what is missing has to be fetched."""
    logs, outbox, folder = context.logs, context.outbox, context.folder
    own = _own_bodies(tx, context, log, position)
    waiting = outbox.take_out(tx, log)
    before = admission.book.state(log)
    after = _state_before(tx, context, log, position)
    logs.drop_from(tx, log, position)
    logs.drop_keys(tx, log, after.generation)
    for generation in range(after.generation + 1, before.generation + 1):
        forget_generation(tx, logs, log, generation)
    admission.book.rewind(after)
    _progress_before(admission.book, log, after)
    admission.chains.rewind(log, after.position, before.position)
    admission.changes.merge(refold(tx, folder, log))
    bodies = [_clipped(body, after.position) for body in (*own, *(part.body for part in waiting))]
    admission.changes.merge(folder.overlay(tx, outbox.enqueue_again(tx, log, bodies)))


def _own_bodies(tx: Tx, context: Context, log: LogId, position: int) -> list[Body]:
    mine = {context.device, *context.former}
    return [
        parse_body(stored.body)
        for stored in context.logs.commits(tx, log, position, aside=False)
        if stored.device in mine and stored.body is not None and is_data(stored.header)
    ]


def _clipped(body: Body, seen: int) -> Body:
    """What it has seen is at most what is left."""

    def clip(operation: Operation) -> Operation:
        if isinstance(operation, Erase) or operation.seen <= seen:
            return operation
        return msgspec.structs.replace(operation, seen=seen)

    return msgspec.structs.replace(body, operations=[clip(operation) for operation in body.operations])


def _state_before(tx: Tx, context: Context, log: LogId, position: int) -> LogState:
    """The admission state that the log had, from its headers, which were verified when they came."""
    state = LogState.empty(log)
    headers: Sequence[tuple[bytes, bytes]] = list(context.logs.headers(tx, log, 1, position - 1))
    for header, signature in headers:
        state = advance(state, parse_header(header), signature)
    return state


def _progress_before(book: LogBook, log: LogId, state: LogState) -> None:
    progress, end = book.progress(log), state.position
    progress.stopped = progress.detail = ""
    progress.opened, progress.folded = min(progress.opened, end), min(progress.folded, end)
    progress.waiting = progress.waiting if progress.waiting <= end else 0
    progress.rotates = {key: at for key, at in progress.rotates.items() if at <= end}
    progress.carries = {key: to for key, to in progress.carries.items() if key <= state.generation}
    progress.bridges = {at: under for at, under in progress.bridges.items() if at <= end}
    progress.bridged = {at: pair for at, pair in progress.bridged.items() if at <= end}
