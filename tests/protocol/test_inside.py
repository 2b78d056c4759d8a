"""Permissions inside a commit, and the strict parse of its body."""

from __future__ import annotations

import pytest

from protocol import (
    DIRECTORY_LOG,
    MAX_FIELDS,
    MAX_OPERATIONS,
    Body,
    CommitCode,
    CommitRefused,
    Compartment,
    Delete,
    Erase,
    FormatError,
    LogId,
    Moved,
    Operation,
    Put,
    Restore,
    Standing,
    check_operations,
    encode_body,
    parse_body,
)
from tests.protocol.world import LEAD, MANAGER, NORTH, REP, Person, World, refused, seeded

CONTACTS = LogId(NORTH, Compartment.CONTACTS)
RECORD = seeded("record", size=16)
ACTION = seeded("action", size=16)


@pytest.fixture
def world() -> World:
    world = World()
    world.group()
    for name, role in (("ben", REP), ("dee", LEAD), ("mia", MANAGER)):
        world.grant(world.admit(name), role)
    world.admit("admin", Standing.ADMIN)
    return world


def _check(world: World, person: Person, log: LogId, *operations: Operation, seen: int = 5) -> None:
    check_operations(world.state, person.id, log, operations, seen)


def test_deleting_and_restoring_need_their_permission(world: World) -> None:
    ben, dee = world.people["ben"], world.people["dee"]
    for operation in (Delete("person", RECORD, 1), Restore("person", RECORD, 1)):
        _check(world, ben, CONTACTS, operation)
        with refused(CommitCode.PERMISSION, CommitRefused):
            _check(world, dee, CONTACTS, operation)
    _check(
        world, dee, CONTACTS, Put("person", RECORD, {"name": "x"}, 1), Moved("person", RECORD, bytes(33), 1)
    )


def test_erase_is_reserved(world: World) -> None:
    with refused(CommitCode.RESERVED, CommitRefused):
        _check(world, world.ann, CONTACTS, Erase("person", RECORD))


def test_no_operation_saw_more_than_its_header(world: World) -> None:
    with refused(CommitCode.SEEN_POSITION, CommitRefused):
        _check(world, world.ann, CONTACTS, Put("person", RECORD, {}, 6))


def test_in_the_directory_a_member_writes_his_own_name(world: World) -> None:
    ann, ben, admin, mia = (world.people[name] for name in ("ann", "ben", "admin", "mia"))
    for person in (ann, ben, admin, mia):
        _check(world, person, DIRECTORY_LOG, Put("name", person.id, {"name": "x"}, 0))
    for person in (ben, mia):
        with refused(CommitCode.PERMISSION, CommitRefused):
            _check(world, person, DIRECTORY_LOG, Put("name", ann.id, {"name": "x"}, 0))
        with refused(CommitCode.PERMISSION, CommitRefused):
            _check(world, person, DIRECTORY_LOG, Delete("name", person.id, 0))
    for person in (ann, admin, mia):
        _check(world, person, DIRECTORY_LOG, Put("name", NORTH, {"name": "x"}, 0))
    with refused(CommitCode.PERMISSION, CommitRefused):
        _check(world, ben, DIRECTORY_LOG, Put("name", NORTH, {"name": "x"}, 0))
    for person in (ann, admin):
        _check(world, person, DIRECTORY_LOG, Delete("name", ben.id, 0))


def test_a_body_survives() -> None:
    body = Body(ACTION, 1, 2, 7, [Put("deal", RECORD, {"b": 1, "a": {"amount": 5, "currency": "EUR"}}, 3)])
    assert parse_body(encode_body(body)) == body


@pytest.mark.parametrize(
    "body",
    [
        Body(ACTION[:15], 1, 1, 7, []),
        Body(ACTION, 0, 1, 7, []),
        Body(ACTION, 2, 1, 7, []),
        Body(ACTION, 1, 1_001, 7, []),
        Body(ACTION, 1, 1, -1, []),
        Body(ACTION, 1, 1, 7, [Put("", RECORD, {}, 0)]),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD[:15], {}, 0)]),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD, {"": 1}, 0)]),
        Body(ACTION, 1, 1, 7, [Delete("deal", RECORD, -1)]),
        Body(ACTION, 1, 1, 7, [Moved("deal", RECORD, bytes(32), 0)]),
    ],
)
def test_a_body_that_cannot_be(body: Body) -> None:
    with pytest.raises(FormatError):
        parse_body(encode_body(body))


@pytest.mark.parametrize(
    "body",
    [
        Body(ACTION, 1, 1, 7, [Delete("deal", RECORD, 0)] * (MAX_OPERATIONS + 1)),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD, {f"f{n}": n for n in range(MAX_FIELDS + 1)}, 0)]),
        Body(ACTION, 1, 1, 7, [Put("deal", RECORD, {"text": "x" * ((1 << 19) + 1)}, 0)]),
    ],
)
def test_a_body_beyond_its_limits(body: Body) -> None:
    with refused("too-large", FormatError):
        parse_body(encode_body(body))
