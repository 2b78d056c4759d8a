"""Folding a log again from its commits: after some of them were set aside, or count again (cut-offs: SPEC, section 12).

The records keep their row numbers, so waiting parts still find them. Rare; one transaction; the log's records are in
memory meanwhile.
"""

from __future__ import annotations

from typing import cast

from protocol.commit import Kind, parse_header
from protocol.ids import LogId, RecordId
from protocol.operations import parse_body
from vault.store.changes import Changes
from vault.store.connection import SqlValue, Tx
from vault.store.fold import fold
from vault.store.folding import Folder
from vault.store.logs import Logs
from vault.store.rows import OTHER, StoredRow, Tables, read_state
from vault.store.state import RecordState
from vault.store.writing import Write

Name = tuple[str, RecordId]


def refold(tx: Tx, folder: Folder, log: LogId) -> Changes:
    """Make the log's records again from the commits that count, with the waiting parts on top."""
    numbers = folder.numbers
    number = numbers.log(tx, log)
    confirmed, history = _replay(tx, folder, log)
    rows = _rows(tx, folder.tables, number)
    before = {name: row.state for name, row in rows.items()}
    for name in confirmed:
        if name not in rows:
            rows[name] = StoredRow(0, name[0], number, name[1], None)
            before[name] = None
    folder.show(tx, rows, {name: confirmed.get(name) for name in rows})
    gone = {name for name, row in rows.items() if row.state is None}
    changed = [
        name
        for name, row in rows.items()
        if name in gone or before[name] is None or row.state != before[name]
    ]
    folder.writer.remove(tx, [rows[name] for name in changed if name in gone])
    folder.writer.write(tx, [Write(rows[name], before[name]) for name in changed if name not in gone])
    for name, row in rows.items():
        tx.execute("DELETE FROM history WHERE record = ?", (row.number,))
        later = history.get(name, [])[1:]
        tx.executemany(
            "INSERT INTO history (record, position) VALUES (?, ?)", [(row.number, at) for at in later]
        )
    changes = Changes()
    for kind, rid in changed:
        changes.add(log, kind, rid)
    return changes


def _replay(
    tx: Tx, folder: Folder, log: LogId
) -> tuple[dict[Name, RecordState | None], dict[Name, list[int]]]:
    states: dict[Name, RecordState | None] = {}
    history: dict[Name, list[int]] = {}
    for commit in Logs(folder.numbers).commits(tx, log, aside=False):
        if commit.body is None or not is_data(commit.header):
            continue
        body = parse_body(commit.body)
        author = folder.numbers.author(tx, commit.member, commit.device)
        for operation in body.operations:
            name = (operation.type, operation.record)
            states[name] = fold(states.get(name), operation, (commit.position, author, body.time))
            positions = history.setdefault(name, [])
            if not positions or positions[-1] != commit.position:
                positions.append(commit.position)
    return states, history


def _rows(tx: Tx, tables: Tables, log: int) -> dict[Name, StoredRow]:
    rows: dict[Name, StoredRow] = {}
    for table in tables.names():
        kind = "type" if table == OTHER else "NULL"
        found: list[tuple[SqlValue, ...]] = tx.all(
            f"SELECT id, rid, data, {kind} FROM {table} JOIN states ON number = id WHERE log = ?", (log,)
        )
        for number, rid, data, other in found:
            name = str(other) if table == OTHER else tables.by_code[cast(int, number) % 16].type.name
            key = cast(bytes, rid)
            rows[name, key] = StoredRow(cast(int, number), name, log, key, read_state(tx, data))
    return rows


def is_data(header: bytes) -> bool:
    """Whether a commit with this header has operations: rotations and numbers have bodies of another kind."""
    return parse_header(header).kind is Kind.DATA
