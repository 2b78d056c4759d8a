"""The event stream: announces, beats, and ends."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
import requests

from protocol import wire
from protocol.roster import MemberRemove
from protocol.wire import ErrorCode, Route
from tests.server.client import Client
from tests.server.conftest import Team, found_team
from tests.server.test_push import refuses
from tests.support.server import running_server


class Stream:
    """An open event stream; `next` waits for the next cursor, and is None when the server has ended it."""

    def __init__(self, response: requests.Response) -> None:
        assert response.status_code == 200, response.content
        assert response.headers["content-type"].startswith("text/event-stream")
        self._lines = response.iter_lines()

    def next(self) -> int | None:
        for line in self._lines:
            if line.startswith(b"data: "):
                return int(line[6:])
        return None

    def until(self, cursor: int) -> None:
        """Cursors rise; wait for this one or a later."""
        while True:
            found = self.next()
            assert found is not None
            if found >= cursor:
                return


@contextmanager
def listening(client: Client, team: Team) -> Iterator[Stream]:
    """On a connection of its own, as a desk does it."""
    own = Client(client.origin, client.handle)
    own.token = client.token
    own.http.headers["accept"] = "text/event-stream"
    token = base64.urlsafe_b64encode(client.token).decode()
    with own.http.get(
        client.origin + client.path(Route.EVENTS, team.world),
        headers={"authorization": f"Bearer {token}"},
        stream=True,
        timeout=60,
    ) as response:
        yield Stream(response)
    own.close()


def test_the_newest_cursor_at_once_and_when_it_moves(team: Team) -> None:
    writer = team.start_log()
    now = team.ann.pull(team.world).cursor
    with listening(team.ann, team) as stream:
        assert stream.next() == now
        reply = team.ann.push(team.world, writer.make(team.world.ann.device))
        assert stream.next() == reply.cursor


def test_every_listener_hears_it(team: Team) -> None:
    _, ben = team.admit("ben")
    writer = team.start_log()
    with listening(team.ann, team) as first, listening(ben, team) as second:
        first.next()
        second.next()
        reply = team.ann.push(team.world, writer.make(team.world.ann.device))
        first.until(reply.cursor)
        second.until(reply.cursor)


@pytest.mark.hostile
def test_not_for_others(team: Team) -> None:
    stranger = team.client("stranger")
    with refuses(404, ErrorCode.NOT_FOUND):
        stranger.content("GET", stranger.path(Route.EVENTS, team.world))
    stranger.token = bytes(32)
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        stranger.content("GET", stranger.path(Route.EVENTS, team.world))


def test_it_ends_with_the_session(team: Team) -> None:
    with listening(team.ann, team) as stream:
        stream.next()
        team.ann.ask("POST", Route.LOGOUT, wire.Done, wire.Done())
        assert stream.next() is None


@pytest.mark.hostile
def test_it_ends_with_the_membership(team: Team) -> None:
    person, ben = team.admit("ben")
    with listening(ben, team) as stream:
        stream.next()
        team.do(MemberRemove(person.id, []))
        assert stream.next() is None


@pytest.mark.hostile
def test_of_too_many_streams_of_a_session_the_oldest_ends(team: Team) -> None:
    with ExitStack() as stack:
        streams = [stack.enter_context(listening(team.ann, team)) for _ in range(4)]
        for stream in streams:
            stream.next()
        assert stack.enter_context(listening(team.ann, team)).next() is not None
        assert streams[0].next() is None
        reply = team.ann.push(team.world, *team.start_log().chain_of(team.world.ann.device, 1))
        for stream in streams[1:]:
            stream.until(reply.cursor)


def test_a_graceful_stop_ends_streams(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("stop")) as server:
        team = found_team(server.origin)
        with listening(team.ann, team) as stream:
            stream.next()
            assert server.stop() == 0
            assert stream.next() is None
        team.close()
        assert server.journal_entries()[-1]["event"] == "stopped"
        assert server.errors() == ""
