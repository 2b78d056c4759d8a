"""One open workspace: its roster and the state of its logs in memory, and the one way to change it.

`changing()` holds the workspace's lock, opens a write transaction, and hands out a `Change`. What the change says
comes into memory only after the transaction is durable, so memory never knows more than the disk. Should
anything but a refusal happen in between, the workspace is marked `broken` and the registry opens it anew.

Where other processes write to the same storage, memory may know less: every use and every change begins by
comparing the usage, and takes over what is new.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from protocol.admission import DeviceEnd, LogState
from protocol.errors import ProtocolError
from protocol.history import RosterHistory
from protocol.ids import LogId, MemberId, WorkspaceId
from protocol.roster import Entry
from protocol.state import GONE, RosterState
from server.errors import NotFound, ServerError
from server.settings import Bounds
from server.storage import LogRow, WorkspaceStore, WorkspaceTx
from server.storage.interface import Usage
from server.workspaces.change import Change
from server.workspaces.holds import Holds

ENTRIES, ENTRIES_SIZE = 1_000, 1 << 24  # of a page of foreign entries

Published = Callable[[WorkspaceId, int, frozenset[int]], None]
"""Called after a change: the workspace, its newest cursor, the accounts that are members no longer."""


@dataclass(frozen=True, slots=True)
class View:
    """What readers go by: everything up to `serial`, judged by the roster as of then."""

    serial: int
    roster: RosterState


class OpenWorkspace:
    """Made by the registry. `view` may be read by any thread at any time; the rest under `lock`."""

    def __init__(self, workspace: WorkspaceId, store: WorkspaceStore, bounds: Bounds, on: Published) -> None:
        """Reads roster, links and log heads. Entries that were stored were verified then."""
        self.id = workspace
        self.store = store
        self.bounds = bounds
        self.lock = threading.RLock()
        self.broken = False
        self.users = 0  # the registry's, under its own lock
        self.holds = Holds()
        self._gone_at: dict[MemberId, int] = {}
        self._published = on
        with store.read() as tx:
            self.usage = tx.usage()
            self.links = tx.member_links()
            self.history = RosterHistory.of_verified(row.entry for row in tx.roster())
            self.rows = {LogId.decode(row.log): row for row in tx.logs()}
        self._states: dict[LogId, LogState] = {}
        self._view = None if self.history.empty else View(self.usage.serial, self.history.head)

    @property
    def view(self) -> View:
        """Raises NotFound for a workspace whose creation was cut short."""
        if self._view is None:
            raise NotFound("no such workspace")
        return self._view

    @property
    def founded(self) -> bool:
        return self._view is not None

    def log_state(self, log: LogId) -> LogState:
        """The state of a log, read when it is first needed. Under `lock`."""
        state = self._states.get(log)
        if state is None:
            row = self.rows.get(log)
            state = self._states[log] = LogState.empty(log) if row is None else self._read_state(log, row)
        return state

    def _read_state(self, log: LogId, row: LogRow) -> LogState:
        with self.store.read() as tx:
            devices = {d.device: DeviceEnd(d.counter, d.hash) for d in tx.devices(row.key)}
            key_hashes = tx.key_hashes(row.key)
        return LogState(
            log=log,
            position=row.position,
            chain=row.chain,
            generation=row.generation,
            rotated_at=row.rotated_at,
            roster_position=row.roster_position,
            devices=devices,
            key_hashes=key_hashes,
        )

    def gone_at(self, member: MemberId) -> int:
        """The position of the entry by which a member who is gone became so."""
        with self.lock:
            known = self._gone_at.get(member)
            if known is not None:  # nobody who is gone comes back under the same id
                return known
            before, after = 0, self.history.position
            while after - before > 1:
                middle = (before + after) // 2
                person = self.history.at(middle).members.get(member)
                if person is not None and person.status in GONE:
                    after = middle
                else:
                    before = middle
            self._gone_at[member] = after
            return after

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """The one way to write. All or nothing; durable when the block has ended."""
        with self.lock:
            if self.broken:
                raise ServerError("the workspace is being opened again")
            try:
                with self.store.write() as tx:
                    if self.store.shared:
                        self._catch_up(tx)
                    change = Change(self, tx)
                    yield change
                    change.finish()
            except (ServerError, ProtocolError):
                raise
            except BaseException:
                self.broken = True
                raise
            try:
                self._publish(change)
            except BaseException:
                self.broken = True  # the disk has what memory did not take over
                raise

    def _publish(self, change: Change) -> None:
        self._states.update(change.states)
        self._take_over(change.usage, change.entries, change.links, change.rows)

    def _take_over(
        self, usage: Usage, entries: list[Entry], links: dict[int, bytes], rows: dict[LogId, LogRow]
    ) -> None:
        for entry in entries:
            self.history.append(entry)
        self.links.update(links)
        self.rows.update(rows)
        moved = usage.serial != self.usage.serial
        if moved:
            self._view = View(usage.serial, self.history.head)
        self.usage = usage  # last: whoever finds it to be the newest goes by the view
        if moved:
            self._published(self.id, usage.serial, self._gone() if entries else frozenset())

    def _gone(self) -> frozenset[int]:
        members = self.history.head.members
        return frozenset(a for a, member in self.links.items() if members[member].status in GONE)

    def refresh(self) -> None:
        """Take over what other processes have written by now. Nothing where there are none."""
        if not self.store.shared or self.store.newest() == self.usage:
            return
        with self.lock:
            if self.broken:
                raise ServerError("the workspace is being opened again")
            with self.store.read() as tx:
                self._catch_up(tx)

    def _catch_up(self, tx: WorkspaceTx) -> None:
        """Under `lock`, in a transaction that has changed nothing. All that it reads is durable."""
        usage = tx.usage()
        if usage == self.usage:
            return
        if usage.serial < self.usage.serial:
            self.broken = True  # the database was taken back under the running server
            raise ServerError("the workspace is being opened again")
        try:
            entries = self._foreign_entries(tx)
            rows = {LogId.decode(row.log): row for row in tx.logs()}
            for log, row in rows.items():
                if self.rows.get(log) != row:
                    self._states.pop(log, None)
            self._take_over(usage, entries, tx.member_links(), rows)
        except BaseException:
            self.broken = True  # half taken over, perhaps
            raise

    def _foreign_entries(self, tx: WorkspaceTx) -> list[Entry]:
        entries: list[Entry] = []
        while page := tx.roster_page(self.history.position + len(entries), ENTRIES, ENTRIES_SIZE):
            entries += [row.entry for row in page]
        return entries

    def announce(self) -> None:
        """Say again what is newest, to those who wait."""
        with self.lock:
            self._published(self.id, self.view.serial, self._gone())

    def close(self) -> None:
        self.store.close()
