"""Who reads and writes what."""

from __future__ import annotations

import pytest

from protocol import (
    DIRECTORY_LOG,
    Compartment,
    GroupArchive,
    GroupCreate,
    Level,
    LogId,
    MemberGrant,
    MemberRemove,
    MemberSuspend,
    Permission,
    Policy,
    Reach,
    ReportsTo,
    Revoke,
    RoleDefine,
    RoleGrant,
    Standing,
    all_logs,
    home_log,
    level,
    logs_of,
    permissions,
    readers,
    recipients,
    writers,
)
from tests.protocol.world import LEAD, MANAGER, NORTH, READER, REP, SOUTH, Person, World, access, seeded

C = Compartment


def own(person: Person, compartment: Compartment = C.SALES, group: bytes = NORTH) -> LogId:
    return LogId(group, compartment, person.id)


def shared(compartment: Compartment = C.SALES, group: bytes = NORTH) -> LogId:
    return LogId(group, compartment)


@pytest.fixture
def world() -> World:
    """Ann manages the north, Ben is a rep there, Cy reads, Dee has nothing."""
    world = World()
    world.group()
    for name in ("ben", "cy", "dee"):
        world.admit(name)
    world.grant(world.people["ben"], REP)
    world.grant(world.people["cy"], READER)
    return world


def test_the_directory_is_every_active_members(world: World) -> None:
    invited = Person("invited")
    world.invite(invited)
    everybody = {world.people[name].id for name in ("ann", "ben", "cy", "dee")}
    assert readers(world.state, DIRECTORY_LOG) == writers(world.state, DIRECTORY_LOG) == everybody


def test_shared_and_own_logs(world: World) -> None:
    ann, ben, cy = world.ann, world.people["ben"], world.people["cy"]
    assert readers(world.state, shared()) == {ann.id, cy.id}
    assert writers(world.state, shared()) == {ann.id}
    assert readers(world.state, own(ben)) == {ann.id, ben.id, cy.id}
    assert writers(world.state, own(ben)) == {ann.id, ben.id}
    assert readers(world.state, own(ben, C.MARGINS)) == {ann.id, ben.id}
    assert writers(world.state, own(ben, C.MARGINS)) == {ann.id}


@pytest.mark.A39
def test_an_own_only_rep_reads_no_colleagues_deals(world: World) -> None:
    ben, eve = world.people["ben"], world.admit("eve")
    world.grant(eve, REP)
    assert level(world.state, eve.id, own(ben)) is Level.NONE
    assert level(world.state, eve.id, shared()) is Level.NONE
    assert own(ben) not in logs_of(world.state, eve.id)


@pytest.mark.A36
def test_rights_end_at_the_group(world: World) -> None:
    ben = world.people["ben"]
    world.do(GroupCreate(SOUTH, [MemberGrant(world.ann.id, MANAGER)]))
    for compartment in (C.CATALOGUE, C.CONTACTS, C.SALES, C.MARGINS, C.DOCUMENTS):
        assert level(world.state, ben.id, shared(compartment, SOUTH)) is Level.NONE
    assert permissions(world.state, ben.id, SOUTH) == Permission(0)


def test_the_catalogue_is_read_by_the_group_and_written_with_its_permission(world: World) -> None:
    ann, ben, cy, dee = (world.people[name] for name in ("ann", "ben", "cy", "dee"))
    assert readers(world.state, shared(C.CATALOGUE)) == {ann.id, ben.id, cy.id}
    assert writers(world.state, shared(C.CATALOGUE)) == {ann.id}
    assert level(world.state, dee.id, shared(C.CATALOGUE)) is Level.NONE


def test_roles_add_up(world: World) -> None:
    ben = world.people["ben"]
    world.grant(ben, READER)
    assert level(world.state, ben.id, shared()) is Level.READ
    assert level(world.state, ben.id, own(ben)) is Level.WRITE
    assert permissions(world.state, ben.id, NORTH) == Permission.DELETE | Permission.RESTORE


def test_managers_up_the_tree_read_where_the_policy_says_so(world: World) -> None:
    ben, dee, eve = world.people["ben"], world.people["dee"], world.admit("eve")
    world.grant(dee, LEAD)
    world.do(ReportsTo(ben.id, eve.id, []))
    world.do(ReportsTo(eve.id, dee.id, []))
    assert level(world.state, dee.id, own(ben)) is Level.NONE
    world.do(Policy("managers-read-reports", 1, b"", b""))
    assert level(world.state, dee.id, own(ben)) is Level.READ
    assert level(world.state, dee.id, own(ben, C.MARGINS)) is Level.NONE  # LEAD has no margins
    assert level(world.state, eve.id, own(ben)) is Level.NONE  # no role in the group
    assert own(ben) in logs_of(world.state, dee.id)


