"""Log keys: from wraps, from rotates and from bridges, and only those that the log's signed rotate commits name.

A wrap needs no signature of its own: what comes out of it counts only when its hash is the one in the `rotate` that
began the generation. Rows come from several sealers; garbage among them is remembered as such (so that a writer can
rotate past a rotator who delivered nothing else) and blocks nobody.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from protocol.admission import check_not_cut
from protocol.commit import parse_header
from protocol.errors import CommitRefused, FormatError
from protocol.ids import LogId
from protocol.signing import key_id
from protocol.wire import Wrap
from vault.admit.book import LogBook
from vault.admit.inside import AsideReason, SetAside, open_bridge, open_rotate
from vault.keys import EncryptionKey, OpenFailed, check_key, key_hash, unwrap
from vault.keys.errors import KeyRefused
from vault.roster.local import LocalRoster
from vault.store import Logs, Tx

MAX_CANDIDATES = 32
"""Keys kept for one generation until its rotate is read. Whoever floods this table denies service, no more."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[bytes]).decode


def _candidates_name(log: LogId, generation: int) -> str:
    return f"candidates/{log.encode().hex()}/{generation}"


def _made_name(log: LogId, generation: int) -> str:
    return f"made/{log.encode().hex()}/{generation}"


def _garbage_name(log: LogId, generation: int) -> str:
    return f"garbage/{log.encode().hex()}/{generation}"


