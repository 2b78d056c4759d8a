"""The roster at the server: founding, compare-and-swap, joining, cut-offs."""

from __future__ import annotations

import time

import pytest

from protocol import wire
from protocol.ids import NO_HASH
from protocol.roster import Confirm, Cut, DeviceAdd, Grant, Invite, MemberRemove, MemberSuspend
from protocol.wire import ErrorCode, Route
from tests.protocol.world import MANAGER, NORTH, READER, Key, Person, World, invitation_id
from tests.server.client import Client
from tests.server.conftest import CONTACTS, Team
from tests.server.test_push import refuses


def roster(client: Client, world: World, first: int = 1) -> wire.RosterPage:
    return client.ask("GET", client.path(Route.ROSTER, world) + f"?from={first}", wire.RosterPage)


def read_for_join(
    client: Client, world: World, proof: wire.InvitationProof, after: int = 0
) -> wire.RosterPage:
    path = client.path(Route.JOIN, world)
    return client.ask("POST", path, wire.RosterPage, wire.ReadForJoin(proof, client.key.public, after))


def test_founding(team: Team) -> None:
    page = roster(team.ann, team.world)
    assert page.entries == list(team.world.history.entries())
    assert page.head_position == team.world.state.position
    assert team.ann.ask("GET", Route.ACCOUNT, wire.Account).workspaces == [team.world.workspace]


def test_founding_again_is_done_once(team: Team) -> None:
    entries = list(team.world.history.entries())
    team.ann.ask("POST", Route.WORKSPACES, wire.Done, wire.CreateWorkspace(entries))
    assert roster(team.ann, team.world).head_position == len(entries)


@pytest.mark.hostile
def test_nobody_founds_what_is_founded(team: Team) -> None:
    mallory = team.client("mallory")
    with refuses(403, ErrorCode.FORBIDDEN):
        mallory.ask("POST", Route.WORKSPACES, wire.Done, wire.CreateWorkspace([team.world.genesis]))
    with refuses(404, ErrorCode.NOT_FOUND):
        roster(mallory, team.world)


@pytest.mark.hostile
def test_a_bad_genesis_makes_nothing(team: Team) -> None:
    other = World("zoe" + team.world.ann.name)
    bent = type(other.genesis)(other.genesis.body, bytes(64))
    with refuses(422, "signature"):
        team.ann.ask("POST", Route.WORKSPACES, wire.Done, wire.CreateWorkspace([bent]))
    with refuses(404, ErrorCode.NOT_FOUND):
        roster(team.ann, other)


def test_append_needs_the_head(team: Team) -> None:
    old = team.world.state.head
    team.invite("ben")
    entry = team.world.entry(Confirm(bytes(15) + b"1"))
    with refuses(409, ErrorCode.ROSTER_MOVED):
        team.ann.append_roster(team.world, entry, head=old)


def test_the_same_entries_again_are_done(team: Team) -> None:
    before = team.world.state
    team.invite("ben")
    last = team.world.history.entry(team.world.state.position)
    team.ann.append_roster(team.world, last, head=before.head)
    assert roster(team.ann, team.world).head_position == before.position + 1


@pytest.mark.hostile
def test_the_server_folds_too(team: Team) -> None:
    entry = team.world.entry(Grant(bytes(15) + b"9", NORTH, MANAGER, b"", b""))
    with refuses(422, "member-unknown"):
        team.ann.append_roster(team.world, entry)
    assert roster(team.ann, team.world).head_position == team.world.state.position


@pytest.mark.hostile
def test_all_entries_or_none(team: Team) -> None:
    ben, head = Person("ben"), team.world.state.head
    good = team.world.entry(
        Invite(invitation_id(ben), ben.id, Key("t").public, 0, [], int(time.time()) + 60)  # type: ignore[arg-type]
    )
    with refuses(422, "position"):
        team.ann.append_roster(team.world, good, good, head=head)
    assert roster(team.ann, team.world).head_position == team.world.state.position


def test_joining_over_the_wire(team: Team) -> None:
    person, token = team.invite("ben")
    ben = team.clients["ben"] = Client(team.origin, f"ben-{team.world.ann.name}")
    proof = team.proof(person, token, ben.key.public)
    page = read_for_join(ben, team.world, proof)  # before there is an account
    ben.sign_up(proof)
    ben.log_in()
    assert page.entries[-1] == team.world.history.entry(team.world.state.position)
    with refuses(404, ErrorCode.NOT_FOUND):
        ben.pull(team.world)
    team.do(team.world.join_operation(person, token), by=person, client=ben)
    assert roster(ben, team.world).head_position == team.world.state.position
    with refuses(403, ErrorCode.FORBIDDEN):  # not confirmed yet: the roster, nothing else
        ben.heads(team.world)
    assert ben.pull(team.world).commits == []
    team.do(Confirm(invitation_id(person)))
    assert ben.heads(team.world).roster_position == team.world.state.position
    assert ben.ask("GET", Route.ACCOUNT, wire.Account).workspaces == [team.world.workspace]


