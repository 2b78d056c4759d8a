"""The outbox: operations made here, in order, until they are read back from the admitted log.

A part is the share of one action on one log; its operations never change. Signing gives it a counter and bytes,
which are stored before anything is sent; signing again replaces the bytes and keeps the operations, and the counter too
where nothing has come between. A part ends when any copy of it is read back (`Folder.apply`), or was set aside
(`Folder.reject`). Rotations are signed entries without a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec

from protocol.ids import ActionId, LogId
from protocol.limits import MAX_OPERATIONS
from protocol.operations import Body, Operation, encode_body
from vault.store.connection import Row, Tx
from vault.store.errors import TooLarge
from vault.store.numbers import Numbers
from vault.store.squeeze import squeeze, unsqueeze

MAX_PART_BYTES = 1_500_000
"""Encoded operations in one part: they must fit a sealed body (2 MiB) even where nothing can be compressed."""

_encode = msgspec.msgpack.Encoder(order="sorted").encode
_decode = msgspec.msgpack.Decoder(list[Operation]).decode


@dataclass(frozen=True, slots=True)
class Part:
    """Operations of one action on one log. `counter` is 0 until it is signed."""

    id: int
    action: ActionId
    part: int
    parts: int
    time: int
    log: LogId
    counter: int
    operations: list[Operation]
    rejected: str = ""

    @property
    def body(self) -> Body:
        return Body(self.action, self.part, self.parts, self.time, self.operations)


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes that may have been sent: to be sent again as they are, or signed again with the same counter."""

    log: LogId
    counter: int
    part: int | None
    header: bytes
    signature: bytes
    body: bytes
    wraps: bytes


