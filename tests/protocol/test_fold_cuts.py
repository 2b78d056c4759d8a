"""Cut-offs: where the commits of somebody who lost a right end, on quiet logs too."""

from __future__ import annotations

import pytest

from protocol import (
    DIRECTORY_LOG,
    CommitCode,
    CommitRefused,
    Compartment,
    Cut,
    DeviceRevoke,
    GroupArchive,
    GroupCreate,
    Kind,
    LogId,
    MemberGrant,
    MemberRemove,
    MemberSuspend,
    Permission,
    Policy,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterCode,
    RosterOperation,
    SetStanding,
    Standing,
    check_not_cut,
    cut_position,
)
from tests.protocol.logbook import Logbook
from tests.protocol.world import MANAGER, NORTH, READER, REP, ROLES, SOUTH, World, cut, refused, seeded

C = Compartment
SALES = LogId(NORTH, C.SALES)
CONTACTS = LogId(NORTH, C.CONTACTS)


@pytest.fixture
def world() -> World:
    world = World()
    world.group()
    for name, role in (("ben", MANAGER), ("cy", READER), ("dee", REP)):
        world.grant(world.admit(name), role)
    return world


@pytest.mark.A29
def test_a_removed_admin_writes_before_his_removal_on_a_quiet_log(world: World) -> None:
    """He and the server show a commit that names the roster of before: the cut sets it aside for all."""
    ben, book = world.people["ben"], Logbook(world, SALES)
    book.admit(world.ann, Kind.ROTATE)
    book.admit(ben)
    world.do(MemberRemove(ben.id, [Cut(SALES.encode(), book.state.position, book.state.chain)]))
    head = world.state.position - 1
    late = book.admit(
        ben, roster_position=head, roster_hash=world.history.hash_at(head)
    )  # its header breaks no rule
    assert book.state.position == 3
    with refused(CommitCode.CUT_OFF, CommitRefused):
        check_not_cut(world.state, late, 3)
    check_not_cut(world.state, late, 2)
    assert cut_position(world.state, SALES, ben.device.id) == 2
    assert cut_position(world.state, CONTACTS, ben.device.id) is None
    assert cut_position(world.state, SALES, world.ann.device.id) is None


def test_all_devices_of_the_member_are_cut(world: World) -> None:
    ben = world.people["ben"]
    second = world.add_device(ben, 2)
    world.do(MemberRemove(ben.id, [cut(SALES, 4)]))
    assert cut_position(world.state, SALES, second.id) == cut_position(world.state, SALES, ben.device.id) == 4


def test_a_revoked_device_is_cut_alone(world: World) -> None:
    ben = world.people["ben"]
    second = world.add_device(ben, 2)
    world.do(DeviceRevoke(second.id, [cut(SALES, 4)]))
    assert cut_position(world.state, SALES, second.id) == 4
    assert cut_position(world.state, SALES, ben.device.id) is None


def test_who_is_let_in_again_writes_again(world: World) -> None:
    ben, book = world.people["ben"], Logbook(world, SALES)
    book.admit(world.ann, Kind.ROTATE)
    world.do(MemberSuspend(ben.id, True, [Cut(SALES.encode(), 1, book.state.chain)]))
    world.do(MemberSuspend(ben.id, False, []))
    book.admit(world.ann, Kind.ROTATE)
    header = book.admit(ben)
    check_not_cut(world.state, header, book.state.position)
    assert cut_position(world.state, SALES, ben.device.id) == 1
    assert cut_position(world.state, SALES, ben.device.id, world.state.position) is None


def test_of_two_cuts_the_nearer_binds(world: World) -> None:
    ben = world.people["ben"]
    world.do(MemberSuspend(ben.id, True, [cut(SALES, 9)]))
    first = world.state.position
    world.do(MemberSuspend(ben.id, False, []))
    world.do(MemberRemove(ben.id, [cut(SALES, 12)]))
    assert cut_position(world.state, SALES, ben.device.id, first - 1) == 9
    assert cut_position(world.state, SALES, ben.device.id, first) == 12


