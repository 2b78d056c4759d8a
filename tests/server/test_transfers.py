"""What one computer leaves at the server for a further one of the same account."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol import wire_transfer as transfer
from protocol.limits import MAX_TRANSFER
from protocol.wire import ErrorCode, Route
from tests.server.client import Client
from tests.server.conftest import Team
from tests.server.test_push import refuses
from tests.support.server import RunningServer


def put(client: Client, name: bytes, sealed: bytes) -> None:
    client.ask("PUT", Route.TRANSFER, wire.Done, transfer.PutTransfer(name, sealed))


def got(client: Client, name: bytes) -> bytes:
    return client.ask("POST", Route.TRANSFER, transfer.Transfer, transfer.AskTransfer(name)).sealed


def test_a_transfer_is_the_accounts_own_and_the_newest_only(team: Team, server: RunningServer) -> None:
    first, second = b"1" * 16, b"2" * 16
    put(team.ann, first, b"one")
    assert got(team.ann, first) == b"one"
    put(team.ann, second, b"two")
    with refuses(404, ErrorCode.NOT_FOUND):
        got(team.ann, first)
    other = team.client("other")
    with refuses(404, ErrorCode.NOT_FOUND):
        got(other, second)
    stranger = Client(server.origin, "stranger")
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        got(stranger, second)
    stranger.close()


@pytest.mark.hostile
def test_what_is_no_transfer(team: Team) -> None:
    with refuses(400, ErrorCode.MALFORMED):
        put(team.ann, b"short", b"x")
    with refuses(400, ErrorCode.MALFORMED):
        put(team.ann, b"1" * 16, b"")
    with refuses(413, ErrorCode.TOO_LARGE):
        put(team.ann, b"1" * 16, bytes(MAX_TRANSFER + 1))
