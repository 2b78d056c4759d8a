"""Finishing moves: the copy in the new home, when the mark in the old one has its position.

The copy's id comes from the old home, the id there and the position of the mark, so two desks that finish the same move
make one record. What is written to the old home after the mark is carried over once, by the desk that moved it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from protocol.ids import LogId
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


def copy_key(key: RecordKey, target: LogId, position: int) -> RecordKey:
    """Where a moved record lives on; `position` is that of the mark."""
    return RecordKey(target, key.type, moved_id(key.log, key.id, position))


class Mover:
    """`may_write` says whether this desk may write to a log: only then it finishes a move into it."""

    def __init__(self, store: Store, folder: Folder, editor: Editor) -> None:
        self._store = store
        self._folder = folder
        self._editor = editor
        self._tables: Tables = folder.tables

    def finish(self, may_write: Callable[[LogId], bool], limit: int = 200) -> list[RecordKey]:
        """Make the copies that are due, and carry over what came later; the copies that were written."""
        action = Action()
        carried: dict[str, int] = {}
        with self._store.write() as tx:
            for row in self._moved(tx):
                if len(action.steps) >= limit:
                    break
                self._finish(tx, row, may_write, action, carried)
            for name, position in carried.items():
                tx.execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", (name, position))
            written = [step.key for step in action.steps]
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
        may_write: Callable[[LogId], bool],
        action: Action,
        carried: dict[str, int],
    ) -> None:
        state = row.state
        if state is None or state.moved is None or state.moved[1][0] >= PENDING or state.deleted:
            return
        target, mark = LogId.decode(state.moved[0]), state.moved[1]
        if not may_write(target):
            return
        key = copy_key(RecordKey(self._store.numbers.log_of(tx, row.log), row.type, row.id), target, mark[0])
        number = self._store.numbers.log(tx, target)
        present = load(tx, self._tables, key.type, number, [key.id]).get(key.id)
        name = f"{CARRIED}{row.number}"
        upto = max(mark[0], tx.number("SELECT value FROM meta WHERE name = ?", (name,)))
        if present is None:
            fields: dict[str, Value] = {
                field: value for field, value in state.fields.items() if value is not None
            }
            action.write(Draft(key.type, target, fields, key.id))
        elif mark[1] == self._folder.own_author(tx):
            late = {
                field: state.fields[field] for field, at in state.latest().items() if upto < at[0] < PENDING
            }
            if late and present.state is not None and not _gone(present.state):
                action.put(key, late)
        newest = max((at[0] for at in state.latest().values() if at[0] < PENDING), default=0)
        if newest > upto or present is None:
            carried[name] = max(newest, upto)


def _gone(state: RecordState) -> bool:
    return state.deleted or state.moved is not None or state.erased
