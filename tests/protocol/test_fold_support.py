"""Support: reads what an owner named, for a while; writes nothing; is ended by anybody, for good."""

from __future__ import annotations

import pytest

from protocol import (
    DIRECTORY_LOG,
    Compartment,
    Confirm,
    DeviceAdd,
    DeviceRevoke,
    Expired,
    FormatError,
    Grant,
    GroupCreate,
    Invite,
    Level,
    LogId,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberStatus,
    MemberSuspend,
    Policy,
    ReportsTo,
    RosterCode,
    RosterOperation,
    SetStanding,
    Standing,
    is_stale,
    level,
    logs_of,
    permissions,
    readers,
    writers,
)
from tests.protocol.world import (
    MANAGER,
    NORTH,
    REP,
    SOUTH,
    Key,
    Person,
    World,
    invitation_id,
    refused,
    seeded,
)

C = Compartment
ON, OFF = Policy("support-allowed", 1, b"", b""), Policy("support-allowed", 0, b"", b"")


@pytest.fixture
def world() -> World:
    """Ann owns; Amy is an admin; Ben is a rep in the north; the south is there too."""
    world = World()
    world.group()
    world.group(SOUTH)
    world.admit("amy", Standing.ADMIN)
    world.grant(world.admit("ben"), REP)
    return world


def test_support_is_off_and_only_an_owner_lets_it_in(world: World) -> None:
    sam, amy = Person("sam"), world.people["amy"]
    with refused(RosterCode.SUPPORT_OFF):
        world.do(world.support_grant(sam))
    with refused(RosterCode.NOT_OWNER):
        world.do(ON, amy)
    world.do(ON)
    with refused(RosterCode.NOT_OWNER):
        world.do(world.support_grant(sam), amy)
    world.do(world.support_grant(sam))
    with refused(RosterCode.NO_CHANGE):
        world.do(ON)
    with refused(RosterCode.POLICY):
        world.do(Policy("support-allowed", 2, b"", b""))


@pytest.mark.parametrize(
    "compartments",
    [[], [C.DIRECTORY], [C.SALES, C.SALES], [C.SALES, C.CONTACTS], [C.DIRECTORY, C.SALES]],
)
def test_compartments_that_cannot_be(world: World, compartments: list[Compartment]) -> None:
    world.do(ON)
    with refused(RosterCode.ROLE_ACCESS):
        world.do(world.support_grant(Person("sam"), NORTH, compartments))


def test_of_a_group_that_is_there_and_not_private(world: World) -> None:
    world.do(ON)
    with refused(RosterCode.GROUP_UNKNOWN):
        world.do(world.support_grant(Person("sam"), seeded("nowhere", size=16)))
    private, ben = seeded("private", size=16), world.people["ben"]
    world.do(GroupCreate(private, [MemberGrant(ben.id, MANAGER)], True), ben)
    with refused(RosterCode.GROUP_SMALL):
        world.do(world.support_grant(Person("sam"), private))
    with refused(RosterCode.MEMBER_EXISTS):
        world.do(world.support_grant(Person("x", id=ben.id)))
    with refused(RosterCode.INVITATION_EXISTS):
        world.do(world.support_grant(Person("ben", id=seeded("other", size=16))))
    with refused("format", FormatError):
        world.do(world.support_grant(Person("sam"), bytes(16)))


def test_support_reads_what_is_named_and_nothing_else(world: World) -> None:
    ben = world.people["ben"]
    sam = world.support("sam", NORTH, C.CATALOGUE, C.SALES)
    expected = {
        DIRECTORY_LOG,
        LogId(NORTH, C.CATALOGUE),
        LogId(NORTH, C.SALES),
        LogId(NORTH, C.SALES, ben.id),
    }
    assert logs_of(world.state, sam.id) == expected
    for log in expected:
        assert level(world.state, sam.id, log) is Level.READ
        assert sam.id in readers(world.state, log)
        assert sam.id not in writers(world.state, log)
    for log in (LogId(NORTH, C.CONTACTS), LogId(SOUTH, C.SALES), LogId(NORTH, C.MARGINS, ben.id)):
        assert level(world.state, sam.id, log) is Level.NONE
        assert sam.id not in readers(world.state, log)
    assert permissions(world.state, sam.id, NORTH) == 0


def test_the_catalogue_that_serves_the_group(world: World) -> None:
    world.do(Policy("catalogue-of", 0, NORTH, SOUTH))
    south = LogId(SOUTH, C.CATALOGUE)
    with_it, without = world.support("sam", NORTH, C.CATALOGUE), world.support("pat", NORTH, C.SALES)
    assert south in logs_of(world.state, with_it.id)
    assert level(world.state, with_it.id, south) is Level.READ
    assert level(world.state, without.id, south) is Level.NONE
    assert south not in logs_of(world.state, without.id)
    at = world.state.position
    world.do(Policy("catalogue-of", 0, NORTH, b""))
    assert level(world.state, with_it.id, south) is Level.NONE
    assert is_stale(world.history, south, at, at + 1)


