"""Devices and identity keys: nobody adds one to somebody else, and none comes back."""

from __future__ import annotations

import pytest

from protocol import (
    DeviceAdd,
    DeviceRevoke,
    IdentityKeys,
    MemberSuspend,
    Namespace,
    Rekey,
    RosterCode,
    SignatureInvalid,
    Standing,
)
from tests.protocol.world import Key, Person, World, refused, seeded


@pytest.fixture
def world() -> World:
    return World()


def test_a_device_adds_itself_or_is_added_by_another(world: World) -> None:
    ben = world.admit("ben")
    second = world.add_device(ben, 2)
    third = Key("device", "ben", 3)
    world.do(DeviceAdd(ben.id, ben.certify(world.workspace, third)), second)
    assert world.state.members[ben.id].devices == {ben.device.id, second.id, third.id}
    assert world.state.devices[third.id].added_at == world.state.position


@pytest.mark.A25
def test_the_server_adds_a_device(world: World) -> None:
    """Without the identity's signature there is no device, whoever signs the entry."""
    ben, mallory = world.admit("ben"), Person("mallory")
    mallory.id = ben.id
    device = Key("device", "mallory", 1)
    forged = DeviceAdd(ben.id, mallory.certify(world.workspace, device))
    with pytest.raises(SignatureInvalid):
        world.do(forged, device)
    with pytest.raises(SignatureInvalid):
        world.do(forged, ben)


@pytest.mark.A25
def test_a_certificate_is_for_one_member_and_one_workspace(world: World) -> None:
    ben, cy = world.admit("ben"), world.admit("cy")
    device = Key("device", "ben", 2)
    with pytest.raises(SignatureInvalid):
        world.do(DeviceAdd(cy.id, ben.certify(world.workspace, device)), device)
    with pytest.raises(SignatureInvalid):
        world.do(DeviceAdd(ben.id, ben.certify(World("eve").workspace, device)), device)


def test_nobody_adds_a_device_to_another_member(world: World) -> None:
    ben = world.admit("ben")
    device = Key("device", "ben", 2)
    with refused(RosterCode.AUTHOR_OTHER):
        world.do(DeviceAdd(ben.id, ben.certify(world.workspace, device)))


def test_a_suspended_member_adds_no_device(world: World) -> None:
    ben = world.admit("ben")
    world.do(MemberSuspend(ben.id, True, []))
    device = Key("device", "ben", 2)
    with refused(RosterCode.MEMBER_STATUS):
        world.do(DeviceAdd(ben.id, ben.certify(world.workspace, device)), device)


@pytest.mark.A47
def test_a_revoked_device_signs_nothing_and_never_returns(world: World) -> None:
    ben = world.admit("ben")
    second = world.add_device(ben, 2)
    world.do(DeviceRevoke(ben.device.id, []), second)
    assert world.state.members[ben.id].revoked_devices == 1
    with refused(RosterCode.AUTHOR_REVOKED):
        world.do(DeviceRevoke(second.id, []), ben)
    with refused(RosterCode.DEVICE_EXISTS):
        world.do(DeviceAdd(ben.id, ben.certify(world.workspace, ben.device)), ben.device)
    with refused(RosterCode.DEVICE_EXISTS):
        world.do(DeviceAdd(ben.id, ben.certify(world.workspace, ben.device)), second)


def test_who_revokes_which_device(world: World) -> None:
    ben, cy = world.admit("ben"), world.admit("cy")
    admin = world.admit("admin", Standing.ADMIN)
    with refused(RosterCode.NOT_ADMIN):
        world.do(DeviceRevoke(ben.device.id, []), cy)
    with refused(RosterCode.AUTHOR_OTHER):
        world.do(DeviceRevoke(ben.device.id, []), ben)
    with refused(RosterCode.DEVICE_UNKNOWN):
        world.do(DeviceRevoke(seeded("d", size=16), []))
    world.do(DeviceRevoke(ben.device.id, []), admin)
    with refused(RosterCode.DEVICE_GONE):
        world.do(DeviceRevoke(ben.device.id, []), admin)


def _rekey(world: World, person: Person, version: int, *, signing: bool = False) -> Rekey:
    """A re-key signed by the present identity; with a new signing key where asked."""
    new = Person(person.name, version, person.id).keys
    keys = new if signing else IdentityKeys(person.keys.signing, new.encryption)
    message = world.rekey_bytes(person, keys)
    return Rekey(person.id, keys, person.identity.sign(Namespace.REKEY, message), b"", b"")


