"""Roles, groups, grants, the tree, policies: who may give what to whom."""

from __future__ import annotations

import pytest

from protocol import (
    Access,
    Compartment,
    Grant,
    GroupArchive,
    GroupCreate,
    Level,
    LogId,
    MemberGrant,
    MemberRemove,
    Permission,
    Policy,
    Reach,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterCode,
    SignatureInvalid,
    Standing,
    level,
    readers,
)
from tests.protocol.world import (
    LEAD,
    MANAGER,
    NORTH,
    READER,
    REP,
    ROLES,
    SOUTH,
    World,
    access,
    refused,
    seeded,
)

SALES = LogId(NORTH, Compartment.SALES)
NOTHING = Permission(0)


@pytest.fixture
def world() -> World:
    world = World()
    world.group()
    return world


def _role(role: bytes, *accesses: Access, permissions: Permission = NOTHING) -> RoleDefine:
    return RoleDefine(role, list(accesses), permissions, [])


@pytest.mark.parametrize(
    "accesses",
    [
        [access(Compartment.SALES, Level.READ), access(Compartment.SALES, Level.WRITE)],
        [access(Compartment.DIRECTORY, Level.READ)],
        [access(Compartment.SALES, Level.NONE)],
        [access(Compartment.CATALOGUE, Level.READ, Reach.OWN)],
        [access(Compartment.CATALOGUE, Level.WRITE)],
    ],
)
def test_a_role_makes_sense(world: World, accesses: list[Access]) -> None:
    with refused(RosterCode.ROLE_ACCESS):
        world.do(_role(seeded("new", size=16), *accesses))


def test_a_role_is_redefined_by_admins(world: World) -> None:
    ben = world.admit("ben")
    with refused(RosterCode.NOT_ADMIN):
        world.do(_role(REP), ben)
    with refused(RosterCode.NO_CHANGE):
        world.do(ROLES[REP])
    world.do(_role(REP))
    assert world.state.roles[REP].accesses == ()


def test_groups_start_with_somebody(world: World) -> None:
    with refused(RosterCode.GRANTS_EMPTY):
        world.do(GroupCreate(SOUTH, []))
    with refused(RosterCode.GROUP_EXISTS):
        world.do(GroupCreate(NORTH, [MemberGrant(world.ann.id, REP)]))
    with refused(RosterCode.MEMBER_UNKNOWN):
        world.do(GroupCreate(SOUTH, [MemberGrant(seeded("m", size=16), REP)]))
    with refused(RosterCode.ROLE_UNKNOWN):
        world.do(GroupCreate(SOUTH, [MemberGrant(world.ann.id, seeded("r", size=16))]))
    with refused(RosterCode.GRANT_EXISTS):
        world.do(GroupCreate(SOUTH, [MemberGrant(world.ann.id, REP)] * 2))
    ben = world.admit("ben")
    with refused(RosterCode.NOT_ADMIN):
        world.do(GroupCreate(SOUTH, [MemberGrant(ben.id, REP)]), ben)


def test_a_grant_to_somebody_who_is_gone(world: World) -> None:
    ben = world.admit("ben")
    world.do(MemberRemove(ben.id, []))
    with refused(RosterCode.MEMBER_STATUS):
        world.grant(ben, REP)
    with refused(RosterCode.MEMBER_STATUS):
        world.do(GroupCreate(SOUTH, [MemberGrant(ben.id, REP)]))


def test_grants_come_and_go(world: World) -> None:
    ben = world.admit("ben")
    world.grant(ben, REP)
    with refused(RosterCode.GRANT_EXISTS):
        world.grant(ben, REP)
    with refused(RosterCode.GROUP_UNKNOWN):
        world.grant(ben, REP, SOUTH)
    with refused(RosterCode.ROLE_UNKNOWN):
        world.grant(ben, seeded("r", size=16))
    world.do(Revoke(ben.id, NORTH, REP, []))
    with refused(RosterCode.GRANT_UNKNOWN):
        world.do(Revoke(ben.id, NORTH, REP, []))
    with refused(RosterCode.GROUP_UNKNOWN):
        world.do(Revoke(ben.id, SOUTH, REP, []))


def test_members_take_nothing_from_each_other(world: World) -> None:
    ben, cy = world.admit("ben"), world.admit("cy")
    for person in (ben, cy):
        world.grant(person, REP)
    for by, target in ((ben, cy), (ben, ben)):
        with refused(RosterCode.NOT_MANAGER):
            world.do(Revoke(target.id, NORTH, REP, []), by)
    with refused(RosterCode.GROUP_UNKNOWN):
        world.grant(cy, REP, SOUTH, by=ben)


