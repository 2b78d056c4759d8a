"""The operator-access journal in SQL: lines are added and read. There is no statement that changes or drops one."""

from __future__ import annotations

import sqlalchemy as sa

from protocol.ids import NO_HASH, WorkspaceId
from protocol.wire_security import JournalEntry, journal_hash
from server.storage.workspace_tables import operator_journal

_table = operator_journal.c
_act = sa.select(
    _table.seq, _table.time, _table.actor, _table.action, _table.detail, _table.previous, _table.hash
)


class ActsTx:
    """The part of `interface.WorkspaceTx` about the journal, on one connection, inside one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def newest_act(self) -> JournalEntry | None:
        row = self._connection.execute(_act.order_by(_table.seq.desc()).limit(1)).one_or_none()
        return None if row is None else JournalEntry(*row)

    def append_act(
        self, workspace: WorkspaceId, time: int, actor: str, action: str, detail: str
    ) -> JournalEntry:
        last = self.newest_act()
        seq, previous = (1, NO_HASH) if last is None else (last.seq + 1, last.hash)
        digest = journal_hash(workspace, seq, previous, time, actor, action, detail)
        act = JournalEntry(seq, time, actor, action, detail, previous, digest)
        self.add_act(act)
        return act

    def add_act(self, act: JournalEntry) -> None:
        self._connection.execute(
            operator_journal.insert(),
            {
                "seq": act.seq,
                "time": act.time,
                "actor": act.actor,
                "action": act.action,
                "detail": act.detail,
                "previous": act.previous,
                "hash": act.hash,
            },
        )

    def acts_from(self, seq: int, items: int) -> list[JournalEntry]:
        query = _act.where(_table.seq >= seq).order_by(_table.seq).limit(items)
        return [JournalEntry(*row) for row in self._connection.execute(query)]
