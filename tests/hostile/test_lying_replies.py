"""Rounds with a server that lies in its replies to a push, and in pages that were asked for (A11, A42, A43)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest

from protocol import wire
from protocol.commit import parse_header
from protocol.ids import LogId
from sync_client import CancelToken, Round, ServerMisbehaved, WorkspaceCalls
from sync_client.errors import SyncError
from sync_client.http import Http
from tests.support.desks import Desk, World
from vault.exchange import VaultError

pytestmark = [pytest.mark.hostile]

Lie = Callable[[wire.PushReply], wire.PushReply]


class RelayCalls(WorkspaceCalls):
    """The relay of the tests as a round sees it; `lie` bends the replies to pushes, `shift` the pages of logs."""

    def __init__(
        self, desk: Desk, lie: Lie = lambda reply: reply, *, keep: bool = True, shift: int = 0
    ) -> None:
        super().__init__(Http("http://127.0.0.1:1"), desk.exchange.workspace)
        self._desk, self._relay = desk, desk.world.relay
        self._lie, self._keep, self._shift = lie, keep, shift
        self.pushes = 0

    def pull(self, cursor: int, cancel: CancelToken | None = None) -> wire.PullPage:
        return self._relay.pull(self._desk.member, cursor)

    def heads(self, cancel: CancelToken | None = None) -> wire.Heads:
        return self._relay.heads(self._desk.member)

    def log(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.LogPage:
        return self._relay.log(self._desk.member, log, first + self._shift)

    def push(self, request: wire.Push, cancel: CancelToken | None = None) -> wire.PushReply:
        self.pushes += 1
        assert self.pushes < 50, "pushed without end"
        if self._keep:
            return self._lie(self._relay.push(request))
        logs = [parse_header(commit.header).log for commit in request.commits]
        placements = [wire.Placement(log, 1 << 30, bytes(32)) for log in logs]
        cursor = self._desk.exchange.cursor()
        return wire.PushReply(placements, cursor, cursor)

    def wraps(self, log: LogId, generation: int, cancel: CancelToken | None = None) -> wire.WrapList:
        return self._relay.wrap_list(log, generation)

    def add_wraps(self, request: wire.AddWraps, cancel: CancelToken | None = None) -> None:
        self._relay.add_wraps(request)


def further(reply: wire.PushReply) -> wire.PushReply:
    """All placed far away."""
    placements = [wire.Placement(one.log, one.position + 7, one.chain) for one in reply.placements]
    return wire.PushReply(placements, reply.cursor_before, reply.cursor)


def lower(reply: wire.PushReply) -> wire.PushReply:
    placements = [wire.Placement(one.log, 1, one.chain) for one in reply.placements]
    return wire.PushReply(placements, reply.cursor_before, reply.cursor)


def other_chain(reply: wire.PushReply) -> wire.PushReply:
    placements = [wire.Placement(one.log, one.position, b"c" * 32) for one in reply.placements]
    return wire.PushReply(placements, reply.cursor_before, reply.cursor)


def fewer(reply: wire.PushReply) -> wire.PushReply:
    return wire.PushReply(reply.placements[1:], reply.cursor_before, reply.cursor)


def another_log(reply: wire.PushReply) -> wire.PushReply:
    placements = [wire.Placement(bytes(33), one.position, one.chain) for one in reply.placements]
    return wire.PushReply(placements, reply.cursor_before, reply.cursor)


@pytest.mark.A42
@pytest.mark.parametrize("lie", [further, lower, other_chain, fewer, another_log])
def test_A42_a_lying_reply_loses_and_doubles_nothing(world: World, lie: Lie) -> None:
    """The round ends, with an error or without; then an honest round brings the edit to the others, once."""
    ben = world.member("ben")
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben.sync()
    made = world.ann.add("person", name="Made while it lied")
    world.ann.put(person, name="Zoe Smith")
    with suppress(SyncError, VaultError):
        Round(RelayCalls(world.ann, lie), world.ann.exchange).run(CancelToken())
    for stop in world.ann.exchange.stopped():
        world.ann.exchange.resume(stop.log)
    world.sync_all()
    for desk in (world.ann, ben):
        assert desk.field(person, "name") == "Zoe Smith"
        assert desk.field(made, "name") == "Made while it lied"
        assert len(desk.vault.search.search("Made while it lied")) == 1
        assert desk.exchange.stopped() == []


@pytest.mark.A43
def test_A43_a_server_that_takes_and_never_shows_ends_the_round(world: World) -> None:
    world.ann.add("person", name="Zoe")
    calls = RelayCalls(world.ann, keep=False)
    with pytest.raises(ServerMisbehaved):
        Round(calls, world.ann.exchange).run(CancelToken())
    assert calls.pushes <= 2
    world.ann.sync()
    assert world.ann.exchange.next_push(10, 1 << 20) is None


@pytest.mark.A43
def test_A43_a_page_of_another_place_is_refused(world: World) -> None:
    """Asked for a log from 1, it answers from 0 for ever, or with a hole."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    world.ann.put(person, name="Zoe Smith")
    world.ann.sync()
    honest = ben.world.relay.pull(ben.member, ben.exchange.cursor())
    dropped = wire.PullPage(0, [], [], [], honest.cursor, False)
    ben.exchange.accept(dropped)
    calls = RelayCalls(ben, shift=1)
    with pytest.raises(ServerMisbehaved):
        Round(calls, ben.exchange).run(CancelToken())
    assert ben.field(person, "name") == "Zoe"
    Round(RelayCalls(ben), ben.exchange).run(CancelToken())
    assert ben.field(person, "name") == "Zoe Smith"


class EndlessCalls(RelayCalls):
    """Whatever is asked for, the beginning of the log, with the promise of more."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pages = 0

    def log(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.LogPage:
        self.pages += 1
        assert self.pages < 50, "read without end"
        page = self._relay.log(self._desk.member, log, 1)
        return wire.LogPage(1, page.commits, 1 << 50)


@pytest.mark.A43
def test_A43_pages_that_repeat_themselves_end_the_round(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    world.ann.put(person, name="Zoe Smith")
    world.ann.sync()
    ben.exchange.accept(
        wire.PullPage(0, [], [], [], world.relay.pull(ben.member, ben.exchange.cursor()).cursor, False)
    )
    calls = EndlessCalls(ben)
    with pytest.raises(ServerMisbehaved):
        Round(calls, ben.exchange).run(CancelToken())
    assert calls.pages <= 2