def test_support_is_given_nothing_more(world: World) -> None:
    sam, ben = world.support(), world.people["ben"]
    given: list[RosterOperation] = [
        Grant(sam.id, NORTH, REP, b"", b""),
        GroupCreate(seeded("g", size=16), [MemberGrant(sam.id, REP)]),
        GroupCreate(seeded("g", size=16), [MemberGrant(world.ann.id, REP), MemberGrant(sam.id, REP)], True),
        SetStanding(sam.id, Standing.OWNER, []),
        ReportsTo(sam.id, world.ann.id, []),
        ReportsTo(ben.id, sam.id, []),
        world.enrolment(world.ann, 2, [ben, sam]),
    ]
    for operation in given:
        with refused(RosterCode.SUPPORT):
            world.do(operation)


def test_support_does_nothing_but_its_own_affairs(world: World) -> None:
    sam, ben = world.support(), world.people["ben"]
    tried: list[RosterOperation] = [
        Invite(seeded("i", size=16), seeded("m", size=16), Key("t").public, Standing.MEMBER, [], 9),
        GroupCreate(seeded("g", size=16), [MemberGrant(sam.id, REP)], True),
        world.enrolment(sam, 2, [ben, world.ann]),
        MemberRemove(ben.id, []),
        OFF,
        Confirm(invitation_id(ben)),
    ]
    for operation in tried:
        with refused(RosterCode.SUPPORT):
            world.do(operation, sam)
    second = world.add_device(sam, 2)
    world.do(DeviceRevoke(second.id, []), sam)
    third = Key("device", "sam", 3)
    world.do(DeviceAdd(sam.id, sam.certify(world.workspace, third)), sam)
    world.do(MemberLeave([]), sam)
    assert world.state.members[sam.id].status is MemberStatus.LEFT
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(Expired(invitation_id(sam)))


@pytest.mark.parametrize("by", ["ann", "ben", "sam"])
def test_anybody_ends_it_and_its_logs_go_stale(world: World, by: str) -> None:
    sam = world.support()
    at = world.state.position
    read, other = LogId(NORTH, C.CONTACTS), LogId(NORTH, C.SALES)
    world.do(Expired(invitation_id(sam)), world.people[by])
    assert world.state.members[sam.id].status is MemberStatus.REMOVED
    assert not logs_of(world.state, sam.id)
    assert is_stale(world.history, read, at, at + 1)
    assert is_stale(world.history, DIRECTORY_LOG, at, at + 1)
    assert not is_stale(world.history, other, at, at + 1)
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(Expired(invitation_id(sam)))


def test_it_ends_before_it_began_and_while_suspended(world: World) -> None:
    world.do(ON)
    ben, sam = world.people["ben"], Person("sam")
    world.do(world.support_grant(sam))
    world.do(Expired(invitation_id(sam)), ben)
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(world.join_operation(sam, Key("token", "sam")), sam)
    pat = world.support("pat")
    world.do(MemberSuspend(pat.id, True, []))
    world.do(Expired(invitation_id(pat)), ben)
    assert world.state.members[pat.id].status is MemberStatus.REMOVED
    with refused(RosterCode.MEMBER_STATUS):
        world.do(MemberSuspend(pat.id, False, []))


def test_anybody_ends_support_and_no_other_membership(world: World) -> None:
    ben, cy = world.people["ben"], Person("cy")
    world.invite(cy)
    with refused(RosterCode.NOT_ADMIN):
        world.do(Expired(invitation_id(cy)), ben)
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(Expired(invitation_id(ben)))
    with refused(RosterCode.INVITATION_UNKNOWN):
        world.do(Expired(seeded("none", size=16)), ben)


def test_switching_off_takes_it_all_at_once(world: World) -> None:
    sam, read = world.support(), LogId(NORTH, C.CONTACTS)
    at = world.state.position
    world.do(OFF)
    assert not logs_of(world.state, sam.id)
    assert level(world.state, sam.id, DIRECTORY_LOG) is Level.NONE
    assert sam.id not in readers(world.state, read)
    assert is_stale(world.history, read, at, at + 1)
    with refused(RosterCode.SUPPORT):
        world.do(ON)
    world.do(Expired(invitation_id(sam)), world.people["ben"])
    world.do(ON)
    assert not logs_of(world.state, sam.id)


def test_nobody_slips_in_once_it_is_off(world: World) -> None:
    world.do(ON)
    sam = Person("sam")
    world.do(world.support_grant(sam))
    world.do(world.join_operation(sam, Key("token", "sam")), sam)
    world.do(OFF)
    with refused(RosterCode.SUPPORT_OFF):
        world.do(Confirm(invitation_id(sam)))
    with refused(RosterCode.SUPPORT):
        world.do(ON)


def test_an_open_invitation_dies_with_its_owners_right(world: World) -> None:
    """An admin may confirm, and could not have invited."""
    owner = world.admit("olga", Standing.OWNER)
    world.do(ON)
    sam = Person("sam")
    world.do(world.support_grant(sam), owner)
    world.do(SetStanding(owner.id, Standing.ADMIN, []))
    assert world.state.members[sam.id].status is MemberStatus.REMOVED
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(world.join_operation(sam, Key("token", "sam")), sam)
