"""Folding of admitted commits and of own waiting parts into the rows.

A row shows the confirmed state with the waiting parts on top. The confirmed state of a record that waiting parts
changed is kept apart (`shadow`), for as long as they wait; a record that they made has none. When an own part is
read back its rows are right already: only the place where it landed is noted, and shadows are dropped or advanced.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from protocol.ids import DeviceId, LogId, MemberId, RecordId
from protocol.operations import Body, Operation
from vault.store.changes import Changes
from vault.store.connection import Tx
from vault.store.fold import fold
from vault.store.outbox import Outbox, Part
from vault.store.rows import StoredRow, Tables, is_pending_made, load, load_number, read_state
from vault.store.state import PENDING, RecordState, Stamp, encode_state
from vault.store.store import Store
from vault.store.writing import Write, Writer

Name = tuple[str, RecordId]
_WAITS_ON = "EXISTS (SELECT 1 FROM pending AS other WHERE other.record = pending.record AND other.part <> ?1)"


class Folder:
    """One for a store; used inside its write transactions, whichever thread has one."""

    def __init__(self, store: Store, member: MemberId, device: DeviceId) -> None:
        self._store = store
        self.member = member
        self.device = device
        self.numbers = store.numbers
        self.tables = Tables(store.schema)
        self.writer = Writer(self.tables)
        self.outbox = Outbox(store.numbers)
        store.on_rollback(self.writer.forget)

    def apply(
        self,
        tx: Tx,
        log: LogId,
        position: int,
        member: MemberId,
        device: DeviceId,
        counter: int,
        body: Body,
        changes: Changes | None = None,
    ) -> Changes:
        """Fold an admitted DATA commit that counts. Positions of a log come in order, each once; `counter` is the
        header's. An own commit ends its part of the outbox and its signed bytes. What changed is added to `changes`
        (a new one by default), which is returned."""
        if changes is None:
            changes = Changes()
        if device == self.device:
            part = self.outbox.part_of(tx, log, counter)
            if part is not None and (part.action, part.part) == (body.action, body.part):
                changes.merge(self._landed(tx, part, position))
                return changes
            # Signed bytes of that counter can never be taken any more: what waits behind them is signed anew.
            self.outbox.unsign(tx, log, counter)
        number = self.numbers.log(tx, log)
        author = self.numbers.author(tx, member, device)
        self._fold(tx, log, number, body.operations, (position, author, body.time), changes)
        return changes

    def overlay(self, tx: Tx, parts: Sequence[Part]) -> Changes:
        """Show parts that were just put into the outbox, before anything is sent."""
        changes = Changes()
        author = self.own_author(tx)
        for part in parts:
            number = self.numbers.log(tx, part.log)
            stamp = (PENDING + part.id, author, part.time)
            rows = self._load(tx, number, part.operations)
            fresh: set[Name] = set()
            before = {name: row.state for name, row in rows.items()}
            overlaid = self._overlaid(tx, rows)
            for name, row in rows.items():
                if row.state is not None and name not in overlaid:
                    self._keep_shadow(tx, row.number, row.state)
            for operation in part.operations:
                row = rows[operation.type, operation.record]
                if row.state is None:
                    fresh.add((operation.type, operation.record))
                row.state = fold(row.state, operation, stamp)
            self._write(tx, rows, before)
            tx.executemany(
                "INSERT INTO pending (part, record, made) VALUES (?, ?, ?)",
                [(part.id, row.number, int(name in fresh)) for name, row in rows.items()],
            )
            self._tell(changes, part.log, rows, before)
        return changes

    def reject(self, tx: Tx, log: LogId, counter: int, reason: str) -> Changes:
        """An own commit was read back, and set aside by all: its records go back to what is confirmed. The part is
        kept among the rejected, so that nothing that was typed is lost."""
        part = self.outbox.part_of(tx, log, counter)
        self.outbox.done(tx, log, counter)
        if part is None:
            return Changes()
        return self.withdraw(tx, part, reason)

    def withdraw(self, tx: Tx, part: Part, reason: str) -> Changes:
        """Take a waiting part out of what is shown and sent; it is kept among the rejected."""
        tx.execute("UPDATE parts SET rejected = ?, counter = NULL WHERE id = ?", (reason, part.id))
        tx.execute("UPDATE signed SET part = NULL WHERE part = ?", (part.id,))
        records = [
            cast(int, row[0]) for row in tx.all("SELECT record FROM pending WHERE part = ?", (part.id,))
        ]
        tx.execute("DELETE FROM pending WHERE part = ?", (part.id,))
        rows: dict[Name, StoredRow] = {}
        for record in records:
            row = load_number(tx, self.tables, record)
            if row is not None:
                rows[row.type, row.id] = row
        before = {name: row.state for name, row in rows.items()}
        confirmed = {name: self._confirmed(tx, row) for name, row in rows.items()}
        self.show(tx, rows, confirmed)
        gone = [row for row in rows.values() if row.state is None]
        self.writer.remove(tx, gone)
        self._write(tx, {name: row for name, row in rows.items() if row.state is not None}, before)
        changes = Changes()
        self._tell(changes, part.log, rows, before)
        return changes

    def preview(self, tx: Tx, state: RecordState | None, operation: Operation) -> RecordState:
        """The state that an own operation would give, as if it waited behind all others."""
        author = self.own_author(tx)
        return fold(state, operation, (2 * PENDING, author, 0))

    def own_author(self, tx: Tx) -> int:
        """The number of this desk's member and device."""
        return self.numbers.author(tx, self.member, self.device)

    # own parts that were read back

    def _landed(self, tx: Tx, part: Part, position: int) -> Changes:
        tx.execute("INSERT INTO own_positions (part, position) VALUES (?, ?)", (part.id, position))
        author = self.own_author(tx)
        waiting = tx.all(
            f"SELECT record FROM pending WHERE part = ?1 AND {_WAITS_ON}",
            (part.id,),
        )
        mine = _by_record(part.operations) if waiting else {}
        for (record,) in waiting:
            # Later parts wait on the same record: what is confirmed advances by this part.
            row = load_number(tx, self.tables, cast(int, record))
            if row is None:
                continue
            state = self._shadow(tx, row.number)
            for operation in mine[row.type, row.id]:
                state = fold(state, operation, (position, author, part.time))
            assert state is not None
            self._keep_shadow(tx, row.number, state)
        tx.execute(
            f"DELETE FROM shadow WHERE record IN (SELECT record FROM pending WHERE part = ?1 AND NOT {_WAITS_ON})",
            (part.id,),
        )
        tx.execute(
            "INSERT OR IGNORE INTO history (record, position)"
            " SELECT record, ? FROM pending WHERE part = ? AND made = 0",
            (position, part.id),
        )
        changes = Changes(complete=True)
        for operation in part.operations:
            changes.add(part.log, operation.type, operation.record)
        tx.touched |= changes.types
        tx.execute("DELETE FROM pending WHERE part = ?", (part.id,))
        tx.execute("DELETE FROM signed WHERE part = ?", (part.id,))
        tx.execute("DELETE FROM parts WHERE id = ?", (part.id,))
        return changes

    # commits of others

    def _fold(
        self,
        tx: Tx,
        log: LogId,
        number: int,
        operations: Sequence[Operation],
        stamp: Stamp,
        changes: Changes,
    ) -> None:
        rows = self._load(tx, number, operations)
        before = {name: row.state for name, row in rows.items()}
        confirmed = before.copy()
        overlaid = self._overlaid(tx, rows)
        for name, row in overlaid.items():
            confirmed[name] = self._confirmed(tx, row)
        known = [row for name, row in rows.items() if confirmed[name] is not None]
        for operation in operations:
            name = (operation.type, operation.record)
            confirmed[name] = fold(confirmed[name], operation, stamp)
        for name, row in rows.items():
            row.state = confirmed[name]
        if overlaid:
            self.show(tx, overlaid, confirmed)
        self._write(tx, rows, before)
        if known:
            touched = [(row.number, stamp[0]) for row in known]
            tx.executemany("INSERT OR IGNORE INTO history (record, position) VALUES (?, ?)", touched)
        self._tell(changes, log, rows, before)

    def show(self, tx: Tx, rows: dict[Name, StoredRow], confirmed: dict[Name, RecordState | None]) -> None:
        """Give each row what it has to show: its confirmed state with its waiting parts on top."""
        author = self.own_author(tx)
        parts: dict[int, tuple[Part, dict[Name, list[Operation]]]] = {}
        for name, row in rows.items():
            state = confirmed[name]
            waiting = tx.all("SELECT part FROM pending WHERE record = ? ORDER BY part", (row.number,))
            if waiting and state is not None:
                self._keep_shadow(tx, row.number, state)
            else:
                tx.execute("DELETE FROM shadow WHERE record = ?", (row.number,))
            made = int(state is None)
            for (part_id,) in waiting:
                if cast(int, part_id) not in parts:
                    part = self.outbox.part(tx, cast(int, part_id))
                    assert part is not None
                    parts[part.id] = (part, _by_record(part.operations))
                part, operations = parts[cast(int, part_id)]
                tx.execute(
                    "UPDATE pending SET made = ? WHERE part = ? AND record = ?", (made, part.id, row.number)
                )
                made = 0
                for operation in operations[name]:
                    state = fold(state, operation, (PENDING + part.id, author, part.time))
            row.state = state

    def _confirmed(self, tx: Tx, row: StoredRow) -> RecordState | None:
        """The state that the admitted log alone gives to a row with waiting parts."""
        shadow = self._shadow(tx, row.number)
        if shadow is None and row.state is not None and not is_pending_made(row.state):
            return row.state
        return shadow

    def _shadow(self, tx: Tx, record: int) -> RecordState | None:
        found = tx.first("SELECT state FROM shadow WHERE record = ?", (record,))
        return None if found is None else read_state(tx, found[0])

    def _keep_shadow(self, tx: Tx, record: int, state: RecordState) -> None:
        sql = "INSERT OR REPLACE INTO shadow (record, state) VALUES (?, ?)"
        tx.execute(sql, (record, encode_state(state)))

    def _overlaid(self, tx: Tx, rows: dict[Name, StoredRow]) -> dict[Name, StoredRow]:
        """Those of the rows that have waiting parts."""
        if tx.first("SELECT 1 FROM pending LIMIT 1") is None:
            return {}
        numbers = [row.number for row in rows.values() if row.number]
        marks = ",".join("?" * len(numbers))
        found = tx.all(f"SELECT DISTINCT record FROM pending WHERE record IN ({marks})", numbers)
        pending = {row[0] for row in found}
        return {name: row for name, row in rows.items() if row.number in pending}

    def _load(self, tx: Tx, log: int, operations: Sequence[Operation]) -> dict[Name, StoredRow]:
        """The rows of all records in `operations`, in their order; empty ones for records that are new."""
        wanted: dict[str, dict[RecordId, None]] = {}
        for operation in operations:
            wanted.setdefault(operation.type, {})[operation.record] = None
        rows: dict[Name, StoredRow] = {}
        for name, ids in wanted.items():
            found = load(tx, self.tables, name, log, list(ids))
            for rid in ids:
                rows[name, rid] = found.get(rid) or StoredRow(0, name, log, rid, None)
        return rows

    def _write(self, tx: Tx, rows: dict[Name, StoredRow], before: dict[Name, RecordState | None]) -> None:
        self.writer.write(
            tx, [Write(row, before[name]) for name, row in rows.items() if row.state is not before[name]]
        )

    def _tell(
        self,
        changes: Changes,
        log: LogId,
        rows: dict[Name, StoredRow],
        before: dict[Name, RecordState | None],
    ) -> None:
        for name, row in rows.items():
            changes.add(log, row.type, row.id)
            old = before[name]
            if row.state is not None and row.state.kept and not (old is not None and old.kept):
                changes.conflicts += 1


def _by_record(operations: Sequence[Operation]) -> dict[Name, list[Operation]]:
    found: dict[Name, list[Operation]] = {}
    for operation in operations:
        found.setdefault((operation.type, operation.record), []).append(operation)
    return found
