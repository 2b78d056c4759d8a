"""A colleague with a changed program leaves marks of moves that other people's programs are to finish for him."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.ids import DIRECTORY_LOG, Compartment, LogId
from protocol.operations import Moved, Operation, Put
from tests.support.desks import Desk, World
from tests.support.lies import aside_reasons, forged
from vault.roster import plan_group
from vault.store import RecordKey

pytestmark = [pytest.mark.hostile]

RECORD, WIDE, HEAVY = b"r" * 16, b"w" * 16, b"h" * 16


def finish(desk: Desk) -> list[RecordKey]:
    """What a desk does by itself in a quiet moment."""
    return desk.vault.finish_moves()


def send(world: World, desk: Desk, log: LogId, *operations: Operation) -> None:
    world.relay.push(wire.Push([forged(desk, log, operations=list(operations))], []))


@pytest.fixture
def ben(world: World) -> Desk:
    """He writes people, and manages nothing."""
    found = world.member("ben", "assistant")
    ann_person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    found.sync()
    assert found.exchange.can_write(ann_person.log)
    assert not found.exchange.can_write(LogId(world.group, Compartment.CATALOGUE))
    return found


@pytest.mark.A36
@pytest.mark.parametrize("compartment", [Compartment.DIRECTORY, Compartment.CATALOGUE, Compartment.SALES])
def test_A36_a_mark_does_not_write_where_its_author_may_not(
    world: World, ben: Desk, compartment: Compartment
) -> None:
    """Made among the contacts, marked as moved into the catalogue: the manager's program must not carry it there."""
    home = ben.home(Compartment.CONTACTS)
    target = DIRECTORY_LOG if compartment is Compartment.DIRECTORY else LogId(world.group, compartment)
    assert world.ann.exchange.can_write(target)
    for type_name in ("name", "product", "person"):
        record = type_name[0].encode() * 16
        ben.pull()
        send(
            world,
            ben,
            home,
            Put(type_name, record, {"name": "Free of charge", "kind": "role"}, 0),
            Moved(type_name, record, target.encode(), 0),
        )
    world.ann.pull()
    before = world.ann.exchange.log_ends().get(target)
    assert [key for key in finish(world.ann) if key.log == target] == []
    world.ann.sync()
    assert world.ann.exchange.log_ends().get(target) == before
    assert world.ann.exchange.stopped() == []


@pytest.mark.A46
@pytest.mark.parametrize(
    "target", [b"\xff" * 33, bytes(1) + b"g" * 32, b"\x02" + bytes(32), b"\x01" + b"o" * 32]
)
def test_A46_a_mark_that_names_no_log_is_set_aside(world: World, ben: Desk, target: bytes) -> None:
    home = ben.home(Compartment.CONTACTS)
    good = world.ann.add("person", name="Moves rightly")
    send(world, ben, home, Put("person", RECORD, {"name": "Trap"}, 0), Moved("person", RECORD, target, 0))
    for desk in (world.ann, ben):
        desk.pull()
        assert finish(desk) == []
        assert desk.exchange.stopped() == []
        assert aside_reasons(desk) == {"format"}
    assert world.ann.field(good, "name") == "Moves rightly"


@pytest.mark.A46
def test_A46_a_record_too_large_for_one_put_stops_no_other_move(world: World, ben: Desk) -> None:
    """Put one commit after another, a record has more fields than one put may: it is moved all the same. One value
    that no outbox takes stays where it is. Neither keeps the other moves back."""
    plan = plan_group([(world.ann.member, world.roles["team-admin"]), (ben.member, world.roles["assistant"])])
    world.ann.change_roster(plan.operations)
    world.sync_all()
    home = ben.home(Compartment.CONTACTS)
    target = LogId(plan.group, Compartment.CONTACTS)
    names = [f"f{number}" for number in range(1_500)]
    for first in range(0, 1_500, 500):
        send(world, ben, home, Put("person", WIDE, dict.fromkeys(names[first : first + 500], "x"), 0))
        ben.pull()
    send(world, ben, home, Put("person", HEAVY, {"name": "\U0001f600" * (1 << 19)}, 0))
    for record in (WIDE, HEAVY):
        ben.pull()
        send(world, ben, home, Moved("person", record, target.encode(), 0))
    key = RecordKey(home, "person", WIDE)
    world.ann.pull()
    (copy,) = finish(world.ann)
    assert copy == world.ann.vault.mover.copy_of(key)
    world.sync_all()
    assert set(names) <= set(ben.shown(copy).fields)
    assert world.ann.exchange.stopped() == ben.exchange.stopped() == []
    assert aside_reasons(ben) == aside_reasons(world.ann) == set()


@pytest.mark.A36
def test_moves_that_are_right_are_finished(world: World, ben: Desk) -> None:
    """The checks above leave the design's moves alone: into a group whose contacts the mark's author writes too."""
    plan = plan_group([(world.ann.member, world.roles["team-admin"]), (ben.member, world.roles["assistant"])])
    world.ann.change_roster(plan.operations)
    world.sync_all()
    person = ben.add("person", name="Goes over")
    ben.sync()
    with ben.vault.editor.action() as action:
        action.move(person, LogId(plan.group, Compartment.CONTACTS))
    ben.sync()
    world.ann.sync()
    assert finish(world.ann) == []  # his own desk does it, unless it is away
    world.clock.now += 61
    (copy,) = finish(world.ann)
    world.sync_all()
    assert ben.field(copy, "name") == world.ann.field(copy, "name") == "Goes over"