@pytest.mark.hostile
def test_the_roster_is_not_for_any_account(team: Team) -> None:
    person, token = team.invite("ben")
    mallory = team.client("mallory")
    others = team.proof(person, token, Key("ben").public)
    with refuses(403, ErrorCode.FORBIDDEN):
        read_for_join(mallory, team.world, others)
    with refuses(403, ErrorCode.FORBIDDEN):
        read_for_join(mallory, team.world, team.proof(person, Key("guess"), mallory.key.public))


@pytest.mark.hostile
def test_an_account_needs_the_tokens_signature(team: Team) -> None:
    person, _ = team.invite("ben")
    mallory = Client(team.origin, f"mallory-{team.world.ann.name}")
    with refuses(403, ErrorCode.FORBIDDEN):
        mallory.sign_up(team.proof(person, Key("guess"), mallory.key.public))
    mallory.close()


@pytest.mark.hostile
def test_an_invitation_makes_some_accounts_only(team: Team) -> None:
    person, token = team.invite("ben")
    clients = [Client(team.origin, f"ben{n}-{team.world.ann.name}") for n in range(6)]
    for client in clients[:5]:
        client.sign_up(team.proof(person, token, client.key.public))
    with refuses(403, ErrorCode.FORBIDDEN):
        clients[5].sign_up(team.proof(person, token, clients[5].key.public))
    for client in clients:
        client.close()


@pytest.mark.hostile
def test_a_second_join_is_refused(team: Team) -> None:
    person, token = team.invite("ben")
    ben, mallory = team.client("ben"), team.client("mallory")
    join = team.world.join_operation(person, token)
    team.do(join, by=person, client=ben)
    with refuses(422, "invitation-closed"):
        other = Person(person.name, version=2)
        other.device = Key("device", "mallory")
        entry = team.world.entry(team.world.join_operation(other, token), other)
        mallory.append_roster(team.world, entry)
    with refuses(404, ErrorCode.NOT_FOUND):
        mallory.pull(team.world)


@pytest.mark.hostile
def test_entries_of_another_member_are_not_taken(team: Team) -> None:
    _, ben = team.admit("ben")
    person, _ = team.admit("cy")
    entry = team.world.entry(MemberSuspend(person.id, True, []), team.world.ann)
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.append_roster(team.world, entry)


def test_a_new_device_adds_itself(team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    device = Key("device", person.name, 2)
    team.do(DeviceAdd(person.id, person.certify(team.world.workspace, device)), by=device, client=ben)  # type: ignore[arg-type]
    writer = team.start_log()
    assert ben.push(team.world, writer.make(device)).placements[0].position == 2


@pytest.mark.hostile
def test_a_device_for_somebody_else(team: Team) -> None:
    person, _ = team.admit("ben", MANAGER)
    _, cy = team.admit("cy")
    device = Key("device", person.name, 2)
    entry = team.world.entry(DeviceAdd(person.id, person.certify(team.world.workspace, device)), device)
    with refuses(403, ErrorCode.FORBIDDEN):
        cy.append_roster(team.world, entry)


@pytest.mark.hostile
def test_a_cut_must_be_where_the_author_ended(team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = team.start_log()
    early = writer.state
    commit = writer.make(person.device)
    ben.push(team.world, commit)
    writer.took(commit)
    late = Cut(CONTACTS.encode(), early.position, early.chain)
    with refuses(409, ErrorCode.LOG_MOVED):
        team.ann.append_roster(team.world, team.world.entry(MemberRemove(person.id, [late])))
    wrong = Cut(CONTACTS.encode(), 2, bytes(31) + b"1")
    with refuses(409, ErrorCode.LOG_MOVED):
        team.ann.append_roster(team.world, team.world.entry(MemberRemove(person.id, [wrong])))
    right = Cut(CONTACTS.encode(), writer.state.position, writer.state.chain)
    team.do(MemberRemove(person.id, [right]))


@pytest.mark.hostile
def test_a_removed_member_has_nothing_any_more(team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = team.start_log()
    cut = Cut(CONTACTS.encode(), writer.state.position, writer.state.chain)
    team.do(MemberRemove(person.id, [cut]))
    removal = team.world.state.position
    team.invite("cy")
    page = ben.pull(team.world)  # the proof of it, and nothing that came later
    assert page.roster == list(team.world.history.entries())[:removal]
    assert (page.wraps, page.commits, page.more) == ([], [], False)
    assert ben.pull(team.world, page.cursor).roster == []
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.log(team.world, CONTACTS)
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.heads(team.world)
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.push(team.world, writer.make(person.device))
    with refuses(409, ErrorCode.LOG_MOVED):  # stale: a rotate comes first
        team.ann.push(team.world, writer.make(team.world.ann.device))


def test_a_cut_of_a_log_without_commits(team: Team) -> None:
    person, _ = team.admit("ben", READER)
    team.do(Grant(person.id, NORTH, MANAGER, b"", b""))
    team.do(MemberRemove(person.id, [Cut(CONTACTS.encode(), 0, NO_HASH)]))
