"""Invitations, removals, standings: who becomes a member, and who may decide about whom."""

from __future__ import annotations

import pytest

from protocol import (
    Confirm,
    DeviceRevoke,
    Expired,
    InvitationStatus,
    Invite,
    MemberLeave,
    MemberRemove,
    MemberStatus,
    MemberSuspend,
    Namespace,
    RoleGrant,
    RosterCode,
    SetStanding,
    SignatureInvalid,
    Standing,
    join_message,
)
from tests.protocol.world import NORTH, REP, Key, Person, World, invitation_id, refused, seeded


@pytest.fixture
def world() -> World:
    world = World()
    world.group()
    return world


def _status(world: World, person: Person) -> MemberStatus:
    return world.state.members[person.id].status


def test_invite_join_confirm(world: World) -> None:
    ben = Person("ben")
    token = world.invite(ben, grants=[RoleGrant(NORTH, REP)])
    assert _status(world, ben) is MemberStatus.INVITED
    assert world.state.grants[(ben.id, NORTH)] == {REP}
    world.do(world.join_operation(ben, token), ben)
    assert _status(world, ben) is MemberStatus.JOINED
    world.do(Confirm(invitation_id(ben)))
    assert _status(world, ben) is MemberStatus.ACTIVE
    assert world.state.members[ben.id].identity == ben.keys
    assert world.state.invitations[invitation_id(ben)].status is InvitationStatus.CONFIRMED


def test_one_who_joined_signs_nothing_before_he_is_confirmed(world: World) -> None:
    ben = Person("ben")
    token = world.invite(ben)
    world.do(world.join_operation(ben, token), ben)
    with refused(RosterCode.AUTHOR_INACTIVE):
        world.do(MemberLeave([]), ben)


@pytest.mark.A30
def test_an_invitation_diverted_by_the_server(world: World) -> None:
    """Who has not the token cannot join, whatever keys he brings."""
    ben = Person("ben")
    world.invite(ben)
    thief = Person("ben", version=7)
    with pytest.raises(SignatureInvalid):
        world.do(world.join_operation(thief, Key("guess")), thief)


@pytest.mark.A27
def test_a_join_with_swapped_keys(world: World) -> None:
    """The token's signature covers the keys: the server cannot put others in."""
    ben, mallory = Person("ben"), Person("mallory")
    token = world.invite(ben)
    operation = world.join_operation(ben, token)
    mallory.id = ben.id
    swapped = type(operation)(
        operation.invitation,
        mallory.keys,
        mallory.certify(world.workspace, mallory.device),
        operation.token_signature,
    )
    with pytest.raises(SignatureInvalid):
        world.do(swapped, mallory)


def test_a_second_join_is_invalid(world: World) -> None:
    ben = Person("ben")
    token = world.invite(ben)
    world.do(world.join_operation(ben, token), ben)
    again = Person("ben", version=2)
    again.device = Key("device", "ben", 2)
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(world.join_operation(again, token), again)


def test_a_join_is_signed_by_the_device_that_joins(world: World) -> None:
    ben = Person("ben")
    token = world.invite(ben)
    with refused(RosterCode.AUTHOR_OTHER):
        world.do(world.join_operation(ben, token))


@pytest.mark.A25
def test_a_join_needs_the_identitys_certificate(world: World) -> None:
    ben, mallory = Person("ben"), Person("mallory")
    token = world.invite(ben)
    operation = world.join_operation(ben, token)
    forged = type(operation)(
        operation.invitation,
        operation.identity,
        mallory.certify(world.workspace, ben.device),
        operation.token_signature,
    )
    with pytest.raises(SignatureInvalid):
        world.do(forged, ben)


def test_keys_of_another_member_are_refused(world: World) -> None:
    ben, copy = Person("ben"), Person("ben")
    token = world.invite(ben)
    keys, device = world.ann.keys, ben.device
    message = join_message(world.workspace, invitation_id(copy), keys.signing, keys.encryption, device.public)
    operation = world.join_operation(ben, token)
    taken = type(operation)(operation.invitation, keys, operation.device, token.sign(Namespace.JOIN, message))
    with refused(RosterCode.KEY_REUSED):
        world.do(taken, ben)


