"""The header rules: what an honest server never lets into a log, and no client admits."""

from __future__ import annotations

from typing import Any

import pytest

from protocol import (
    DIRECTORY_LOG,
    CommitCode,
    CommitRefused,
    Compartment,
    DeviceEnd,
    DeviceRevoke,
    GroupArchive,
    Kind,
    LogId,
    MemberRemove,
    MemberSuspend,
    Namespace,
    Revoke,
    RosterHistory,
    SignatureInvalid,
    advance,
    bridge_detail,
    check_header,
    commit_hash,
    encode,
    rotate_detail,
)
from tests.protocol.logbook import Logbook
from tests.protocol.world import MANAGER, NORTH, READER, REP, Key, World, seeded
from tests.protocol.world import refused as refused_with

SALES = LogId(NORTH, Compartment.SALES)
CATALOGUE = LogId(NORTH, Compartment.CATALOGUE)


def refused(code: CommitCode) -> Any:
    return refused_with(code, CommitRefused)


@pytest.fixture
def world() -> World:
    world = World()
    world.group()
    for name, role in (("ben", MANAGER), ("cy", READER), ("dee", REP)):
        world.grant(world.admit(name), role)
    return world


@pytest.fixture
def book(world: World) -> Logbook:
    """The shared sales log, started by Ann, with a commit of Ben's."""
    book = Logbook(world, SALES)
    book.admit(world.ann, Kind.ROTATE)
    book.admit(world.people["ben"])
    return book


def test_a_log_grows(world: World, book: Logbook) -> None:
    ann, ben = world.ann, world.people["ben"]
    header = book.admit(ann)
    assert (book.state.position, book.state.generation) == (3, 1)
    assert book.state.devices[ann.device.id].counter == 2
    assert book.state.devices[ben.device.id] == DeviceEnd(1, book.state.end_of(ben.device.id).hash)
    assert book.state.key_hashes == {1: seeded("log-key", 1)}
    signature = ann.device.sign(Namespace.COMMIT, encode(header))
    assert book.state.end_of(ann.device.id).hash == commit_hash(encode(header), signature)
    assert book.state.rotated_at == book.state.roster_position == world.state.position


def test_a_log_remembers_where_it_was_rotated(world: World, book: Logbook) -> None:
    rotated = book.state.rotated_at
    world.admit("eve")
    book.admit(world.ann)
    assert (book.state.rotated_at, book.state.roster_position) == (rotated, world.state.position)


def test_a_log_begins_with_a_rotate(world: World) -> None:
    book = Logbook(world, SALES)
    with refused(CommitCode.FIRST_ROTATE):
        book.admit(world.ann, generation=1)
    for changes, code in (
        ({"generation": 2}, CommitCode.GENERATION),
        ({"detail": rotate_detail(seeded("k"), 1), "generation": 1}, CommitCode.CARRIED),
    ):
        with refused(code):
            book.admit(world.ann, Kind.ROTATE, **changes)


@pytest.mark.A21
def test_a_commit_of_another_log_or_workspace(world: World, book: Logbook) -> None:
    with refused(CommitCode.LOG):
        book.admit(world.ann, log=LogId(NORTH, Compartment.MARGINS).encode())
    with refused(CommitCode.WORKSPACE):
        book.admit(world.ann, workspace=seeded("w"))


@pytest.mark.parametrize("kind", [Kind.PACK, Kind.COUNTERSIGN])
def test_reserved_kinds(world: World, book: Logbook, kind: Kind) -> None:
    with refused(CommitCode.RESERVED):
        book.admit(world.ann, kind)


@pytest.mark.A11
def test_dropped_replayed_reordered_and_duplicated(world: World, book: Logbook) -> None:
    ben = world.people["ben"]
    first = book.header(ben)
    book.admit(ben)
    second = book.header(ben)
    with refused(CommitCode.COUNTER):
        book.check(first, ben)
    book.admit(ben)
    with refused(CommitCode.COUNTER):
        book.check(second, ben)
    for counter in (book.state.end_of(ben.device.id).counter, 9):
        with refused(CommitCode.COUNTER):
            book.admit(ben, counter=counter)
    with refused(CommitCode.PREVIOUS):
        book.admit(ben, previous=first.previous)


