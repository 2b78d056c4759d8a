"""Browsers, proxies and other machines: nobody talks to the server by way of a page, or past the proxy."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from protocol import wire
from protocol.codec import encode
from protocol.wire import ErrorCode, Route
from tests.server.client import Client
from tests.server.test_hostile_requests import talk
from tests.server.test_push import refuses
from tests.server.test_serving import run
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.hostile


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-origin"},  # a page of a name that was made to point here
        {"host": "evil.example"},
        {"host": "evil.example:8443"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "[::1"},
        {"host": ""},
    ],
)
@pytest.mark.parametrize("path", [Route.HEALTH, "/metrics", Route.CHALLENGE, Route.ACCOUNT, "/nothing"])
def test_pages_get_nothing(server: RunningServer, path: str, headers: dict[str, str]) -> None:
    client = Client(server.origin, "ann@example.org")
    data = encode(wire.ChallengeRequest("ann@example.org")) if path == Route.CHALLENGE else None
    reply = client.raw("POST" if data else "GET", path, data, {"content-type": "text/plain", **headers})
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.lower().startswith("access-control")]
    client.close()


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8443"])
def test_names_of_this_machine(server: RunningServer, host: str) -> None:
    reply = requests.get(server.origin + Route.HEALTH, headers={"host": host}, timeout=30)
    assert reply.status_code == 200


def test_preflights_allow_nothing(server: RunningServer) -> None:
    headers = {"origin": "https://evil.example", "access-control-request-method": "PUT"}
    reply = requests.options(server.origin + Route.ACCOUNT, headers=headers, timeout=30)
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize(
    "message",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nA\r\n0\r\n\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nAAAAA",
        b"Content-Length: +4\r\n\r\nAAAA",
        b"Content-Length: 0x4\r\n\r\nAAAA",
        b"Content-Length: -1\r\n\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"Host: another\r\n\r\n",
    ],
)
def test_lengths_that_two_would_read_in_two_ways(server: RunningServer, message: bytes) -> None:
    line = f"POST {Route.CHALLENGE} HTTP/1.1\r\nHost: localhost\r\n".encode()
    assert talk(server, line + message).split(b" ")[1] in (b"400", b"501")


def test_a_request_inside_another_is_not_answered(server: RunningServer) -> None:
    inner = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
    outer = f"POST {Route.CHALLENGE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(inner)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), 30) as connection:
        connection.sendall(outer.encode() + inner)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65_536):
            received += part
    assert received.count(b"HTTP/1.1 ") == 1
    assert received.startswith(b"HTTP/1.1 400")


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    options = ("--behind-proxy", "--origin", "https://crm.example.org", "--door-rate", "10")
    with running_server(tmp_path_factory.mktemp("behind"), *options) as running:
        yield running


def test_an_address_of_ones_own_choice(behind: RunningServer) -> None:
    """What the client says comes first in the header; the proxy's word is the last one, and counts."""
    client = Client(behind.origin, "ann@example.org")
    data = encode(wire.ChallengeRequest("ann@example.org"))
    codes = []
    for number in range(12):
        headers = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7", "host": "crm.example.org"}
        codes.append(client.raw("POST", Route.CHALLENGE, data, headers).status_code)
    assert codes == [200] * 10 + [429] * 2
    client.close()


def test_not_behind_a_proxy_the_header_is_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path, "--door-rate", "5") as server:
        client = Client(server.origin, "ann@example.org")
        for number in range(5):
            client.http.headers["x-forwarded-for"] = f"198.51.100.{number}"
            client.challenge()
        client.http.headers["x-forwarded-for"] = "198.51.100.99"
        with refuses(429, ErrorCode.RATE_LIMITED):
            client.challenge()
        client.close()


@pytest.mark.parametrize("address", ["*", "nonsense", ""])
def test_no_proxy_is_everybody(tmp_path: Path, address: str) -> None:
    options = ["--behind-proxy", "--origin", "https://crm.example.org", "--proxy-address", address]
    ended = run("serve", "--data", str(tmp_path / "data"), "--listen", "127.0.0.1:0", *options)
    assert ended.returncode == 1
    assert "--proxy-address" in ended.stderr


def test_a_plain_port_for_all_needs_the_proxys_address(tmp_path: Path) -> None:
    options = ["--behind-proxy", "--origin", "https://crm.example.org", "--listen", "0.0.0.0:0"]
    ended = run("serve", "--data", str(tmp_path / "data"), *options)
    assert ended.returncode == 1
    assert "--proxy-address" in ended.stderr
