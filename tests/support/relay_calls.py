"""The relay as a round of synchronising sees it: the calls of a workspace, without a network."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from protocol import wire
from protocol.ids import LogId
from sync_client import CancelToken, Http, Round, ServerRefused, WorkspaceCalls
from tests.support.desks import Desk
from tests.support.relay import Refused, Relay

T = TypeVar("T")


def answered(call: Callable[[], T]) -> T:
    """What the relay answers, its refusals as a client sees them."""
    try:
        return call()
    except Refused as refusal:
        raise ServerRefused(refusal.code, refusal.code) from None


class HonestCalls(WorkspaceCalls):
    """Everything that a round asks of a server, asked of the relay: the world's, or one that shows something else."""

    def __init__(self, desk: Desk, relay: Relay | None = None) -> None:
        super().__init__(Http("http://127.0.0.1:1"), desk.exchange.workspace)
        self._desk, self._relay = desk, relay or desk.world.relay

    def roster(self, first: int, cancel: CancelToken | None = None) -> wire.RosterPage:
        return self._relay.roster(first - 1)

    def append_roster(self, request: wire.AppendRoster, cancel: CancelToken | None = None) -> None:
        answered(lambda: self._relay.append_roster(request))

    def pull(self, cursor: int, cancel: CancelToken | None = None) -> wire.PullPage:
        return self._relay.pull(self._desk.member, cursor)

    def heads(self, cancel: CancelToken | None = None) -> wire.Heads:
        return self._relay.heads(self._desk.member)

    def log(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.LogPage:
        return answered(lambda: self._relay.log(self._desk.member, log, first))

    def headers(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.HeaderPage:
        return self._relay.headers(log, first)

    def push(self, request: wire.Push, cancel: CancelToken | None = None) -> wire.PushReply:
        return answered(lambda: self._relay.push(request))

    def wraps(self, log: LogId, generation: int, cancel: CancelToken | None = None) -> wire.WrapList:
        return self._relay.wrap_list(log, generation)

    def add_wraps(self, request: wire.AddWraps, cancel: CancelToken | None = None) -> None:
        self._relay.add_wraps(request)


def run_round(desk: Desk, calls: WorkspaceCalls | None = None) -> None:
    """One round as the program runs it. Raises SyncError, VaultError."""
    Round(calls or HonestCalls(desk), desk.exchange, now=desk.world.clock).run(CancelToken())