@pytest.mark.A33
def test_two_views_of_one_log_show_on_first_contact(world: World, book: Logbook) -> None:
    ann = world.ann
    with refused(CommitCode.SEEN_CHAIN):
        book.admit(ann, seen_chain=seeded("other past"))
    with refused(CommitCode.SEEN_CHAIN):
        book.admit(ann, seen_position=1, seen_chain=seeded("other past"))
    with refused(CommitCode.SEEN_CHAIN):
        book.admit(ann, seen_position=0, seen_chain=book.chains[1])
    with refused(CommitCode.SEEN_POSITION):
        book.admit(ann, seen_position=3)
    book.admit(ann, seen_position=1, seen_chain=book.chains[1])


def test_an_older_claim_is_compared_only_where_the_chain_is_known(world: World, book: Logbook) -> None:
    header = book.header(world.ann, seen_position=1, seen_chain=seeded("other past"))
    signature = world.ann.device.sign(Namespace.COMMIT, encode(header))
    check_header(book.state, header, signature, world.history)


@pytest.mark.A22
def test_an_unsigned_or_foreign_commit(world: World, book: Logbook) -> None:
    header = book.header(world.ann)
    for signature in (bytes(64), world.people["ben"].device.sign(Namespace.COMMIT, encode(header)), b""):
        with pytest.raises(SignatureInvalid):
            check_header(book.state, header, signature, world.history)
    with refused(CommitCode.AUTHOR_UNKNOWN):
        book.admit(Key("ghost"))


@pytest.mark.A26
@pytest.mark.parametrize("namespace", [n for n in Namespace if n is not Namespace.COMMIT])
def test_a_signature_of_another_type_is_no_commit(world: World, book: Logbook, namespace: Namespace) -> None:
    header = book.header(world.ann)
    with pytest.raises(SignatureInvalid):
        check_header(book.state, header, world.ann.device.sign(namespace, encode(header)), world.history)


def test_the_roster_named(world: World, book: Logbook) -> None:
    position = world.state.position
    for changes, code in (
        (
            {"roster_position": position - 1, "roster_hash": world.history.hash_at(position - 1)},
            CommitCode.ROSTER_BACK,
        ),
        ({"roster_position": position + 1}, CommitCode.ROSTER_AHEAD),
        ({"roster_hash": seeded("fork")}, CommitCode.ROSTER_HASH),
    ):
        with refused(code):
            book.admit(world.ann, **changes)


@pytest.mark.A35
def test_a_reader_forges_an_edit(world: World, book: Logbook) -> None:
    with refused(CommitCode.NOT_WRITER):
        book.admit(world.people["cy"])
    with refused(CommitCode.NOT_WRITER):
        book.admit(world.people["cy"], Kind.ROTATE)


@pytest.mark.A36
def test_who_writes_in_one_log_does_not_write_in_another(world: World, book: Logbook) -> None:
    dee = world.people["dee"]
    with refused(CommitCode.NOT_WRITER):
        book.admit(dee)
    own = Logbook(world, LogId(NORTH, Compartment.SALES, dee.id))
    own.admit(dee, Kind.ROTATE)
    other = Logbook(world, LogId(NORTH, Compartment.SALES, world.people["cy"].id))
    with refused(CommitCode.LOG_UNKNOWN):
        other.admit(world.ann, Kind.ROTATE)


@pytest.mark.A28
def test_a_stale_log_takes_nothing_but_a_rotate(world: World, book: Logbook) -> None:
    world.do(MemberRemove(world.people["cy"].id, []))
    with refused(CommitCode.STALE):
        book.admit(world.ann)
    with refused(CommitCode.STALE):
        book.admit(world.ann, generation=2)
    book.admit(world.ann, Kind.ROTATE)
    book.admit(world.people["ben"])
    assert book.state.generation == 2


@pytest.mark.A29
def test_a_removed_member_writes_before_his_removal(world: World, book: Logbook) -> None:
    """He names the roster as it was: refused as soon as somebody wrote after the removal."""
    ben = world.people["ben"]
    old: dict[str, Any] = {"roster_position": world.state.position, "roster_hash": world.state.head}
    world.do(MemberRemove(ben.id, []))
    with refused(CommitCode.NOT_WRITER):
        book.admit(ben, Kind.ROTATE)
    book.admit(world.ann, Kind.ROTATE)
    with refused(CommitCode.ROSTER_BACK):
        book.admit(ben, **old)