def test_a_device_joins_once(world: World) -> None:
    ben = Person("ben")
    token = world.invite(ben)
    ben.device = world.ann.device
    with refused(RosterCode.DEVICE_EXISTS):
        world.do(world.join_operation(ben, token), ben)


def test_only_what_was_joined_is_confirmed(world: World) -> None:
    ben = Person("ben")
    world.invite(ben)
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(Confirm(invitation_id(ben)))
    world.do(Expired(invitation_id(ben)))
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(Confirm(invitation_id(ben)))
    with refused(RosterCode.INVITATION_UNKNOWN):
        world.do(Confirm(seeded("nothing", size=16)))


def test_what_is_closed_is_not_withdrawn_again(world: World) -> None:
    ben, cy = world.admit("ben"), Person("cy")
    world.invite(cy)
    world.do(Expired(invitation_id(cy)))
    for person in (ben, cy):
        with refused(RosterCode.INVITATION_CLOSED):
            world.do(Expired(invitation_id(person)))
    assert _status(world, ben) is MemberStatus.ACTIVE


def test_members_confirm_and_invite_nobody(world: World) -> None:
    cy, ben = world.admit("cy"), Person("ben")
    with refused(RosterCode.NOT_ADMIN):
        world.invite(ben, by=cy)
    token = world.invite(ben)
    world.do(world.join_operation(ben, token), ben)
    for operation in (Confirm(invitation_id(ben)), Expired(invitation_id(ben))):
        with refused(RosterCode.NOT_ADMIN):
            world.do(operation, cy)


def test_ids_are_used_once(world: World) -> None:
    ben = Person("ben")
    world.invite(ben)
    world.do(MemberRemove(ben.id, []))
    key = Key("other").public
    with refused(RosterCode.INVITATION_EXISTS):
        world.do(Invite(invitation_id(ben), seeded("new", size=16), key, Standing.MEMBER, [], 0))
    with refused(RosterCode.MEMBER_EXISTS):
        world.do(Invite(seeded("new", size=16), ben.id, key, Standing.MEMBER, [], 0))


def test_a_withdrawn_invitation_takes_the_join_with_it(world: World) -> None:
    ben = Person("ben")
    token = world.invite(ben)
    world.do(world.join_operation(ben, token), ben)
    world.do(Expired(invitation_id(ben)))
    assert _status(world, ben) is MemberStatus.REMOVED
    with refused(RosterCode.INVITATION_CLOSED):
        world.do(Confirm(invitation_id(ben)))


@pytest.mark.A49
@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("end", ["remove", "suspend", "leave", "lower", "device"])
def test_a_rogue_admins_open_invitations_die_with_his_right(world: World, end: str, joined: bool) -> None:
    rogue, ben = world.admit("rogue", Standing.ADMIN), Person("ben")
    token = world.invite(ben, by=rogue)
    if joined:
        world.do(world.join_operation(ben, token), ben)
    match end:
        case "remove":
            world.do(MemberRemove(rogue.id, []))
        case "suspend":
            world.do(MemberSuspend(rogue.id, True, []))
            world.do(MemberSuspend(rogue.id, False, []))  # what died stays dead
        case "leave":
            world.do(MemberLeave([]), rogue)
        case "lower":
            world.do(SetStanding(rogue.id, Standing.MEMBER, []))
        case "device":
            world.do(DeviceRevoke(rogue.device.id, []))
    with refused(RosterCode.INVITATION_CLOSED):
        if joined:
            world.do(Confirm(invitation_id(ben)))
        else:
            world.do(world.join_operation(ben, token), ben)
    assert _status(world, ben) is MemberStatus.REMOVED


def test_an_owner_who_becomes_admin_loses_invitations_of_admins_only(world: World) -> None:
    olga = world.admit("olga", Standing.OWNER)
    ben, cy = Person("ben"), Person("cy")
    world.invite(ben, by=olga, standing=Standing.ADMIN)
    world.invite(cy, by=olga)
    world.do(SetStanding(olga.id, Standing.ADMIN, []))
    assert _status(world, ben) is MemberStatus.REMOVED
    assert _status(world, cy) is MemberStatus.INVITED