def test_a_group_manager_grants_in_his_group_only(world: World) -> None:
    ben, cy = world.admit("ben"), world.admit("cy")
    world.do(GroupCreate(SOUTH, [MemberGrant(world.ann.id, MANAGER)]))
    with refused(RosterCode.NOT_MANAGER):
        world.grant(cy, REP, by=ben)
    world.grant(ben, MANAGER)
    world.grant(cy, REP, by=ben)
    world.do(Revoke(cy.id, NORTH, REP, []), ben)
    with refused(RosterCode.NOT_MANAGER):
        world.grant(cy, REP, SOUTH, by=ben)


@pytest.mark.parametrize("who", ["admin", "manager"])
def test_nobody_grants_himself_more(world: World, who: str) -> None:
    """An admin, and a manager of a group, need an owner's device for a grant to themselves."""
    ben = world.admit("ben", Standing.ADMIN if who == "admin" else Standing.MEMBER)
    other = world.admit("other", Standing.ADMIN)
    if who == "manager":
        world.grant(ben, MANAGER)
    with refused(RosterCode.OWN_GRANT):
        world.grant(ben, READER, by=ben)
    for device in (ben.device, other.device):
        with refused(RosterCode.COSIGNER):
            signature = world.grant_cosignature(device, ben, READER)
            world.do(Grant(ben.id, NORTH, READER, device.id, signature), ben)
    signature = world.grant_cosignature(world.ann.device, ben, LEAD)
    with pytest.raises(SignatureInvalid):  # an owner's signature for another role
        world.do(Grant(ben.id, NORTH, READER, world.ann.device.id, signature), ben)
    signature = world.grant_cosignature(world.ann.device, ben, READER)
    world.do(Grant(ben.id, NORTH, READER, world.ann.device.id, signature), ben)
    assert ben.id in readers(world.state, SALES)


def test_a_cosignature_holds_for_one_moment(world: World) -> None:
    """It names the entry before: kept for later, after a revocation, it is void."""
    admin = world.admit("admin", Standing.ADMIN)
    signature = world.grant_cosignature(world.ann.device, admin, READER)
    operation = Grant(admin.id, NORTH, READER, world.ann.device.id, signature)
    world.do(operation, admin)
    world.do(Revoke(admin.id, NORTH, READER, []))
    with pytest.raises(SignatureInvalid):
        world.do(operation, admin)


def test_no_cosigner_where_none_is_needed(world: World) -> None:
    ben = world.admit("ben")
    signature = world.grant_cosignature(world.ann.device, ben, REP)
    with refused(RosterCode.COSIGNER):
        world.do(Grant(ben.id, NORTH, REP, world.ann.device.id, signature))


def test_an_admin_does_not_come_in_by_another_door(world: World) -> None:
    """Creating a group with himself in it, widening his own role, hanging others under himself."""
    admin, ben = world.admit("admin", Standing.ADMIN), world.admit("ben")
    world.grant(ben, REP)
    world.grant(admin, LEAD)
    world.do(Policy("managers-read-reports", 1, b"", b""))
    with refused(RosterCode.OWN_GRANT):
        world.do(GroupCreate(SOUTH, [MemberGrant(admin.id, REP)]), admin)
    wider: list[RoleDefine] = [
        _role(LEAD, access(Compartment.SALES, Level.READ)),
        _role(LEAD, access(Compartment.SALES, Level.WRITE, Reach.OWN)),
        _role(LEAD, *ROLES[LEAD].accesses, permissions=Permission.MANAGE_GROUP),
        _role(LEAD, *ROLES[LEAD].accesses, access(Compartment.MARGINS, Level.READ, Reach.OWN)),
    ]
    for definition in wider:
        with refused(RosterCode.OWN_GRANT):
            world.do(definition, admin)
    with refused(RosterCode.OWN_GRANT):
        world.do(ReportsTo(ben.id, admin.id, []), admin)
    cy = world.admit("cy")
    world.do(ReportsTo(cy.id, admin.id, []))
    with refused(RosterCode.OWN_GRANT):  # nor two steps above
        world.do(ReportsTo(ben.id, cy.id, []), admin)
    world.do(_role(LEAD), admin)  # less is always allowed
    world.do(_role(REP, access(Compartment.SALES, Level.WRITE)), admin)  # and a role that he does not hold