def _cosigned(world: World, operation: Rekey, person: Person, device: Key) -> Rekey:
    message = world.rekey_bytes(person, operation.identity)
    return Rekey(
        operation.member,
        operation.identity,
        operation.signature,
        device.id,
        device.sign(Namespace.COSIGN, message),
    )


def test_a_new_encryption_key_needs_the_identity(world: World) -> None:
    ben = world.admit("ben")
    operation = _rekey(world, ben, 2)
    world.do(operation, ben)
    assert world.state.members[ben.id].identity == operation.identity
    with refused(RosterCode.KEY_REUSED):
        world.do(operation, ben)


@pytest.mark.A14
def test_a_recipient_key_swapped(world: World) -> None:
    """A device alone (stolen, or a colleague's) cannot put another encryption key in."""
    ben, mallory = world.admit("ben"), Person("mallory")
    keys = IdentityKeys(ben.keys.signing, mallory.keys.encryption)
    forged = Rekey(
        ben.id, keys, mallory.identity.sign(Namespace.REKEY, world.rekey_bytes(ben, keys)), b"", b""
    )
    with pytest.raises(SignatureInvalid):
        world.do(forged, ben)


@pytest.mark.A26
def test_a_device_certificate_is_no_rekey(world: World) -> None:
    ben = world.admit("ben")
    operation = _rekey(world, ben, 2)
    message = world.rekey_bytes(ben, operation.identity)
    wrong = Rekey(
        ben.id,
        operation.identity,
        ben.identity.sign(Namespace.DEVICE_CERTIFICATE, message),
        b"",
        b"",
    )
    with pytest.raises(SignatureInvalid):
        world.do(wrong, ben)


def test_a_member_rekeys_himself(world: World) -> None:
    ben = world.admit("ben")
    with refused(RosterCode.AUTHOR_OTHER):
        world.do(_rekey(world, ben, 2))


def test_a_new_signing_key_needs_an_admin_too(world: World) -> None:
    ben, cy = world.admit("ben"), world.admit("cy")
    admin = world.admit("admin", Standing.ADMIN)
    operation = _rekey(world, ben, 2, signing=True)
    with refused(RosterCode.COSIGNER):
        world.do(operation, ben)
    for nobody in (ben.device, cy.device, Key("ghost")):
        with refused(RosterCode.COSIGNER):
            world.do(_cosigned(world, operation, ben, nobody), ben)
    world.do(_cosigned(world, operation, ben, admin.device), ben)
    assert world.state.members[ben.id].identity == operation.identity


def test_a_cosignature_is_over_the_same_keys(world: World) -> None:
    ben = world.admit("ben")
    other = _rekey(world, ben, 3, signing=True)
    operation = _rekey(world, ben, 2, signing=True)
    cosigned = _cosigned(world, other, ben, world.ann.device)
    swapped = Rekey(ben.id, operation.identity, operation.signature, cosigned.cosigner, cosigned.cosignature)
    with pytest.raises(SignatureInvalid):
        world.do(swapped, ben)


def test_an_admins_new_signing_key_needs_an_owner(world: World) -> None:
    admin, other = world.admit("admin", Standing.ADMIN), world.admit("other", Standing.ADMIN)
    operation = _rekey(world, admin, 2, signing=True)
    for nobody in (other, admin):
        with refused(RosterCode.COSIGNER):
            world.do(_cosigned(world, operation, admin, nobody.device), admin)
    world.do(_cosigned(world, operation, admin, world.ann.device), admin)


def test_an_owner_signs_alone_only_while_he_is_the_only_one(world: World) -> None:
    ann = world.ann
    operation = _rekey(world, ann, 2, signing=True)
    world.do(_cosigned(world, operation, ann, ann.device))
    ann.version = 2
    world.admit("olga", Standing.OWNER)
    operation = _rekey(world, ann, 3, signing=True)
    with refused(RosterCode.COSIGNER):
        world.do(_cosigned(world, operation, ann, ann.device))


def test_no_cosigner_where_none_belongs(world: World) -> None:
    ben = world.admit("ben")
    with refused(RosterCode.COSIGNER):
        world.do(_cosigned(world, _rekey(world, ben, 2), ben, world.ann.device), ben)


def test_new_devices_are_certified_by_the_new_identity(world: World) -> None:
    ben = world.admit("ben")
    world.do(_cosigned(world, _rekey(world, ben, 2, signing=True), ben, world.ann.device), ben)
    device = Key("device", "ben", 2)
    with pytest.raises(SignatureInvalid):
        world.do(DeviceAdd(ben.id, ben.certify(world.workspace, device)), device)
    ben.version = 2
    world.do(DeviceAdd(ben.id, ben.certify(world.workspace, device)), device)
