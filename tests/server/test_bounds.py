"""What a hostile client may make the server keep: bodies, replies, sessions, connections. Measured from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.limits import MAX_PUSH_COMMITS, MAX_REQUEST
from protocol.wire import ErrorCode, Route
from server.errors import RateLimited
from server.http.transfers import SMALL, Transfers
from server.settings import Bounds
from tests.protocol.world import READER
from tests.server.client import Client
from tests.server.conftest import Team, found_team
from tests.server.test_hostile_requests import head
from tests.server.test_push import refuses
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.hostile
MIB = 1 << 20


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """One that has not been busy for others."""
    with running_server(tmp_path, "--door-rate", "100000") as running:
        yield running
        assert running.errors() == ""


def most_memory(server: RunningServer) -> int:
    """The most that the server ever had in memory, bytes."""
    status = Path(f"/proc/{server.process_id}/status")
    if not status.is_file():
        pytest.skip("asks the system for the memory of a process, as Linux tells it")
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10


@pytest.mark.parametrize("route", [Route.PUSH, Route.ROSTER, Route.WORKSPACES])
def test_millions_of_tiny_items(own_server: RunningServer, route: Route) -> None:
    """24 MiB of commits of nothing would be 400 MiB of objects: refused by their number, not one is made."""
    team = found_team(own_server.origin)
    before = most_memory(own_server)
    items = 2_000_000
    lists = b"\xdd" + items.to_bytes(4, "big") + b"\x93\xc4\x02ab\xc4\x02ab\xc4\x02ab" * items
    body = {
        Route.PUSH: b"\x92" + lists + b"\x90",
        Route.ROSTER: b"\x92\xc4\x00" + lists,
        Route.WORKSPACES: b"\x91" + lists,
    }[route]
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.content("POST", team.ann.path(route, team.world), body)
    assert most_memory(own_server) - before < 4 * len(body)
    team.close()


def test_many_large_bodies_at_once(own_server: RunningServer) -> None:
    """Of one account some only; others do not notice; and when they are gone there is room again."""
    team = found_team(own_server.origin)
    person, ben = team.admit("ben")
    path = ben.path(Route.PUSH, team.world)
    before = most_memory(own_server)
    replies = 0
    with ExitStack() as stack:
        for _ in range(12):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", own_server.port), 60))
            connection.sendall(head(ben, "POST", path, f"Content-Length: {MAX_REQUEST}"))
            with suppress(OSError):  # refused, and closed
                for _ in range(31):
                    connection.sendall(bytes(MIB))
            connection.settimeout(0.3)
            with suppress(TimeoutError):  # it waits for the last MiB
                replies += connection.recv(64).startswith(b"HTTP/1.1 429")
        assert replies >= 8
        writer = team.start_log()
        team.ann.push(team.world, *writer.chain_of(team.world.ann.device, 8, size=2 * MIB - 200))
    assert most_memory(own_server) - before < 300 * MIB
    with refuses(400, ErrorCode.MALFORMED):  # there is room for it, and it is nonsense
        ben.content("POST", path, bytes(MAX_REQUEST))
    team.close()
    assert person.id


def test_many_who_take_nothing_of_a_large_reply(own_server: RunningServer) -> None:
    """Pages of 4 MiB, asked for by a hundred connections of one account that read nothing."""
    team = found_team(own_server.origin)
    person, ben = team.admit("ben", READER)
    writer = team.start_log()
    team.ann.push(team.world, *writer.chain_of(team.world.ann.device, 3, size=MIB))
    before = most_memory(own_server)
    path = ben.path(Route.PULL, team.world) + "?cursor=0"
    with ExitStack() as stack:
        connections = []
        for _ in range(100):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            connection.connect(("127.0.0.1", own_server.port))
            connection.sendall(head(ben, "GET", path))
            connections.append(connection)
        firsts = [connection.recv(15) for connection in connections]
        assert firsts.count(b"HTTP/1.1 429 To"[:15]) >= 60
        assert firsts.count(b"HTTP/1.1 200 OK") >= 20
        assert len(team.ann.pull(team.world).commits) == 4  # others are served
    assert most_memory(own_server) - before < 450 * MIB  # and what 24 threads make before it is refused
    assert ben.pull(team.world).commits  # and so is he, when they are gone
    assert person.id
    team.close()


def test_room_is_counted_and_given_back() -> None:
    transfers = Transfers(Bounds(transfers=10 * SMALL, transfers_of_account=4 * SMALL))
    small = transfers.begin()
    small.carry(SMALL)
    assert transfers.bytes == 0
    small.carry(1)
    assert transfers.bytes == SMALL + 1
    one, two = transfers.begin(), transfers.begin()
    one.account = two.account = 7
    one.carry(3 * SMALL)
    with pytest.raises(RateLimited):
        two.carry(2 * SMALL)
    two.end()
    others = [transfers.begin() for _ in range(2)]
    for account, each in enumerate(others, 8):
        each.account = account
    others[0].carry(4 * SMALL)
    with pytest.raises(RateLimited):
        others[1].carry(3 * SMALL)
    for each in (small, one, *others):
        each.end()
        each.end()
    assert transfers.bytes == 0
    two.carry(4 * SMALL)


def test_a_body_that_goes_on_after_the_reply(own_server: RunningServer) -> None:
    """It is read for a while, so that the client comes to see the reply, and then no more."""
    sent = 0
    with socket.create_connection(("127.0.0.1", own_server.port), 60) as connection:
        line = f"POST {Route.WORKSPACES} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(line.encode())
        with pytest.raises(OSError):
            while sent < 40 * MAX_REQUEST:
                connection.sendall(b"100000\r\n" + bytes(MIB) + b"\r\n")
                sent += MIB
    assert sent < 3 * MAX_REQUEST


def test_sessions_of_one_account(server: RunningServer) -> None:
    client = Client(server.origin, "many-sessions@example.org")
    client.sign_up()
    for _ in range(Bounds().sessions_of_account + 3):
        client.log_in()
    listed = client.ask("GET", Route.SESSIONS, wire.Sessions).sessions
    assert len(listed) == Bounds().sessions_of_account
    assert [each.current for each in listed].count(True) == 1
    client.close()


@pytest.mark.parametrize("position", [-1, 1 << 53, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def test_positions_that_cannot_be(team: Team, position: int) -> None:
    person, token = team.invite("ben")
    ben = Client(team.origin, f"ben-{team.world.ann.name}")
    wanted = wire.ReadForJoin(team.proof(person, token, ben.key.public), ben.key.public, position)
    with refuses(400, ErrorCode.MALFORMED):
        ben.ask("POST", ben.path(Route.JOIN, team.world), wire.RosterPage, wanted)
    ben.close()


def test_a_list_of_just_the_right_length_is_read(team: Team) -> None:
    """The bound is the protocol's, not one less."""
    writer = team.start_log()
    commits = writer.chain_of(team.world.ann.device, MAX_PUSH_COMMITS, size=90)
    assert len(team.ann.push(team.world, *commits).placements) == MAX_PUSH_COMMITS
    body = encode(wire.Push(writer.chain_of(team.world.ann.device, MAX_PUSH_COMMITS + 1, size=90), []))
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.content("POST", team.ann.path(Route.PUSH, team.world), body)


@pytest.mark.skipif(sys.platform == "win32", reason="sets a limit that Windows has not")
def test_connections_leave_files_for_the_databases(tmp_path: Path) -> None:
    """With few files allowed, connections beyond the bound are dropped, and those there are get answers."""
    code = (
        "import resource, sys; from server.serving import main;"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256)); sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "serve", "--data", str(tmp_path / "data")]
    command += ["--listen", "127.0.0.1:0", "--signup", "open", "--journal", str(tmp_path / "journal")]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    ) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            client = Client(f"http://127.0.0.1:{port}", "ann@example.org")
            client.sign_up()
            with ExitStack() as stack:
                for _ in range(300):
                    stack.enter_context(socket.create_connection(("127.0.0.1", port), 30))
                client.log_in()  # on its own connection, which was there before
                client.ask("GET", Route.ACCOUNT, wire.Account)
            client.close()
        finally:
            process.terminate()
            assert process.wait(30) == 0
    assert '"failed"' not in (tmp_path / "journal").read_text()
