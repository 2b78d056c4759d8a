"""A member who writes faster than the admin signs does not put his removal off, nor by using up the space."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import requests

from protocol import wire
from protocol.codec import encode
from protocol.commit import Kind
from protocol.ids import Compartment, LogId, Standing
from protocol.roster import (
    Confirm,
    Cut,
    DeviceAdd,
    GroupArchive,
    GroupCreate,
    Invite,
    MemberGrant,
    MemberRemove,
    Revoke,
    SetStanding,
)
from protocol.state import Member, MemberStatus
from protocol.wire import ErrorCode
from server.errors import OverQuota, RateLimited
from server.workspaces import roster
from server.workspaces.holds import HOLD_ENTRIES, HOLD_SECONDS, PACE_ENTRIES, Holds, hold_racers
from tests.protocol.world import MANAGER, Key, Person, World, sign_body
from tests.server.client import Client, Refused, Writer
from tests.server.conftest import CONTACTS, Team, found_team
from tests.server.test_push import refuses
from tests.support.server import running_server

pytestmark = pytest.mark.hostile
TRIES = 6  # as many as a client makes by itself, or fewer


class Racer(threading.Thread):
    """Does something over and over until it is refused for good, or told to end; a wait is kept, but not for long."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self._act = act
        self.started = threading.Event()
        self.over = threading.Event()
        self.done = 0
        self.held = 0
        self.last = ""

    def run(self) -> None:
        try:
            while not self.over.is_set():
                try:
                    self._act()
                    self.done += 1
                except Refused as refused:
                    self.last = refused.code
                    if refused.status == 403:
                        return
                    if refused.code == ErrorCode.RATE_LIMITED:
                        self.held += 1
                        self.over.wait(0.05)
                if self.done >= 3 or self.held:
                    self.started.set()
        except requests.RequestException:
            pass  # the test ended first
        finally:
            self.started.set()


def head_of(client: Client, world: World) -> wire.LogHead:
    return next(head for head in client.heads(world).logs if head.log == CONTACTS.encode())


def catch_up(team: Team) -> None:
    """Take the roster's newest entries, which others appended."""
    cursor, more = 0, True
    while more:
        page = team.ann.pull(team.world, cursor)
        for entry in page.roster[max(0, team.world.state.position + 1 - page.roster_first) :]:
            team.world.history.append(entry)
        cursor, more = page.cursor, page.more


def remove(team: Team, person: Person, between: Callable[[], None]) -> int:
    """As a client does: pull, sign, append, and again when it came late. How many tries it took."""
    for tried in range(1, TRIES + 1):
        catch_up(team)
        head = head_of(team.ann, team.world)
        cut = Cut(head.log, head.position, head.chain)
        entry = team.world.entry(MemberRemove(person.id, [cut]))
        before = team.world.state.head
        between()
        try:
            team.ann.append_roster(team.world, entry, head=before)
        except Refused as refused:
            assert refused.code in (ErrorCode.LOG_MOVED, ErrorCode.ROSTER_MOVED)
            continue
        team.world.history.append(entry)
        return tried
    raise AssertionError("the removal never came through")


