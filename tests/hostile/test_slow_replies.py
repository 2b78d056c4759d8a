"""A server that sends a byte now and then, in the head of a reply or in its body (A43): limits hold all the same, and
whoever locks or stops does not wait for it."""

from __future__ import annotations

import contextlib
import importlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from protocol import wire
from sync_client import Cancelled, CancelToken, Http, Offline, SyncError, WorkspaceCalls
from sync_client.events import EventListener
from tests.sync_client.scripted import ScriptedServer, scripted

pytestmark = [pytest.mark.hostile, pytest.mark.A43]

http_module = importlib.import_module("sync_client.http")
LONG = 8.0
"""Seconds that a drip goes on: far longer than any of these tests may take."""


def drip(begin: bytes, byte: bytes, over: threading.Event) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.sendall(begin)
        until = time.monotonic() + LONG
        while time.monotonic() < until and not over.wait(0.02):
            connection.sendall(byte)

    return script


@pytest.fixture
def over() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


BODY = (b"HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n", b"x")
CHUNKED = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n", b"x")
HEAD = (b"HTTP/1.1 200 OK\r\nX-Long: ", b"x")
STATUS = (b"HTTP/1.1 200 ", b"O")


@pytest.mark.parametrize(("begin", "byte"), [BODY, CHUNKED, HEAD, STATUS])
def test_A43_a_byte_now_and_then_ends_at_the_deadline(
    begin: bytes, byte: bytes, over: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_module, "REPLY_SECONDS", 0.3)
    began = time.monotonic()
    with scripted(drip(begin, byte, over)) as server, pytest.raises(SyncError):
        Http(server.origin).get("/x", wire.Done)
    assert time.monotonic() - began < LONG / 2


@pytest.mark.parametrize(("begin", "byte"), [BODY, CHUNKED, HEAD, STATUS])
def test_A43_a_byte_now_and_then_does_not_hold_up_who_stops(
    begin: bytes, byte: bytes, over: threading.Event
) -> None:
    cancel = CancelToken()
    with scripted(drip(begin, byte, over)) as server:
        stopper = threading.Thread(target=_cancel_when, args=(cancel, server))
        stopper.start()
        began = time.monotonic()
        with pytest.raises(Cancelled):
            Http(server.origin).get("/x", wire.Done, cancel=cancel)
        assert time.monotonic() - began < LONG / 2
        stopper.join()


def test_a_silent_server_does_not_hold_up_who_stops(over: threading.Event) -> None:
    cancel = CancelToken()
    with scripted(drip(b"", b"", over)) as server:
        stopper = threading.Thread(target=_cancel_when, args=(cancel, server))
        stopper.start()
        with pytest.raises(Cancelled):
            Http(server.origin).get("/x", wire.Done, cancel=cancel)
        stopper.join()


@pytest.mark.parametrize(("begin", "byte"), [BODY, HEAD, STATUS])
def test_A43_an_event_stream_that_drips_does_not_hold_up_who_stops(
    begin: bytes, byte: bytes, over: threading.Event
) -> None:
    ended = threading.Event()
    with scripted(drip(begin, byte, over)) as server:
        http = Http(server.origin)
        listener = EventListener(http, WorkspaceCalls(http, bytes(32)), lambda: None, ended.set)
        listener.start()
        until = time.monotonic() + LONG
        while not server.requests and time.monotonic() < until:
            ended.wait(0.005)
        began = time.monotonic()
        listener.stop()
        assert ended.is_set() and time.monotonic() - began < 3.0


def test_a_connection_that_breaks_is_offline_still() -> None:
    with scripted(lambda connection: connection.sendall(BODY[0] + b"half")) as server, pytest.raises(Offline):
        Http(server.origin).get("/x", wire.Done, cancel=CancelToken())


def test_a_token_forgets_what_is_over() -> None:
    cancel, heard = CancelToken(), list[int]()
    forget = cancel.when_cancelled(lambda: heard.append(1))
    cancel.when_cancelled(lambda: heard.append(2))
    forget()
    cancel.cancel()
    cancel.when_cancelled(lambda: heard.append(3))
    assert heard == [2, 3]
    with contextlib.suppress(Cancelled):
        cancel.check()
        raise AssertionError("not cancelled")


def _cancel_when(cancel: CancelToken, server: ScriptedServer) -> None:
    """Stop as soon as the request is on its way."""
    until = time.monotonic() + LONG
    while not server.requests and time.monotonic() < until:
        threading.Event().wait(0.005)
    cancel.cancel()
