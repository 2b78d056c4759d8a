"""Bridges: a generation that somebody could not open comes to everybody all the same, at its place."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from protocol import wire
from protocol.commit import Kind, parse_header
from protocol.ids import LogId
from protocol.limits import WRAP_SIZE
from protocol.operations import Body, Put, encode_body
from protocol.roster import RosterOperation
from tests.support.desks import Desk, World
from tests.support.lies import aside_reasons, kinds, my_key_id, signer, slip_in, spoil_wraps
from tests.support.relay import WrapEvent
from vault.exchange.upkeep import Upkeep
from vault.keys import new_log_key, wrap
from vault.roster import plan_remove
from vault.store import RecordKey


def skipped(world: World) -> tuple[Desk, Desk, RecordKey]:
    """Ben rotates after a removal, and Cy gets garbage for it; what Ben writes waits at Cy's. Cy, who knows no
    better, rotates from the last key he has."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, cy, dee = world.member("ben"), world.member("cy"), world.member("dee")
    world.ann.change_roster(_removal(world, dee))
    ben.pull()
    ben.put(person, name="Under the second key")
    ben.push()
    spoil_wraps(world, cy, os.urandom(WRAP_SIZE))
    cy.pull()
    assert cy.keys_held(person.log) == {1}
    assert cy.field(person, "name") == "Zoe"
    cy.put(person, phone="1")
    cy.push()
    newest = parse_header(world.relay.logs[person.log].commits[-2].header)
    assert (newest.kind, newest.generation, newest.carried_generation) == (Kind.ROTATE, 3, 1)
    return ben, cy, person


def _removal(world: World, gone: Desk) -> list[RosterOperation]:
    world.ann.check_heads()
    return list(plan_remove(world.ann.vault.roster, world.ann.exchange.ends_to_cut(), gone.member))


def bridges(world: World, log: LogId) -> int:
    return kinds(world, log).count(Kind.BRIDGE)


