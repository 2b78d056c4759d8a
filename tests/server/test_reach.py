"""What a member with own reach only, an admin without a grant, and a suspended member get of others' logs (A39)."""

from __future__ import annotations

import os

import pytest

from protocol import wire
from protocol.codec import Message, encode
from protocol.commit import Kind
from protocol.ids import Compartment, LogId, Standing
from protocol.limits import WRAP_SIZE
from protocol.roster import Cut, MemberSuspend, SetStanding
from protocol.signing import key_id
from protocol.wire import ErrorCode, Route
from tests.protocol.world import NORTH, REP, Person
from tests.server.client import Client, Refused, Writer
from tests.server.conftest import Team, found_team
from tests.server.test_push import refuses

pytestmark = [pytest.mark.hostile, pytest.mark.A39]
FILE = b"f" * 16


def own_log(person: Person) -> LogId:
    return LogId(NORTH, Compartment.SALES, person.id)


def begin(team: Team, person: Person, client: Client) -> Writer:
    """His own log with a key, a commit, and a chunk of a file."""
    writer = Writer(team.world, own_log(person))
    rotate = writer.make(person.device, Kind.ROTATE)
    client.push(team.world, rotate, wraps=writer.wraps())
    writer.took(rotate)
    commit = writer.make(person.device)
    client.push(team.world, commit)
    writer.took(commit)
    client.content("PUT", client.chunk_path(team.world, writer.log, FILE, 0), b"sealed chunk")
    return writer


def tries(team: Team, client: Client, person: Person, writer: Writer) -> list[tuple[str, str, bytes | None]]:
    """Every way to the bytes of a log that is another's."""
    world, log = team.world, writer.log.encode().hex()
    chunk = client.chunk_path(world, writer.log, FILE, 0)
    wrap = wire.Wrap(writer.log.encode(), 1, key_id(person.keys.encryption), os.urandom(WRAP_SIZE))
    commit = writer.make(person.device)
    rotate = writer.make(person.device, Kind.ROTATE)
    wraps = writer.wraps()
    return [
        ("GET", client.path(Route.LOG, world, log=log) + "?from=1", None),
        ("GET", client.path(Route.LOG, world, log=log) + "?from=9999999", None),
        ("GET", client.path(Route.HEADERS, world, log=log) + "?from=1", None),
        ("GET", client.path(Route.WRAPS, world) + f"?log={log}&generation=1", None),
        ("POST", client.path(Route.WRAPS, world), wire_bytes(wire.AddWraps([wrap]))),
        ("POST", client.path(Route.PUSH, world), wire_bytes(wire.Push([commit], []))),
        ("POST", client.path(Route.PUSH, world), wire_bytes(wire.Push([rotate], wraps))),
        ("GET", chunk, None),
        ("GET", chunk.rsplit("/", 1)[0], None),
        ("PUT", chunk, b"another chunk"),
    ]


def wire_bytes(message: Message) -> bytes:
    return encode(message)


def test_a_colleague_with_own_reach(team: Team) -> None:
    ben, ben_client = team.admit("ben", REP)
    cy, cy_client = team.admit("cy", REP)
    writer = begin(team, ben, ben_client)
    mine = begin(team, cy, cy_client)
    for method, path, data in tries(team, cy_client, cy, writer):
        with refuses(403, ErrorCode.FORBIDDEN):
            cy_client.content(method, path, data)
    logs = {writer.log.encode(): writer, mine.log.encode(): mine}
    page = cy_client.pull(team.world)
    assert {p.log for p in page.commits} & logs.keys() == {mine.log.encode()}
    assert {w.log for w in page.wraps} & logs.keys() == {mine.log.encode()}
    assert {h.log for h in cy_client.heads(team.world).logs} & logs.keys() == {mine.log.encode()}
    chunk = cy_client.chunk_path(team.world, mine.log, FILE, 0)
    assert cy_client.content("GET", chunk) == b"sealed chunk"  # the same file id, in his own log
    with refuses(404, ErrorCode.NOT_FOUND):
        cy_client.content("GET", chunk.replace(FILE.hex(), (b"g" * 16).hex()))


def test_an_admin_without_a_grant(team: Team) -> None:
    """Follows heads and headers of all logs, and gets no body."""
    ben, ben_client = team.admit("ben", REP)
    dee, dee_client = team.admit("dee")
    team.do(SetStanding(dee.id, Standing.ADMIN, []))
    writer = begin(team, ben, ben_client)
    assert dee_client.headers(team.world, writer.log).head_position == 2
    for method, path, data in tries(team, dee_client, dee, writer):
        if method == "GET" and ("/headers" in path or "/wraps" in path):
            continue
        with refuses(403, ErrorCode.FORBIDDEN):
            dee_client.content(method, path, data)
    assert dee_client.pull(team.world).commits == []


def test_who_is_suspended(team: Team) -> None:
    ben, ben_client = team.admit("ben", REP)
    writer = begin(team, ben, ben_client)
    cut = next(h for h in team.ann.heads(team.world).logs if h.log == writer.log.encode())
    team.do(MemberSuspend(ben.id, True, [Cut(cut.log, cut.position, cut.chain)]))
    for method, path, data in tries(team, ben_client, ben, writer):
        with pytest.raises(Refused, check=lambda e: e.status == 403):
            ben_client.content(method, path, data)
    page = ben_client.pull(team.world)
    assert (page.commits, page.wraps) == ([], [])


def test_a_commit_of_another_workspace(team: Team) -> None:
    """The same person, the same device's signature, another team's log."""
    other = found_team(team.origin)
    writer = other.start_log()
    commit = writer.make(team.world.ann.device)
    with pytest.raises(Refused, check=lambda e: e.status == 422):
        team.ann.push(team.world, commit)
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.push(other.world, commit)
    assert team.ann.heads(team.world).logs == []
    other.close()
