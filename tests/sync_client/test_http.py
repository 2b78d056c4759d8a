"""One connection against servers that lie, drip, redirect and send without end."""

from __future__ import annotations

import socket
import threading

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.errors import FormatError
from sync_client import CancelToken, Http
from sync_client import http as http_module
from sync_client.errors import (
    Cancelled,
    Offline,
    RateLimited,
    ServerMisbehaved,
    ServerRefused,
    ServerTrouble,
    SessionEnded,
    SignInRefused,
)
from tests.sync_client.scripted import reply, scripted


def error(code: str, status: str, headers: str = "") -> bytes:
    return reply(encode(wire.ErrorReply(code, "words")), status, headers)


def test_a_typed_reply_is_decoded() -> None:
    with scripted(lambda s: s.sendall(reply(encode(wire.Challenge(bytes(32)))))) as server:
        answer = Http(server.origin).post("/v1/login/challenge", wire.ChallengeRequest("ann"), wire.Challenge)
    assert answer.challenge == bytes(32)


@pytest.mark.hostile
@pytest.mark.A43
def test_A43_a_reply_without_end_is_refused_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "MAX_REPLY", 1 << 20)

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(bytes(1 << 16))

    with scripted(endless) as server, pytest.raises(ServerMisbehaved):
        Http(server.origin).get("/x", wire.Done)


@pytest.mark.hostile
@pytest.mark.A43
def test_A43_a_slow_drip_ends_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_module, "REPLY_SECONDS", 0.2)
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not stop.wait(0.01):
            connection.sendall(bytes(http_module._STEP // 8))

    with scripted(drip) as server, pytest.raises((Offline, ServerMisbehaved)):
        Http(server.origin).get("/x", wire.Done)
    stop.set()


def test_a_reply_can_be_cancelled_while_it_arrives() -> None:
    cancel = CancelToken()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n")
        connection.sendall(bytes(1 << 17))
        cancel.cancel()
        connection.sendall(bytes(1 << 17))

    with scripted(drip) as server, pytest.raises(Cancelled):
        Http(server.origin).get("/x", wire.Done, cancel=cancel)


def test_a_redirect_is_not_followed_and_the_token_goes_nowhere() -> None:
    with scripted(lambda s: s.sendall(reply(encode(wire.Done())))) as elsewhere:
        location = f"Location: {elsewhere.origin}/v1/account\r\n"
        with scripted(lambda s: s.sendall(reply(b"", "307 Temporary Redirect", location))) as server:
            http = Http(server.origin)
            http.use_session(bytes(32))
            with pytest.raises(ServerMisbehaved):
                http.get("/v1/account", wire.Done)
        assert elsewhere.requests == []


@pytest.mark.parametrize("body", [b"", b"\xff", b"\x91\x00", encode(wire.Challenge(b"x")) + b"\x00", b"\x80"])
def test_bytes_that_are_not_the_reply_are_refused(body: bytes) -> None:
    with scripted(lambda s: s.sendall(reply(body))) as server, pytest.raises(ServerMisbehaved):
        Http(server.origin).get("/x", wire.Challenge)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("login-refused", "401 Unauthorized", SignInRefused),
        ("unauthenticated", "401 Unauthorized", SessionEnded),
        ("roster-moved", "409 Conflict", ServerRefused),
        ("internal", "500 Internal Server Error", ServerTrouble),
    ],
)
def test_refusals_are_typed(code: str, status: str, kind: type[Exception]) -> None:
    with scripted(lambda s: s.sendall(error(code, status))) as server, pytest.raises(kind):
        Http(server.origin).get("/x", wire.Done)


@pytest.mark.parametrize(
    ("value", "seconds"), [("7", 7.0), ("999999999999", 5.0), ("-1", 5.0), ("90000", 300.0)]
)
def test_a_server_cannot_make_a_desk_wait_for_ever(value: str, seconds: float) -> None:
    answer = error("rate-limited", "429 Too Many Requests", f"Retry-After: {value}\r\n")
    with scripted(lambda s: s.sendall(answer)) as server, pytest.raises(RateLimited) as caught:
        Http(server.origin).get("/x", wire.Done)
    assert caught.value.retry_after == seconds


def test_a_gateway_without_its_server_is_offline() -> None:
    with scripted(lambda s: s.sendall(reply(b"<html>", "502 Bad Gateway"))) as server, pytest.raises(Offline):
        Http(server.origin).get("/x", wire.Done)


def test_nobody_listening_is_offline() -> None:
    with scripted(lambda s: None) as server:
        origin = server.origin
    with pytest.raises(Offline):
        Http(origin).get("/x", wire.Done)


@pytest.mark.hostile
@pytest.mark.A19
def test_A19_session_and_handle_are_in_no_url() -> None:
    with scripted(lambda s: s.sendall(reply(encode(wire.Done())))) as server:
        http = Http(server.origin)
        http.use_session(b"\x01" * 32)
        http.post("/v1/login/challenge", wire.ChallengeRequest("ann-canary"), wire.Done)
    line = server.requests[0].split(b"\r\n")[0]
    assert line == b"POST /v1/login/challenge HTTP/1.1"


@pytest.mark.parametrize(
    "given", ["http://crm.example.com", "https://x/path", "https://u:p@x", "https://x?y", ""]
)
def test_addresses_that_would_leak_or_mislead_are_refused(given: str) -> None:
    with pytest.raises(FormatError):
        Http(given)
