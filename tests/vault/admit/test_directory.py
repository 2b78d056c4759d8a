"""What members and admins may put in the directory: names, and events that nobody changes."""

from __future__ import annotations

import msgspec
import pytest

from protocol.codec import encode
from protocol.commit import Header, Kind, body_hash
from protocol.events import event_id
from protocol.ids import DIRECTORY_LOG, NO_HASH, Standing
from protocol.operations import Body, Delete, Moved, Operation, Put, Restore, Value
from tests.protocol.world import Person, World, seeded
from vault.admit import AsideReason, SetAside
from vault.admit.inside import open_data
from vault.keys import body_context, new_log_key, seal_body


@pytest.fixture(scope="module")
def world() -> World:
    world = World()
    world.admit("ben")
    world.admit("amy", Standing.ADMIN)
    return world


def judge(world: World, by: Person, operation: Operation) -> AsideReason | None:
    """Why a commit with this one operation by `by` is set aside; None where it counts."""
    key = new_log_key()
    header = Header(
        1, Kind.DATA, world.workspace, DIRECTORY_LOG.encode(), 1, by.device.id, 1, NO_HASH, 9, NO_HASH,
        world.state.position, world.state.head, b"", NO_HASH,
    )  # fmt: skip
    body = encode(Body(seeded("action", size=16), 1, 1, 1, [operation]))
    sealed = seal_body(key, body_context(world.workspace, DIRECTORY_LOG, 1), header.associated_data(), body)
    header = msgspec.structs.replace(header, body_hash=body_hash(sealed))
    try:
        open_data(header, key, sealed, world.state, by.id)
    except SetAside as aside:
        return aside.reason
    return None


def event(by: Person, **more: Value) -> dict[str, Value]:
    return {"by": by.id.hex(), "what": "export", "at": 9, **more}


def test_an_event_is_noted_by_its_author_alone(world: World) -> None:
    for name in ("ann", "ben", "amy"):
        person = world.people[name]
        fields = event(person)
        put = Put("event", event_id(person.id, fields), fields, 0)
        for other in ("ann", "ben", "amy"):
            expected = None if other == name else AsideReason.PERMISSION
            assert judge(world, world.people[other], put) is expected


def test_nobody_puts_another_name_on_his_event(world: World) -> None:
    ben, amy = world.people["ben"], world.people["amy"]
    fields = event(amy)
    for author in (ben, amy):
        put = Put("event", event_id(ben.id, fields), fields, 0)
        assert judge(world, author, put) is AsideReason.PERMISSION
    nameless: dict[str, Value] = {"what": "export"}
    put = Put("event", event_id(ben.id, nameless), nameless, 0)
    assert judge(world, ben, put) is AsideReason.PERMISSION


def test_an_event_stays_as_it_is(world: World) -> None:
    ben = world.people["ben"]
    record = event_id(ben.id, event(ben))
    changes: list[Operation] = [
        Put("event", record, event(ben, what="import"), 0),
        Put("event", record, {"by": ben.id.hex()}, 0),
        Put("event", record, {}, 0),
        Delete("event", record, 0),
        Restore("event", record, 0),
        Moved("event", record, DIRECTORY_LOG.encode(), 0),
    ]
    for change in changes:
        for name in ("ann", "ben", "amy"):
            assert judge(world, world.people[name], change) is AsideReason.PERMISSION


def test_names(world: World) -> None:
    ben, amy, ann = world.people["ben"], world.people["amy"], world.ann
    own = Put("name", ben.id, {"name": "Ben", "kind": "member", "subject": ben.id.hex()}, 0)
    group = Put("name", ben.id, {"name": "Ben", "kind": "group"}, 0)
    assert judge(world, ben, own) is None
    assert judge(world, amy, own) is None
    assert judge(world, ben, group) is AsideReason.PERMISSION
    assert judge(world, ben, Put("name", ann.id, {"name": "Ann"}, 0)) is AsideReason.PERMISSION
    assert judge(world, ann, Put("name", ann.id, {"subject": ben.id.hex()}, 0)) is AsideReason.PERMISSION
    assert judge(world, ben, Delete("name", ben.id, 0)) is AsideReason.PERMISSION
    assert judge(world, ben, Put("other", ben.id, {}, 0)) is AsideReason.PERMISSION
    assert judge(world, ann, Put("other", ben.id, {}, 0)) is None
