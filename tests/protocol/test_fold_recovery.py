"""Recovery by trustees, and which of two branches stays."""

from __future__ import annotations

import msgspec
import pytest

from protocol import (
    Adopt,
    Branch,
    Compartment,
    FormatError,
    IdentityKeys,
    LogId,
    MemberRemove,
    MemberSuspend,
    Namespace,
    RecoveryEnrol,
    RecoveryRelease,
    Rekey,
    RosterCode,
    SignatureInvalid,
    Standing,
    Trustee,
    enrolment_message,
)
from protocol.limits import MAX_RELEASES
from tests.protocol.world import NORTH, Person, World, refused, seeded

REQUEST = seeded("request")


@pytest.fixture
def world() -> World:
    world = World()
    for name in ("ben", "cy", "dee"):
        world.admit(name)
    return world


def others(world: World) -> list[Person]:
    return [world.people[name] for name in ("cy", "dee", "ann")]


def enrol(world: World, threshold: int = 2) -> None:
    ben = world.people["ben"]
    world.do(world.enrolment(ben, threshold, others(world)), ben)


def test_an_enrolment_is_kept_with_its_entry(world: World) -> None:
    enrol(world)
    recovery = world.state.members[world.people["ben"].id].recovery
    assert recovery is not None
    assert (recovery.threshold, recovery.enrolled_at) == (2, world.state.position)
    assert recovery.enrolment == world.state.head
    assert [member for member, _ in recovery.trustees] == sorted(p.id for p in others(world))


def test_nobody_enrols_for_another(world: World) -> None:
    ben = world.people["ben"]
    for by in (world.ann, world.people["cy"]):
        with refused(RosterCode.AUTHOR_OTHER):
            world.do(world.enrolment(ben, 2, others(world)), by)


def test_a_device_alone_enrols_nothing(world: World) -> None:
    """What a thief of a laptop has is its device's key, and not the identity's."""
    ben = world.people["ben"]
    honest = world.enrolment(ben, 2, others(world))
    message = enrolment_message(world.workspace, world.state.head, ben.id, 2, honest.trustees)
    forged = ben.device.sign(Namespace.RECOVERY_ENROL, message)
    with refused("signature", SignatureInvalid):
        world.do(msgspec.structs.replace(honest, signature=forged), ben)
    with refused("signature", SignatureInvalid):
        world.do(msgspec.structs.replace(honest, threshold=3), ben)


def test_an_enrolment_from_before_is_not_put_in_again(world: World) -> None:
    ben = world.people["ben"]
    old = world.enrolment(ben, 2, others(world))
    world.do(old, ben)
    world.do(world.enrolment(ben, 0, []), ben)
    with refused("signature", SignatureInvalid):
        world.do(old, ben)


@pytest.mark.parametrize(("threshold", "count"), [(1, 3), (4, 3), (0, 3), (2, 1), (2, 0)])
def test_thresholds_that_cannot_be(world: World, threshold: int, count: int) -> None:
    ben = world.people["ben"]
    with refused(RosterCode.RECOVERY):
        world.do(world.enrolment(ben, threshold, others(world)[:count]), ben)


def test_trustees_that_cannot_be(world: World) -> None:
    ben, cy = world.people["ben"], world.people["cy"]

    def tried(*named: Trustee) -> RecoveryEnrol:
        return RecoveryEnrol(ben.id, 2, list(named), bytes(64))

    first, second = (Trustee(p.id, seeded("s")) for p in sorted(others(world)[:2], key=lambda p: p.id))
    for wrong in ((second, first), (first, first)):
        with refused(RosterCode.RECOVERY):
            world.do(tried(*wrong), ben)
    with refused(RosterCode.RECOVERY):
        world.do(world.enrolment(ben, 2, [ben, cy]), ben)
    with refused(RosterCode.MEMBER_UNKNOWN):
        world.do(world.enrolment(ben, 2, [Person("nobody"), cy]), ben)
    world.do(MemberSuspend(cy.id, True, []))
    with refused(RosterCode.MEMBER_STATUS):
        world.do(world.enrolment(ben, 2, others(world)), ben)


def test_lengths(world: World) -> None:
    ben = world.people["ben"]
    many = [Trustee(seeded("t", n, size=16), seeded("s")) for n in range(17)]
    for operation in (
        RecoveryEnrol(ben.id, 17, [], bytes(64)),
        RecoveryEnrol(ben.id, 2, many, bytes(64)),
        RecoveryEnrol(ben.id, 2, [Trustee(seeded("t", size=16), b"x")], bytes(64)),
        RecoveryRelease(ben.id, b"x"),
        Adopt([Branch(b"x", 1, bytes(32), bytes(32))]),
        Adopt([Branch(b"", 0, bytes(32), bytes(32))]),
        Adopt([Branch(b"", 1, bytes(31), bytes(32))]),
    ):
        with refused("format", FormatError):
            world.do(operation, ben)


