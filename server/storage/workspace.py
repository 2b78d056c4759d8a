"""A workspace's database in SQL: roster, logs, links, usage. Pages of commits, wraps and chunks: `contents`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import sqlalchemy as sa

from protocol.roster import Entry
from server.storage.acts import ActsTx
from server.storage.contents import ContentsTx
from server.storage.engine import transaction
from server.storage.interface import DeviceRow, LogRow, RosterRow, Usage
from server.storage.pages import ROW_BY_ROW, bounded
from server.storage.recovery import RecoveryTx
from server.storage.workspace_tables import links, log_devices, log_keys, logs, roster, usage

_roster = sa.select(
    roster.c.serial, roster.c.position, roster.c.hash, roster.c.body, roster.c.signature
).order_by(roster.c.position)
_logs = sa.select(
    logs.c.id,
    logs.c.log,
    logs.c.position,
    logs.c.chain,
    logs.c.generation,
    logs.c.rotated_at,
    logs.c.roster_position,
)
_set_usage = usage.update().where(usage.c.id == 1)
_update_log = logs.update().where(logs.c.id == sa.bindparam("key"))
_update_device = log_devices.update().where(
    log_devices.c.log == sa.bindparam("which"), log_devices.c.device == sa.bindparam("whose")
)


def _roster_row(row: sa.Row[int, int, bytes, bytes, bytes]) -> RosterRow:
    serial, position, entry_hash, body, signature = row
    return RosterRow(serial, position, entry_hash, Entry(body, signature))


def _entry_size(row: RosterRow) -> int:
    return len(row.entry.body) + len(row.entry.signature)


class SqlWorkspaceTx(ContentsTx, ActsTx, RecoveryTx):
    """`interface.WorkspaceTx` on one connection, inside one transaction."""

    def usage(self) -> Usage:
        row = self._connection.execute(sa.select(usage.c.serial, usage.c.stored)).one()
        return Usage(*row)

    def set_usage(self, usage: Usage) -> None:
        self._connection.execute(_set_usage, {"serial": usage.serial, "stored": usage.stored})

    def member_links(self) -> dict[int, bytes]:
        return {account: member for account, member in self._connection.execute(sa.select(links))}

    def set_link(self, account: int, member: bytes) -> None:
        self._connection.execute(links.delete().where(links.c.account == account))
        self._connection.execute(links.insert(), {"account": account, "member": member})

    def roster(self) -> Iterator[RosterRow]:
        for row in self._connection.execute(_roster, execution_options=ROW_BY_ROW):
            yield _roster_row(row)

    def roster_page(self, after: int, items: int, size: int) -> list[RosterRow]:
        query = _roster.where(roster.c.position > after).limit(items + 1)
        with self._connection.execute(query, execution_options=ROW_BY_ROW) as rows:
            return bounded(map(_roster_row, rows), items, size, _entry_size)[0]

    def roster_since(self, serial: int, top: int, items: int, size: int) -> tuple[list[RosterRow], bool]:
        query = _roster.where(roster.c.serial > serial, roster.c.serial <= top).limit(items + 1)
        with self._connection.execute(query, execution_options=ROW_BY_ROW) as rows:
            return bounded(map(_roster_row, rows), items, size, _entry_size)

    def add_entry(self, row: RosterRow) -> None:
        self._connection.execute(
            roster.insert(),
            {
                "position": row.position,
                "serial": row.serial,
                "hash": row.hash,
                "signature": row.entry.signature,
                "body": row.entry.body,
            },
        )

    def logs(self) -> list[LogRow]:
        return [LogRow(*row) for row in self._connection.execute(_logs)]

    def add_log(self, log: bytes) -> int:
        result = self._connection.execute(
            logs.insert(),
            {
                "log": log,
                "position": 0,
                "chain": bytes(32),
                "generation": 0,
                "rotated_at": 0,
                "roster_position": 0,
            },
        )
        assert result.inserted_primary_key is not None
        return int(result.inserted_primary_key[0])

    def update_log(self, row: LogRow) -> None:
        self._connection.execute(
            _update_log,
            {
                "key": row.key,
                "position": row.position,
                "chain": row.chain,
                "generation": row.generation,
                "rotated_at": row.rotated_at,
                "roster_position": row.roster_position,
            },
        )

    def devices(self, log: int) -> list[DeviceRow]:
        query = sa.select(log_devices.c.device, log_devices.c.counter, log_devices.c.hash)
        return [DeviceRow(*row) for row in self._connection.execute(query.where(log_devices.c.log == log))]

    def set_device(self, log: int, row: DeviceRow) -> None:
        values = {"counter": row.counter, "hash": row.hash}
        changed = self._connection.execute(_update_device, {"which": log, "whose": row.device, **values})
        if cast("sa.CursorResult[object]", changed).rowcount == 0:
            self._connection.execute(log_devices.insert(), {"log": log, "device": row.device, **values})

    def key_hashes(self, log: int) -> dict[int, bytes]:
        query = sa.select(log_keys.c.generation, log_keys.c.key_hash).where(log_keys.c.log == log)
        return {generation: key_hash for generation, key_hash in self._connection.execute(query)}

    def add_key_hash(self, log: int, generation: int, key_hash: bytes) -> None:
        self._connection.execute(
            log_keys.insert(), {"log": log, "generation": generation, "key_hash": key_hash}
        )


class SqlWorkspaceStore:
    """`interface.WorkspaceStore` over an engine. SQLite's own lock lets one writer in at a time."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def shared(self) -> bool:
        return False

    def newest(self) -> Usage:
        with self.read() as tx:
            return tx.usage()

    @contextmanager
    def read(self) -> Iterator[SqlWorkspaceTx]:
        with transaction(self._engine, write=False) as connection:
            yield SqlWorkspaceTx(connection)

    @contextmanager
    def write(self) -> Iterator[SqlWorkspaceTx]:
        with transaction(self._engine, write=True) as connection:
            yield SqlWorkspaceTx(connection)

    def close(self) -> None:
        self._engine.dispose()
