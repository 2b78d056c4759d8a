"""A log for tests: commits made by people of a `World`, admitted one after the other."""

from __future__ import annotations

from typing import Any

from protocol import (
    NO_HASH,
    VERSION,
    Header,
    Kind,
    LogId,
    LogState,
    Namespace,
    advance,
    bridge_detail,
    check_header,
    encode,
    rotate_detail,
)
from tests.protocol.world import Key, Person, World, seeded


class Logbook:
    """One log of a world. `chains` has the chain hash of every position."""

    def __init__(self, world: World, log: LogId) -> None:
        self.world = world
        self.log = log
        self.state = LogState.empty(log)
        self.chains = [NO_HASH]

    def header(self, by: Person | Key, kind: Kind = Kind.DATA, **changes: Any) -> Header:
        """The header of an honest next commit, with what a test wants changed."""
        key = by.device if isinstance(by, Person) else by
        end = self.state.end_of(key.id)
        fields: dict[str, Any] = {
            "version": VERSION,
            "kind": kind,
            "workspace": self.world.workspace,
            "log": self.log.encode(),
            "generation": self.state.generation + (kind is Kind.ROTATE),
            "author": key.id,
            "counter": end.counter + 1,
            "previous": end.hash,
            "seen_position": self.state.position,
            "seen_chain": self.state.chain,
            "roster_position": self.world.state.position,
            "roster_hash": self.world.state.head,
            "detail": self._detail(kind),
            "body_hash": seeded("body", self.state.position),
        }
        return Header(**{**fields, **changes})

    def _detail(self, kind: Kind) -> bytes:
        match kind:
            case Kind.ROTATE:
                return rotate_detail(seeded("log-key", self.state.generation + 1), self.state.generation)
            case Kind.BRIDGE:
                return bridge_detail(max(1, self.state.generation - 1))
            case Kind.NUMBER:
                return seeded("series", size=16)
            case _:
                return b""

    def check(self, header: Header, by: Person | Key) -> bytes:
        """Sign and judge it; the signature."""
        key = by.device if isinstance(by, Person) else by
        signature = key.sign(Namespace.COMMIT, encode(header))
        check_header(self.state, header, signature, self.world.history, self.chain_at)
        return signature

    def chain_at(self, position: int) -> bytes | None:
        return self.chains[position]

    def admit(self, by: Person | Key, kind: Kind = Kind.DATA, **changes: Any) -> Header:
        """Judge and take the next commit."""
        header = self.header(by, kind, **changes)
        self.state = advance(self.state, header, self.check(header, by))
        self.chains.append(self.state.chain)
        return header