def test_withdrawing(world: World) -> None:
    ben = world.people["ben"]
    with refused(RosterCode.NO_CHANGE):
        world.do(world.enrolment(ben, 0, []), ben)
    enrol(world)
    withdrawal = world.enrolment(ben, 0, [])
    with refused("signature", SignatureInvalid):
        world.do(msgspec.structs.replace(withdrawal, signature=bytes(64)), ben)
    world.do(withdrawal, ben)
    assert world.state.members[ben.id].recovery is None


def test_new_keys_end_an_enrolment(world: World) -> None:
    enrol(world)
    ben = world.people["ben"]
    keys = IdentityKeys(ben.keys.signing, Person("ben", 2).keys.encryption)
    signature = ben.identity.sign(Namespace.REKEY, world.rekey_bytes(ben, keys))
    world.do(Rekey(ben.id, keys, signature, b"", b""), ben)
    assert world.state.members[ben.id].recovery is None
    with refused(RosterCode.RECOVERY_TRUSTEE):
        world.do(RecoveryRelease(ben.id, REQUEST), world.people["cy"])


def test_releases_are_seen_for_ever(world: World) -> None:
    ben, cy = world.people["ben"], world.people["cy"]
    enrol(world)
    world.do(RecoveryRelease(ben.id, REQUEST), cy)
    with refused(RosterCode.NO_CHANGE):
        world.do(RecoveryRelease(ben.id, REQUEST), cy)
    world.do(RecoveryRelease(ben.id, seeded("another request")), cy)
    world.do(RecoveryRelease(ben.id, REQUEST))
    recovery = world.state.members[ben.id].recovery
    assert recovery is not None
    assert [r.trustee for r in recovery.releases if r.request == REQUEST] == [cy.id, world.ann.id]


def test_a_trustee_does_not_fill_the_enrolment(world: World) -> None:
    ben, cy, dee = world.people["ben"], world.people["cy"], world.people["dee"]
    enrol(world)
    for number in range(MAX_RELEASES):
        world.do(RecoveryRelease(ben.id, seeded("request", number)), cy)
    with refused(RosterCode.RECOVERY):
        world.do(RecoveryRelease(ben.id, REQUEST), cy)
    for by in (dee, world.ann):
        world.do(RecoveryRelease(ben.id, REQUEST), by)
    enrol(world)
    world.do(RecoveryRelease(ben.id, REQUEST), cy)


def test_only_trustees_of_the_present_enrolment_release(world: World) -> None:
    ben, cy, dee = world.people["ben"], world.people["cy"], world.people["dee"]
    with refused(RosterCode.RECOVERY_TRUSTEE):
        world.do(RecoveryRelease(ben.id, REQUEST), cy)
    world.do(world.enrolment(ben, 2, [cy, world.ann]), ben)
    for by in (dee, ben):
        with refused(RosterCode.RECOVERY_TRUSTEE):
            world.do(RecoveryRelease(ben.id, REQUEST), by)
    world.do(world.enrolment(ben, 2, [dee, world.ann]), ben)
    with refused(RosterCode.RECOVERY_TRUSTEE):
        world.do(RecoveryRelease(ben.id, REQUEST), cy)
    with refused(RosterCode.MEMBER_UNKNOWN):
        world.do(RecoveryRelease(seeded("m", size=16), REQUEST), cy)


def test_nobody_is_recovered_who_is_not_a_member(world: World) -> None:
    enrol(world)
    ben = world.people["ben"]
    world.do(MemberRemove(ben.id, []))
    with refused(RosterCode.MEMBER_STATUS):
        world.do(RecoveryRelease(ben.id, REQUEST), world.people["cy"])


def branch(log: bytes = b"", position: int = 1, kept: bytes = b"", dropped: bytes = b"") -> Branch:
    return Branch(log, position, kept or seeded("kept"), dropped or seeded("dropped"))


def test_an_owner_says_which_branch_stays(world: World) -> None:
    world.group()
    log = LogId(NORTH, Compartment.SALES).encode()
    position = world.state.position - 1
    kept = world.history.hash_at(position)
    world.do(Adopt([branch(b"", position, kept), branch(log, 7)]))
    amy = world.admit("amy", Standing.ADMIN)
    with refused(RosterCode.NOT_OWNER):
        world.do(Adopt([branch(log)]), amy)


def test_branches_that_cannot_be(world: World) -> None:
    world.group()
    sales, contacts = (LogId(NORTH, c).encode() for c in (Compartment.SALES, Compartment.CONTACTS))
    head, same = world.state.head, seeded("same")
    unknown = LogId(seeded("g", size=16), Compartment.SALES).encode()
    for branches in (
        [],
        [branch(sales, kept=same, dropped=same)],
        [branch(sales), branch(contacts)],
        [branch(sales), branch(sales)],
        [branch(b"", 3)],
        [branch(b"", world.state.position + 1, head)],
        [branch(unknown)],
        [branch(bytes((9,)) + bytes(32))],
    ):
        with refused(RosterCode.ADOPT):
            world.do(Adopt(branches))
