"""Pushing: rounds of signed commits, stored before they leave.

    nothing waits -> none
    a round is out (no answer yet) -> the same bytes again
    a round was refused, or none is out -> sign what waits, at the current heads -> stored -> out

A round takes the outbox in its order, over several logs, and puts a ROTATE first where a log is stale or has no key
yet. It starts at what the admitted log has of this device; bytes of earlier rounds are void from then on, since each
commit names the hash of the one before it: copies of an operation in two rounds exclude each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from protocol.access import is_stale, level, recipients
from protocol.admission import LogState
from protocol.codec import decode, encode
from protocol.commit import Commit
from protocol.ids import Level, LogId
from protocol.limits import MAX_REQUEST
from protocol.operations import encode_body
from protocol.wire import Push, Wrap
from vault.admit import keep_made_key, read_progress, was_garbage
from vault.exchange.desk import Desk
from vault.exchange.sealing import LogSigner
from vault.exchange.upkeep import Upkeep
from vault.store import Part, Signed, Tx

_OUT = "push/out"
_PARTS_OF_ONE_LOG = 64
"""How many parts of one log are looked at in one round."""

_Entries = list[tuple[bytes, int]]


class _Out(msgspec.Struct, array_like=True):
    """A round that left: (log, counter) in the order of its commits; `refused` makes the next one sign anew."""

    entries: _Entries
    refused: bool = False


_decode_out = msgspec.msgpack.Decoder(_Out).decode


@dataclass
class _Round:
    """A round in the making."""

    max_commits: int
    max_bytes: int
    commits: list[Commit] = field(default_factory=list)
    wraps: list[Wrap] = field(default_factory=list)
    entries: _Entries = field(default_factory=list)
    size: int = 0

    def add(self, log: LogId, counter: int, commit: Commit, wraps: list[Wrap]) -> None:
        self.commits.append(commit)
        self.wraps += wraps
        self.entries.append((log.encode(), counter))
        self.size += len(commit.header) + len(commit.signature) + len(commit.body)
        self.size += sum(len(wrap.sealed) + 80 for wrap in wraps)

    @property
    def full(self) -> bool:
        return len(self.commits) >= self.max_commits or self.size >= self.max_bytes


class Pusher:
    """Used under the desk's lock."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._upkeep = Upkeep(desk, self.blocked)

    def prepare(self) -> None:
        """Before the first round of an unlocked vault."""
        self._upkeep.prepare()

    def nothing_waits(self, tx: Tx) -> bool:
        return self._out(tx) is None and self._desk.outbox.count(tx) == 0 and not self._upkeep.due(tx)

    def next(self, tx: Tx, max_commits: int, max_bytes: int) -> Push | None:
        """The round that is out, again, or a new one, stored."""
        out = self._out(tx)
        if out is not None and not out.refused and not self._is_closed(out):
            again = self._again(tx, out)
            if again is not None:
                return again
        return self._sign(tx, max_commits, max_bytes)

    def _is_closed(self, out: _Out) -> bool:
        """A round that was made before somebody's time was over is not sent again after it."""
        closed = self._desk.closed
        return bool(closed) and any(LogId.decode(log) in closed for log, _ in out.entries)

    def _out(self, tx: Tx) -> _Out | None:
        stored = self._desk.logs.get(tx, _OUT)
        return None if stored is None else _decode_out(stored)

    def _again(self, tx: Tx, out: _Out) -> Push | None:
        """The same bytes, without what was read back in the meantime; None where all was."""
        held = {(entry.log.encode(), entry.counter): entry for entry in self._desk.outbox.signed(tx)}
        left = [held[key] for key in out.entries if key in held]
        if not left:
            return None
        wraps = [wrap for entry in left if entry.wraps for wrap in _decode_wraps(entry.wraps)]
        return Push([Commit(entry.header, entry.signature, entry.body) for entry in left], wraps)

    def refused(self, tx: Tx) -> None:
        """None of the round was taken: sign it again at the heads of the next pull."""
        out = self._out(tx)
        if out is not None:
            self._desk.logs.set(tx, _OUT, msgspec.msgpack.encode(_Out(out.entries, True)))

    def answered(self, tx: Tx) -> None:
        """The round was taken; what was not read back yet stays out until it is."""
        out = self._out(tx)
        if out is not None and self._again(tx, out) is None:
            self._desk.logs.set(tx, _OUT, None)

    # a new round

    def _sign(self, tx: Tx, max_commits: int, max_bytes: int) -> Push | None:
        desk = self._desk
        for signed in desk.outbox.signed(tx):
            desk.outbox.unsign(tx, signed.log, signed.counter)
        desk.logs.set(tx, _OUT, None)
        # A rotate before a part counts as well: room for one of each is always there.
        making = _Round(max(max_commits - 1, 1), min(max_bytes, MAX_REQUEST // 2))
        signers: dict[LogId, LogSigner] = {}
        for part in self._parts(tx, signers):
            if making.full:
                break
            signer = signers.get(part.log)
            if signer is None:
                signer = signers[part.log] = self._signer(tx, part.log, making)
            commit = signer.data(encode_body(part.body))
            entry = Signed(
                part.log, signer.counter, part.id, commit.header, commit.signature, commit.body, b""
            )
            desk.outbox.store_signed(tx, entry)
            making.add(part.log, signer.counter, commit, [])
        self._keep_up(tx, signers, making)
        if not making.commits:
            return None
        desk.logs.set(tx, _OUT, msgspec.msgpack.encode(_Out(making.entries)))
        return Push(making.commits, making.wraps)

    def _keep_up(self, tx: Tx, signers: dict[LogId, LogSigner], making: _Round) -> None:
        """Rotates and bridges that are due where nobody here has anything to write."""
        desk = self._desk
        for log in self._upkeep.due(tx):
            if making.full:
                return
            if log not in signers:
                signers[log] = self._signer(tx, log, making)
            for skipped in self._upkeep.bridges(tx, desk.logs.log_state(tx, log)):
                commit = signers[log].bridge(skipped)
                counter = signers[log].counter
                desk.outbox.store_signed(
                    tx, Signed(log, counter, None, commit.header, commit.signature, commit.body, b"")
                )
                making.add(log, counter, commit, [])

    def _parts(self, tx: Tx, signers: dict[LogId, LogSigner]) -> list[Part]:
        """What waits in logs that can be written now, in the order in which it was made."""
        ready = [log for log in self._desk.outbox.logs(tx) if self.blocked(tx, log) is None]
        parts = [part for log in ready for part in self._desk.outbox.waiting(tx, log, _PARTS_OF_ONE_LOG)]
        return sorted(parts, key=lambda part: part.id)

    def _signer(self, tx: Tx, log: LogId, making: _Round) -> LogSigner:
        """A signer for the log; begins the round with a ROTATE where one is due."""
        desk = self._desk
        state = desk.logs.log_state(tx, log)
        signer = LogSigner(desk.own, desk.roster.state, state, desk.logs.keys(tx, log))
        if self._upkeep.rotate_due(tx, state):
            commit, wraps, key = signer.rotate()
            generation = state.generation + 1
            keep_made_key(tx, desk.logs, log, generation, key)
            entry = Signed(
                log, signer.counter, None, commit.header, commit.signature, commit.body, encode(wraps)
            )
            desk.outbox.store_signed(tx, entry)
            making.add(log, signer.counter, commit, wraps)
        return signer

    def blocked(self, tx: Tx, log: LogId) -> str | None:
        """Why edits of `log` wait (a stable word), or None where they can go."""
        desk, head = self._desk, self._desk.roster.state
        if level(head, desk.own.member, log) is not Level.WRITE:
            return "not-writer"
        progress, state = read_progress(tx, desk.logs, log), desk.logs.log_state(tx, log)
        if progress.stopped:
            return "stopped"
        if log in desk.closed:
            return "support"
        if progress.opened < state.position or log in desk.gaps(tx):
            return "behind"
        if state.generation and desk.logs.key(tx, log, state.generation) is None:
            stale = is_stale(desk.roster.history, log, state.rotated_at, head.position)
            given = was_garbage(tx, desk.logs, log, state.generation) or self._was_due(state)
            if not stale and not given:
                return "key"
        return None

    def _was_due(self, state: LogState) -> bool:
        """Whether the newest rotate was to bring a row for this account. Rows come before their rotate, so one that
        did not come was never made, or is withheld: no better than garbage (SPEC, section 12). A later reader waits
        for whoever hands him the key."""
        then = self._desk.roster.history.at(state.rotated_at)
        known = recipients(then, state.log).get(self._desk.own.member)
        return known is not None and known.encryption == self._desk.own.private[-1].public


def _decode_wraps(data: bytes) -> list[Wrap]:
    return decode(data, list[Wrap], MAX_REQUEST)