@pytest.mark.A47
def test_a_revoked_device_writes_nothing(world: World, book: Logbook) -> None:
    ben = world.people["ben"]
    second = world.add_device(ben, 2)
    world.do(DeviceRevoke(ben.device.id, []))
    with refused(CommitCode.AUTHOR_REVOKED):
        book.admit(ben, Kind.ROTATE)
    book.admit(second, Kind.ROTATE)


def test_a_device_writes_from_its_entry_on(world: World, book: Logbook) -> None:
    before: dict[str, Any] = {"roster_position": world.state.position, "roster_hash": world.state.head}
    second = world.add_device(world.people["ben"], 2)
    with refused(CommitCode.AUTHOR_UNKNOWN):
        book.admit(second, **before)
    book.admit(second)


def test_generations(world: World, book: Logbook) -> None:
    for generation in (2, 3):
        with refused(CommitCode.GENERATION):
            book.admit(world.ann, generation=generation)
    for generation in (1, 3):
        with refused(CommitCode.GENERATION):
            detail = rotate_detail(seeded("k"), 0)
            book.admit(world.ann, Kind.ROTATE, generation=generation, detail=detail)
    with refused(CommitCode.CARRIED):
        book.admit(world.ann, Kind.ROTATE, detail=rotate_detail(seeded("k"), 0))
    book.admit(world.ann, Kind.ROTATE)
    with refused(CommitCode.GENERATION):
        book.admit(world.ann, generation=1)


@pytest.mark.A46
def test_a_rotate_may_skip_a_generation_that_its_writer_cannot_open(world: World, book: Logbook) -> None:
    book.admit(world.people["ben"], Kind.ROTATE)
    book.admit(world.ann, Kind.ROTATE, detail=rotate_detail(seeded("log-key", 3), 1))
    assert book.state.generation == 3
    with refused(CommitCode.CARRIED):
        book.admit(world.ann, Kind.ROTATE, detail=rotate_detail(seeded("k"), 4))


def test_numbers_are_drawn_in_the_catalogue_by_any_reader(world: World, book: Logbook) -> None:
    cy = world.people["cy"]
    catalogue = Logbook(world, CATALOGUE)
    with refused(CommitCode.NOT_WRITER):
        catalogue.admit(cy, Kind.ROTATE)
    catalogue.admit(world.ann, Kind.ROTATE)
    catalogue.admit(cy, Kind.NUMBER)
    with refused(CommitCode.NOT_WRITER):
        catalogue.admit(cy)
    with refused(CommitCode.NUMBER_LOG):
        book.admit(world.ann, Kind.NUMBER)
    stranger = world.admit("stranger")
    with refused(CommitCode.NOT_WRITER):
        catalogue.admit(stranger, Kind.NUMBER)
    world.do(GroupArchive(NORTH, True, []))
    with refused(CommitCode.NOT_WRITER):
        catalogue.admit(cy, Kind.NUMBER)


def test_every_member_writes_the_directory(world: World) -> None:
    book = Logbook(world, DIRECTORY_LOG)
    book.admit(world.people["cy"], Kind.ROTATE)
    book.admit(world.people["dee"])
    world.do(MemberSuspend(world.people["dee"].id, True, []))
    with refused(CommitCode.NOT_WRITER):
        book.admit(world.people["dee"], Kind.ROTATE)
    book.admit(world.people["cy"], Kind.ROTATE)


def test_a_log_without_writers_is_closed(world: World, book: Logbook) -> None:
    for person in (world.ann, world.people["ben"]):
        world.do(Revoke(person.id, NORTH, MANAGER, []))
    for person in (world.ann, world.people["ben"], world.people["cy"]):
        with refused(CommitCode.NOT_WRITER):
            book.admit(person, Kind.ROTATE)


