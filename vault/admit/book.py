"""The log book of one transaction: admission states, progress and keys of the logs that it touches.

Read when first asked for, written once at the end. It lives no longer than its transaction, so a transaction that
fails leaves nothing behind in memory.
"""

from __future__ import annotations

import msgspec

from protocol.admission import LogState
from protocol.ids import LogId
from vault.store import Logs, Tx


class Progress(msgspec.Struct, array_like=True):
    """How far this desk has come with a log, beside its admission state.

    `opened`: bodies were taken up to this position (headers may be further, at an admin's desk). `folded`: the newest
    position whose operations are in the records. `waiting`: the first position that waits for its key, 0 for
    none. `rotates`: where each generation began. `stopped` and `detail`: the code and text of a header failure.
    `carries`: for each generation whose rotate was opened here, the one whose key it gave (0: none, or a wrong one).
    `bridges`: position and sealing generation of bridges that wait for that key; `bridged`: those that gave the right
    key, with the sealing and the skipped generation.
    """

    opened: int = 0
    folded: int = 0
    waiting: int = 0
    rotates: dict[int, int] = msgspec.field(default_factory=dict)
    stopped: str = ""
    detail: str = ""
    carries: dict[int, int] = msgspec.field(default_factory=dict)
    bridges: dict[int, int] = msgspec.field(default_factory=dict)
    bridged: dict[int, tuple[int, int]] = msgspec.field(default_factory=dict)

    def unreached(self, newest: int) -> set[int]:
        """Generations before `newest` whose keys whoever has the newest key cannot come to."""
        gives: dict[int, set[int]] = {}
        for generation, carried in self.carries.items():
            gives.setdefault(generation, set()).add(carried)
        for under, skipped in self.bridged.values():
            gives.setdefault(under, set()).add(skipped)
        reached, open_ends = {newest, 0}, [newest]
        while open_ends:
            for generation in gives.get(open_ends.pop(), set()) - reached:
                reached.add(generation)
                open_ends.append(generation)
        return set(range(1, newest)) - reached


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Progress).decode


def _name_of(hexadecimal: str) -> str:
    return f"progress/{hexadecimal}"


def _name(log: LogId) -> str:
    return _name_of(log.encode().hex())


def read_progress(tx: Tx, logs: Logs, log: LogId) -> Progress:
    """What is stored; a new one for a log that was never met."""
    stored = logs.get(tx, _name(log))
    return Progress() if stored is None else _decode(stored)


def logs_met(tx: Tx, logs: Logs) -> list[LogId]:
    """Every log with progress: also one that stopped at its first commit, and has no state here."""
    prefix = _name_of("")
    return [LogId.decode(bytes.fromhex(name.removeprefix(prefix))) for name in logs.names(tx, prefix)]


class LogBook:
    """See the module."""

    def __init__(self, tx: Tx, logs: Logs) -> None:
        self._tx = tx
        self._logs = logs
        self._states: dict[LogId, LogState] = {}
        self._moved: set[LogId] = set()
        self._progress: dict[LogId, Progress] = {}
        self._keys: dict[LogId, dict[int, bytes]] = {}
        self.touched: set[LogId] = set()
        """Logs whose head moved, or of which a key came."""

    @property
    def moved(self) -> bool:
        """Whether a head moved in this transaction."""
        return bool(self._moved)

    def moved_states(self) -> list[LogState]:
        """The states of the logs whose heads moved."""
        return [self._states[log] for log in self._moved]

    def state(self, log: LogId) -> LogState:
        found = self._states.get(log)
        if found is None:
            found = self._states[log] = self._logs.log_state(self._tx, log)
        return found

    def advance(self, state: LogState) -> None:
        """The log reached `state`."""
        self._states[state.log] = state
        self._moved.add(state.log)
        self.touched.add(state.log)

    def rewind(self, state: LogState) -> None:
        """The log is back at `state`: what came later is of a branch that was dropped, its keys among it."""
        self.advance(state)
        self._keys.pop(state.log, None)

    def progress(self, log: LogId) -> Progress:
        """To be changed in place; `save` writes it."""
        found = self._progress.get(log)
        if found is None:
            found = self._progress[log] = read_progress(self._tx, self._logs, log)
        return found

    def keys(self, log: LogId) -> dict[int, bytes]:
        """The log's keys by generation."""
        found = self._keys.get(log)
        if found is None:
            found = self._keys[log] = self._logs.keys(self._tx, log)
        return found

    def put_key(self, log: LogId, generation: int, key: bytes) -> None:
        self.keys(log)[generation] = key
        self.touched.add(log)
        self._logs.put_key(self._tx, log, generation, key)

    def save(self) -> None:
        for log in self._moved:
            self._logs.save_log_state(self._tx, self._states[log])
        for log, progress in self._progress.items():
            self._logs.set(self._tx, _name(log), _encode(progress))