def test_commits_between_heads_and_cut(team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = team.start_log()

    def push() -> None:
        commit = writer.make(person.device)
        ben.push(team.world, commit)
        writer.took(commit)

    racer = Racer(push)
    racer.start()
    assert racer.started.wait(30)

    def one_more() -> None:
        """The worst case: he always gets one in, as long as he is let."""
        before = racer.done
        while racer.is_alive() and racer.done == before and not racer.held:
            racer.over.wait(0.005)

    assert remove(team, person, one_more) <= 2
    racer.join(30)
    assert not racer.is_alive()
    assert racer.held
    assert racer.last == ErrorCode.FORBIDDEN


def test_entries_between_head_and_removal(team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = team.start_log()
    added = 1

    def add_device() -> None:
        nonlocal added
        added += 1
        device = Key("device", person.name, added)
        shown = ben.heads(team.world)
        body = team.world.body(
            DeviceAdd(person.id, person.certify(team.world.workspace, device)),
            device,
            position=shown.roster_position + 1,
            previous=shown.roster_hash,
        )
        ben.append_roster(team.world, sign_body(body, device), head=shown.roster_hash)

    def one_more() -> None:
        try:
            add_device()
        except Refused as refused:
            assert refused.code == ErrorCode.RATE_LIMITED

    assert remove(team, person, one_more) <= 2
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.push(team.world, writer.make(person.device))


def test_who_is_held_may_go_on_afterwards() -> None:
    now = 100.0
    holds = Holds(lambda: now)
    holds.check(b"ben")
    holds.hold(b"ben")
    with pytest.raises(RateLimited) as caught:
        holds.check(b"ben")
    assert 0 < caught.value.retry_after <= HOLD_SECONDS + 1
    holds.check(b"cy")
    now += HOLD_SECONDS
    holds.check(b"ben")


def test_a_member_does_not_fill_the_roster(team: Team) -> None:
    """It never shrinks: devices by the thousand are refused, and an admin's entries are not."""
    person, ben = team.admit("ben")
    devices = [Key("device", person.name, number) for number in range(2, 2 + PACE_ENTRIES // 2)]

    def add(some: list[Key]) -> None:
        certified = [DeviceAdd(person.id, person.certify(team.world.workspace, device)) for device in some]
        state, entries = team.world.state, []
        position, previous = state.position, state.head
        for device, operation in zip(some, certified, strict=True):
            position += 1
            body = team.world.body(operation, device, position=position, previous=previous)
            entries.append(sign_body(body, device))
            previous = entries[-1].hash
        ben.append_roster(team.world, *entries)
        for entry in entries:
            team.world.history.append(entry)

    add(devices[:5])
    with refuses(429, ErrorCode.RATE_LIMITED) as caught:
        add([Key("device", person.name, number) for number in range(1_000, 1_000 + PACE_ENTRIES)])
    assert int(caught.value.headers["retry-after"]) > 60
    add(devices[5:])
    team.invite("cy")


def test_nobody_holds_who_ranks_as_high() -> None:
    world = World("ann")
    ben = world.admit("ben", Standing.ADMIN)
    cy = world.admit("cy", Standing.ADMIN)
    dee = world.admit("dee")
    eve = world.admit("eve")  # a friend of those who go
    state = world.state
    bodies = [
        world.body(MemberRemove(cy.id, []), ben.device),
        world.body(MemberRemove(dee.id, []), ben.device),
    ]
    racing = [cy.device.id, dee.device.id, eve.device.id]

    def held(author: Member) -> set[bytes]:
        holds = Holds()
        hold_racers(holds, state, author, bodies, racing)
        found = set()
        for person in (cy, dee, eve):
            try:
                holds.check(person.id)
            except RateLimited:
                found.add(person.id)
        return found

    assert held(state.members[world.ann.id]) == {cy.id, dee.id, eve.id}
    assert held(state.members[ben.id]) == {dee.id, eve.id}
    assert held(state.members[dee.id]) == set()
    assert state.members[dee.id].status is MemberStatus.ACTIVE


@pytest.mark.A29
def test_a_small_group_is_no_means_to_silence_an_owner(team: Team) -> None:
    """Whoever names an owner as the second in a group of his own, and takes it back too late, over and over."""
    eve, client = team.admit("eve")
    group = bytes(15) + b"7"
    grants = [MemberGrant(eve.id, MANAGER), MemberGrant(team.world.ann.id, MANAGER)]
    entry = team.world.entry(GroupCreate(group, grants, True), eve)
    client.append_roster(team.world, entry)
    team.world.history.append(entry)
    writer = Writer(team.world, LogId(group, Compartment.CONTACTS))
    first = writer.make(eve.device, Kind.ROTATE)
    client.push(team.world, first, wraps=writer.wraps())
    writer.took(first)
    position, chain = writer.state.position, writer.state.chain
    later = writer.make(team.world.ann.device)  # as an owner's desk does by itself, where a key is due
    team.ann.push(team.world, later)
    writer.took(later)
    late = Revoke(team.world.ann.id, group, MANAGER, [Cut(writer.log.encode(), position, chain)])
    with refuses(409, ErrorCode.LOG_MOVED):
        client.append_roster(team.world, team.world.entry(late, eve))
    team.ann.push(team.world, writer.make(team.world.ann.device))
    team.invite("cy")


@pytest.mark.A29
def test_an_admin_does_not_silence_an_owner_either(team: Team) -> None:
    amy, client = team.admit("amy")
    team.do(SetStanding(amy.id, Standing.ADMIN, []))
    writer = team.start_log()
    start = (writer.state.position, writer.state.chain)
    later = writer.make(team.world.ann.device)
    team.ann.push(team.world, later)
    writer.took(later)
    late = GroupArchive(CONTACTS.group, True, [Cut(CONTACTS.encode(), *start)])
    with refuses(409, ErrorCode.LOG_MOVED):
        client.append_roster(team.world, team.world.entry(late, amy))
    team.ann.push(team.world, writer.make(team.world.ann.device))


def test_equals_hold_each_other_a_few_times_an_hour() -> None:
    now, world = 100.0, World("ann")
    ben, cy, amy = world.admit("ben"), world.admit("cy"), world.admit("amy", Standing.ADMIN)
    members, holds = world.state.members, Holds(lambda: now)
    times = PACE_ENTRIES // HOLD_ENTRIES
    for _ in range(times):
        holds.hold_for(members[ben.id], members[cy.id])
        with pytest.raises(RateLimited):
            holds.check(cy.id)
        now += HOLD_SECONDS
    with pytest.raises(RateLimited):
        holds.hold_for(members[ben.id], members[cy.id])
    holds.check(cy.id)
    holds.hold_for(members[ben.id], members[amy.id])
    holds.check(amy.id)
    for _ in range(2 * times):
        holds.hold_for(members[amy.id], members[ben.id])


def test_a_member_does_not_use_up_the_logs_by_small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "MOST_SMALL", 3)
    world = World("ann")
    eve, ben = world.admit("eve"), world.admit("ben")

    def make(person: Person, number: int) -> None:
        grants = [MemberGrant(person.id, MANAGER)]
        operation = GroupCreate(bytes(15) + bytes((number,)), grants, True)
        body = world.body(operation, person.device)
        roster.check_small_groups(world.do(operation, person), body)

    world.group()
    for number in range(1, 4):
        make(eve, number)
    with pytest.raises(OverQuota):
        make(eve, 4)
    make(ben, 5)


def test_a_removal_when_the_space_is_used_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("full"), "--workspace-mib", "1") as server:
        team = found_team(server.origin)
        person, ben = team.admit("ben", MANAGER)
        writer = team.start_log()
        size = 400_000
        while size > 100:
            commit = writer.make(person.device, body=bytes(size))
            try:
                ben.push(team.world, commit)
                writer.took(commit)
            except Refused as refused:
                assert refused.code == ErrorCode.QUOTA
                size //= 2
        expires = 1 << 39
        invite = Invite(bytes(15) + b"1", bytes(15) + b"2", bytes(32), Standing.MEMBER, [], expires)
        with refuses(507, ErrorCode.QUOTA):
            team.ann.append_roster(team.world, team.world.entry(invite))
        head = head_of(team.ann, team.world)
        team.do(MemberRemove(person.id, [Cut(head.log, head.position, head.chain)]))
        with refuses(403, ErrorCode.FORBIDDEN):
            ben.heads(team.world)
        team.close()


def test_a_stranger_learns_nothing(team: Team) -> None:
    """What an account that was never a member is told of a workspace is what it is told of one that is not."""
    mallory = team.client("mallory")
    person = Person("mallory")
    token = Key("token", person.name)
    join = team.world.entry(team.world.join_operation(person, token), person)
    paths = [
        ("GET", "pull?cursor=x", b""),
        ("GET", "pull?cursor=0", b""),
        ("GET", "roster?from=0", b""),
        ("GET", "heads", b""),
        ("GET", "events", b""),
        ("GET", f"logs/{CONTACTS.encode().hex()}?from=x", b""),
        ("GET", f"logs/{CONTACTS.encode().hex()}/headers?from=0", b""),
        ("GET", "wraps?log=0&generation=x", b""),
        ("GET", f"logs/{CONTACTS.encode().hex()}/files/{'0' * 32}", b""),
        ("GET", f"logs/{CONTACTS.encode().hex()}/files/{'0' * 32}/x", b""),
        ("PUT", f"logs/{CONTACTS.encode().hex()}/files/{'0' * 32}/9999", b"x"),
        ("POST", "push", b"\x92\x90\x90"),
        ("POST", "wraps", b"\x91\x90"),
        ("POST", "roster", b"\x92\xc4\x00\x90"),
        ("POST", "roster", _append(join)),
        ("POST", "roster", _append(team.world.entry(Confirm(bytes(16))))),
        ("POST", "join", _wanted(team.world.workspace)),
        ("POST", "join", _wanted(bytes(32))),
    ]
    for method, tail, data in paths:
        told = []
        for workspace in (team.world.workspace.hex(), "ab" * 32):
            reply = mallory.raw(method, f"/v1/workspaces/{workspace}/{tail}", data or None)
            told.append((reply.status_code, reply.content))
        assert told[0] == told[1], (method, tail)


def _append(entry: object) -> bytes:
    return encode(wire.AppendRoster(bytes(32), [entry]))  # type: ignore[list-item]


def _wanted(workspace: bytes) -> bytes:
    proof = wire.InvitationProof(workspace, bytes(16), bytes(64))
    return encode(wire.ReadForJoin(proof, bytes(32), 0))