@pytest.mark.A06
def test_every_byte_of_a_header_flipped_is_refused(world: World, book: Logbook) -> None:
    from protocol import FormatError, parse_header

    header = book.header(world.ann)
    good, signature = encode(header), book.check(header, world.ann)
    assert parse_header(good) == header
    for index in range(len(good)):
        data = bytearray(good)
        data[index] ^= 0x01
        with pytest.raises((FormatError, CommitRefused, SignatureInvalid)):
            check_header(book.state, parse_header(bytes(data)), signature, world.history, book.chain_at)
    for index in range(64):
        flipped = bytearray(signature)
        flipped[index] ^= 0x01
        with pytest.raises(SignatureInvalid):
            check_header(book.state, header, bytes(flipped), world.history)


def test_a_server_that_knows_less_of_the_roster(world: World, book: Logbook) -> None:
    entries = list(world.history.entries())
    shorter = RosterHistory(entries[:-1])
    header = book.header(world.ann)
    signature = world.ann.device.sign(Namespace.COMMIT, encode(header))
    with refused(CommitCode.ROSTER_AHEAD):
        check_header(book.state, header, signature, shorter)


def test_advance_leaves_the_state_before_alone(world: World, book: Logbook) -> None:
    before = book.state
    header = book.header(world.ann, Kind.ROTATE)
    after = advance(before, header, book.check(header, world.ann))
    assert (before.position, before.generation, len(before.key_hashes)) == (2, 1, 1)
    assert (after.position, after.generation, len(after.key_hashes)) == (3, 2, 2)


def test_bridges_are_built_by_any_reader(world: World, book: Logbook) -> None:
    """At once where the log is current, by whoever reads it, of any generation that the log had."""
    cy, ben = world.people["cy"], world.people["ben"]
    book.admit(ben, Kind.ROTATE)
    book.admit(ben, Kind.ROTATE)
    for skipped in (1, 2):
        book.admit(cy, Kind.BRIDGE, detail=bridge_detail(skipped))
    assert book.state.generation == 3
    with refused(CommitCode.GENERATION):
        book.admit(cy, Kind.BRIDGE, generation=2, detail=bridge_detail(1))
    with refused(CommitCode.NOT_WRITER):
        book.admit(world.people["dee"], Kind.BRIDGE)
    world.do(MemberSuspend(world.people["ben"].id, True, []))
    with refused(CommitCode.STALE):
        book.admit(cy, Kind.BRIDGE)
    book.admit(world.ann, Kind.ROTATE)
    book.admit(cy, Kind.BRIDGE)
    world.do(GroupArchive(NORTH, True, []))
    with refused(CommitCode.NOT_WRITER):
        book.admit(cy, Kind.BRIDGE)


def test_a_bridge_needs_a_key_to_lead_to(world: World) -> None:
    with refused(CommitCode.FIRST_ROTATE):
        Logbook(world, SALES).admit(world.ann, Kind.BRIDGE, generation=2, detail=bridge_detail(1))


def test_support_appends_nothing(world: World, book: Logbook) -> None:
    sam = world.support("sam", NORTH, Compartment.CATALOGUE, Compartment.SALES)
    catalogue = Logbook(world, CATALOGUE)
    catalogue.admit(world.ann, Kind.ROTATE)
    book.admit(world.ann, Kind.ROTATE)
    for log, kind in ((catalogue, Kind.NUMBER), (book, Kind.BRIDGE), (book, Kind.DATA), (book, Kind.ROTATE)):
        with refused(CommitCode.NOT_WRITER):
            log.admit(sam, kind)
    directory = Logbook(world, DIRECTORY_LOG)
    directory.admit(world.ann, Kind.ROTATE)
    with refused(CommitCode.NOT_WRITER):
        directory.admit(sam)


def test_no_rotate_names_a_time_before_its_log_could_be(world: World) -> None:
    """So staleness is never asked about entries older than the log (`protocol.losses.Loss`)."""
    before = world.state
    own = Logbook(world, LogId(NORTH, Compartment.SALES, world.people["cy"].id))
    world.grant(world.people["cy"], REP)
    with refused(CommitCode.LOG_UNKNOWN):
        own.admit(world.ann, Kind.ROTATE, roster_position=before.position, roster_hash=before.head)
    own.admit(world.ann, Kind.ROTATE)
