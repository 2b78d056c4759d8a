"""Second factor, sessions and sign-ins as clients meet them: over the wire, and under a workspace's policy."""

from __future__ import annotations

import time

import pytest

from protocol import wire
from protocol import wire_security as security
from protocol.codec import encode
from protocol.ids import Standing
from protocol.roster import Policy
from protocol.signing import Namespace
from protocol.wire import ErrorCode, Route
from server.accounts.second_factor import RECOVERY_CODES
from tests.protocol.world import READER, Key
from tests.server.client import Client, Refused
from tests.server.conftest import Team
from tests.server.test_push import refuses
from tests.server.test_second_factor import code_of
from tests.support.server import RunningServer


def set_up(client: Client) -> tuple[bytes, list[str]]:
    begun = security.SecondFactorChange(security.SecondFactorBegin())
    secret = client.ask("POST", Route.SECOND_FACTOR, security.SecondFactorReply, begun).secret
    confirm = security.SecondFactorChange(security.SecondFactorConfirm(code_of(secret, time.time())))
    return secret, client.ask("POST", Route.SECOND_FACTOR, security.SecondFactorReply, confirm).recovery_codes


def log_in_with(client: Client, code: str) -> None:
    statement = client.statement()
    signature = client.key.sign(Namespace.LOGIN, encode(statement))
    client.token = client.ask(
        "POST", Route.LOGIN, wire.Session, wire.Login(statement, signature, "", code)
    ).token


def test_over_the_wire(server: RunningServer) -> None:
    client = Client(server.origin, "wire-factor@example.org")
    client.sign_up()
    client.log_in()
    _, codes = set_up(client)
    with refuses(401, ErrorCode.SECOND_FACTOR):
        log_in_with(client, "")
    with refuses(401, ErrorCode.SECOND_FACTOR):
        log_in_with(client, "AAAA-AAAA-AAAA-AAAA")
    with refuses(401, ErrorCode.LOGIN_REFUSED):  # nothing of a second factor is told to who cannot sign
        client.log_in(key=Key("mallory"))
    log_in_with(client, codes[0])
    assert client.ask("GET", Route.SECOND_FACTOR, security.SecondFactor).codes_left == RECOVERY_CODES - 1
    client.close()


def blocked(client: Client, team: Team) -> bool:
    try:
        client.pull(team.world)
    except Refused as refused:
        assert (refused.status, refused.code) == (403, ErrorCode.SECOND_FACTOR_SETUP)
        return True
    return False


@pytest.mark.hostile
def test_policy_for_admins_then_for_everybody(team: Team) -> None:
    """Sessions that were begun before the policy are held to it too; what is left is to set one up."""
    _, ben = team.admit("ben", READER)
    assert not blocked(team.ann, team)
    team.do(Policy("second-factor", 1, b"", b""))
    assert blocked(team.ann, team)
    assert not blocked(ben, team)
    assert team.ann.ask("GET", Route.ACCOUNT, wire.Account).handle == team.ann.handle
    roster = team.ann.path(Route.ROSTER, team.world) + "?from=1"
    assert team.ann.ask("GET", roster, wire.RosterPage).entries
    with refuses(403, ErrorCode.SECOND_FACTOR_SETUP):
        team.ann.append_roster(team.world, team.world.entry(Policy("second-factor", 0, b"", b"")))
    set_up(team.ann)
    assert not blocked(team.ann, team)
    team.do(Policy("second-factor", 2, b"", b""))
    assert blocked(ben, team)
    with refuses(403, ErrorCode.SECOND_FACTOR_SETUP):
        ben.content("GET", ben.path(Route.EVENTS, team.world))
    set_up(ben)
    assert not blocked(ben, team)
    assert team.world.state.members[team.world.ann.id].standing is Standing.OWNER


def test_sign_out_everywhere_else(server: RunningServer) -> None:
    client = Client(server.origin, "elsewhere@example.org")
    client.sign_up()
    client.log_in()
    old = client.token
    client.log_in()
    client.ask("POST", Route.SESSIONS, wire.Done, wire.EndSession(b""))
    assert len(client.ask("GET", Route.SESSIONS, wire.Sessions).sessions) == 1
    client.token = old
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        client.ask("GET", Route.SESSIONS, wire.Sessions)
    client.close()


def test_sign_ins_are_for_admins(team: Team) -> None:
    _, ben = team.admit("ben", READER)
    with refuses(401, ErrorCode.LOGIN_REFUSED):
        Client(ben.origin, ben.handle).log_in(key=Key("mallory"))
    path = team.ann.path(Route.SIGN_INS, team.world)
    found = team.ann.ask("GET", path, security.SignIns).sign_ins
    person = team.world.people["ben"].id
    assert [(one.ok, one.device_name) for one in found if one.member == person] == [
        (False, ""),
        (True, "test desk"),
    ]
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.ask("GET", path, security.SignIns)
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.ask("GET", ben.path(Route.JOURNAL, team.world) + "?from=1", security.JournalPage)
