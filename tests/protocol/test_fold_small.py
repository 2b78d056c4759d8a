"""Small groups: private records, and those shared with one person. Nobody else gets in, by no entry at all."""

from __future__ import annotations

import pytest

from protocol import (
    Compartment,
    Grant,
    GroupArchive,
    GroupCreate,
    Invite,
    LogId,
    MemberGrant,
    MemberRemove,
    MemberSuspend,
    Policy,
    Revoke,
    RoleDefine,
    RoleGrant,
    RosterCode,
    Standing,
    is_stale,
    readers,
)
from tests.protocol.world import MANAGER, NORTH, READER, REP, ROLES, Key, Person, World, refused, seeded

PRIVATE = seeded("private", size=16)
LOG = LogId(PRIVATE, Compartment.CONTACTS)


def make(*grants: tuple[Person, bytes]) -> GroupCreate:
    return GroupCreate(PRIVATE, [MemberGrant(person.id, role) for person, role in grants], True)


@pytest.fixture
def world() -> World:
    """Ann owns; Amy is an admin; Ben, Cy, Dee are members. Ben shares a private group with Cy."""
    world = World()
    world.group()
    world.admit("amy", Standing.ADMIN)
    for name in ("ben", "cy", "dee"):
        world.admit(name)
    world.do(make((world.people["ben"], MANAGER), (world.people["cy"], READER)), world.people["ben"])
    return world


def test_a_member_makes_one_for_himself_and_one_other(world: World) -> None:
    ben, cy = world.people["ben"], world.people["cy"]
    group = world.state.groups[PRIVATE]
    assert group.small
    assert group.creator == ben.id
    assert readers(world.state, LOG) == {ben.id, cy.id}


def test_who_may_not_be_in_it(world: World) -> None:
    ben, cy, dee = (world.people[name] for name in ("ben", "cy", "dee"))
    other = seeded("other", size=16)

    def tried(*members: Person) -> GroupCreate:
        return GroupCreate(other, [MemberGrant(person.id, READER) for person in members], True)

    with refused(RosterCode.GROUP_SMALL):
        world.do(tried(ben, cy, dee), ben)
    with refused(RosterCode.GROUP_SMALL):
        world.do(tried(cy), ben)
    with refused(RosterCode.GRANTS_EMPTY):
        world.do(tried(), ben)
    with refused(RosterCode.NOT_ADMIN):
        world.do(GroupCreate(other, [MemberGrant(ben.id, READER)]), ben)
    invited = Person("invited")
    world.invite(invited)
    with refused(RosterCode.MEMBER_STATUS):
        world.do(tried(ben, invited), ben)
    world.do(MemberSuspend(dee.id, True, []))
    with refused(RosterCode.MEMBER_STATUS):
        world.do(tried(ben, dee), ben)
    with refused(RosterCode.GROUP_EXISTS):
        world.do(make((ben, READER)), ben)
    with refused(RosterCode.ROLE_UNKNOWN):
        world.do(GroupCreate(other, [MemberGrant(ben.id, seeded("r", size=16))], True), ben)


def test_an_admin_makes_a_small_one_with_himself_and_no_other_kind(world: World) -> None:
    amy = world.people["amy"]
    mine = MemberGrant(amy.id, MANAGER)
    with refused(RosterCode.OWN_GRANT):
        world.do(GroupCreate(seeded("a", size=16), [mine]), amy)
    world.do(GroupCreate(seeded("a", size=16), [mine], True), amy)


def test_a_third_never_gets_in(world: World) -> None:
    ben, cy, dee, amy = (world.people[name] for name in ("ben", "cy", "dee", "amy"))
    for by in (ben, world.ann):
        with refused(RosterCode.GROUP_SMALL):
            world.do(Grant(dee.id, PRIVATE, READER, b"", b""), by)
    for by in (amy, cy):
        with refused(RosterCode.GROUP_SMALL):
            world.do(Grant(cy.id, PRIVATE, REP, b"", b""), by)
        with refused(RosterCode.GROUP_SMALL):
            world.do(Revoke(cy.id, PRIVATE, READER, []), by)
    invitation = Invite(
        seeded("i", size=16),
        seeded("m", size=16),
        Key("t").public,
        Standing.MEMBER,
        [RoleGrant(PRIVATE, READER)],
        9,
    )
    for by in (amy, world.ann):
        with refused(RosterCode.GROUP_SMALL):
            world.do(invitation, by)


def test_its_catalogue_is_shared_with_no_group(world: World) -> None:
    for group, other in ((NORTH, PRIVATE), (PRIVATE, NORTH)):
        with refused(RosterCode.GROUP_SMALL):
            world.do(Policy("catalogue-of", 0, group, other))


def test_the_creator_chooses_another_second(world: World) -> None:
    ben, cy, dee = world.people["ben"], world.people["cy"], world.people["dee"]
    at = world.state.position
    world.do(Revoke(cy.id, PRIVATE, READER, []), ben)
    assert is_stale(world.history, LOG, at, at + 1)
    world.do(Grant(dee.id, PRIVATE, READER, b"", b""), ben)
    assert readers(world.state, LOG) == {ben.id, dee.id}
    with refused(RosterCode.GROUP_SMALL):
        world.do(Grant(cy.id, PRIVATE, READER, b"", b""), ben)


def test_the_creator_does_not_come_back_by_himself(world: World) -> None:
    """What the other wrote after he went is not his to read."""
    ben = world.people["ben"]
    world.do(Revoke(ben.id, PRIVATE, MANAGER, []), ben)
    with refused(RosterCode.OWN_GRANT):
        world.do(Grant(ben.id, PRIVATE, MANAGER, b"", b""), ben)
    world.do(Grant(ben.id, PRIVATE, MANAGER, b"", b""))


def test_who_is_gone_counts_until_his_role_is_revoked(world: World) -> None:
    ben, cy, dee = world.people["ben"], world.people["cy"], world.people["dee"]
    world.do(MemberRemove(cy.id, []))
    with refused(RosterCode.GROUP_SMALL):
        world.do(Grant(dee.id, PRIVATE, READER, b"", b""), ben)
    world.do(Revoke(cy.id, PRIVATE, READER, []), ben)
    world.do(MemberSuspend(dee.id, True, []))
    with refused(RosterCode.MEMBER_STATUS):
        world.do(Grant(dee.id, PRIVATE, READER, b"", b""), ben)


def test_an_admin_inside_does_not_widen_his_own_role(world: World) -> None:
    amy, ben = world.people["amy"], world.people["ben"]
    other = seeded("other", size=16)
    world.do(GroupCreate(other, [MemberGrant(ben.id, MANAGER), MemberGrant(amy.id, READER)], True), ben)
    lead = ROLES[MANAGER]
    with refused(RosterCode.OWN_GRANT):
        world.do(RoleDefine(READER, lead.accesses, lead.permissions, []), amy)


def test_its_creator_archives_it(world: World) -> None:
    with refused(RosterCode.NOT_ADMIN):
        world.do(GroupArchive(PRIVATE, True, []), world.people["cy"])
    world.do(GroupArchive(PRIVATE, True, []), world.people["ben"])
    with refused(RosterCode.NOT_ADMIN):
        world.do(GroupArchive(NORTH, True, []), world.people["ben"])
