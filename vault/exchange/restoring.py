"""Giving back to a server what it has lost: after its storage came back from a backup, verbatim and in order.

What goes out is what came from there before: roster entries, and the commits of every log that this member reads, with
the very bytes that were sealed (made again from what the vault keeps of them, and compared with the hash that the
signed header names). So a server that only claims to have lost something learns nothing by it. Wraps are made anew,
for the readers of this desk's roster, which is never older than what it gives back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from protocol import wire
from protocol.access import level
from protocol.commit import Commit, body_hash, parse_header
from protocol.ids import Level, LogId
from protocol.roster import Entry
from vault.admit import read_progress
from vault.admit.chains import Chains
from vault.exchange.desk import Desk
from vault.exchange.types import Accepted
from vault.keys import OpenFailed, body_context, seal_body_again
from vault.roster.errors import Forked, ServerRestored
from vault.store import Changes, Tx

ENTRIES, COMMITS = 200, 200
BYTES = 1 << 22
"""Of one request, about."""


@dataclass(frozen=True, slots=True)
class _Span:
    """Positions `first` to `last` of a log that the server has no more."""

    log: LogId
    first: int
    last: int


class Restorer:
    """Used by one round at a time; takes the desk's lock for each request that it makes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def requests(self, heads: wire.Heads) -> Iterator[wire.RestoreWorkspace]:
        """What the server whose heads these are has lost: roster first, then log by log. Logs that differ from what
        it has are left out. Raises Forked where the roster differs."""
        yield from self._entries(heads)
        for span in self._spans(heads):
            yield from self._commits(span)

    def _entries(self, heads: wire.Heads) -> Iterator[wire.RestoreWorkspace]:
        desk = self._desk
        with desk.lock:
            history = desk.roster.history
            if heads.roster_position > history.position:
                return
            if heads.roster_position < 1 or history.hash_at(heads.roster_position) != heads.roster_hash:
                raise Forked(f"roster: another entry at position {heads.roster_position}")
            lost = list(history.entries(heads.roster_position))
        batch: list[Entry] = []
        size = 0
        for entry in lost:
            if batch and (len(batch) >= ENTRIES or size + len(entry.body) > BYTES):
                yield wire.RestoreWorkspace(batch, [], [])
                batch, size = [], 0
            batch.append(entry)
            size += len(entry.body)
        if batch:
            yield wire.RestoreWorkspace(batch, [], [])

    def _spans(self, heads: wire.Heads) -> list[_Span]:
        desk = self._desk
        shown = {head.log: head for head in heads.logs}
        spans = []
        with desk.lock, desk.store.read() as tx:
            for log in desk.logs.known_logs(tx):
                state, progress = desk.logs.log_state(tx, log), read_progress(tx, desk.logs, log)
                if progress.stopped or level(desk.roster.state, desk.own.member, log) is Level.NONE:
                    continue
                head = shown.get(log.encode())
                position = head.position if head is not None else 0
                last = min(state.position, progress.opened)
                if not 0 <= position < last:
                    continue
                if head is None or Chains(tx, desk.logs).at(log, position) == head.chain:
                    spans.append(_Span(log, position + 1, last))
        return spans

    def _commits(self, span: _Span) -> Iterator[wire.RestoreWorkspace]:
        desk, position = self._desk, span.first
        while position <= span.last:
            batch: list[wire.PlacedCommit] = []
            size = 0
            with desk.lock, desk.store.read() as tx:
                keys = desk.logs.keys(tx, span.log)
                while position <= span.last and len(batch) < COMMITS and size < BYTES:
                    commit = sealed_again(desk, tx, span.log, position, keys)
                    if commit is None:
                        break
                    batch.append(wire.PlacedCommit(span.log.encode(), position, commit))
                    size += len(commit.body) + len(commit.header)
                    position += 1
            if not batch:
                return  # somebody else has to: this vault opened it with a version that did not keep what it takes
            yield wire.RestoreWorkspace([], batch, [])

    def wraps_to_check(self) -> list[tuple[LogId, int]]:
        """(log, generation) of every log whose newest key is here: rows of it may be among what was lost."""
        desk = self._desk
        found = []
        with desk.lock, desk.store.read() as tx:
            for log in desk.logs.known_logs(tx):
                generation = desk.logs.log_state(tx, log).generation
                if level(desk.roster.state, desk.own.member, log) is Level.NONE:
                    continue
                if desk.logs.key(tx, log, generation) is not None:
                    found.append((log, generation))
        return found

    def finished(self, count: int) -> Accepted:
        """So many entries and commits went back. From here on everything is pulled again from the beginning: what
        others wrote since may stand at places of the stream that this desk has passed."""
        desk = self._desk
        with desk.lock:
            with desk.changing(durable=True) as change:
                desk.set_cursor(change.tx, 0)
            accepted = Accepted(Changes(), noticed=[ServerRestored(count)])
        return desk.tell(accepted)


def sealed_again(desk: Desk, tx: Tx, log: LogId, position: int, keys: dict[int, bytes]) -> Commit | None:
    """The commit as it was admitted, to the byte; None where its sealed body is not here and cannot be made again."""
    stored = desk.logs.commit(tx, log, position)
    if stored is None or stored.body is None:
        return None
    header = parse_header(stored.header)
    if stored.salt is None:
        if body_hash(stored.body) != header.body_hash:
            return None
        return Commit(stored.header, stored.signature, stored.body)
    frame, key = desk.logs.frame(tx, log, position), keys.get(header.generation)
    if frame is None or key is None:
        return None
    context = body_context(header.workspace, log, header.generation)
    try:
        sealed = seal_body_again(key, context, header.associated_data(), stored.salt, frame, header.body_hash)
    except OpenFailed:
        return None
    return Commit(stored.header, stored.signature, sealed)
