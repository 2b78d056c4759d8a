"""The chain of the roster: whoever is not entitled, or comes from elsewhere, gets nothing in."""

from __future__ import annotations

import pytest

from protocol import (
    NO_HASH,
    VERSION,
    Entry,
    EntryBody,
    Expired,
    FormatError,
    Genesis,
    MemberLeave,
    MemberRemove,
    Namespace,
    Policy,
    RosterCode,
    RosterHistory,
    RosterRefused,
    SignatureInvalid,
    UpgradeNeeded,
    apply,
    encode,
    start,
)
from tests.protocol.world import NOW, Key, Person, World, body_of, refused, seeded, sign_body

POLICY = Policy("managers-read-reports", 1, b"", b"")


@pytest.fixture
def world() -> World:
    return World()


def test_the_workspace_is_named_by_its_genesis(world: World) -> None:
    assert world.state.workspace == world.genesis.hash == world.state.head
    assert world.state.position == 1


@pytest.mark.A13
def test_a_fabricated_workspace_is_not_the_pinned_one(world: World) -> None:
    other = World("mallory")
    with refused(RosterCode.WORKSPACE):
        RosterHistory([other.genesis], workspace=world.workspace)


@pytest.mark.A13
def test_an_entry_of_another_workspace_is_refused(world: World) -> None:
    with refused(RosterCode.WORKSPACE):
        apply(world.state, world.entry(POLICY, workspace=seeded("elsewhere")))


def test_a_second_genesis_is_refused(world: World) -> None:
    operation = body_of(world.genesis).operation
    with refused(RosterCode.GENESIS):
        world.do(operation)


def test_a_roster_begins_with_a_genesis(world: World) -> None:
    with refused(RosterCode.GENESIS):
        start(world.entry(POLICY))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"workspace": seeded("w")}, RosterCode.WORKSPACE),
        ({"previous": seeded("p")}, RosterCode.PREVIOUS),
        ({"position": 2}, RosterCode.GENESIS),
        ({"author": seeded("a", size=16)}, RosterCode.AUTHOR_OTHER),
    ],
)
def test_a_bent_genesis_is_refused(world: World, changes: dict[str, object], code: str) -> None:
    fields: dict[str, object] = {
        name: getattr(body_of(world.genesis), name) for name in EntryBody.__struct_fields__
    }
    body = EntryBody(**{**fields, **changes})  # type: ignore[arg-type]
    with refused(code):
        start(sign_body(body, world.ann.device))


def test_a_genesis_that_its_device_did_not_sign(world: World) -> None:
    with pytest.raises(SignatureInvalid):
        start(Entry(world.genesis.body, Key("mallory").sign(Namespace.ROSTER_ENTRY, world.genesis.body)))


@pytest.mark.A25
def test_a_genesis_whose_device_the_identity_did_not_certify(world: World) -> None:
    mallory = Person("mallory")
    certificate = mallory.certify(NO_HASH, world.ann.device)
    genesis = Genesis(seeded("n"), world.ann.id, world.ann.keys, certificate)
    body = EntryBody(VERSION, NO_HASH, 1, NO_HASH, world.ann.device.id, NOW, genesis)
    with pytest.raises(SignatureInvalid):
        start(sign_body(body, world.ann.device))


def test_positions_follow(world: World) -> None:
    for position in (1, 3):
        with refused(RosterCode.POSITION):
            apply(world.state, world.entry(POLICY, position=position))


@pytest.mark.A29
def test_a_backdated_entry_is_refused(world: World) -> None:
    """A removed admin signs an entry for a place in the past: the chain has gone on."""
    ben = world.admit("ben")
    early = world.entry(MemberRemove(ben.id, []))
    world.do(POLICY)
    with refused(RosterCode.POSITION):
        apply(world.state, early)
    with refused(RosterCode.PREVIOUS):
        apply(world.state, world.entry(MemberRemove(ben.id, []), previous=world.genesis.hash))


@pytest.mark.A24
def test_a_ghost_author_is_refused(world: World) -> None:
    with refused(RosterCode.AUTHOR_UNKNOWN):
        world.do(POLICY, Key("ghost"))


@pytest.mark.A24
def test_another_members_signature_is_refused(world: World) -> None:
    ben = world.admit("ben")
    body = world.body(POLICY, world.ann.device)
    with pytest.raises(SignatureInvalid):
        apply(world.state, sign_body(body, ben.device))


@pytest.mark.A26
@pytest.mark.parametrize("namespace", [n for n in Namespace if n is not Namespace.ROSTER_ENTRY])
def test_a_signature_of_another_type_is_no_entry(world: World, namespace: Namespace) -> None:
    encoded = encode(world.body(POLICY, world.ann.device))
    with pytest.raises(SignatureInvalid):
        apply(world.state, Entry(encoded, world.ann.device.sign(namespace, encoded)))


def test_a_member_who_left_signs_nothing(world: World) -> None:
    ben = world.admit("ben")
    world.do(MemberLeave([]), ben)
    with refused(RosterCode.AUTHOR_INACTIVE):
        world.do(MemberLeave([]), ben)


def test_another_version_is_refused(world: World) -> None:
    with refused("version", FormatError):
        apply(world.state, world.entry(POLICY, version=2))


def test_a_higher_format_version_asks_for_an_upgrade(world: World) -> None:
    before = world.state
    with pytest.raises(UpgradeNeeded):
        world.do(Policy("format-version", VERSION + 1, b"", b""))
    assert world.state is before
    with refused(RosterCode.POLICY):
        world.do(Policy("format-version", VERSION, b"", b""))


@pytest.mark.A06
def test_every_outer_byte_flipped_is_refused(world: World) -> None:
    entry = world.entry(POLICY)
    for index in range(len(entry.body)):
        for bit in (0x01, 0x80):
            body = bytearray(entry.body)
            body[index] ^= bit
            with pytest.raises((FormatError, SignatureInvalid, RosterRefused, UpgradeNeeded)):
                apply(world.state, Entry(bytes(body), entry.signature))
    for index in range(len(entry.signature)):
        signature = bytearray(entry.signature)
        signature[index] ^= 0x40
        with pytest.raises(SignatureInvalid):
            apply(world.state, Entry(entry.body, bytes(signature)))


def test_bytes_around_an_entry_are_refused(world: World) -> None:
    entry = world.entry(POLICY)
    for body in (entry.body + b"\0", entry.body[:-1], b"", b"\x97" + entry.body[1:-1]):
        with pytest.raises(FormatError):
            apply(world.state, Entry(body, entry.signature))
    with pytest.raises(FormatError):
        apply(world.state, Entry(entry.body, entry.signature + b"\0"))


def test_an_unknown_invitation_is_no_invitation(world: World) -> None:
    with refused(RosterCode.INVITATION_UNKNOWN):
        world.do(Expired(seeded("nothing", size=16)))