@pytest.mark.parametrize(
    "cuts",
    [
        [cut(SALES, 1), cut(SALES, 2)],
        [cut(SALES, 1), cut(CONTACTS, 1)],
        [Cut(SALES.encode(), 0, seeded("chain"))],
        [Cut(SALES.encode(), 5, bytes(32))],
    ],
)
def test_cuts_are_well_formed(world: World, cuts: list[Cut]) -> None:
    with refused(RosterCode.CUT):
        world.do(MemberRemove(world.people["ben"].id, cuts))


def test_a_cut_names_a_log_that_there_is(world: World) -> None:
    ben = world.people["ben"]
    for log in (
        LogId(SOUTH, C.SALES).encode(),
        LogId(NORTH, C.SALES, ben.id).encode(),
        b"\x63" + bytes(32),
        b"\x00" + NORTH + bytes(16),
    ):
        with refused(RosterCode.CUT_LOG):
            world.do(MemberRemove(ben.id, [Cut(log, 1, seeded("chain"))]))
        with refused(RosterCode.CUT_LOG):
            world.do(DeviceRevoke(ben.device.id, [Cut(log, 1, seeded("chain"))]))


def test_a_cut_needs_something_taken_away(world: World) -> None:
    """A manager cannot set aside what somebody wrote elsewhere, or what he may still write."""
    ben, dee = world.people["ben"], world.people["dee"]
    world.do(GroupCreate(SOUTH, [MemberGrant(dee.id, REP)]))
    world.grant(dee, READER, by=ben)
    refusals: list[tuple[RosterOperation, object]] = [
        (Revoke(dee.id, NORTH, READER, [cut(CONTACTS, 1)]), ben),
        (Revoke(dee.id, NORTH, REP, [cut(LogId(SOUTH, C.CONTACTS), 1)]), ben),
        (MemberRemove(world.people["cy"].id, [cut(SALES, 1)]), None),
        (SetStanding(dee.id, Standing.ADMIN, [cut(DIRECTORY_LOG, 1)]), None),
        (ReportsTo(dee.id, ben.id, [cut(LogId(NORTH, C.SALES, dee.id), 1)]), None),
    ]
    for operation, by in refusals:
        with refused(RosterCode.CUT_LOG):
            world.do(operation, by)  # type: ignore[arg-type]
    world.do(Revoke(dee.id, NORTH, REP, [cut(CONTACTS, 1)]), ben)
    assert cut_position(world.state, CONTACTS, dee.device.id) == 1


def test_a_permission_taken_cuts_who_held_it(world: World) -> None:
    dee, ben = world.people["dee"], world.people["ben"]
    narrower = RoleDefine(REP, ROLES[REP].accesses, Permission.RESTORE, [cut(CONTACTS, 7)])
    world.do(narrower)
    assert cut_position(world.state, CONTACTS, dee.device.id) == 7
    assert cut_position(world.state, CONTACTS, ben.device.id) is None


def test_an_archived_group_cuts_its_writers(world: World) -> None:
    world.do(GroupArchive(NORTH, True, [cut(CONTACTS, 7)]))
    for name, expected in (("ann", 7), ("ben", 7), ("dee", 7), ("cy", None)):
        assert cut_position(world.state, CONTACTS, world.people[name].device.id) == expected


def test_a_manager_taken_out_of_the_tree_is_cut_in_the_reports_log(world: World) -> None:
    dee, eve = world.people["dee"], world.admit("eve")
    world.grant(eve, REP)
    world.do(Policy("managers-read-reports", 1, b"", b""))
    world.do(ReportsTo(dee.id, eve.id, []))
    own = LogId(NORTH, C.SALES, dee.id)
    world.do(ReportsTo(dee.id, bytes(16), [cut(own, 3)]))
    assert cut_position(world.state, own, eve.device.id) == 3


def test_an_admin_lowered_is_cut_in_the_directory(world: World) -> None:
    admin = world.admit("admin", Standing.ADMIN)
    world.do(SetStanding(admin.id, Standing.MEMBER, [cut(DIRECTORY_LOG, 3)]))
    assert cut_position(world.state, DIRECTORY_LOG, admin.device.id) == 3
