"""What a member with a changed program can put into a field: it is folded as it is, or set aside, and stops nothing."""

from __future__ import annotations

import msgspec
import pytest

from protocol import wire
from protocol.operations import Put, Value
from tests.support.desks import World
from tests.support.lies import forged, signer

STRANGE: list[Value] = [
    None,
    True,
    -(1 << 63),
    (1 << 63) - 1,
    "",
    "\x00",
    "a" * 100_000,
    "😀 \ud7ff ﷽",
    {"value": None, "label": True, "n": 3},
    {},
]
FIELDS = ["name", "phone", "phones/x", "title", "amount", "/", "phones/", "x" * 128, "kind", "subject"]


def test_strange_values_are_folded(world: World) -> None:
    """Any value in any field: the log goes on, for all alike."""
    person = world.ann.add("person", name="Zoe")
    deal = world.ann.add("deal", title="Roof", amount=1)
    world.ann.sync()
    ben = world.member("ben")
    operations = [Put("person", person.id, {name: value}, 0) for name in FIELDS for value in STRANGE]
    world.relay.push(wire.Push([forged(ben, person.log, operations=list(operations))], []))
    more = [Put("deal", deal.id, {name: value}, 0) for name in FIELDS for value in STRANGE]
    more += [Put("unknown type", bytes(16), {"name": value}, 0) for value in STRANGE]
    world.relay.push(wire.Push([forged(ben, deal.log, operations=list(more))], []))
    for desk in (world.ann, ben):
        desk.pull()
        assert desk.exchange.stopped() == []
        assert desk.shown(person).fields is not None
        desk.vault.search.search("Zoe")
    ben.put(person, name="Zoe again")
    world.sync_all()
    assert world.ann.field(person, "name") == "Zoe again"


@pytest.mark.parametrize("value", [1 << 63, (1 << 64) - 1, 1.5, b"bytes", [1], {"a": {"b": 1}}, {"a": 1.0}])
def test_values_that_the_format_has_not_are_set_aside(world: World, value: object) -> None:
    person = world.ann.add("person", name="Zoe")
    deal = world.ann.add("deal", title="Roof", amount=1)
    world.ann.sync()
    ben = world.member("ben")
    for key, field, log in ((person, "name", person.log), (deal, "amount", deal.log)):
        operation = [1, key.type, key.id, {field: value}, 0]
        body = msgspec.msgpack.encode([bytes(range(16)), 1, 1, 0, [operation]])
        world.relay.push(wire.Push([signer(ben, log).data(body)], []))
    ben.pull()
    world.ann.pull()
    assert world.ann.exchange.stopped() == ben.exchange.stopped() == []
    assert world.ann.shown(person).fields == ben.shown(person).fields
    assert world.ann.shown(deal).fields == ben.shown(deal).fields
    ben.put(person, name="Goes on")
    world.sync_all()
    assert world.ann.field(person, "name") == "Goes on"
