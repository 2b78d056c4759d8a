"""Too much of a thing (A43): keys without end for one generation, a line of the event stream that never ends."""

from __future__ import annotations

import socket
import threading

import pytest

from protocol import wire
from protocol.signing import key_id
from sync_client import Http, WorkspaceCalls
from sync_client.events import MAX_LINE, EventListener
from tests.hostile.harness import HostileOffice
from tests.sync_client.scripted import scripted
from vault.admit.keyring import MAX_CANDIDATES
from vault.keys import new_log_key, wrap

pytestmark = [pytest.mark.hostile, pytest.mark.A43]


def test_A43_keys_for_a_rotate_that_never_comes_are_bounded(hostile: HostileOffice) -> None:
    """The server seals keys of its own to Ben for a generation that nobody began: only so many are kept. That may
    keep the true key from him, as a server can that delivers none: he rotates past it, and the log goes on."""
    ben, log = hostile.ben, hostile.person.log
    own = ben.vault.own
    public = own.private[0].public
    rows = [
        wire.Wrap(log.encode(), 2, key_id(public), wrap(new_log_key(), own.workspace, log, 2, public))
        for _ in range(MAX_CANDIDATES + 8)
    ]
    page = wire.PullPage(0, [], rows, [], ben.exchange.cursor(), False)
    assert not hostile.lie(ben, lambda: ben.exchange.accept(page)).errors
    with ben.vault.store.read() as tx:
        kept = ben.exchange.desk.logs.get(tx, f"candidates/{log.encode().hex()}/2")
    assert kept is not None and len(kept) < (MAX_CANDIDATES + 1) * 40
    dee = hostile.world.member("dee")
    hostile.ann.remove(dee.member)
    hostile.ann.put(hostile.person, name=hostile.canary())
    hostile.world.sync_all()
    phone = hostile.canary()
    ben.put(hostile.person, phone=phone)
    hostile.world.sync_all()
    assert hostile.ann.field(hostile.person, "phone") == phone
    hostile.heal(ben)


def test_A43_a_line_without_end_ends_the_stream() -> None:
    """The listener keeps at most a line; it gives up, and the syncer opens another stream in its own time."""
    ended, sent = threading.Event(), threading.Event()

    def endless(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        connection.sendall(b"data" * MAX_LINE)
        sent.set()
        ended.wait(10)

    with scripted(endless) as server:
        http = Http(server.origin)
        listener = EventListener(http, WorkspaceCalls(http, bytes(32)), lambda: None, ended.set)
        listener.start()
        assert sent.wait(10)
        over = ended.wait(5)
        listener.stop()
    assert over, "it goes on reading"