@pytest.fixture
def nobody_bridges(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    with monkeypatch.context() as patch:
        patch.setattr(Upkeep, "bridges", lambda *_: [])
        yield patch


@pytest.mark.hostile
@pytest.mark.A46
def test_A46_a_skipped_generation_is_bridged_and_all_are_equal(world: World) -> None:
    ben, cy, person = skipped(world)
    ben.sync()
    assert bridges(world, person.log) == 1
    header = parse_header(world.relay.logs[person.log].commits[-1].header)
    assert (header.kind, header.generation, header.bridged_generation) == (Kind.BRIDGE, 3, 2)
    for desk in (world.ann, ben, cy):
        desk.sync()
        assert desk.keys_held(person.log) == {1, 2, 3}
        assert (desk.field(person, "name"), desk.field(person, "phone")) == ("Under the second key", "1")
        assert aside_reasons(desk) <= {"bridge"}
    assert bridges(world, person.log) == 1, "one is enough"


def test_what_waited_counts_at_its_position_and_not_at_the_bridges(world: World) -> None:
    """Cy changes the same field later: his value stands, at every desk, though he reads Ben's after it."""
    ben, cy, person = skipped(world)
    cy.put(person, name="Later")
    cy.push()
    for desk in (ben, cy, world.ann):
        desk.sync()
    assert {desk.field(person, "name") for desk in (world.ann, ben, cy)} == {"Later"}


def test_newcomer_reads_across_a_bridge(world: World) -> None:
    ben, _, person = skipped(world)
    ben.sync()
    eve = world.member("eve")
    assert eve.keys_held(person.log) == {1, 2, 3}
    assert eve.field(person, "name") == "Under the second key"


@pytest.mark.hostile
@pytest.mark.A46
def test_A46_a_bridge_with_another_key_is_set_aside_by_all_alike(
    world: World, nobody_bridges: pytest.MonkeyPatch
) -> None:
    ben, cy, person = skipped(world)
    for desk in (world.ann, ben, cy):
        desk.pull()
    liar = signer(ben, person.log)
    liar._keys[2] = new_log_key()
    world.relay.push(wire.Push([liar.bridge(2)], []))
    for desk in (world.ann, ben, cy):
        desk.pull()
        assert "carried-key" in aside_reasons(desk)
    assert cy.keys_held(person.log) == {1, 3}
    nobody_bridges.undo()
    world.ann.sync()
    assert bridges(world, person.log) == 2, "the false one bridges nothing"
    cy.sync()
    assert cy.field(person, "name") == "Under the second key"


def test_a_bridge_of_whoever_was_removed_is_bridged_again(
    world: World, nobody_bridges: pytest.MonkeyPatch
) -> None:
    """Rule 4 holds for bridges as well: behind its author's end one counts for nobody."""
    ben, cy, person = skipped(world)
    for desk in (world.ann, ben, cy):
        desk.pull()
    held_back = signer(ben, person.log).bridge(2)
    world.ann.change_roster(_removal(world, ben))
    slip_in(world, person.log, held_back)
    for desk in (world.ann, cy):
        desk.pull()
        assert "cut-off" in aside_reasons(desk)
    assert cy.keys_held(person.log) == {1, 3}
    nobody_bridges.undo()
    for desk in (world.ann, cy):
        desk.sync()
    assert cy.field(person, "name") == "Under the second key"


def test_a_wrap_makes_up_for_a_bridge(world: World, nobody_bridges: pytest.MonkeyPatch) -> None:
    """The key comes by either way; what came by one is not asked for by the other."""
    ben, cy, person = skipped(world)
    ben.pull()
    key = _key(ben, person.log, 2)
    public = cy.vault.own.private[0].public
    sealed = wrap(key, ben.vault.own.workspace, person.log, 2, public)
    world.relay.events.append(WrapEvent(wire.Wrap(person.log.encode(), 2, my_key_id(cy), sealed)))
    cy.pull()
    assert cy.field(person, "name") == "Under the second key"


def _key(desk: Desk, log: LogId, generation: int) -> bytes:
    with desk.vault.store.read() as tx:
        found = desk.exchange.desk.logs.key(tx, log, generation)
    assert found is not None
    return found


def test_a_removal_rotates_without_anything_to_write(world: World) -> None:
    """The keys are changed by the next client that hears of the removal, not by the next that writes."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    before = world.relay.logs[person.log].state.generation
    world.ann.remove(dee.member)
    ben.sync()
    assert world.relay.logs[person.log].state.generation == before + 1
    world.ann.sync()
    ben.sync()
    assert world.relay.logs[person.log].state.generation == before + 1, "once"
    assert ben.keys_held(person.log) == world.ann.keys_held(person.log) == {before, before + 1}


def test_nothing_is_rotated_in_a_log_that_is_not_stale(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    world.member("ben")
    for _ in range(2):
        world.sync_all()
    assert kinds(world, person.log) == [Kind.ROTATE, Kind.DATA]


@pytest.mark.hostile
@pytest.mark.A46
def test_A46_a_rotate_that_came_with_no_key_at_all_stops_nobody(world: World) -> None:
    """A server takes back what it says it has lost without wraps: whoever brings a rotate of his own so, or with the
    server's help, leaves every other reader without its key. Whoever was to have it goes on from the last he has."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, cy = world.member("ben"), world.member("cy")
    world.sync_all()
    liar = signer(ben, person.log)
    slip_in(world, person.log, liar.rotate()[0])
    body = Body(bytes(16), 1, 1, 0, [Put("person", b"p" * 16, {"name": "Under a key of his own"}, 0)])
    slip_in(world, person.log, liar.data(encode_body(body)))
    cy.put(person, phone="1")
    cy.sync()
    world.ann.sync()
    assert kinds(world, person.log).count(Kind.ROTATE) == 3
    assert (world.ann.field(person, "phone"), cy.field(person, "phone")) == ("1", "1")
    assert world.ann.exchange.stopped() == cy.exchange.stopped() == []
    before = len(world.relay.logs[person.log].commits)
    world.sync_all()
    assert len(world.relay.logs[person.log].commits) == before, "no rotates against each other"


@pytest.mark.hostile
@pytest.mark.A46
def test_A46_a_later_reader_waits_for_the_key(world: World) -> None:
    """He was not to have it from the rotate: a colleague hands it to him, and he begins no generation of his own."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    dee = world.member("dee")
    spoil_wraps(world, dee, None)
    with dee.vault.store.write() as tx:
        dee.exchange.desk.logs.drop_keys(tx, person.log, 0)
    dee.put(person, phone="1")
    dee.push()
    assert kinds(world, person.log).count(Kind.ROTATE) == 1
    assert (person.log, "key") in dee.exchange.blocked()