class Keyring:
    """The keys of one transaction. `private` are this account's encryption keys, the newest last."""

    def __init__(
        self, tx: Tx, logs: Logs, book: LogBook, roster: LocalRoster, private: Sequence[EncryptionKey]
    ) -> None:
        self._tx = tx
        self._logs = logs
        self._book = book
        self._roster = roster
        self._workspace = roster.workspace
        self._private = {key_id(key.public): key for key in private}

    def take_wrap(self, wrap: Wrap) -> LogId | None:
        """Try a row; the log whose keys it added to, or None. Never raises for what a server can put there."""
        try:
            log = LogId.decode(wrap.log)
        except FormatError:
            return None
        if not 1 <= wrap.generation < 1 << 53:
            return None
        private = self._private.get(wrap.recipient)
        if private is None or wrap.generation in self._book.keys(log):
            return None
        try:
            key = unwrap(private, self._workspace, log, wrap.generation, wrap.sealed)
        except OpenFailed:
            self._remember_garbage(log, wrap.generation)
            return None
        expected = self._book.state(log).key_hashes.get(wrap.generation)
        if expected is None:
            self._keep_candidate(log, wrap.generation, key)
            return None
        return log if self._accept(log, wrap.generation, key, expected) else None

    def rotate_read(self, log: LogId, generation: int) -> bool:
        """The rotate of `generation` was admitted: try the keys that came before it. True where one is right."""
        if generation in self._book.keys(log):
            return True
        made, candidates = (
            self._take(_made_name(log, generation)),
            self._take(_candidates_name(log, generation)),
        )
        expected = self._book.state(log).key_hashes[generation]
        for key in made:
            if key_hash(self._workspace, log, generation, key) == expected:
                self._book.put_key(log, generation, key)
                return True
        return any(self._accept(log, generation, key, expected) for key in candidates)

    def _take(self, name: str) -> list[bytes]:
        stored = self._logs.get(self._tx, name)
        if stored is None:
            return []
        self._logs.set(self._tx, name, None)
        return _decode(stored)

    def read_back(self, log: LogId) -> None:
        """From each key on, open the rotate and the bridges that it sealed, and so on with the keys that these give.
        Each is opened once."""
        keys = self._book.keys(log)
        progress = self._book.progress(log)
        again = True
        while again:
            again = False
            for generation in sorted(set(keys) - set(progress.carries), reverse=True):
                again |= self._read_rotate(log, generation)
            for position, under in sorted(progress.bridges.items()):
                if under in keys:
                    again |= self._read_bridge(log, position, under)

    def _read_rotate(self, log: LogId, generation: int) -> bool:
        """Whether the rotate of `generation` gave a key that was not here."""
        progress = self._book.progress(log)
        position = progress.rotates.get(generation)
        stored = self._logs.commit(self._tx, log, position) if position else None
        if stored is None or stored.body is None:
            return False
        header = parse_header(stored.header)
        carried = header.carried_generation
        expected = self._book.state(log).key_hashes.get(carried, b"")
        try:
            key = open_rotate(header, self._book.keys(log)[generation], stored.body, expected)
        except SetAside:
            carried = 0
        progress.carries[generation] = carried
        if not carried or carried in self._book.keys(log):
            return False
        self._book.put_key(log, carried, key)
        return True

    def _read_bridge(self, log: LogId, position: int, under: int) -> bool:
        """Judge a bridge whose sealing key is here: right, or set aside by all alike."""
        progress = self._book.progress(log)
        del progress.bridges[position]
        stored = self._logs.commit(self._tx, log, position)
        if stored is None or stored.body is None:
            return False
        header = parse_header(stored.header)
        skipped = header.bridged_generation
        try:
            check_not_cut(self._roster.state, header, position)
            expected = self._book.state(log).key_hashes.get(skipped, b"")
            key = open_bridge(header, self._book.keys(log)[under], stored.body, expected)
        except CommitRefused:
            self._logs.set_aside(self._tx, log, position, AsideReason.CUT_OFF.value)
            return False
        except SetAside as aside:
            self._logs.set_aside(self._tx, log, position, aside.reason.value)
            return False
        progress.bridged[position] = (under, skipped)
        if skipped in self._book.keys(log):
            return False
        self._book.put_key(log, skipped, key)
        return True

    def cut_bridges(self, log: LogId, end: int) -> None:
        """A cut came: bridges after `end` that it binds count no more, and whoever holds the key bridges again."""
        progress = self._book.progress(log)
        for position in [at for at in progress.bridged if at > end]:
            stored = self._logs.commit(self._tx, log, position)
            assert stored is not None
            try:
                check_not_cut(self._roster.state, parse_header(stored.header), position)
            except CommitRefused:
                del progress.bridged[position]
                self._logs.set_aside(self._tx, log, position, AsideReason.CUT_OFF.value)

    def _accept(self, log: LogId, generation: int, key: bytes, expected: bytes) -> bool:
        try:
            check_key(self._workspace, log, generation, key, expected)
        except KeyRefused:
            self._remember_garbage(log, generation)
            return False
        self._book.put_key(log, generation, key)
        self._logs.set(self._tx, _garbage_name(log, generation), None)
        return True

    def _keep_candidate(self, log: LogId, generation: int, key: bytes) -> None:
        _append(self._tx, self._logs, _candidates_name(log, generation), key)

    def _remember_garbage(self, log: LogId, generation: int) -> None:
        self._logs.set(self._tx, _garbage_name(log, generation), b"\x01")


def _append(tx: Tx, logs: Logs, name: str, key: bytes) -> None:
    stored = logs.get(tx, name)
    known = [] if stored is None else _decode(stored)
    if key not in known and len(known) < MAX_CANDIDATES:
        logs.set(tx, name, _encode([*known, key]))


def forget_generation(tx: Tx, logs: Logs, log: LogId, generation: int) -> None:
    """What was kept about a generation of a branch that was dropped."""
    for name in (_candidates_name, _made_name, _garbage_name):
        logs.set(tx, name(log, generation), None)


def keep_made_key(tx: Tx, logs: Logs, log: LogId, generation: int, key: bytes) -> None:
    """A rotate of our own is about to be sent: its key counts when, and only when, that rotate is read back."""
    _append(tx, logs, _made_name(log, generation), key)


def was_garbage(tx: Tx, logs: Logs, log: LogId, generation: int) -> bool:
    """Whether something was delivered for this generation to this account, and none of it was its key."""
    return logs.get(tx, _garbage_name(log, generation)) is not None
