"""Finishing moves: the copy in the new home, when the mark in the old one has its position.

The copy's id comes from the old home, the id there and the position of the mark, so two desks that finish the same move
make one record. What is written to the old home after the mark is carried over once, by the desk that moved it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from protocol.codec import encode
from protocol.ids import LogId, MemberId
from protocol.operations import Value
from vault.keys.recordid import moved_id
from vault.store.changes import RecordKey
from vault.store.connection import Tx
from vault.store.edit import Action, Draft, Editor
from vault.store.folding import Folder
from vault.store.rows import HAS_MOVED, OTHER, StoredRow, Tables, load, load_number
from vault.store.state import PENDING, RecordState
from vault.store.store import Store

CARRIED = "carried:"
FIELDS_IN_A_PUT = 500
BYTES_IN_A_PUT = 1_000_000
"""A record may have grown, put by put, beyond what one put may hold: its copy is made in several."""

MayWrite = Callable[[LogId], bool]
MayAsk = Callable[[MemberId, LogId, LogId], bool]
"""Whether a mark of this member's, from the first log to the second, is to be finished here: see `Mover.finish`."""


def copy_key(key: RecordKey, target: LogId, position: int) -> RecordKey:
    """Where a moved record lives on; `position` is that of the mark."""
    return RecordKey(target, key.type, moved_id(key.log, key.id, position))


class Mover:
    """Used by one thread at a time."""

    def __init__(self, store: Store, folder: Folder, editor: Editor) -> None:
        self._store = store
        self._folder = folder
        self._editor = editor
        self._tables: Tables = folder.tables

    def finish(self, may_write: MayWrite, may_ask: MayAsk, limit: int = 200) -> list[RecordKey]:
        """Make the copies that are due, and carry over what came later; the copies that were written.

        `may_write` says whether this desk may write to a log. That is not enough: the copy is signed here, so a mark
        of somebody else's must not carry anything where he himself could not put it. `may_ask` judges that.
        """
        action = Action()
        carried: dict[str, int] = {}
        with self._store.write() as tx:
            for row in self._moved(tx):
                if len(action.steps) >= limit:
                    break
                self._finish(tx, row, may_write, may_ask, action, carried)
            for name, position in carried.items():
                tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, position))
            written = list(dict.fromkeys(step.key for step in action.steps))
            self._editor.perform_in(tx, action)
        return written

    def copy_of(self, key: RecordKey) -> RecordKey | None:
        """The copy of a moved record, where its mark has a position; None else."""
        with self._store.read() as tx:
            log = self._store.numbers.find_log(tx, key.log)
            row = None if log is None else load(tx, self._tables, key.type, log, [key.id]).get(key.id)
            if (
                row is None
                or row.state is None
                or row.state.moved is None
                or row.state.moved[1][0] >= PENDING
            ):
                return None
            return copy_key(key, LogId.decode(row.state.moved[0]), row.state.moved[1][0])

    def _moved(self, tx: Tx) -> list[StoredRow]:
        rows = []
        for table in self._tables.names():
            if table != OTHER:
                found = tx.all(f"SELECT id FROM {table} WHERE flags <> 0 AND flags & {HAS_MOVED} ORDER BY id")
                rows += [
                    row for (number,) in found if (row := load_number(tx, self._tables, cast(int, number)))
                ]
        return rows

    def _finish(
        self,
        tx: Tx,
        row: StoredRow,
        may_write: MayWrite,
        may_ask: MayAsk,
        action: Action,
        carried: dict[str, int],
    ) -> None:
        state = row.state
        if state is None or state.moved is None or state.moved[1][0] >= PENDING or state.deleted:
            return
        target, mark = LogId.decode(state.moved[0]), state.moved[1]
        home = self._store.numbers.log_of(tx, row.log)
        if not may_write(target):
            return
        if mark[1] != self._folder.own_author(tx):
            asked = self._store.numbers.author_of(tx, mark[1]).member
            if not may_ask(asked, home, target):
                return
        key = copy_key(RecordKey(home, row.type, row.id), target, mark[0])
        number = self._store.numbers.log(tx, target)
        present = load(tx, self._tables, key.type, number, [key.id]).get(key.id)
        name = f"{CARRIED}{row.number}"
        upto = max(mark[0], tx.number("SELECT value FROM meta WHERE name = ?", (name,)))
        if present is None:
            puts = _puts({field: value for field, value in state.fields.items() if value is not None})
            if puts is None:
                return
            action.write(Draft(key.type, target, puts[0], key.id))
            for fields in puts[1:]:
                action.put(key, fields)
        elif mark[1] == self._folder.own_author(tx):
            late = {
                field: state.fields[field] for field, at in state.latest().items() if upto < at[0] < PENDING
            }
            late_puts = _puts(late)
            if late_puts is None:
                return
            if late and present.state is not None and not _gone(present.state):
                for fields in late_puts:
                    action.put(key, fields)
        newest = max((at[0] for at in state.latest().values() if at[0] < PENDING), default=0)
        if newest > upto or present is None:
            carried[name] = max(newest, upto)


def _puts(fields: dict[str, Value]) -> list[dict[str, Value]] | None:
    """The fields in as many puts as they need, at least one; None where a single value is larger than any part of
    the outbox may be (such a record stays where it is)."""
    puts: list[dict[str, Value]] = [{}]
    size = 0
    for name, value in fields.items():
        length = len(encode(value)) + 4 * len(name)
        if length > BYTES_IN_A_PUT:
            return None
        if len(puts[-1]) >= FIELDS_IN_A_PUT or size + length > BYTES_IN_A_PUT:
            puts.append({})
            size = 0
        puts[-1][name] = value
        size += length
    return puts


def _gone(state: RecordState) -> bool:
    return state.deleted or state.moved is not None or state.erased