def test_only_owners_invite_admins(world: World) -> None:
    admin = world.admit("admin", Standing.ADMIN)
    for standing in (Standing.ADMIN, Standing.OWNER):
        with refused(RosterCode.NOT_OWNER):
            world.invite(Person("ben"), by=admin, standing=standing)


def test_only_owners_change_admins_and_owners(world: World) -> None:
    admin, other = world.admit("admin", Standing.ADMIN), world.admit("other", Standing.ADMIN)
    for target in (other, world.ann):
        with refused(RosterCode.NOT_OWNER):
            world.do(MemberRemove(target.id, []), admin)
        with refused(RosterCode.NOT_OWNER):
            world.do(MemberSuspend(target.id, True, []), admin)
        with refused(RosterCode.NOT_OWNER):
            world.do(SetStanding(target.id, Standing.MEMBER, []), admin)
        with refused(RosterCode.NOT_OWNER):
            world.do(DeviceRevoke(target.device.id, []), admin)
    with refused(RosterCode.NOT_OWNER):
        world.do(SetStanding(admin.id, Standing.OWNER, []), admin)
    world.do(MemberRemove(other.id, []))


def test_a_removal_succeeds_whatever_the_member_is(world: World) -> None:
    invited, joined = Person("invited"), Person("joined")
    world.invite(invited)
    token = world.invite(joined)
    world.do(world.join_operation(joined, token), joined)
    active, suspended = world.admit("active"), world.admit("suspended")
    world.do(MemberSuspend(suspended.id, True, []))
    for person in (invited, joined, active, suspended):
        world.do(MemberRemove(person.id, []))
        assert _status(world, person) is MemberStatus.REMOVED
        with refused(RosterCode.MEMBER_STATUS):
            world.do(MemberRemove(person.id, []))
    with refused(RosterCode.MEMBER_UNKNOWN):
        world.do(MemberRemove(seeded("nobody", size=16), []))


def test_the_last_owner_stays(world: World) -> None:
    ann = world.ann
    world.admit("admin", Standing.ADMIN)
    for operation in (
        MemberLeave([]),
        MemberRemove(ann.id, []),
        MemberSuspend(ann.id, True, []),
        SetStanding(ann.id, Standing.ADMIN, []),
    ):
        with refused(RosterCode.LAST_OWNER):
            world.do(operation)
    olga = world.admit("olga", Standing.OWNER)
    world.do(MemberSuspend(olga.id, True, []))
    with refused(RosterCode.LAST_OWNER):  # a suspended owner is no help
        world.do(MemberLeave([]))
    world.do(MemberSuspend(olga.id, False, []))
    world.do(MemberLeave([]))
    assert _status(world, ann) is MemberStatus.LEFT


def test_a_suspended_member_signs_nothing_until_reinstated(world: World) -> None:
    ben = world.admit("ben", Standing.ADMIN)
    world.do(MemberSuspend(ben.id, True, []))
    with refused(RosterCode.AUTHOR_INACTIVE):
        world.do(MemberSuspend(ben.id, False, []), ben)
    with refused(RosterCode.MEMBER_STATUS):
        world.do(MemberSuspend(ben.id, True, []))
    world.do(MemberSuspend(ben.id, False, []))
    with refused(RosterCode.MEMBER_STATUS):
        world.do(MemberSuspend(ben.id, False, []))
    assert _status(world, ben) is MemberStatus.ACTIVE


def test_standing_changes_for_members_only(world: World) -> None:
    ben = Person("ben")
    world.invite(ben)
    with refused(RosterCode.MEMBER_STATUS):
        world.do(SetStanding(ben.id, Standing.ADMIN, []))
    with refused(RosterCode.NO_CHANGE):
        world.do(SetStanding(world.ann.id, Standing.OWNER, []))


def test_an_invitation_grants_only_what_there_is(world: World) -> None:
    with refused(RosterCode.GROUP_UNKNOWN):
        world.invite(Person("ben"), grants=[RoleGrant(seeded("g", size=16), REP)])
    with refused(RosterCode.ROLE_UNKNOWN):
        world.invite(Person("ben"), grants=[RoleGrant(NORTH, seeded("r", size=16))])
    with refused(RosterCode.GRANT_EXISTS):
        world.invite(Person("ben"), grants=[RoleGrant(NORTH, REP), RoleGrant(NORTH, REP)])
