"""What one transaction changes: serials, the quota, rows of logs, and what memory takes over when it is durable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocol.admission import LogState
from protocol.commit import Commit, Header, Kind
from protocol.ids import LogId
from protocol.roster import Entry
from protocol.wire import Wrap
from server.errors import OverQuota
from server.storage import CommitRow, LogRow, RosterRow, WorkspaceTx, WrapRow
from server.storage.interface import DeviceRow, Usage

if TYPE_CHECKING:
    from server.workspaces.open import OpenWorkspace

ROW_COST = 256  # what a row costs beside its bytes, about


class Change:
    """Made by `OpenWorkspace.changing`. Everything is written to the transaction at once, to memory afterwards."""

    def __init__(self, workspace: OpenWorkspace, tx: WorkspaceTx) -> None:
        self.tx = tx
        self.usage = workspace.usage
        self.entries: list[Entry] = []
        self.links: dict[int, bytes] = {}
        self.rows: dict[LogId, LogRow] = {}
        self.states: dict[LogId, LogState] = {}
        self._workspace = workspace
        self._bounds = workspace.bounds
        self._spends = False  # whether there is anything that the quota may refuse
        self._devices: dict[tuple[LogId, bytes], None] = {}

    def _serial(self, size: int) -> int:
        usage = self.usage
        self.usage = Usage(usage.serial + 1, usage.stored + size + ROW_COST)
        return self.usage.serial

    def log_state(self, log: LogId) -> LogState:
        """The state of a log with what this change has appended."""
        return self.states.get(log) or self._workspace.log_state(log)

    def log_key(self, log: LogId) -> int:
        """The storage's number of a log; a log is made with its first commit. Raises OverQuota."""
        row = self.rows.get(log) or self._workspace.rows.get(log)
        if row is None:
            if len(self._workspace.rows) + len(self.rows) >= self._bounds.workspace_logs:
                raise OverQuota("the workspace has logs enough")
            key = self.tx.add_log(log.encode())
            row = self.rows[log] = LogRow(key, log.encode(), 0, bytes(32), 0, 0, 0)
        return row.key

    def add_entry(self, entry: Entry, position: int, *, bounded: bool = True) -> None:
        """Raises OverQuota where `bounded`."""
        if bounded and position > self._bounds.workspace_entries:
            raise OverQuota("the workspace has roster entries enough")
        self._spends |= bounded
        serial = self._serial(len(entry.body))
        self.tx.add_entry(RosterRow(serial, position, entry.hash, entry))
        self.entries.append(entry)

    def set_link(self, account: int, member: bytes) -> None:
        self.tx.set_link(account, member)
        self.links[account] = member

    def add_commit(self, log: LogId, header: Header, commit: Commit, after: LogState) -> None:
        """Store a commit that was admitted; `after` is the log's state with it."""
        self._spends = True
        key = self.log_key(log)
        serial = self._serial(len(commit.header) + len(commit.body))
        self.tx.add_commit(
            CommitRow(
                serial=serial,
                log=key,
                position=after.position,
                author=header.author,
                counter=header.counter,
                hash=commit.hash,
                chain=after.chain,
                header=commit.header,
                signature=commit.signature,
                body=commit.body,
            )
        )
        if header.kind is Kind.ROTATE:
            self.tx.add_key_hash(key, header.generation, header.key_hash)
        self.states[log] = after
        self._devices[log, header.author] = None

    def add_wrap(self, wrap: Wrap, sealer: bytes) -> bool:
        """False where this member's row is there already, which is not an error."""
        before = self.usage
        row = WrapRow(self._serial(len(wrap.sealed)), wrap)
        if not self.tx.add_wrap(row, sealer):
            self.usage = before
            return False
        self._spends = True
        return True

    def add_chunk(self, log: bytes, file: bytes, index: int, digest: bytes, data: bytes) -> None:
        self._spends = True
        self.tx.add_chunk(log, file, index, digest, data)
        self.usage = Usage(self.usage.serial, self.usage.stored + len(data) + ROW_COST)

    def announce(self) -> None:
        """Something bounded was stored beside the stream, which no quota counts: move the cursor, so that desks come
        and look."""
        self.usage = Usage(self.usage.serial + 1, self.usage.stored)

    def finish(self) -> None:
        """Write the heads of the logs and the usage. Raises OverQuota."""
        if self.usage == self._workspace.usage:
            return
        if self._spends and self.usage.stored > self._bounds.workspace_bytes:
            raise OverQuota("the workspace has used up its space")
        for log, state in self.states.items():
            key = self.log_key(log)
            row = LogRow(
                key,
                log.encode(),
                state.position,
                state.chain,
                state.generation,
                state.rotated_at,
                state.roster_position,
            )
            self.rows[log] = row
            self.tx.update_log(row)
        for log, device in self._devices:
            end = self.states[log].devices[device]
            self.tx.set_device(self.rows[log].key, DeviceRow(device, end.counter, end.hash))
        self.tx.set_usage(self.usage)
