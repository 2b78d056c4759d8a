"""Whatever fails inside, a desk says the same to the server: the same requests, of the same sizes (A17, A23)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from protocol import wire
from protocol.commit import Commit, body_hash, parse_header
from protocol.ids import Compartment, Level, Permission, Reach
from protocol.operations import Delete, Put
from protocol.roster import Access, RoleDefine
from tests.hostile.harness import around, flipped, hostile_office
from tests.support.desks import SCHEMA, SERVER, Desk, World
from tests.support.lies import aside_reasons, forged, signer, slip_in
from vault import Vault
from vault.keys import OpenFailed, body_context, new_log_key, padding, seal
from vault.profile import Profile
from vault.store import RecordKey

pytestmark = [pytest.mark.hostile, pytest.mark.A17]


def flipped_at(at: int) -> Callable[[Desk, RecordKey], Commit]:
    def make(ben: Desk, person: RecordKey) -> Commit:
        good = signer(ben, person.log).data(b"\x95")
        return around(ben, person.log, flipped(good.body, at))

    return make


def wrong_key(ben: Desk, person: RecordKey) -> Commit:
    wrong = signer(ben, person.log)
    wrong._keys[1] = new_log_key()
    return wrong.data(b"\x95")


def wrong_padding(ben: Desk, person: RecordKey) -> Commit:
    return _sealed(ben, person, padding.pack(b"\x95") + b"\0")


def no_frame(ben: Desk, person: RecordKey) -> Commit:
    return _sealed(ben, person, bytes(40))


def _sealed(ben: Desk, person: RecordKey, packed: bytes) -> Commit:
    made = signer(ben, person.log)
    header = parse_header(made.data(b"\x95").header)
    context = body_context(header.workspace, person.log, 1)
    body = seal.seal(made._keys[1], context, header.associated_data(), packed)
    commit = around(ben, person.log, body)
    assert body_hash(body) == parse_header(commit.header).body_hash
    return commit


def no_body(ben: Desk, person: RecordKey) -> Commit:
    return signer(ben, person.log).data(b"no body at all")


def saw_the_future(ben: Desk, person: RecordKey) -> Commit:
    return forged(ben, person.log, operations=[Put("person", person.id, {"name": "x"}, 99)])


def not_allowed(ben: Desk, person: RecordKey) -> Commit:
    return forged(ben, person.log, operations=[Delete("person", person.id, 0)])


FAILURES: dict[str, Callable[[Desk, RecordKey], Commit]] = {
    "version": flipped_at(0),
    "salt": flipped_at(1),
    "commitment": flipped_at(33),
    "ciphertext": flipped_at(70),
    "tag": flipped_at(-1),
    "key": wrong_key,
    "padding": wrong_padding,
    "frame": no_frame,
    "format": no_body,
    "seen": saw_the_future,
    "permission": not_allowed,
}


def test_A17_the_same_requests_whatever_failed_inside(tmp_path: Path, fast_kdf: None) -> None:
    """Ann's desk takes a commit that fails in each way there is, then works on: requests by kind and size."""
    traffic = {}
    for name, make in FAILURES.items():
        with hostile_office(tmp_path / name) as office:
            world, ann = office.world, office.ann
            cee = _writer_without_permissions(world)
            slip_in(world, office.person.log, make(cee, office.person))
            before = len(office.relay.sent)
            ann.sync()
            ann.put(office.person, name="As always")
            ann.sync()
            cee.sync()
            traffic[name] = [(kind, len(data)) for kind, data in office.relay.sent[before:]]
            assert aside_reasons(ann), name
            assert ann.exchange.stopped() == []
    assert len({tuple(one) for one in traffic.values()}) == 1, traffic


def _writer_without_permissions(world: World) -> Desk:
    role = bytes(range(16))
    access = [Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP)]
    world.ann.change_roster([RoleDefine(role, access, Permission(0), [])])
    cee = world.join("cee", world.invite("cee", grants=[(world.group, role)]))
    world.sync_all()
    return cee


def test_A17_one_error_for_whatever_does_not_open(tmp_path: Path, fast_kdf: None) -> None:
    """What a desk keeps about it is one word: what fails before the body is read cannot be told apart."""
    with hostile_office(tmp_path) as office:
        cee = office.world.member("cee", "manager")
        office.world.sync_all()
        for name in ("version", "salt", "commitment", "ciphertext", "tag", "key", "padding", "frame"):
            slip_in(office.world, office.person.log, FAILURES[name](cee, office.person))
            cee.pull()
        office.ann.pull()
        assert aside_reasons(office.ann) == {"not-opened"}


@pytest.mark.A23
def test_A23_a_garbled_bundle_causes_no_traffic_at_all(tmp_path: Path, fast_kdf: None) -> None:
    """A new computer is shown a bundle bent in any byte: it opens nothing, and sends nothing that could tell."""
    with hostile_office(tmp_path) as office:
        account, entries = office.ben.account, office.relay.roster().entries
        before = len(office.relay.sent)
        honest = account.bundle
        for at in range(0, len(honest.sealed), 29):
            lie = wire.BundleUpload(honest.version, flipped(honest.sealed, at))
            profile, key = Profile.create(tmp_path / f"new-{at}", account.handle, SERVER, account.derived, 0)
            with profile, pytest.raises(OpenFailed):
                Vault.sign_in(profile, key, account.derived, SCHEMA, lie, entries, office.world.clock)
        assert len(office.relay.sent) == before
