"""Chain hashes: of any earlier position of a log, and the heads that roster entries name.

A roster entry that cuts somebody off, and one that adopts a branch, names a position of a log and the chain hash there.
Whoever was there compares; whoever comes there later finds it remembered.
"""

from __future__ import annotations

import msgspec

from protocol.admission import LogState
from protocol.commit import chain_hash, commit_hash
from protocol.ids import NO_HASH, LogId
from vault.roster.errors import Forked
from vault.store import Logs, Tx

CHECKPOINT = 256
"""Every so many positions the chain hash is kept, so that any position's can be computed from a few headers."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[int, bytes]).decode
_OTHER_PAST = "the roster names another past of this log"


class Chains:
    """Of one transaction."""

    def __init__(self, tx: Tx, logs: Logs) -> None:
        self._tx = tx
        self._logs = logs
        self._last: dict[LogId, tuple[int, bytes]] = {}
        self._named: dict[LogId, dict[int, bytes]] = {}

    def at(self, log: LogId, position: int) -> bytes:
        """The chain hash at a position that this desk has, from the nearest checkpoint on. Commits of one push name
        the same position: the last one asked for is kept."""
        start = position - position % CHECKPOINT
        known = self._last.get(log)
        chain: bytes | None
        if known is not None and start <= known[0] <= position:
            start, chain = known
        else:
            chain = self._logs.get(self._tx, _checkpoint(log, start)) if start else NO_HASH
        assert chain is not None
        for header, signature in self._logs.headers(self._tx, log, start + 1, position):
            chain = chain_hash(chain, commit_hash(header, signature))
        self._last[log] = (position, chain)
        return chain

    def reached(self, after: LogState) -> None:
        """A commit was admitted. Raises Forked where a roster entry named another head at its position."""
        named = self._heads_named(after.log)
        if named:
            chain = named.pop(after.position, after.chain)
            if chain != after.chain:
                named[after.position] = chain
                raise Forked(_OTHER_PAST)
            self._keep(after.log)
        if after.position % CHECKPOINT == 0:
            self._logs.set(self._tx, _checkpoint(after.log, after.position), after.chain)

    def name(self, log: LogId, reached: int, position: int, chain: bytes) -> None:
        """A roster entry names the head at `position` of a log that has come to `reached` here. Raises Forked."""
        if 0 < position <= reached:
            if self.at(log, position) != chain:
                raise Forked(_OTHER_PAST)
        elif position:
            named = self._heads_named(log)
            if named.setdefault(position, chain) != chain:
                raise Forked("the roster names two pasts of this log")
            self._keep(log)

    def forget_named(self, log: LogId) -> None:
        """The entries that named them are of a branch that was dropped."""
        self._named[log] = {}
        self._keep(log)

    def forget_named_from(self, log: LogId, position: int) -> None:
        """An `adopt` names another head at `position`: what entries before it name there or later is void."""
        named = self._heads_named(log)
        for later in [at for at in named if at >= position]:
            del named[later]
        self._keep(log)

    def rewind(self, log: LogId, position: int, reached: int) -> None:
        """What was kept for positions after `position`, up to `reached`, is of a branch that was dropped."""
        self._last.pop(log, None)
        first = position - position % CHECKPOINT + CHECKPOINT
        for checkpoint in range(first, reached + 1, CHECKPOINT):
            self._logs.set(self._tx, _checkpoint(log, checkpoint), None)

    def _heads_named(self, log: LogId) -> dict[int, bytes]:
        """Heads that roster entries name, and that this desk has not reached yet."""
        found = self._named.get(log)
        if found is None:
            stored = self._logs.get(self._tx, _name(log))
            found = self._named[log] = {} if stored is None else _decode(stored)
        return found

    def _keep(self, log: LogId) -> None:
        named = self._named[log]
        self._logs.set(self._tx, _name(log), _encode(named) if named else None)


def _name(log: LogId) -> str:
    return f"named/{log.encode().hex()}"


def _checkpoint(log: LogId, position: int) -> str:
    return f"chain/{log.encode().hex()}/{position}"