def test_own_logs_and_tree_edges_outlive_membership(world: World) -> None:
    ann, ben, dee = world.ann, world.people["ben"], world.people["dee"]
    world.grant(dee, LEAD)
    world.do(Policy("managers-read-reports", 1, b"", b""))
    world.do(ReportsTo(ben.id, dee.id, []))
    world.do(MemberRemove(ben.id, []))
    assert level(world.state, ben.id, own(ben)) is Level.NONE
    assert dee.id in readers(world.state, own(ben))
    assert own(ben) in logs_of(world.state, ann.id)
    world.do(Revoke(ben.id, NORTH, REP, []))
    assert own(ben) in logs_of(world.state, ann.id)
    world.do(ReportsTo(ben.id, bytes(16), []))
    assert dee.id not in readers(world.state, own(ben))


def test_another_role_takes_no_own_log_away(world: World) -> None:
    ben, role = world.people["ben"], seeded("role", "archivist", size=16)
    world.do(RoleDefine(role, [access(C.DOCUMENTS, Level.WRITE, Reach.OWN)], Permission(0), []))
    world.grant(ben, role)
    assert {own(ben), own(ben, C.MARGINS), own(ben, C.DOCUMENTS)} <= logs_of(world.state, ben.id)


def test_an_own_log_is_there_before_its_owner_joins(world: World) -> None:
    zoe = Person("zoe")
    world.invite(zoe, grants=[RoleGrant(NORTH, REP)])
    assert writers(world.state, own(zoe)) == {world.ann.id}
    assert level(world.state, zoe.id, own(zoe)) is Level.NONE
    assert home_log(world.state, zoe.id, NORTH, C.SALES) == own(zoe)


def test_suspended_members_neither_read_nor_write(world: World) -> None:
    ben = world.people["ben"]
    world.do(MemberSuspend(ben.id, True, []))
    assert logs_of(world.state, ben.id) == frozenset()
    assert all(ben.id not in readers(world.state, log) for log in all_logs(world.state))
    assert permissions(world.state, ben.id, NORTH) == Permission(0)
    world.do(MemberSuspend(ben.id, False, []))
    assert level(world.state, ben.id, own(ben)) is Level.WRITE


def test_an_archived_group_is_read_only(world: World) -> None:
    before = {log: readers(world.state, log) for log in all_logs(world.state)}
    world.do(GroupArchive(NORTH, True, []))
    for log, who in before.items():
        assert readers(world.state, log) == who
        if log != DIRECTORY_LOG:
            assert writers(world.state, log) == frozenset()


def test_an_admin_reads_only_what_he_is_granted(world: World) -> None:
    admin = world.admit("admin", Standing.ADMIN)
    assert logs_of(world.state, admin.id) == {DIRECTORY_LOG}


def test_logs_that_cannot_be_are_nobodys(world: World) -> None:
    ann, cy = world.ann, world.people["cy"]
    for log in (own(cy), own(world.people["ben"], C.DOCUMENTS), shared(C.SALES, seeded("g", size=16))):
        assert level(world.state, ann.id, log) is Level.NONE
        assert readers(world.state, log) == frozenset()


@pytest.mark.A04
@pytest.mark.A14
def test_recipients_are_the_rosters_readers_with_the_rosters_keys(world: World) -> None:
    ann, ben, cy = world.ann, world.people["ben"], world.people["cy"]
    assert recipients(world.state, own(ben)) == {p.id: p.keys for p in (ann, ben, cy)}


def test_where_a_record_lives(world: World) -> None:
    ann, ben, cy, dee = (world.people[name] for name in ("ann", "ben", "cy", "dee"))
    state = world.state
    assert home_log(state, ben.id, NORTH, C.SALES) == own(ben)
    assert home_log(state, ben.id, NORTH, C.CONTACTS) == shared(C.CONTACTS)
    for person in (ann, cy, dee):
        assert home_log(state, person.id, NORTH, C.SALES) == shared()
    assert home_log(state, ben.id, NORTH, C.CATALOGUE) == shared(C.CATALOGUE)
    assert home_log(state, ben.id, NORTH, C.DIRECTORY) == DIRECTORY_LOG
    world.grant(ben, READER)  # reads the group's deals, writes his own: his own log still
    assert home_log(world.state, ben.id, NORTH, C.SALES) == own(ben)
    world.grant(ben, MANAGER)
    assert home_log(world.state, ben.id, NORTH, C.SALES) == shared()
    assert own(ben) in logs_of(world.state, ben.id)  # what is in his own log stays readable
    world.do(GroupCreate(SOUTH, [MemberGrant(ann.id, MANAGER)]))
    world.do(Policy("catalogue-of", 0, SOUTH, NORTH))
    assert home_log(world.state, ann.id, SOUTH, C.CATALOGUE) == shared(C.CATALOGUE)


def test_logs_of_and_readers_agree(world: World) -> None:
    for member in world.state.members:
        assert logs_of(world.state, member) == {
            log for log in all_logs(world.state) if member in readers(world.state, log)
        }
