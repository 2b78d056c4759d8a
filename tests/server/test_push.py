"""Appending: places, repetition, races, refusals."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from protocol import wire
from protocol.commit import Kind
from protocol.ids import Compartment, LogId
from protocol.roster import Grant
from protocol.wire import ErrorCode
from tests.protocol.world import MANAGER, NORTH, READER, SOUTH, Key
from tests.server.client import Client, Refused, Writer
from tests.server.conftest import CONTACTS, SALES, Team


def refuses(status: int, code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda e: (e.status, e.code) == (status, code))


def test_a_commit_gets_the_next_place(team: Team) -> None:
    writer = team.start_log()
    commit = writer.make(team.world.ann.device)
    reply = team.ann.push(team.world, commit)
    writer.took(commit)
    assert reply.placements == [wire.Placement(CONTACTS.encode(), 2, writer.state.chain)]
    assert reply.cursor == reply.cursor_before + 1
    assert team.ann.log(team.world, CONTACTS).commits[1] == commit


def test_the_same_bytes_again_get_the_same_place(team: Team) -> None:
    writer = team.start_log()
    commits = writer.chain_of(team.world.ann.device, 3)
    first = team.ann.push(team.world, *commits)
    again = team.ann.push(team.world, *commits)
    assert again.placements == first.placements
    assert again.cursor == again.cursor_before == first.cursor
    assert team.ann.log(team.world, CONTACTS).head_position == 4


def test_a_repetition_with_something_new(team: Team) -> None:
    writer = team.start_log()
    commits = writer.chain_of(team.world.ann.device, 3)
    team.ann.push(team.world, *commits[:2])
    reply = team.ann.push(team.world, *commits)
    assert [placed.position for placed in reply.placements] == [2, 3, 4]


def test_a_repeated_rotate_after_the_roster_moved(team: Team) -> None:
    writer = Writer(team.world, CONTACTS)
    rotate, wraps = writer.make(team.world.ann.device, Kind.ROTATE), writer.wraps()
    first = team.ann.push(team.world, rotate, wraps=wraps)
    team.invite("ben")
    assert team.ann.push(team.world, rotate, wraps=wraps).placements == first.placements


def test_another_commit_with_a_used_counter(team: Team) -> None:
    writer = team.start_log()
    device = team.world.ann.device
    team.ann.push(team.world, writer.make(device))
    with refuses(409, ErrorCode.LOG_MOVED):
        team.ann.push(team.world, writer.make(device))


def test_all_or_none_over_several_logs(team: Team) -> None:
    contacts, sales = team.start_log(CONTACTS), team.start_log(SALES)
    device = team.world.ann.device
    good, bad = contacts.make(device), sales.make(device, counter=7)
    with refuses(422, "counter"):
        team.ann.push(team.world, good, bad)
    assert team.ann.log(team.world, CONTACTS).head_position == 1
    reply = team.ann.push(team.world, good, sales.make(device))
    assert [(p.log, p.position) for p in reply.placements] == [(CONTACTS.encode(), 2), (SALES.encode(), 2)]


def test_of_two_who_rotate_the_later_pulls_first(team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = Writer(team.world, CONTACTS)
    mine, his = (writer.make(key, Kind.ROTATE) for key in (team.world.ann.device, person.device))
    team.ann.push(team.world, mine, wraps=writer.wraps())
    with refuses(409, ErrorCode.LOG_MOVED):
        ben.push(team.world, his, wraps=writer.wraps())


def test_an_older_roster_head(team: Team) -> None:
    writer = team.start_log()
    commit = writer.make(team.world.ann.device)
    team.invite("ben")
    with refuses(409, ErrorCode.ROSTER_MOVED):
        team.ann.push(team.world, commit)


def test_a_rotate_needs_a_wrap_for_every_reader(team: Team) -> None:
    team.admit("ben", READER)
    writer = Writer(team.world, CONTACTS)
    rotate, wraps = writer.make(team.world.ann.device, Kind.ROTATE), writer.wraps()
    assert len(wraps) == 2
    with refuses(422, ErrorCode.WRAPS_MISSING):
        team.ann.push(team.world, rotate, wraps=wraps[:1])
    assert team.ann.push(team.world, rotate, wraps=wraps).placements[0].position == 1


def test_no_wrap_for_anybody_else(team: Team) -> None:
    team.admit("ben")
    writer = Writer(team.world, CONTACTS)
    stranger = wire.Wrap(CONTACTS.encode(), 1, bytes(32), bytes(1168))
    with refuses(403, ErrorCode.FORBIDDEN):
        rotate = writer.make(team.world.ann.device, Kind.ROTATE)
        team.ann.push(team.world, rotate, wraps=[*writer.wraps(), stranger])


@pytest.mark.hostile
def test_a_reader_cannot_write(team: Team) -> None:
    person, client = team.admit("ben", READER)
    writer = team.start_log()
    with refuses(422, "not-writer"):
        client.push(team.world, writer.make(person.device))


@pytest.mark.hostile
def test_a_member_without_a_grant_cannot_write(team: Team) -> None:
    person, client = team.admit("ben")
    writer = team.start_log()
    with refuses(403, ErrorCode.FORBIDDEN):
        client.push(team.world, writer.make(person.device))


@pytest.mark.hostile
def test_commits_of_another_member_are_not_taken(team: Team) -> None:
    person, client = team.admit("ben", MANAGER)
    writer = team.start_log()
    with refuses(403, ErrorCode.FORBIDDEN):
        client.push(team.world, writer.make(team.world.ann.device))
    assert client.push(team.world, writer.make(person.device)).placements[0].position == 2


@pytest.mark.hostile
def test_a_device_that_the_roster_does_not_know(team: Team) -> None:
    writer = team.start_log()
    with refuses(403, ErrorCode.FORBIDDEN):
        team.ann.push(team.world, writer.make(Key("device", "mallory")))


@pytest.mark.hostile
def test_a_bent_signature(team: Team) -> None:
    writer = team.start_log()
    commit = writer.make(team.world.ann.device)
    bent = type(commit)(commit.header, commit.signature[:-1] + bytes([commit.signature[-1] ^ 1]), commit.body)
    with refuses(422, "signature"):
        team.ann.push(team.world, bent)


@pytest.mark.hostile
def test_another_body(team: Team) -> None:
    writer = team.start_log()
    commit = writer.make(team.world.ann.device)
    with refuses(422, "body-hash"):
        team.ann.push(team.world, type(commit)(commit.header, commit.signature, bytes(200)))


@pytest.mark.hostile
def test_another_branch(team: Team) -> None:
    writer = team.start_log()
    team.ann.push(team.world, writer.make(team.world.ann.device))
    writer.took(team.ann.log(team.world, CONTACTS).commits[1])
    commit = writer.make(team.world.ann.device, seen_position=1, seen_chain=bytes(32))
    with refuses(422, "seen-chain"):
        team.ann.push(team.world, commit)


@pytest.mark.hostile
def test_a_group_that_does_not_exist(team: Team) -> None:
    writer = Writer(team.world, LogId(SOUTH, Compartment.CONTACTS))
    rotate = writer.make(team.world.ann.device, Kind.ROTATE)
    with refuses(403, ErrorCode.FORBIDDEN):
        team.ann.push(team.world, rotate)


def test_concurrent_appends_leave_no_gaps_and_no_doubles(team: Team) -> None:
    writer = team.start_log()
    people = {name: team.admit(name, MANAGER) for name in ("ben", "cy", "dee")}
    # Ben, Cy and Dee came after the first key: they only get wraps, no rotate is due.
    sent: dict[str, list[bytes]] = {}
    barrier = threading.Barrier(len(people))

    def work(name: str) -> None:
        person, client = people[name]
        own = Writer(team.world, CONTACTS)
        own.state = writer.state
        commits = own.chain_of(person.device, 20)
        sent[name] = [commit.hash for commit in commits]
        barrier.wait()
        for commit in commits:
            retry = Client(client.origin, client.handle)
            retry.token = client.token
            # twice from two connections, as after a reply that was lost
            with ThreadPoolExecutor(2) as pool:
                replies = list(pool.map(Client.push, (client, retry), [team.world] * 2, [commit] * 2))
            retry.close()
            assert replies[0].placements == replies[1].placements

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(work, people))
    pulled = [placed for placed in team.ann.pull_all(team.world) if placed.log == CONTACTS.encode()]
    assert [placed.position for placed in pulled] == list(range(1, 62))
    hashes = [placed.commit.hash for placed in pulled[1:]]
    assert sorted(hashes) == sorted(each for mine in sent.values() for each in mine)
    for mine in sent.values():
        assert [each for each in hashes if each in mine] == mine


def test_a_grant_lets_write_from_then_on(team: Team) -> None:
    person, client = team.admit("ben")
    writer = team.start_log()
    team.do(Grant(person.id, NORTH, MANAGER, b"", b""))
    assert client.push(team.world, writer.make(person.device)).placements[0].position == 2
