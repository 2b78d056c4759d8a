"""Requests that no client of ours makes: too large, bent, slow, of nobody. Over raw sockets where it matters."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from statistics import median

import pytest

from protocol import wire
from protocol.codec import decode, encode
from protocol.limits import MAX_REQUEST
from protocol.wire import ErrorCode, Route
from tests.protocol.world import Key
from tests.server.client import Client
from tests.server.conftest import CONTACTS, Team, found_team
from tests.server.test_push import refuses
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.hostile


def talk(server: RunningServer, *parts: bytes, end: bool = False) -> bytes:
    """Send raw bytes, read until the server closes or has replied."""
    with socket.create_connection(("127.0.0.1", server.port), 60) as connection:
        connection.settimeout(60)
        for part in parts:
            connection.sendall(part)
        if end:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        while b"\r\n\r\n" not in received:
            data = connection.recv(65_536)
            if not data:
                break
            received += data
        return received


def head(client: Client, method: str, path: str, *lines: str) -> bytes:
    token = base64.urlsafe_b64encode(client.token).decode().rstrip("=")
    start = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}", *lines]
    return "\r\n".join(start).encode() + b"\r\n\r\n"


def test_too_large_by_its_own_word(server: RunningServer, team: Team) -> None:
    path = team.ann.path(Route.PUSH, team.world)
    reply = talk(server, head(team.ann, "POST", path, f"Content-Length: {MAX_REQUEST + 1}"))
    assert reply.startswith(b"HTTP/1.1 413")  # before a byte of the body was sent


def test_too_large_while_it_comes(server: RunningServer, team: Team) -> None:
    path = team.ann.path(Route.EVENTS, team.world).replace("/events", "/join")  # takes 4 KiB
    chunk = b"1000\r\n" + bytes(0x1000) + b"\r\n"
    reply = talk(server, head(team.ann, "POST", path, "Transfer-Encoding: chunked"), chunk, chunk)
    assert reply.startswith(b"HTTP/1.1 413")


def test_nobody_sends_a_large_body(server: RunningServer, team: Team) -> None:
    team.ann.token = bytes(32)
    path = team.ann.path(Route.PUSH, team.world)
    reply = talk(server, head(team.ann, "POST", path, "Content-Length: 1000000"))
    assert reply.startswith(b"HTTP/1.1 401")  # refused before the body is read


def test_headers_without_end(server: RunningServer) -> None:
    reply = talk(server, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000)
    assert reply.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize("line", [b"nonsense\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n"])
def test_no_http(server: RunningServer, line: bytes) -> None:
    assert talk(server, line).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00",
        os.urandom(300),
        b"\x92\x90",
        b"\x93\x90\x90\x90",
        encode([[], []]) + b"\x00",
        b"\xdc\x00\x02\x90\x90",  # a longer encoding of the same
        json.dumps({"commits": []}).encode(),
        b"\x91" * 5_000,  # nested
        b"\xdd\xff\xff\xff\xff",  # an array said to have four thousand million items
    ],
)
def test_bent_bodies(team: Team, body: bytes) -> None:
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.content("POST", team.ann.path(Route.PUSH, team.world), body)


@pytest.mark.parametrize(
    "query", ["", "?cursor=", "?cursor=-1", "?cursor=01", "?cursor=1e3", "?cursor=99999999999999999999"]
)
def test_bent_numbers(team: Team, query: str) -> None:
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.content("GET", team.ann.path(Route.PULL, team.world) + query)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/workspaces/00/pull?cursor=0",
        "/v1/workspaces/" + "0" * 64 + "/pull?cursor=0",
        "/v1/workspaces/" + "Z" * 64 + "/pull?cursor=0",
        "/v1/workspaces/..%2f..%2fserver/pull?cursor=0",
        "/v1/workspaces/../../server.db",
        "/nothing",
        "/v1/accounts/",
    ],
)
def test_places_that_are_not(team: Team, path: str) -> None:
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.content("GET", path)


def test_log_ids_that_cannot_be(team: Team) -> None:
    path = team.ann.path(Route.LOG, team.world, log="09" + "00" * 32)
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.content("GET", path + "?from=1")
    path = team.ann.path(Route.LOG, team.world, log=CONTACTS.encode().hex().upper())
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.content("GET", path + "?from=1")


def test_other_methods(team: Team) -> None:
    with refuses(405, ErrorCode.NOT_FOUND):
        team.ann.content("DELETE", team.ann.path(Route.PULL, team.world))


def test_a_push_of_nothing_and_of_too_much(team: Team) -> None:
    writer = team.start_log()
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.push(team.world)
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.push(team.world, *writer.chain_of(team.world.ann.device, 257, size=80))


def test_error_replies_are_messages(team: Team) -> None:
    response = team.ann.raw("GET", "/nothing")
    assert response.headers["content-type"] == "application/msgpack"
    assert decode(response.content, wire.ErrorReply, 4_096).code == ErrorCode.NOT_FOUND


def test_logins_are_limited_by_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("rates"), "--door-rate", "5") as server:
        client = Client(server.origin, "ann@example.org")
        for _ in range(5):
            client.challenge()
        with refuses(429, ErrorCode.RATE_LIMITED) as caught:
            client.challenge()
        assert int(caught.value.headers["retry-after"]) > 0
        client.close()


def test_refused_logins_are_counted_by_handle_and_address(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("attempts")) as server:
        client, other = Client(server.origin, "ann@example.org"), Client(server.origin, "ben@example.org")
        for each in (client, other):
            each.sign_up()
        for _ in range(20):
            with refuses(401, ErrorCode.LOGIN_REFUSED):
                client.log_in(key=Key("mallory"))
        server.restart()
        with refuses(429, ErrorCode.RATE_LIMITED):
            client.log_in()
        other.log_in()
        client.close()
        other.close()


def test_quota(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("quota"), "--workspace-mib", "1") as server:
        team = found_team(server.origin)
        writer = team.start_log()
        commits = writer.chain_of(team.world.ann.device, 3, size=400_000)
        team.ann.push(team.world, commits[0], commits[1])
        with refuses(507, ErrorCode.QUOTA):
            team.ann.push(team.world, commits[2])
        writer.took(*commits[:2])
        assert team.ann.log(team.world, CONTACTS).head_position == 3
        small = writer.make(team.world.ann.device)
        assert team.ann.push(team.world, small).placements[0].position == 4
        team.close()


def test_signup_closed_and_by_code(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("signup")
    with running_server(folder / "closed", signup="closed") as server:
        client = Client(server.origin, "ann@example.org")
        with refuses(403, ErrorCode.SIGNUP_CLOSED):
            client.sign_up()
        client.close()
    code = folder / "code"
    code.write_text("spring-tide\n")
    with running_server(folder / "code-server", "--signup-code-file", str(code), signup="code") as server:
        client = Client(server.origin, "ann@example.org")
        with refuses(403, ErrorCode.SIGNUP_CLOSED):
            client.sign_up(wire.SignupCode("autumn"))
        client.sign_up(wire.SignupCode("spring-tide"))
        client.close()
        assert b"spring-tide" not in server.stored_bytes()


def test_timing_of_unknown_handles(server: RunningServer) -> None:
    """Not a proof: that an unknown handle is not answered in a fraction of the time, as it was with early returns."""
    known, unknown = Client(server.origin, "timed@example.org"), Client(server.origin, "untimed@example.org")
    known.sign_up()
    taken: dict[str, list[float]] = {known.handle: [], unknown.handle: []}
    for _ in range(9):
        for each in (known, unknown):
            statement = each.statement()
            begun = time.perf_counter()
            with refuses(401, ErrorCode.LOGIN_REFUSED):
                each.log_in(statement, key=Key("mallory"))
            taken[each.handle].append(time.perf_counter() - begun)
    assert median(taken[unknown.handle]) > 0.4 * median(taken[known.handle])
    known.close()
    unknown.close()
