"""Every pair of sealed things swapped (A07): bodies, wraps, bundles, chunks of files, keys of profiles. None opens in
another's place; by the server alone, and with the help of a member whose program signs anything."""

from __future__ import annotations

import itertools
from functools import partial
from pathlib import Path

import msgspec
import pytest

from protocol import wire
from protocol.commit import Commit, parse_header
from protocol.errors import FormatError
from protocol.wire import PlacedCommit
from tests.hostile.harness import HostileOffice, around, snapshot
from tests.support.desks import Desk
from tests.support.lies import aside_reasons, slip_in
from vault.keys import Bundle, OpenFailed, SecretKey, unwrap
from vault.keys.derive import derive
from vault.keys.files import new_file_id, new_file_key, open_chunk, seal_file
from vault.profile import Profile, WrongPassword

pytestmark = [pytest.mark.hostile, pytest.mark.A07]


def test_A07_every_body_under_every_other_header(hostile: HostileOffice) -> None:
    """By the server: the header names its body. Rotates and data, of all logs, both ways."""
    hostile.ann.add("product", name=hostile.canary())
    hostile.news(2)
    new = hostile.world.second_computer(hostile.ben)
    hostile.ann.sync()
    page = hostile.page(new)
    assert len({parse_header(one.commit.header).kind for one in page.commits}) == 2
    assert len({one.log for one in page.commits}) >= 4 and len(page.commits) >= 10
    for first, second in itertools.permutations(page.commits, 2):
        if first.commit.body == second.commit.body:
            continue
        swapped = Commit(first.commit.header, first.commit.signature, second.commit.body)
        lie = PlacedCommit(first.log, first.position, swapped)
        commits = [lie if one is first else one for one in page.commits]
        upto = page.commits.index(first)
        _stops_there(hostile, new, msgspec.structs.replace(page, commits=commits[: upto + 1]), lie)
    hostile.heal(new)


def _stops_there(hostile: HostileOffice, desk: Desk, page: wire.PullPage, lie: PlacedCommit) -> None:
    """All before counts, the lie stops its log; then the stop is undone for the next try."""
    accepted = desk.exchange.accept(msgspec.structs.replace(page, cursor=desk.exchange.cursor()))
    hostile.assert_nothing_false(desk)
    [stop] = accepted.stopped
    assert stop.log.encode() == lie.log
    hostile.assert_in_words(stop.error)
    end = desk.exchange.log_ends().get(stop.log)
    assert end is None or end.position < lie.position
    desk.exchange.resume(stop.log)
    assert desk.exchange.stopped() == []


def test_A07_every_body_in_a_commit_of_a_colluding_writer(hostile: HostileOffice) -> None:
    """Ben's program signs a header around each sealed body that exists: set aside by all alike, the log goes on."""
    hostile.news(1)
    ben, person = hostile.ben, hostile.person
    ben.pull()
    bodies = [commit.body for log in hostile.relay.logs.values() for commit in log.commits]
    assert len(bodies) >= 8
    for body in bodies:
        slip_in(hostile.world, person.log, around(ben, person.log, body))
        ben.pull()
    before = hostile.ann.field(person, "name")
    for desk in (hostile.ann, ben):
        desk.pull()
        assert aside_reasons(desk) == {"not-opened"}
        assert desk.exchange.stopped() == []
        assert desk.field(person, "name") == before
    ben.put(person, name=hostile.canary())
    hostile.heal(ben)


