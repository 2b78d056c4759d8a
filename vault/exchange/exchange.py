"""The exchange: structures of the wire in, structures of the wire out; the network is somebody else's.

Everything that comes in is verified, and taken in one transaction or not at all. A commit whose header fails stops its
log (`Accepted.stopped`); other logs go on. A roster that fails raises, and nothing of its page is taken.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from protocol import wire
from protocol.access import all_logs, level, logs_of
from protocol.commit import Commit, parse_header
from protocol.errors import FormatError
from protocol.ids import NO_HASH, Level, LogId, Standing
from protocol.roster import RosterOperation
from protocol.wire import ErrorCode
from vault.admit import Admission, logs_met, read_progress
from vault.exchange.adopting import Adopter
from vault.exchange.carried import check_carried
from vault.exchange.confirming import Confirmed
from vault.exchange.desk import NOTHING, Change, Desk, Listener
from vault.exchange.dropping import rekey_due
from vault.exchange.giving import Giver, Waiting
from vault.exchange.heads import compare_heads
from vault.exchange.own import Own
from vault.exchange.pins import PinFile
from vault.exchange.pushing import Pusher
from vault.exchange.restoring import Restorer
from vault.exchange.types import Accepted, LogRange, StoppedLog
from vault.roster.cuts import LogEnd
from vault.roster.entries import sign_entries
from vault.roster.errors import Forked, LogBroken, RestoredBackup, RolledBack, TrustError
from vault.roster.local import LocalRoster
from vault.store import Folder, Store, Tx

KEEP_ROUND = frozenset(
    {ErrorCode.INTERNAL, ErrorCode.RATE_LIMITED, ErrorCode.QUOTA, ErrorCode.UNAUTHENTICATED}
)
"""Refusals after which the same bytes are sent again; after all others what waits is signed anew."""


class Exchange:
    """One for an open vault; any thread, one call at a time."""

    def __init__(
        self,
        store: Store,
        folder: Folder,
        own: Own,
        roster: LocalRoster,
        pins: PinFile,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._desk = Desk(store, folder, own, roster, pins)
        self._pusher = Pusher(self._desk)
        self._giver = Giver(self._desk)
        self.restorer = Restorer(self._desk)
        self.adopter = Adopter(self._desk, now)
        self._now = self._desk.clock = now

    @property
    def desk(self) -> Desk:
        """For the vault's own facade."""
        return self._desk

    def cursor(self) -> int:
        """Where the next pull begins."""
        with self._desk.store.read() as tx:
            return self._desk.cursor(tx)

    def start_over(self) -> None:
        """Begin the stream again: what a server left out of it once is in it. What is known already is compared."""
        with self._desk.lock, self._desk.changing() as change:
            self._desk.set_cursor(change.tx, 0)

    def roster_head(self) -> tuple[int, bytes]:
        """Position and hash of the newest roster entry taken."""
        with self._desk.lock:
            return self._desk.roster.head

    @property
    def workspace(self) -> bytes:
        """The workspace's id, 32 bytes."""
        return self._desk.own.workspace

    @property
    def is_active(self) -> bool:
        """Whether this member is confirmed and present: before and after that there is only the roster to read."""
        with self._desk.lock:
            found = self._desk.roster.state.members.get(self._desk.own.member)
            device = self._desk.roster.state.devices.get(self._desk.own.device.id)
            return found is not None and found.active and device is not None and not device.revoked

    @property
    def confirmed_by(self) -> Confirmed | None:
        """Who was the first to sign something that names this computer (`vault.exchange.confirming`)."""
        return self._desk.confirmed

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after each change that came in, on the thread that took it; returns how to stop that."""
        self._desk.listeners.append(listener)
        return lambda: self._desk.listeners.remove(listener)

    # what comes in

    def accept(self, page: wire.PullPage) -> Accepted:
        """Take a page of the stream: roster, keys, commits, cursor. Raises TrustError, MovedOn, StoreError."""
        desk = self._desk
        with desk.lock:
            with desk.changing() as change:
                if page.cursor < desk.cursor(change.tx):
                    raise RolledBack(f"the server's cursor goes back to {page.cursor}")
                if page.roster:
                    change.take_roster(page.roster_first, page.roster)
                change.admission.wraps(page.wraps)
                for placed in page.commits:
                    change.admission.commit(_log(placed.log), placed.position, placed.commit)
                desk.set_cursor(change.tx, page.cursor)
                gaps = self._gaps(change)
            accepted = desk.accepted(change, gaps)
        return desk.tell(accepted)

    def accept_log(self, log: LogId, page: wire.LogPage) -> Accepted:
        """Take a page of one log that was asked for because of a gap."""
        desk = self._desk
        with desk.lock:
            with desk.changing() as change:
                for position, commit in enumerate(page.commits, page.first):
                    change.admission.commit(log, position, commit)
                progress = change.admission.book.progress(log)
                if progress.opened >= page.head_position or progress.stopped:
                    desk.set_gaps(change.tx, desk.gaps(change.tx) - {log})
                gaps = self._gaps(change)
            accepted = desk.accepted(change, gaps)
        return desk.tell(accepted)

    def accept_headers(self, log: LogId, page: wire.HeaderPage) -> Accepted:
        """Follow the headers of a log that this admin does not read, so that cuts can name its head."""
        desk = self._desk
        with desk.lock:
            with desk.changing() as change:
                for position, signed in enumerate(page.headers, page.first):
                    change.admission.header(log, position, signed)
            accepted = desk.accepted(change, [])
        return desk.tell(accepted)

    def accept_heads(self, heads: wire.Heads) -> list[LogRange]:
        """Compare the server's heads with the pins; what is to be fetched of logs that this member reads.

        Raises RolledBack or Forked where a head lies behind, or is another than, what this desk has seen. Logs that
        are stopped are passed over (`Adopter.stop_forked`).
        """
        desk = self._desk
        with desk.lock:
            desk.roster.check_not_behind(heads.roster_position, heads.roster_hash)
            readable = logs_of(desk.roster.state, desk.own.member)
            shown = {_log(head.log): head for head in heads.logs}
            with desk.store.read() as tx:
                check_carried(desk, tx, shown, readable)
                forked, behind = compare_heads(desk, tx, shown, readable)
                if forked:
                    log, position = forked[0]
                    raise Forked(f"log {log.encode().hex()}: another chain at {position}")
                if behind is not None:
                    raise RolledBack(f"log {behind.encode().hex()}: the server ends before what was seen")
                wanted = []
                for log, head in sorted(shown.items()):
                    progress = read_progress(tx, desk.logs, log)
                    if log in readable and not progress.stopped and progress.opened < head.position:
                        wanted.append(LogRange(log, progress.opened + 1))
        return wanted

    def headers_wanted(self, heads: wire.Heads) -> list[LogRange]:
        """For an admin: logs that he does not read, and whose headers go further than what he follows."""
        desk = self._desk
        with desk.lock, desk.store.read() as tx:
            state = desk.roster.state
            person = state.members.get(desk.own.member)
            if person is None or not person.active or person.standing is Standing.MEMBER:
                return []
            readable = logs_of(state, desk.own.member)
            wanted = []
            for head in heads.logs:
                log = _log(head.log)
                known = desk.logs.log_state(tx, log).position
                stopped = read_progress(tx, desk.logs, log).stopped
                if log not in readable and not stopped and known < head.position:
                    wanted.append(LogRange(log, known + 1))
            return wanted

    def _gaps(self, change: Change) -> list[LogRange]:
        """Remember what is missing, and forget what this member may not read (any more)."""
        desk = self._desk
        readable = logs_of(desk.roster.state, desk.own.member)
        book = change.admission.book
        missing = desk.gaps(change.tx) | set(change.admission.gaps)
        missing = {log for log in missing if log in readable and not book.progress(log).stopped}
        desk.set_gaps(change.tx, missing)
        return [LogRange(log, book.progress(log).opened + 1) for log in sorted(missing)]

    # what goes out

    def next_push(self, max_commits: int, max_bytes: int) -> wire.Push | None:
        """The next round of commits, stored before it is returned; the same bytes again while it has no answer.

        Raises RestoredBackup where this vault came from a backup and has no new device key yet.
        """
        desk = self._desk
        with desk.lock:
            self._pusher.prepare()
            with desk.store.read() as tx:
                if self._pusher.nothing_waits(tx):
                    return None
            if desk.restored:
                raise RestoredBackup("the pins beside the vault are newer than the vault")
            with desk.changing(durable=True) as change:
                return self._pusher.next(change.tx, max_commits, max_bytes)

    def accept_push(self, push: wire.Push, reply: wire.PushReply) -> Accepted:
        """The server took the round: admit our own commits where they follow what we have, else leave them to pull."""
        desk = self._desk
        if len(reply.placements) != len(push.commits):
            raise LogBroken("a reply that does not place each commit", "reply")
        with desk.lock:
            with desk.changing() as change:
                admission = change.admission
                for commit, placement in zip(push.commits, reply.placements, strict=True):
                    log = parse_header(commit.header).log_id
                    if placement.log != log.encode():
                        raise LogBroken("a reply that places a commit in another log", "reply")
                    self._place(admission, log, commit, placement)
                admission.gaps.clear()
                if reply.cursor_before == desk.cursor(change.tx) and reply.cursor >= reply.cursor_before:
                    desk.set_cursor(change.tx, reply.cursor)
                self._pusher.answered(change.tx)
            accepted = desk.accepted(change, [])
        return desk.tell(accepted)

    def _place(self, admission: Admission, log: LogId, commit: Commit, placement: wire.Placement) -> None:
        before = admission.book.state(log).position
        admission.commit(log, placement.position, commit)
        state = admission.book.state(log)
        if before < state.position == placement.position and state.chain != placement.chain:
            raise Forked(f"log {log.encode().hex()}: the server's chain at {state.position} is another")

    def push_refused(self, push: wire.Push, code: str) -> None:
        """The server refused the round. After ROSTER_MOVED or LOG_MOVED: pull, then `next_push` signs it again."""
        del push
        if code in KEEP_ROUND:
            return
        with self._desk.lock, self._desk.store.write() as tx:
            self._pusher.refused(tx)

    # what a desk does for others

    def wraps_due(self) -> list[tuple[LogId, int]]:
        """(log, generation) whose key we hold and which later readers may lack: ask the server who has a row."""
        with self._desk.lock, self._desk.store.read() as tx:
            return self._giver.wraps_due(tx)

    def make_wraps(self, log: LogId, generation: int, present: list[bytes]) -> wire.AddWraps:
        """Wraps for the readers whose key ids are not in `present`; empty where nobody lacks one."""
        with self._desk.lock, self._desk.store.write() as tx:
            return self._giver.make_wraps(tx, log, generation, present)

    def waiting_for_keys(self) -> list[Waiting]:
        """Whose right to read is newer than the key of the log, and whether the key was handed over."""
        with self._desk.lock, self._desk.store.read() as tx:
            return self._giver.waiting(tx)

    def confirmations_due(self, now: int) -> list[RosterOperation]:
        """At an admin's desk: who joined and is to be confirmed, which invitations are over at `now` (Unix time). At
        any: own keys that were in a branch of the roster that was dropped."""
        with self._desk.lock:
            return rekey_due(self._desk) or self._giver.confirmations_due(now)

    def sign_roster(self, operations: Sequence[RosterOperation]) -> wire.AppendRoster:
        """Entries for these operations, at the newest head. Raises Refused (code) where the rules forbid them,
        RestoredBackup as `next_push`."""
        desk = self._desk
        with desk.lock:
            if desk.restored:
                raise RestoredBackup("the pins beside the vault are newer than the vault")
            state = desk.roster.state
            entries, _ = sign_entries(state, operations, desk.own.device, int(self._now()))
            return wire.AppendRoster(state.head, entries)

    def roster_appended(self, append: wire.AppendRoster) -> Accepted:
        """The server took them: so do we, without waiting for the pull that brings them again."""
        desk = self._desk
        with desk.lock:
            with desk.changing(durable=True) as change:
                head = desk.roster.head
                if append.expected_head == head[1]:
                    change.take_roster(head[0] + 1, append.entries)
            accepted = desk.accepted(change, [])
        return desk.tell(accepted)

    # what a desk shows

    def log_ends(self) -> dict[LogId, LogEnd]:
        """The newest head known here of every log: what plans with cuts are made from."""
        desk = self._desk
        with desk.lock, desk.store.read() as tx:
            states = [desk.logs.log_state(tx, log) for log in desk.logs.known_logs(tx)]
        return {state.log: LogEnd(state.position, state.chain) for state in states}

    def ends_to_cut(self) -> dict[LogId, LogEnd]:
        """`log_ends`, and position 0 for the logs that this desk would know of and that nobody has begun: an entry
        that takes a right away closes those too, or its subject could begin them afterwards, backdated."""
        desk = self._desk
        with desk.lock:
            state, me = desk.roster.state, desk.own.member
            person = state.members.get(me)
            sees_all = person is not None and person.active and person.standing is not Standing.MEMBER
            empty = LogEnd(0, NO_HASH)
            return {
                **dict.fromkeys(all_logs(state) if sees_all else logs_of(state, me), empty),
                **self.log_ends(),
            }

    def stopped(self) -> list[StoppedLog]:
        """Logs that take nothing more, with the reason."""
        desk = self._desk
        found = []
        with desk.lock, desk.store.read() as tx:
            for log in logs_met(tx, desk.logs):
                progress = read_progress(tx, desk.logs, log)
                if progress.stopped:
                    found.append(StoppedLog(log, _error(progress.stopped, progress.detail)))
        return found

    def resume(self, log: LogId) -> None:
        """Try a stopped log again, from where it was good: nothing of what stopped it was kept. The next pull asks
        for what is missing."""
        desk = self._desk
        with desk.lock, desk.changing() as change:
            progress = change.admission.book.progress(log)
            progress.stopped = progress.detail = ""
            desk.set_gaps(change.tx, desk.gaps(change.tx) | {log})

    def blocked(self) -> list[tuple[LogId, str]]:
        """Logs in which edits of this desk wait, and why: not-writer, stopped, behind, key."""
        desk = self._desk
        with desk.lock, desk.store.read() as tx:
            found = [(log, self._pusher.blocked(tx, log)) for log in desk.outbox.logs(tx)]
        return [(log, reason) for log, reason in found if reason is not None]

    def can_write(self, log: LogId) -> bool:
        """Whether the newest roster lets this member write `log`."""
        with self._desk.lock:
            return level(self._desk.roster.state, self._desk.own.member, log) is Level.WRITE

    def has_key(self, log: LogId) -> bool:
        """Whether this desk holds the newest key of `log`."""
        with self._desk.lock, self._desk.store.read() as tx:
            return self._newest_key(tx, log)

    def _newest_key(self, tx: Tx, log: LogId) -> bool:
        state = self._desk.logs.log_state(tx, log)
        return self._desk.logs.key(tx, log, state.generation) is not None

    @property
    def restored(self) -> bool:
        """Whether this vault came from a backup and cannot write until its device is renewed."""
        return self._desk.restored


def _log(encoded: bytes) -> LogId:
    try:
        return LogId.decode(encoded)
    except FormatError as error:
        raise LogBroken(str(error), error.code) from None


def _error(code: str, detail: str) -> TrustError:
    kinds: dict[str, type[TrustError]] = {Forked.code: Forked, RolledBack.code: RolledBack}
    return kinds.get(code, LogBroken)(detail, code)


__all__ = ["NOTHING", "Exchange"]
