"""Accounts and logins over the wire."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from protocol import wire
from protocol.wire import ErrorCode, Route
from tests.protocol.world import Key
from tests.server.client import Client
from tests.server.conftest import Team
from tests.server.test_push import refuses
from tests.support.server import RunningServer


@pytest.fixture
def client(server: RunningServer, request: pytest.FixtureRequest) -> Iterator[Client]:
    made = Client(server.origin, f"{request.node.name[:60]}@example.org")
    made.sign_up()
    yield made
    made.close()


def account(client: Client) -> wire.Account:
    return client.ask("GET", Route.ACCOUNT, wire.Account)


def replace(client: Client, expected: int, key: bytes = b"", sealed: bytes = b"next") -> None:
    wanted = wire.ReplaceBundle(expected, wire.BundleUpload(expected + 1, sealed), key)
    client.ask("PUT", Route.ACCOUNT, wire.Done, wanted)


def test_sign_up_log_in_read(client: Client) -> None:
    client.log_in()
    assert account(client).handle == client.handle
    assert account(client).bundle.version == 1
    assert account(client).workspaces == []


def test_the_same_account_again_is_done(client: Client) -> None:
    client.sign_up()


def test_a_handle_is_taken_in_any_spelling(client: Client) -> None:
    other = Client(client.origin, client.handle.upper())
    with refuses(409, ErrorCode.HANDLE_TAKEN):
        other.sign_up()
    other.close()


@pytest.mark.parametrize("handle", ["", " ann", "a b", "a\u00a0b", "a\nb", "x" * 129])
def test_what_is_no_handle(server: RunningServer, handle: str) -> None:
    client = Client(server.origin, handle)
    with refuses(400, ErrorCode.MALFORMED):
        client.sign_up()
    client.close()


@pytest.mark.hostile
def test_a_challenge_is_good_once(client: Client) -> None:
    statement = client.statement()
    client.log_in(statement)
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        client.log_in(statement)


@pytest.mark.hostile
def test_a_challenge_is_spent_by_a_wrong_signature(client: Client) -> None:
    statement = client.statement()
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        client.log_in(statement, key=Key("mallory"))
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        client.log_in(statement)


@pytest.mark.hostile
@pytest.mark.A44
def test_a_login_signed_for_another_origin(client: Client) -> None:
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        client.log_in(client.statement(origin="https://tacit.example.net"))


@pytest.mark.hostile
def test_the_host_header_adds_no_origin(client: Client) -> None:
    challenge = client.challenge()
    client.http.headers["host"] = "impostor.example.net"
    with refuses(403, ErrorCode.FORBIDDEN):
        client.log_in(client.statement(challenge=challenge, origin="http://impostor.example.net"))


@pytest.mark.hostile
def test_a_challenge_of_another_handle(client: Client, server: RunningServer) -> None:
    other = Client(server.origin, "other-" + client.handle)
    other.sign_up()
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        client.log_in(client.statement(challenge=other.challenge()))
    other.close()


@pytest.mark.hostile
@pytest.mark.parametrize("off", [-3_600, 3_600])
def test_a_clock_far_off(client: Client, off: int) -> None:
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        client.log_in(client.statement(time=int(time.time()) + off))


@pytest.mark.hostile
def test_an_unknown_handle_is_answered_alike(client: Client, server: RunningServer) -> None:
    nobody = Client(server.origin, "nobody-" + client.handle)
    assert len(nobody.challenge()) == len(client.challenge()) == 32
    texts = []
    for each in (nobody, client):
        with refuses(401, ErrorCode.LOGIN_REFUSED) as caught:
            each.log_in(key=Key("mallory"))
        texts.append({k: v for k, v in caught.value.headers.items() if k != "date"})
    assert texts[0] == texts[1]
    nobody.close()


@pytest.mark.hostile
@pytest.mark.parametrize("token", [b"", bytes(31), bytes(32), bytes(33)])
def test_no_session(client: Client, token: bytes) -> None:
    client.token = token
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        account(client)


def test_sessions_are_listed_and_ended(client: Client) -> None:
    client.log_in()
    first = client.token
    client.log_in()
    second = client.token
    listed = client.ask("GET", Route.SESSIONS, wire.Sessions).sessions
    assert sorted(each.current for each in listed) == [False, True]
    other = next(each for each in listed if not each.current)
    assert other.device_name == "test desk"
    client.ask("POST", Route.SESSIONS, wire.Done, wire.EndSession(other.id))
    client.token = first
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        account(client)
    client.token = second
    client.ask("POST", Route.LOGOUT, wire.Done, wire.Done())
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        account(client)


@pytest.mark.hostile
def test_nobody_ends_anothers_session(client: Client, team: Team) -> None:
    client.log_in()
    mine = client.ask("GET", Route.SESSIONS, wire.Sessions).sessions[0].id
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.ask("POST", Route.SESSIONS, wire.Done, wire.EndSession(mine))
    account(client)


def test_the_bundle_is_swapped_from_the_expected_version_only(client: Client) -> None:
    client.log_in()
    replace(client, 1)
    replace(client, 1)  # the reply was lost: the very same again is done
    with refuses(409, ErrorCode.BUNDLE_MOVED):
        replace(client, 1, sealed=b"another")
    with refuses(409, ErrorCode.BUNDLE_MOVED):
        replace(client, 2 + 5)
    assert account(client).bundle == wire.BundleUpload(2, b"next")


def test_a_new_login_key_ends_the_other_sessions(client: Client) -> None:
    client.log_in()
    other = client.token
    client.log_in()
    new = Key("new", client.handle)
    replace(client, 1, key=new.public)
    account(client)
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        Client(client.origin, client.handle).log_in()
    client.token = other
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        account(client)
    client.token = b""
    client.log_in(key=new)


@pytest.mark.hostile
def test_a_bundle_too_large(client: Client) -> None:
    client.log_in()
    with refuses(413, ErrorCode.TOO_LARGE):
        replace(client, 1, sealed=bytes((1 << 16) + 1))


def test_nothing_of_it_is_in_the_journal(client: Client, server: RunningServer) -> None:
    client.log_in()
    account(client)
    text = server.journal.read_text(encoding="utf-8")
    assert '"/v1/login"' in text
    assert client.handle not in text
    assert client.token.hex() not in text
    assert "cursor=" not in text