def test_A07_every_wrap_in_every_others_place(hostile: HostileOffice) -> None:
    """Of another log, another generation, another reader, or the row's own under another name."""
    dee = hostile.world.join("dee", hostile.world.invite("dee"))
    hostile.ann.sync()
    dee.pull()
    dee.check_heads()
    rows = list(hostile.relay.wraps)
    mine = [row for row in rows if row.recipient in {row.recipient for row in hostile.page(dee).wraps}]
    fresh = hostile.world.second_computer(hostile.ben)
    held = snapshot(fresh).keys
    own = fresh.vault.own
    for place, other in itertools.permutations(rows, 2):
        if (place.log, place.generation) == (other.log, other.generation):
            continue
        lie = msgspec.structs.replace(place, sealed=other.sealed)
        page = wire.PullPage(0, [], [lie], [], fresh.exchange.cursor(), False)
        if other.recipient == place.recipient or place in mine:
            hostile.lie(fresh, partial(fresh.exchange.accept, page))
        with pytest.raises(OpenFailed):
            log = next(log for log in hostile.relay.logs if log.encode() == place.log)
            unwrap(own.private[0], own.workspace, log, place.generation, other.sealed)
    assert snapshot(fresh).keys == held
    hostile.ann.sync()
    hostile.heal(fresh, dee)
    assert fresh.field(hostile.person, "name") == hostile.ann.field(hostile.person, "name")


def test_A07_every_bundle_in_every_others_place(hostile: HostileOffice) -> None:
    """Under each other's handle, version and unlock key."""
    accounts = [desk.account for desk in hostile.world.desks]
    for first, second in itertools.permutations(accounts, 2):
        lie = wire.BundleUpload(first.bundle.version, second.bundle.sealed)
        for handle, key in itertools.product((first.handle, second.handle), (first.derived, second.derived)):
            if (handle, key) == (second.handle, second.derived):
                continue
            with pytest.raises(OpenFailed):
                Bundle.open(lie.sealed, key.unlock_key, handle, lie.version)
        with pytest.raises(OpenFailed):
            Bundle.open(
                second.bundle.sealed, second.derived.unlock_key, second.handle, second.bundle.version + 1
            )


def test_A07_every_chunk_in_every_others_place(fast_kdf: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two files, in each other's place, order and end; also under each other's key."""
    monkeypatch.setattr("vault.keys.files.CHUNK_SIZE", 64)
    made = []
    for size in (200, 150):
        key, identity = new_file_key(), new_file_id()
        chunks = list(seal_file(key, identity, size, [bytes(range(size))]))
        made += [(key, identity, at, at == len(chunks) - 1, chunk) for at, chunk in enumerate(chunks)]
    assert len(made) >= 6
    for place, other in itertools.permutations(made, 2):
        with pytest.raises(OpenFailed):
            open_chunk(place[0], place[1], place[2], place[3], other[4])
        if place[:2] == other[:2]:
            continue
        with pytest.raises(OpenFailed):
            open_chunk(other[0], place[1], place[2], place[3], other[4])
    for key, identity, at, last, chunk in made:
        assert open_chunk(key, identity, at, last, chunk)
        with pytest.raises(OpenFailed):
            open_chunk(key, identity, at, not last, chunk)


def test_A07_the_sealed_key_of_another_profile(tmp_path: Path, fast_kdf: None) -> None:
    """Both of one person, with one password and Secret Key: each profile's key is its own."""
    derived = derive("ostrich quarry lantern 7", SecretKey.generate())
    places = []
    for name in ("one", "two"):
        profile, _ = Profile.create(tmp_path / name, "ann", "https://crm.example.org", derived, 1)
        profile.close()
        places.append(tmp_path / name / "key.sealed")
    first, second = (path.read_bytes() for path in places)
    places[0].write_bytes(second)
    places[1].write_bytes(first)
    for path in places:
        with Profile.open(path.parent) as profile, pytest.raises(WrongPassword):
            profile.unlock_with(derived)


def test_A07_the_relay_would_not_take_them_either(hostile: HostileOffice) -> None:
    """An honest server refuses a swapped body as every desk does."""
    commits = hostile.relay.logs[hostile.person.log].commits
    swapped = Commit(commits[-1].header, commits[-1].signature, commits[0].body)
    with pytest.raises(FormatError) as caught:
        hostile.relay.push(wire.Push([swapped], []))
    assert caught.value.code == "body-hash"
