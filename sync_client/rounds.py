"""One round of synchronising: pull what is new, hand out keys and confirmations that are due, push what waits.

The order matters. Pulling first means that everything pushed names the newest heads; what the server then still
refuses because somebody was faster is pulled, signed again by the vault (same operations, in a new round) and
pushed again. A lost reply is repeated with the same bytes: the server recognises them.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from protocol import wire
from protocol.limits import MAX_PUSH_COMMITS
from protocol.wire import ErrorCode
from sync_client.bringing_back import bring_back
from sync_client.cancel import CancelToken, OnProgress, Progress, ignore_progress
from sync_client.errors import ServerMisbehaved, ServerRefused
from sync_client.reconciling import change_over
from sync_client.workspace import WorkspaceCalls
from vault.exchange import (
    Exchange,
    Forked,
    LogRange,
    RolledBack,
    RosterBroken,
    TrustError,
    is_upkeep,
)

PUSH_BYTES = 1 << 23
MOVED = (ErrorCode.ROSTER_MOVED, ErrorCode.LOG_MOVED)
KEYS = "keys"
"""A stage of progress beside "pull" and "push": new keys after a loss."""
ROSTER_GAP = "gap"
"""The code of a RosterBroken where entries are missing, and none is wrong."""
RACES = 20
"""How often one push may lose the race for a head before the round gives up and the next one tries."""


class Round:
    """Runs rounds for one exchange over one connection. Used by one thread at a time."""

    def __init__(
        self,
        calls: WorkspaceCalls,
        exchange: Exchange,
        *,
        turn: threading.Lock | None = None,
        on_progress: OnProgress = ignore_progress,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`turn` is shared by all who run rounds for the same exchange: they take turns."""
        self._calls = calls
        self._exchange = exchange
        self._turn = turn or threading.Lock()
        self._progress = on_progress
        self._now = now
        self._heads_checked_at: tuple[int, bytes] | None = None

    def run(self, cancel: CancelToken) -> None:
        """Pull, settle, push. Raises SyncError, or a vault error when the server's bytes do not hold."""
        with self._turn:
            mended: set[type[TrustError]] = set()
            while True:
                try:
                    self._run(cancel)
                    return
                except (RolledBack, Forked, RosterBroken) as error:
                    self._mend(error, mended, cancel)
                    self.forget_heads()

    def _mend(self, error: TrustError, mended: set[type[TrustError]], cancel: CancelToken) -> None:
        """Go on after what a restored server shows: give back what it lost; change over to the past that an owner has
        chosen. Each once in a round. Raises `error` where that does not help."""
        if type(error) in mended or not self._exchange.is_active:
            raise error
        mended.add(type(error))
        if isinstance(error, RolledBack):
            try:
                bring_back(self._calls, self._exchange, cancel, self._progress)
                return
            except Forked as fork:
                error = fork
        if not change_over(self._calls, self._exchange, cancel):
            raise error

    def _run(self, cancel: CancelToken) -> None:
        self.pull(cancel)
        if not self._exchange.is_active:
            return
        self._check_heads(cancel)
        if self._settle(cancel):
            self.pull(cancel)
        self.push(cancel)
        if self._deliver_wraps(cancel):
            self.pull(cancel)

    def catch_up(self, cancel: CancelToken) -> None:
        """Pull everything, and all heads: what a change of access has to know before it is planned."""
        with self._turn:
            self.pull(cancel)
            self.forget_heads()
            self._check_heads(cancel)

    def forget_heads(self) -> None:
        """After a reconnect: compare all heads again."""
        self._heads_checked_at = None

    def pull(self, cancel: CancelToken) -> None:
        """Take all that is new. Where the server once left entries of the roster out of the stream, it is read again
        from its beginning: a lie that is over stops nobody for ever."""
        try:
            self._pull(cancel)
        except RosterBroken as broken:
            if broken.code != ROSTER_GAP or not self._exchange.cursor():
                raise
            self._exchange.start_over()
            self._pull(cancel)

    def _pull(self, cancel: CancelToken) -> None:
        """Take every page from the vault's cursor on; the next page is fetched while one is being admitted."""
        done = 0
        with ThreadPoolExecutor(1, "tacit-fetch") as fetcher:
            page = self._calls.pull(self._exchange.cursor(), cancel)
            while True:
                cancel.check()
                if page.more and page.cursor <= self._exchange.cursor():
                    raise ServerMisbehaved("pages that do not advance")
                following: Future[wire.PullPage] | None = None
                if page.more:
                    following = fetcher.submit(self._calls.pull, page.cursor, cancel)
                gaps = self._exchange.accept(page).gaps
                done += len(page.commits)
                upcoming = following.result() if following else None
                self._fetch_ranges(gaps, cancel)
                if done:
                    self._progress(Progress("pull", done, 0))
                if upcoming is None:
                    return
                page = upcoming

    def push(self, cancel: CancelToken) -> None:
        """Push until nothing waits."""
        races = 0
        done = 0
        taken: wire.Push | None = None
        while True:
            cancel.check()
            push = self._exchange.next_push(MAX_PUSH_COMMITS, PUSH_BYTES)
            if push is None:
                return
            if push == taken:
                raise ServerMisbehaved("a push that it says it took is not in the log")
            try:
                reply = self._calls.push(push, cancel)
            except ServerRefused as refusal:
                self._exchange.push_refused(push, refusal.code)
                if refusal.code not in MOVED or races >= RACES:
                    self._exchange.accept_heads(self._calls.heads(cancel))  # does it not know what it had?
                    raise
                races += 1
                self.pull(cancel)
                continue
            races = 0
            self._fetch_ranges(self._exchange.accept_push(push, reply).gaps, cancel)
            done += len(push.commits)
            only_keys = len(push.commits) == sum(map(is_upkeep, push.commits))
            self._progress(Progress(KEYS if only_keys else "push", done, 0))
            if reply.cursor != self._exchange.cursor():
                self.pull(cancel)
            taken = push

    def _fetch_ranges(self, ranges: Iterable[LogRange], cancel: CancelToken) -> None:
        for wanted in ranges:
            position = wanted.from_position
            while True:
                cancel.check()
                page = self._calls.log(wanted.log, position, cancel)
                if page.first != position:
                    raise ServerMisbehaved("a page of a log that was not asked for")
                self._exchange.accept_log(wanted.log, page)
                position += len(page.commits)
                if position > page.head_position:
                    break
                if not page.commits:
                    raise ServerMisbehaved("an empty page in the middle of a log")
                self._progress(Progress("pull", position, page.head_position))

    def _check_heads(self, cancel: CancelToken) -> None:
        """After each change of the roster (and after connecting): did a log become readable, or shorter?"""
        head = self._exchange.roster_head()
        if self._heads_checked_at == head:
            return
        heads = self._calls.heads(cancel)
        if heads.roster_position > head[0]:  # newer than the pull before, or left out of the stream
            self.pull(cancel)
            if heads.roster_position > self._exchange.roster_head()[0]:
                self._exchange.start_over()
                self.pull(cancel)
            head = self._exchange.roster_head()
        self._fetch_ranges(self._exchange.accept_heads(heads), cancel)
        for wanted in self._exchange.headers_wanted(heads):
            self._follow_headers(wanted, cancel)
        self._heads_checked_at = head

    def _follow_headers(self, wanted: LogRange, cancel: CancelToken) -> None:
        position = wanted.from_position
        while True:
            cancel.check()
            page = self._calls.headers(wanted.log, position, cancel)
            if page.first != position:
                raise ServerMisbehaved("a page of headers that was not asked for")
            self._exchange.accept_headers(wanted.log, page)
            position += len(page.headers)
            if position > page.head_position:
                return
            if not page.headers:
                raise ServerMisbehaved("an empty page in the middle of a log")

    def _settle(self, cancel: CancelToken) -> bool:
        """Confirm those who joined and expire what is over: an admin's client does it by itself."""
        settled = False
        for _ in range(RACES):
            operations = self._exchange.confirmations_due(int(self._now()))
            if not operations:
                return settled
            append = self._exchange.sign_roster(operations)
            try:
                self._calls.append_roster(append, cancel)
                self._exchange.roster_appended(append)
                settled = True
            except ServerRefused as refusal:
                if refusal.code != ErrorCode.ROSTER_MOVED:
                    raise
            self.pull(cancel)
        return settled

    def _deliver_wraps(self, cancel: CancelToken) -> bool:
        """Complete grants: give the log keys that we hold to readers who have none yet."""
        delivered = False
        for log, generation in self._exchange.wraps_due():
            cancel.check()
            present = self._calls.wraps(log, generation, cancel).recipients
            due = self._exchange.make_wraps(log, generation, present)
            if due.wraps:
                self._calls.add_wraps(due, cancel)
                delivered = True
        return delivered