class Outbox:
    def __init__(self, numbers: Numbers) -> None:
        self._numbers = numbers

    def enqueue(
        self, tx: Tx, parts: Sequence[tuple[LogId, list[Operation]]], action: ActionId, time: int
    ) -> list[Part]:
        """Append an action; `time` in Unix seconds. Splits what is too large for one commit. Raises TooLarge.

        Records do not change by this: use `Editor`, or `Folder.overlay` on the parts returned."""
        pieces = [(log, piece) for log, operations in parts for piece in split(operations)]
        made = []
        for index, (log, operations) in enumerate(pieces, 1):
            part = tx.insert(
                "INSERT INTO parts (action, part, parts, time, log, operations) VALUES (?, ?, ?, ?, ?, ?)",
                (action, index, len(pieces), time, self._numbers.log(tx, log), squeeze(_encode(operations))),
            )
            made.append(Part(part, action, index, len(pieces), time, log, 0, operations))
        return made

    def waiting(self, tx: Tx, log: LogId | None = None, limit: int = -1) -> list[Part]:
        """Parts that were not read back yet, oldest first; of one log, or all."""
        return self._parts(tx, "rejected = ''", log, limit)

    def unsigned(self, tx: Tx, log: LogId | None = None, limit: int = -1) -> list[Part]:
        """Parts that have no counter yet, oldest first."""
        return self._parts(tx, "rejected = '' AND counter IS NULL", log, limit)

    def rejected(self, tx: Tx, limit: int = -1) -> list[Part]:
        """Own parts that every client set aside; kept so that nothing that was typed is lost."""
        return self._parts(tx, "rejected <> ''", None, limit)

    def take_out(self, tx: Tx, log: LogId) -> list[Part]:
        """The waiting parts of a log, which are here no longer: to be put back behind others (`enqueue_again`). The
        log has to be folded again in between, and what comes back laid over it."""
        number = self._numbers.log(tx, log)
        taken = self.waiting(tx, log)
        tx.execute("DELETE FROM signed WHERE log = ?", (number,))
        for part in taken:
            tx.execute("DELETE FROM pending WHERE part = ?", (part.id,))
            tx.execute("DELETE FROM parts WHERE id = ?", (part.id,))
        return taken

    def enqueue_again(self, tx: Tx, log: LogId, bodies: Sequence[Body]) -> list[Part]:
        """Parts of earlier actions, in this order, each as it was: same action, number and time."""
        number, made = self._numbers.log(tx, log), []
        for body in bodies:
            part = tx.insert(
                "INSERT INTO parts (action, part, parts, time, log, operations) VALUES (?, ?, ?, ?, ?, ?)",
                (body.action, body.part, body.parts, body.time, number, squeeze(_encode(body.operations))),
            )
            made.append(Part(part, body.action, body.part, body.parts, body.time, log, 0, body.operations))
        return made

    def part(self, tx: Tx, part: int) -> Part | None:
        row = tx.first(f"{_PART} WHERE id = ?", (part,))
        return None if row is None else self._part(tx, row)

    def part_of(self, tx: Tx, log: LogId, counter: int) -> Part | None:
        """The part that was signed with this counter on this log, while it waits."""
        number = self._numbers.find_log(tx, log)
        row = None
        if number is not None:
            row = tx.first(f"{_PART} WHERE log = ? AND counter = ? AND rejected = ''", (number, counter))
        return None if row is None else self._part(tx, row)

    def count(self, tx: Tx) -> int:
        """How many parts wait."""
        return tx.number("SELECT count(*) FROM parts WHERE rejected = ''")

    def logs(self, tx: Tx) -> list[LogId]:
        """Logs with something to send, in the order of their oldest part."""
        rows = tx.all("SELECT log FROM parts WHERE rejected = '' GROUP BY log ORDER BY min(id)")
        return [self._numbers.log_of(tx, cast(int, row[0])) for row in rows]

    def store_signed(self, tx: Tx, entry: Signed) -> None:
        """Keep signed bytes (in place of earlier ones with that counter) and give the part its counter."""
        number = self._numbers.log(tx, entry.log)
        tx.execute(
            "INSERT OR REPLACE INTO signed (log, counter, part, header, signature, body, wraps)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (number, entry.counter, entry.part, entry.header, entry.signature, entry.body, entry.wraps),
        )
        if entry.part is not None:
            tx.execute("UPDATE parts SET counter = ? WHERE id = ?", (entry.counter, entry.part))

    def signed(self, tx: Tx, log: LogId | None = None, limit: int = -1) -> list[Signed]:
        """Signed entries that were not read back yet: by log, in order of their counters."""
        sql = "SELECT log, counter, part, header, signature, body, wraps FROM signed"
        if log is None:
            rows = tx.all(f"{sql} ORDER BY log, counter LIMIT ?", (limit,))
        else:
            values = (self._numbers.log(tx, log), limit) if self._numbers.find_log(tx, log) else (0, limit)
            rows = tx.all(f"{sql} WHERE log = ? ORDER BY counter LIMIT ?", values)
        return [
            Signed(
                self._numbers.log_of(tx, cast(int, row[0])),
                cast(int, row[1]),
                cast("int | None", row[2]),
                cast(bytes, row[3]),
                cast(bytes, row[4]),
                cast(bytes, row[5]),
                cast(bytes, row[6]),
            )
            for row in rows
        ]

    def unsign(self, tx: Tx, log: LogId, counter: int) -> None:
        """Forget signed bytes that are void; a part behind them waits for a counter again."""
        number = self._numbers.log(tx, log)
        tx.execute("UPDATE parts SET counter = NULL WHERE log = ? AND counter = ?", (number, counter))
        tx.execute("DELETE FROM signed WHERE log = ? AND counter = ?", (number, counter))

    def done(self, tx: Tx, log: LogId, counter: int) -> None:
        """Forget the signed bytes of a commit without a part (a rotate, a number) that was read back. For data
        commits `Folder.apply` and `Folder.reject` do it."""
        number = self._numbers.log(tx, log)
        tx.execute("DELETE FROM signed WHERE log = ? AND counter = ?", (number, counter))

    def _parts(self, tx: Tx, where: str, log: LogId | None, limit: int) -> list[Part]:
        values: list[int] = []
        if log is not None:
            number = self._numbers.find_log(tx, log)
            if number is None:
                return []
            where += " AND log = ?"
            values.append(number)
        rows = tx.all(f"{_PART} WHERE {where} ORDER BY id LIMIT ?", (*values, limit))
        return [self._part(tx, row) for row in rows]

    def _part(self, tx: Tx, row: Row) -> Part:
        return Part(
            id=cast(int, row[0]),
            action=cast(bytes, row[1]),
            part=cast(int, row[2]),
            parts=cast(int, row[3]),
            time=cast(int, row[4]),
            log=self._numbers.log_of(tx, cast(int, row[5])),
            counter=cast(int, row[6] or 0),
            operations=_decode(unsqueeze(cast(bytes, row[7]))),
            rejected=cast(str, row[8]),
        )


_PART = "SELECT id, action, part, parts, time, log, counter, operations, rejected FROM parts"


def split(operations: Sequence[Operation]) -> list[list[Operation]]:
    """Operations in order, cut so that each piece fits a commit. Raises TooLarge where one alone does not."""
    pieces: list[list[Operation]] = []
    size = 0
    for operation in operations:
        length = len(_encode(operation))
        if length > MAX_PART_BYTES:
            raise TooLarge(f"{length} bytes")
        if not pieces or size + length > MAX_PART_BYTES or len(pieces[-1]) >= MAX_OPERATIONS:
            pieces.append([])
            size = 0
        pieces[-1].append(operation)
        size += length
    return pieces


__all__ = ["Body", "Outbox", "Part", "Signed", "encode_body", "split"]