def test_nobody_reports_to_himself(world: World) -> None:
    ben, cy, dee = (world.admit(name) for name in ("ben", "cy", "dee"))
    world.do(ReportsTo(ben.id, cy.id, []))
    world.do(ReportsTo(cy.id, dee.id, []))
    for member, manager in ((ben, ben), (dee, ben), (cy, ben), (dee, cy)):
        with refused(RosterCode.CYCLE):
            world.do(ReportsTo(member.id, manager.id, []))
    with refused(RosterCode.NO_CHANGE):
        world.do(ReportsTo(ben.id, cy.id, []))
    with refused(RosterCode.MEMBER_UNKNOWN):
        world.do(ReportsTo(ben.id, seeded("m", size=16), []))
    with refused(RosterCode.NOT_ADMIN):
        world.do(ReportsTo(ben.id, bytes(16), []), ben)
    world.do(ReportsTo(ben.id, bytes(16), []))
    world.do(ReportsTo(dee.id, ben.id, []))


def test_policies_are_the_owners(world: World) -> None:
    admin = world.admit("admin", Standing.ADMIN)
    with refused(RosterCode.NOT_OWNER):
        world.do(Policy("managers-read-reports", 1, b"", b""), admin)
    world.do(Policy("managers-read-reports", 1, b"", b""))
    with refused(RosterCode.NO_CHANGE):
        world.do(Policy("managers-read-reports", 1, b"", b""))


@pytest.mark.parametrize(
    "policy",
    [
        Policy("unknown", 0, b"", b""),
        Policy("managers-read-reports", 2, b"", b""),
        Policy("managers-read-reports", 1, NORTH, b""),
        Policy("catalogue-of", 1, SOUTH, NORTH),
        Policy("catalogue-of", 0, NORTH, NORTH),
        Policy("format-version", 0, b"", b""),
        Policy("format-version", 2, NORTH, b""),
    ],
)
def test_a_policy_that_cannot_be(world: World, policy: Policy) -> None:
    world.do(GroupCreate(SOUTH, [MemberGrant(world.ann.id, MANAGER)]))
    with refused(RosterCode.POLICY):
        world.do(policy)


def test_one_catalogue_for_several_groups(world: World) -> None:
    ben, cy = world.admit("ben"), world.admit("cy")
    west = seeded("group", "west", size=16)
    world.do(GroupCreate(SOUTH, [MemberGrant(ben.id, REP)]))
    world.do(GroupCreate(west, [MemberGrant(cy.id, REP)]))
    catalogue = LogId(NORTH, Compartment.CATALOGUE)
    assert readers(world.state, catalogue) == {world.ann.id}
    world.do(Policy("catalogue-of", 0, SOUTH, NORTH))
    assert readers(world.state, catalogue) == {world.ann.id, ben.id}
    assert level(world.state, ben.id, catalogue) is Level.READ
    for group, other in ((west, SOUTH), (NORTH, west)):
        with refused(RosterCode.POLICY):  # no chains
            world.do(Policy("catalogue-of", 0, group, other))
    with refused(RosterCode.NO_CHANGE):
        world.do(Policy("catalogue-of", 0, SOUTH, NORTH))
    with refused(RosterCode.GROUP_UNKNOWN):
        world.do(Policy("catalogue-of", 0, seeded("g", size=16), NORTH))
    with refused(RosterCode.GROUP_UNKNOWN):
        world.do(Policy("catalogue-of", 0, west, seeded("g", size=16)))
    world.do(Policy("catalogue-of", 0, SOUTH, b""))
    assert readers(world.state, catalogue) == {world.ann.id}


def test_archiving(world: World) -> None:
    ben = world.admit("ben")
    with refused(RosterCode.NOT_ADMIN):
        world.do(GroupArchive(NORTH, True, []), ben)
    with refused(RosterCode.GROUP_UNKNOWN):
        world.do(GroupArchive(SOUTH, True, []))
    with refused(RosterCode.NO_CHANGE):
        world.do(GroupArchive(NORTH, False, []))
    world.do(GroupArchive(NORTH, True, []))
    assert level(world.state, world.ann.id, SALES) is Level.READ
    world.do(GroupArchive(NORTH, False, []))
    assert level(world.state, world.ann.id, SALES) is Level.WRITE
