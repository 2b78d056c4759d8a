"""Rounds with a server that never says yes, never ends, or answers something else; and an environment that would send a
desk elsewhere (A43, A44)."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.ids import LogId, Standing
from sync_client import CancelToken, Http, Round, ServerMisbehaved, ServerRefused
from sync_client.rounds import RACES
from tests.hostile.test_lying_replies import RelayCalls
from tests.support.desks import Desk, World
from tests.sync_client.scripted import reply, scripted

pytestmark = [pytest.mark.hostile, pytest.mark.A43]


class AlwaysMoved(RelayCalls):
    def push(self, request: wire.Push, cancel: CancelToken | None = None) -> wire.PushReply:
        self.pushes += 1
        assert self.pushes <= 10 * RACES, "pushed without end"
        raise ServerRefused(wire.ErrorCode.LOG_MOVED, "somebody was quicker")


def test_A43_a_server_that_always_says_moved_ends_the_round(world: World) -> None:
    """The edit stays; an honest round brings it to the log, once."""
    person = world.ann.add("person", name="Zoe")
    calls = AlwaysMoved(world.ann)
    with pytest.raises(ServerRefused):
        Round(calls, world.ann.exchange).run(CancelToken())
    assert calls.pushes <= RACES + 1
    world.ann.sync()
    ben = world.member("ben")
    assert ben.field(person, "name") == "Zoe"
    assert len(ben.vault.history.history(person)) == 1


class Headers(RelayCalls):
    """Answers with these pages in turn, whatever headers are asked for."""

    def __init__(self, desk: Desk, *pages: wire.HeaderPage) -> None:
        super().__init__(desk)
        self._pages = list(pages)

    def headers(self, log: LogId, first: int, cancel: CancelToken | None = None) -> wire.HeaderPage:
        if not self._pages:
            raise AssertionError("read without end")
        return self._pages.pop(0)


@pytest.mark.parametrize("how", ["later", "again", "empty", "promised"])
def test_A43_headers_that_an_admin_follows(world: World, how: str) -> None:
    """An admin without a grant follows headers to pin heads: another place, the same again, nothing, no end."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    eve = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.sync_all()
    for number in range(3):
        world.ann.put(person, name=f"Zoe {number}")
        world.ann.push()
    start = eve.exchange.log_ends()[person.log].position + 1
    honest = world.relay.headers(person.log, start)
    pages = {
        "later": [wire.HeaderPage(start + 1, honest.headers[1:], honest.head_position)],
        "again": [wire.HeaderPage(start, honest.headers[:1], honest.head_position)] * 2,
        "empty": [wire.HeaderPage(start, [], honest.head_position)],
        "promised": [
            wire.HeaderPage(start, honest.headers, 1 << 50),
            wire.HeaderPage(honest.head_position + 1, [], 1 << 50),
        ],
    }
    with pytest.raises(ServerMisbehaved):
        Round(Headers(eve, *pages[how]), eve.exchange).run(CancelToken())
    eve.sync()
    assert eve.exchange.log_ends()[person.log].position == honest.head_position
    assert eve.exchange.stopped() == []


@pytest.mark.A44
@pytest.mark.A19
def test_A44_nothing_of_the_environment_decides_where_bytes_go(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy of the environment, nor a password of a .netrc, nor a bundle of certificates."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password anything\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(netrc))
    done = reply(encode(wire.Done()))
    with (
        scripted(lambda connection: connection.sendall(done)) as elsewhere,
        scripted(lambda connection: connection.sendall(done)) as server,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, elsewhere.origin)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert Http(server.origin).get("/x", wire.Done) == wire.Done()
        assert not elsewhere.requests
        assert all(b"authorization" not in request.lower() for request in server.requests)
