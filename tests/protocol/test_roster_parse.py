"""Exact lengths in every roster entry: each byte string one byte longer, each number out of its range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from protocol import (
    Confirm,
    Cut,
    DeviceAdd,
    DeviceRevoke,
    EntryBody,
    Expired,
    FormatError,
    Grant,
    GroupArchive,
    GroupCreate,
    Invite,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Policy,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RoleGrant,
    SetStanding,
    Standing,
    decode,
    encode,
    parse_entry,
)
from tests.protocol.world import NORTH, REP, ROLES, SOUTH, Key, Person, World, body_of, seeded, sign_body

ID, LOG, SIGNATURE = seeded("id", size=16), seeded("log", size=33), seeded("signature", size=64)
CUTS = [Cut(LOG, 5, seeded("chain"))]
WORLD, BEN = World(), Person("ben")
DEVICE = BEN.certify(WORLD.workspace, BEN.device)

OPERATIONS: list[Any] = [
    body_of(WORLD.genesis).operation,
    Invite(ID, ID, seeded("token"), Standing.MEMBER, [RoleGrant(NORTH, REP)], 9),
    WORLD.join_operation(BEN, Key("token", "ben")),
    Confirm(ID),
    Expired(ID),
    MemberRemove(ID, CUTS),
    MemberLeave(CUTS),
    MemberSuspend(ID, True, CUTS),
    SetStanding(ID, Standing.ADMIN, CUTS),
    DeviceAdd(ID, DEVICE),
    DeviceRevoke(ID, CUTS),
    Rekey(ID, BEN.keys, SIGNATURE, ID, SIGNATURE),
    RoleDefine(REP, [], ROLES[REP].permissions, CUTS),
    GroupCreate(NORTH, [MemberGrant(ID, REP)]),
    GroupArchive(NORTH, True, CUTS),
    Grant(ID, NORTH, REP, ID, SIGNATURE),
    Revoke(ID, NORTH, REP, CUTS),
    ReportsTo(ID, ID, CUTS),
    Policy("catalogue-of", 0, NORTH, SOUTH),
]


def _variants(value: Any) -> Iterator[Any]:
    """`value` with one byte string in it a byte longer, or one a byte shorter."""
    if isinstance(value, bytes):
        yield value + b"\1"
        yield value[:-1]
    elif isinstance(value, list):
        for index, item in enumerate(value):
            for varied in _variants(item):
                yield [*value[:index], varied, *value[index + 1 :]]


def _entry_of(items: list[Any]) -> Any:
    return sign_body(decode(encode(items), EntryBody, 1 << 18), WORLD.ann.device)


def _items(operation: Any) -> list[Any]:
    """The entry's body as plain lists."""
    items: list[Any] = decode(encode(WORLD.body(operation, WORLD.ann.device)), list, 1 << 18)
    return items


@pytest.mark.A16
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: type(operation).__name__)
def test_every_length_is_exact(operation: Any) -> None:
    items = _items(operation)
    parse_entry(_entry_of(items))
    count = 0
    for varied in _variants(items):
        count += 1
        with pytest.raises(FormatError):
            parse_entry(_entry_of(varied))
    assert count >= 6


@pytest.mark.parametrize(
    "changes",
    [{"position": 0}, {"position": 1 << 53}, {"time": -1}, {"time": 1 << 40}],
    ids=["position-0", "position-2^53", "time-negative", "time-2^40"],
)
def test_numbers_of_an_entry(changes: dict[str, Any]) -> None:
    with pytest.raises(FormatError):
        parse_entry(WORLD.entry(MemberLeave([]), **changes))


@pytest.mark.parametrize(
    "operation",
    [
        MemberLeave([Cut(LOG, -1, seeded("chain"))]),
        MemberLeave([Cut(LOG, 1 << 53, seeded("chain"))]),
        Invite(ID, ID, seeded("token"), Standing.MEMBER, [], -1),
        Invite(ID, ID, seeded("token"), Standing.MEMBER, [], 1 << 40),
        Policy("", 0, b"", b""),
        Policy("k" * 65, 0, b"", b""),
        Policy("key", -1, b"", b""),
        Policy("key", 1 << 31, b"", b""),
        Grant(ID, NORTH, REP, b"", SIGNATURE),
        Grant(ID, NORTH, REP, ID, b""),
        *(kind(bytes(16)) for kind in (Confirm, Expired)),
        DeviceRevoke(bytes(16), []),
        GroupCreate(bytes(16), [MemberGrant(ID, REP)]),
    ],
    ids=lambda operation: type(operation).__name__,
)
def test_what_an_operation_cannot_hold(operation: Any) -> None:
    with pytest.raises(FormatError):
        parse_entry(WORLD.entry(operation))


def test_an_id_is_not_all_zeros() -> None:
    for operation in (
        Revoke(bytes(16), NORTH, REP, []),
        Revoke(ID, bytes(16), REP, []),
        Revoke(ID, NORTH, bytes(16), []),
    ):
        with pytest.raises(FormatError):
            parse_entry(WORLD.entry(operation))
