"""What the vault keeps of logs beside their records: admission state, keys, commits, roster entries, meta values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import msgspec

from protocol.admission import DeviceEnd, LogState
from protocol.ids import DeviceId, LogId, MemberId
from protocol.roster import Entry
from vault.store.connection import Row, Tx
from vault.store.numbers import Numbers
from vault.store.squeeze import squeeze, unsqueeze

_encode = msgspec.msgpack.Encoder().encode
_StateRow = tuple[int, bytes, int, int, int, dict[bytes, tuple[int, bytes]], dict[int, bytes]]
_decode_state = msgspec.msgpack.Decoder(_StateRow).decode


@dataclass(frozen=True, slots=True)
class StoredCommit:
    """An admitted commit. `aside` is the reason why it does not count ("" where it does); `body` the opened,
    encoded body, or the sealed one, None where there is none here. `salt`: the seal's, where the body is opened and
    its sealed bytes can be made again (`Logs.frame` has what they are made of)."""

    log: LogId
    position: int
    member: MemberId
    device: DeviceId
    header: bytes
    signature: bytes
    aside: str
    body: bytes | None
    salt: bytes | None = None


class Logs:
    """Access to all of this; every method works inside the transaction that it is given."""

    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    # meta

    def get(self, tx: Tx, name: str) -> bytes | None:
        row = tx.first("SELECT value FROM meta WHERE name = ?", (name,))
        return None if row is None else cast("bytes | None", row[0])

    def set(self, tx: Tx, name: str, value: bytes | None) -> None:
        """Keep a small value; None removes it."""
        if value is None:
            tx.execute("DELETE FROM meta WHERE name = ?", (name,))
        else:
            tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, value))

    def get_number(self, tx: Tx, name: str, default: int = 0) -> int:
        value = self.get(tx, name)
        return default if value is None else int.from_bytes(value, "big", signed=True)

    def set_number(self, tx: Tx, name: str, value: int) -> None:
        self.set(tx, name, value.to_bytes(8, "big", signed=True))

    # admission state

    def log_state(self, tx: Tx, log: LogId) -> LogState:
        """The admission state; an empty one for a log that was never met."""
        number = self._numbers.find_log(tx, log)
        row = None if number is None else tx.first("SELECT state FROM log_states WHERE log = ?", (number,))
        if row is None:
            return LogState.empty(log)
        position, chain, generation, rotated, roster, devices, hashes = _decode_state(cast(bytes, row[0]))
        ends = {device: DeviceEnd(counter, digest) for device, (counter, digest) in devices.items()}
        return LogState(log, position, chain, generation, rotated, roster, ends, hashes)

    def save_log_state(self, tx: Tx, state: LogState) -> None:
        devices = {device: (end.counter, end.hash) for device, end in state.devices.items()}
        row: _StateRow = (
            state.position,
            state.chain,
            state.generation,
            state.rotated_at,
            state.roster_position,
            devices,
            dict(state.key_hashes),
        )
        number = self._numbers.log(tx, state.log)
        tx.execute("INSERT OR REPLACE INTO log_states (log, state) VALUES (?, ?)", (number, _encode(row)))

    def known_logs(self, tx: Tx) -> list[LogId]:
        """Every log that has an admission state here."""
        return [
            LogId.decode(cast(bytes, row[0]))
            for row in tx.all("SELECT log FROM logs WHERE id IN (SELECT log FROM log_states) ORDER BY id")
        ]

    def names(self, tx: Tx, prefix: str) -> list[str]:
        """The names of small values (`get`, `set`) that begin so, in order."""
        sql = "SELECT name FROM meta WHERE substr(name, 1, ?) = ? ORDER BY name"
        return [cast(str, row[0]) for row in tx.all(sql, (len(prefix), prefix))]

    # keys

    def put_key(self, tx: Tx, log: LogId, generation: int, key: bytes) -> None:
        number = self._numbers.log(tx, log)
        sql = "INSERT OR REPLACE INTO log_keys (log, generation, key) VALUES (?, ?, ?)"
        tx.execute(sql, (number, generation, key))

    def logs_with_keys(self, tx: Tx) -> list[LogId]:
        """Every log of which a key of any generation is here."""
        sql = "SELECT log FROM logs WHERE id IN (SELECT log FROM log_keys) ORDER BY id"
        return [LogId.decode(cast(bytes, row[0])) for row in tx.all(sql)]

    def keys(self, tx: Tx, log: LogId) -> dict[int, bytes]:
        """The log's keys by generation."""
        number = self._numbers.find_log(tx, log)
        if number is None:
            return {}
        rows = tx.all("SELECT generation, key FROM log_keys WHERE log = ? ORDER BY generation", (number,))
        return {cast(int, row[0]): cast(bytes, row[1]) for row in rows}

    def key(self, tx: Tx, log: LogId, generation: int) -> bytes | None:
        number = self._numbers.find_log(tx, log)
        sql = "SELECT key FROM log_keys WHERE log = ? AND generation = ?"
        row = None if number is None else tx.first(sql, (number, generation))
        return None if row is None else cast(bytes, row[0])

    # roster

    def append_roster_entry(self, tx: Tx, position: int, entry: Entry) -> None:
        sql = "INSERT INTO roster (position, body, signature) VALUES (?, ?, ?)"
        tx.execute(sql, (position, entry.body, entry.signature))

    def roster_entries(self, tx: Tx, after: int = 0) -> Iterator[Entry]:
        """Entries in order, those behind position `after`."""
        for row in tx.rows(
            "SELECT body, signature FROM roster WHERE position > ? ORDER BY position", (after,)
        ):
            yield Entry(cast(bytes, row[0]), cast(bytes, row[1]))

    # commits

    def save_commit(
        self,
        tx: Tx,
        log: LogId,
        position: int,
        member: MemberId,
        device: DeviceId,
        header: bytes,
        signature: bytes,
        body: bytes | None,
        aside: str = "",
        salt: bytes | None = None,
    ) -> None:
        """Keep an admitted commit. `body`: the opened, encoded body, or its zstd frame where the caller has that
        at hand (the first byte tells them apart); the sealed body where it could not be opened; None where only the
        header is here. `salt` goes with the very frame that was sealed."""
        tx.execute(
            "INSERT INTO commits (log, position, author, header, signature, aside, body, salt)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._numbers.log(tx, log),
                position,
                self._numbers.author(tx, member, device),
                header,
                signature,
                aside,
                None if body is None else squeeze(body),
                salt,
            ),
        )

    def set_aside(self, tx: Tx, log: LogId, position: int, reason: str) -> None:
        """Change whether a commit counts ("" for it does); the log has to be folded again (`Folder.refold`)."""
        sql = "UPDATE commits SET aside = ? WHERE log = ? AND position = ?"
        tx.execute(sql, (reason, self._numbers.log(tx, log), position))

    def fill(
        self, tx: Tx, log: LogId, position: int, body: bytes | None, aside: str, salt: bytes | None = None
    ) -> None:
        """Give a commit that is kept already its body and its verdict: its key or its body came later."""
        sql = "UPDATE commits SET aside = ?, body = ?, salt = ? WHERE log = ? AND position = ?"
        kept = None if body is None else squeeze(body)
        tx.execute(sql, (aside, kept, salt, self._numbers.log(tx, log), position))

    def frame(self, tx: Tx, log: LogId, position: int) -> bytes | None:
        """The body as it lies in the vault: the zstd frame that was sealed, where the commit has a salt."""
        number = self._numbers.find_log(tx, log)
        row = tx.first("SELECT body FROM commits WHERE log = ? AND position = ?", (number, position))
        return None if row is None else cast("bytes | None", row[0])

    def drop_from(self, tx: Tx, log: LogId, position: int) -> None:
        """Forget the commits of a branch that an owner dropped, from `position` on."""
        number = self._numbers.find_log(tx, log)
        tx.execute("DELETE FROM commits WHERE log = ? AND position >= ?", (number, position))

    def drop_keys(self, tx: Tx, log: LogId, generation: int) -> None:
        """Forget the keys of generations after `generation`: those of a branch that an owner dropped."""
        number = self._numbers.find_log(tx, log)
        tx.execute("DELETE FROM log_keys WHERE log = ? AND generation > ?", (number, generation))

    def drop_roster(self, tx: Tx, position: int) -> None:
        """Forget the roster entries of a branch that an owner dropped, from `position` on."""
        tx.execute("DELETE FROM roster WHERE position >= ?", (position,))

    def headers(self, tx: Tx, log: LogId, first: int, last: int) -> Iterator[tuple[bytes, bytes]]:
        """Header and signature of the commits from `first` to `last`, in order, without reading their bodies."""
        number = self._numbers.find_log(tx, log)
        sql = "SELECT header, signature FROM commits WHERE log = ? AND position BETWEEN ? AND ? ORDER BY position"
        if number is not None:
            for row in tx.rows(sql, (number, first, last)):
                yield cast(bytes, row[0]), cast(bytes, row[1])

    def waiting(self, tx: Tx, log: LogId, reason: str, first: int) -> list[int]:
        """Positions of commits that were set aside for `reason`, from `first` on."""
        sql = "SELECT position FROM commits WHERE log = ? AND aside = ? AND position >= ? ORDER BY position"
        number = self._numbers.find_log(tx, log)
        return [] if number is None else [cast(int, row[0]) for row in tx.all(sql, (number, reason, first))]

    def commits(
        self, tx: Tx, log: LogId, first: int = 1, last: int | None = None, *, aside: bool = True
    ) -> Iterator[StoredCommit]:
        """Commits from position `first` to `last`, in order; without those set aside unless `aside`."""
        number = self._numbers.find_log(tx, log)
        if number is None:
            return
        sql = "SELECT position, author, header, signature, aside, body, salt FROM commits WHERE log = ?"
        sql += " AND position BETWEEN ? AND ?" + ("" if aside else " AND aside = ''") + " ORDER BY position"
        for row in tx.rows(sql, (number, first, last if last is not None else 1 << 62)):
            yield self._commit(tx, log, row)

    def commit(self, tx: Tx, log: LogId, position: int) -> StoredCommit | None:
        return next(self.commits(tx, log, position, position), None)

    def commits_aside(self, tx: Tx) -> Iterator[StoredCommit]:
        """Everything that was set aside, with its reason."""
        for row in tx.rows("SELECT DISTINCT log FROM commits WHERE aside <> ''"):
            number = cast(int, row[0])
            log = self._numbers.log_of(tx, number)
            sql = "SELECT position, author, header, signature, aside, body, salt FROM commits"
            for found in tx.rows(f"{sql} WHERE log = ? AND aside <> '' ORDER BY position", (number,)):
                yield self._commit(tx, log, found)

    def _commit(self, tx: Tx, log: LogId, row: Row) -> StoredCommit:
        author = self._numbers.author_of(tx, cast(int, row[1]))
        return StoredCommit(
            log=log,
            position=cast(int, row[0]),
            member=author.member,
            device=author.device,
            header=cast(bytes, row[2]),
            signature=cast(bytes, row[3]),
            aside=cast(str, row[4]),
            body=None if row[5] is None else unsqueeze(cast(bytes, row[5])),
            salt=cast("bytes | None", row[6]),
        )
