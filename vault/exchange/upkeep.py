"""What is due in logs where nobody here has anything to write: new keys after a loss, and bridges over skipped ones.

A log whose readers have shrunk gets its new key from the first of its writers whose client hears of it, not only from
the next who types something (SPEC, Logs): the removed person's key is of no use from then on. And where a rotate
skipped a generation, because its author was given garbage for it, whoever holds the skipped key hands it on.

Both follow from roster and log alone. Only logs whose head moved, of which a key came, or, after an entry, all logs
are looked at; a log stays due until what it needs is read back.
"""

from __future__ import annotations

from collections.abc import Callable

from protocol.access import is_stale, level
from protocol.admission import LogState
from protocol.ids import Level, LogId
from vault.admit import read_progress
from vault.exchange.desk import Desk
from vault.store import Tx

Blocked = Callable[[Tx, LogId], str | None]


class Upkeep:
    """Used under the desk's lock. `blocked` says why a log cannot be written now (`Pusher.blocked`)."""

    def __init__(self, desk: Desk, blocked: Blocked) -> None:
        self._desk = desk
        self._blocked = blocked
        self._read_back = False

    def prepare(self) -> None:
        """Once after unlocking: what a vault of an earlier version has not noted about where its keys came from."""
        if self._read_back:
            return
        self._read_back = True
        desk = self._desk
        with desk.store.read() as tx:
            unread = [log for log in desk.logs.known_logs(tx) if self._unread(tx, log)]
        if unread:
            with desk.changing() as change:
                for log in unread:
                    change.admission.read_back(log)

    def _unread(self, tx: Tx, log: LogId) -> bool:
        keys = self._desk.logs.keys(tx, log)
        return len(keys) > 1 and not keys.keys() <= read_progress(tx, self._desk.logs, log).carries.keys()

    def due(self, tx: Tx) -> list[LogId]:
        """Logs that need a rotate or a bridge, and that this desk can give it to now."""
        desk = self._desk
        if desk.unsettled is not None and not desk.unsettled:
            return []
        looked_at = desk.unsettled if desk.unsettled is not None else set(desk.logs.known_logs(tx))
        waiting = {log for log in looked_at if self._needs(tx, log)}
        desk.unsettled = waiting
        return [log for log in sorted(waiting) if self._can(tx, log)]

    def _needs(self, tx: Tx, log: LogId) -> bool:
        state = self._desk.logs.log_state(tx, log)
        return bool(state.generation) and (self._stale(state) or bool(self.bridges(tx, state)))

    def _can(self, tx: Tx, log: LogId) -> bool:
        """A reader may bridge; only a writer rotates, and nothing but a rotate is valid on a stale log."""
        reason = self._blocked(tx, log)
        if reason != "not-writer":
            return reason is None
        if self._stale(self._desk.logs.log_state(tx, log)) or log in self._desk.gaps(tx):
            return False
        roster, group = self._desk.roster.state, self._desk.roster.state.groups.get(log.group)
        archived = group is not None and group.archived
        return not archived and level(roster, self._desk.own.member, log) is Level.READ

    def rotate_due(self, tx: Tx, state: LogState) -> bool:
        """No key yet; stale; or a newest key that its rotator never gave us (rule 5)."""
        if state.generation == 0 or self._stale(state):
            return True
        return self._desk.logs.key(tx, state.log, state.generation) is None

    def _stale(self, state: LogState) -> bool:
        roster = self._desk.roster
        return is_stale(roster.history, state.log, state.rotated_at, roster.state.position)

    def bridges(self, tx: Tx, state: LogState) -> list[int]:
        """Generations that whoever has the newest key cannot come to, and whose keys we hold beside it."""
        if state.generation < 2:
            return []
        desk = self._desk
        skipped = read_progress(tx, desk.logs, state.log).unreached(state.generation)
        if not skipped:
            return []
        keys = desk.logs.keys(tx, state.log)
        return sorted(skipped & keys.keys()) if state.generation in keys else []
