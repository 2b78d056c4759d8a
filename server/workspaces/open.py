"""One open workspace: its roster and the state of its logs in memory, and the one way to change it.

`changing()` holds the workspace's lock, opens a write transaction, and hands out a `Change`. What the change says
comes into memory only after the transaction is durable, so memory never knows more than the disk. Should
anything but a refusal happen in between, the workspace is marked `broken` and the registry opens it anew.
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
from protocol.state import GONE, RosterState
from server.errors import NotFound, ServerError
from server.settings import Bounds
from server.storage import LogRow, WorkspaceStore
from server.workspaces.change import Change
from server.workspaces.holds import Holds

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
        for entry in change.entries:
            self.history.append(entry)
        self.links.update(change.links)
        self.rows.update(change.rows)
        self._states.update(change.states)
        moved = change.usage.serial != self.usage.serial
        self.usage = change.usage
        if not moved:
            return
        head = self.history.head
        self._view = View(self.usage.serial, head)
        gone: frozenset[int] = frozenset()
        if change.entries:
            gone = frozenset(a for a, member in self.links.items() if head.members[member].status in GONE)
        self._published(self.id, self.usage.serial, gone)

    def close(self) -> None:
        self.store.close()
