"""Two pasts that really differ: fetching the server's beside our own, an owner's decision, and following one."""

from __future__ import annotations

from dataclasses import dataclass

from protocol import wire
from protocol.ids import LogId
from protocol.roster import Entry
from sync_client.cancel import CancelToken
from sync_client.errors import ServerMisbehaved
from sync_client.roster_pages import RosterPages
from sync_client.workspace import WorkspaceCalls
from vault.exchange import Exchange, Fork, LocalRoster

LOOK_BACK = 500
"""Headers of a log that are fetched first, counted from its end; then four times as many, and so on."""


@dataclass(frozen=True, slots=True)
class Found:
    """The server's past beside ours: its roster, verified; its heads; and where ours and its differ."""

    other: LocalRoster
    heads: wire.Heads
    forks: list[Fork]

    @property
    def roster(self) -> Fork | None:
        return next((fork for fork in self.forks if fork.log is None), None)


def change_over(calls: WorkspaceCalls, exchange: Exchange, cancel: CancelToken) -> bool:
    """Where an owner's `adopt` is in the server's roster: follow it. A roster that only goes on from ours is taken;
    then it is logs that differ, and these stop, while others go on. False where the roster differs and nobody has
    decided. Raises AdoptRefused, TrustError, SyncError."""
    adopter = exchange.adopter
    other = adopter.beside(_roster(calls, cancel))
    if adopter.roster_fork(other) is not None:
        return adopter.follow(other) is not None
    adopter.go_on(other)
    adopter.stop_forked(calls.heads(cancel))
    return True


def find_forks(calls: WorkspaceCalls, exchange: Exchange, cancel: CancelToken) -> Found:
    """Fetch and compare; changes nothing. Raises TrustError, SyncError."""
    adopter = exchange.adopter
    other = adopter.beside(_roster(calls, cancel))
    heads = calls.heads(cancel)
    fork = adopter.roster_fork(other)
    forks = [] if fork is None else [fork]
    for log, ours, head in adopter.logs_to_compare(heads):
        found = _in_log(calls, exchange, log, ours, head, cancel)
        if found is not None:
            forks.append(found)
    return Found(other, heads, forks)


def adopt(calls: WorkspaceCalls, exchange: Exchange, found: Found, cancel: CancelToken) -> None:
    """As an owner: the server's past stays. What ours took away is taken away there first, in the same breath. Raises
    Refused, AdoptRefused, SyncError (roster-moved: look again)."""
    append = exchange.adopter.plan(found.other, found.forks, found.heads)
    calls.append_roster(append, cancel)
    if found.roster is None:
        exchange.roster_appended(append)
    else:
        change_over(calls, exchange, cancel)


def _roster(calls: WorkspaceCalls, cancel: CancelToken) -> list[Entry]:
    pages = RosterPages()
    while True:
        cancel.check()
        page = calls.roster(pages.position + 1, cancel)
        if page.first != pages.position + 1:
            raise ServerMisbehaved("a page of the roster that was not asked for")
        if pages.add(page.entries, page.head_position):
            return pages.entries


def _in_log(
    calls: WorkspaceCalls, exchange: Exchange, log: LogId, ours: int, head: wire.LogHead, cancel: CancelToken
) -> Fork | None:
    back = LOOK_BACK
    while True:
        first = max(1, min(ours, head.position) - back + 1)
        result = exchange.adopter.compare(log, first, _headers(calls, log, first, head, cancel), head)
        if isinstance(result, Fork):
            return result
        if result:
            return None
        back *= 4


def _headers(
    calls: WorkspaceCalls, log: LogId, first: int, head: wire.LogHead, cancel: CancelToken
) -> list[wire.SignedHeader]:
    headers: list[wire.SignedHeader] = []
    while first + len(headers) <= head.position:
        cancel.check()
        page = calls.headers(log, first + len(headers), cancel)
        if page.first != first + len(headers) or not page.headers:
            raise ServerMisbehaved("a page of headers that was not asked for")
        headers += page.headers
    return headers[: head.position - first + 1]
