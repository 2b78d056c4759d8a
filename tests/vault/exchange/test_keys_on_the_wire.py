"""Keys on the wire: garbage, other people's keys, keys of the server's own; a lost device; garbage bodies."""

from __future__ import annotations

import os

import msgspec
import pytest

from protocol import wire
from protocol.commit import Kind, parse_header
from protocol.ids import Compartment
from protocol.limits import WRAP_SIZE
from protocol.operations import Put
from tests.support.desks import World
from tests.support.lies import aside_reasons, forged, kinds, my_key_id, signer, spoil_wraps
from tests.support.relay import Refused
from vault.exchange.upkeep import Upkeep
from vault.keys import OpenFailed, SecretKey, body_context, new_log_key, open_body, seal_body, unwrap, wrap
from vault.keys.derive import derive
from vault.roster import plan_grant


@pytest.mark.hostile
@pytest.mark.A46
def test_garbage_wrap_is_ignored_beside_a_good_one(world: World) -> None:
    """A46: several rows are tried; garbage among them blocks nobody."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.join("ben", world.invite("ben"))
    world.ann.sync()
    garbage = wire.Wrap(person.log.encode(), 1, my_key_id(ben), os.urandom(WRAP_SIZE))
    short = wire.Wrap(person.log.encode(), 1, my_key_id(ben), b"")
    nowhere = wire.Wrap(b"\xff", 1, my_key_id(ben), b"")
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    ben.exchange.accept(msgspec.structs.replace(page, wraps=[garbage, short, nowhere, *page.wraps]))
    ben.sync()
    world.ann.sync()
    ben.sync()
    assert ben.field(person, "name") == "Zoe"


@pytest.mark.hostile
@pytest.mark.A12
@pytest.mark.A32
def test_key_of_the_servers_own_is_refused(world: World) -> None:
    """A12, A32: a key that the log's signed rotate does not name is no key, whoever sealed it."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.join("ben", world.invite("ben"))
    world.ann.pull()
    world.ann.settle()
    ben.pull()
    ben.check_heads()
    own = ben.vault.own
    sealed = wrap(new_log_key(), own.workspace, person.log, 1, own.private[0].public)
    false = wire.Wrap(person.log.encode(), 1, my_key_id(ben), sealed)
    ben.exchange.accept(wire.PullPage(0, [], [false], [], ben.exchange.cursor(), False))
    assert ben.keys_held(person.log) == set()
    assert ben.record(person) is None
    world.ann.sync()
    ben.sync()
    assert ben.keys_held(person.log) == {1}
    assert ben.field(person, "name") == "Zoe"


def test_false_key_before_its_rotate_does_not_keep_the_true_one_out(world: World) -> None:
    ben = world.member("ben")
    person = world.ann.add("person", name="Zoe")
    own = ben.vault.own
    sealed = wrap(new_log_key(), own.workspace, person.log, 1, own.private[0].public)
    false = wire.Wrap(person.log.encode(), 1, my_key_id(ben), sealed)
    ben.exchange.accept(wire.PullPage(0, [], [false], [], ben.exchange.cursor(), False))
    world.ann.sync()
    ben.sync()
    assert ben.field(person, "name") == "Zoe"


@pytest.mark.A46
def test_rotator_who_delivers_garbage_does_not_stop_the_log(world: World) -> None:
    """A46, rule 5: a writer who cannot open the newest generation rotates from the last that he can."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    world.ann.remove(dee.member)
    world.ann.put(person, name="Not for Ben")
    world.ann.push()
    spoil_wraps(world, ben, os.urandom(WRAP_SIZE))
    ben.sync()
    assert ben.field(person, "name") == "Zoe"
    assert ben.keys_held(person.log) == {1}
    ben.put(person, phone="1")
    ben.sync()
    assert kinds(world, person.log)[-2:] == [Kind.ROTATE, Kind.DATA]
    newest = parse_header(world.relay.logs[person.log].commits[-2].header)
    assert (newest.generation, newest.carried_generation) == (3, 1)
    world.ann.sync()
    assert (world.ann.field(person, "name"), world.ann.field(person, "phone")) == ("Not for Ben", "1")


def test_waiting_commits_are_folded_in_order_when_the_key_comes(world: World) -> None:
    """What was set aside for want of its key counts, at its position, as soon as somebody hands the key over."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    world.ann.remove(dee.member)
    world.ann.put(person, name="Second")
    world.ann.push()
    before = list(world.relay.wraps)
    spoil_wraps(world, ben, os.urandom(WRAP_SIZE))
    ben.sync()
    ben.put(person, name="Third", phone="1")
    ben.sync()
    assert aside_reasons(ben) == {"waiting"}
    good = [row for row in before if row.recipient == my_key_id(ben) and row.generation == 2]
    ben.exchange.accept(wire.PullPage(0, [], good, [], ben.exchange.cursor(), False))
    assert aside_reasons(ben) == set()
    assert (ben.field(person, "name"), ben.field(person, "phone")) == ("Third", "1")
    history = [entry.mark.position for entry in ben.vault.history.history(person)]
    assert history == sorted(position for position in history if position is not None)
    assert len(history) == 3


@pytest.mark.hostile
@pytest.mark.A46
def test_garbage_body_is_set_aside_by_all_alike(world: World) -> None:
    """A46: garbage under a valid header: position and counter stand, the log goes on."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    garbage = signer(ben, person.log).data(b"this is no body")
    world.relay.push(wire.Push([garbage], []))
    ben.pull()
    world.ann.pull()
    wrong_key = signer(ben, person.log)
    wrong_key._keys[1] = new_log_key()
    world.relay.push(wire.Push([wrong_key.data(b"\x95")], []))
    for desk in (ben, world.ann):
        desk.pull()
        assert aside_reasons(desk) == {"format", "not-opened"}
    ben.put(person, name="Goes on")
    world.sync_all()
    assert world.ann.field(person, "name") == "Goes on"


@pytest.mark.hostile
@pytest.mark.A46
def test_decompression_bomb_is_set_aside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A46: what expands beyond the limits of the format does not count, and costs no more than the limit."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    monkeypatch.setattr("vault.keys.seal.MAX_OPENED", 1 << 30)
    bomb = signer(ben, person.log).data(bytes(1 << 25))
    monkeypatch.undo()
    assert len(bomb.body) < 1 << 16
    world.relay.push(wire.Push([bomb], []))
    world.ann.pull()
    assert aside_reasons(world.ann) == {"not-opened"}


def test_operation_that_saw_the_future_is_set_aside(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    lie = forged(ben, person.log, operations=[Put("person", person.id, {"name": "Prophet"}, 99)])
    world.relay.push(wire.Push([lie], []))
    world.ann.pull()
    assert aside_reasons(world.ann) == {"seen"}
    assert world.ann.field(person, "name") == "Zoe"


@pytest.mark.hostile
@pytest.mark.A47
def test_thief_of_a_revoked_device_reads_nothing_new(world: World) -> None:
    """A47: revoking re-keys; neither the old identity key nor the old log keys open what is written since."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    lost = ben
    kept = world.second_computer(ben)
    kept.sync()
    world.sync_all(1)
    own = kept.vault.own
    bundle, identity = kept.vault.open_account(kept.account.bundle, kept.account.derived)
    kept.check_heads()
    secret_key = SecretKey.generate()
    renewed = derive("password of ben", secret_key)
    revoking = kept.vault.revoking
    revoking.prepare([lost.vault.device], bundle, kept.vault.bundle_version, identity, renewed, secret_key)
    assert revoking.unfinished() is None  # nothing leaves the computer before its owner has the Kit
    pending = revoking.send()
    early = revoking.unfinished()
    assert early is not None
    world.invite("somebody")  # the roster moves: signed again
    with pytest.raises(Refused):
        world.relay.append_roster(early)
    kept.reopen()
    kept.pull()
    revoking = kept.vault.revoking
    again = revoking.unfinished()
    assert again is not None
    world.relay.append_roster(again)
    kept.exchange.roster_appended(again)
    assert revoking.unfinished() is None
    kept_pending = revoking.pending()
    assert kept_pending is not None and kept_pending.secret_key == secret_key
    revoking.finished()
    assert revoking.pending() is None
    replaced = pending.replace.bundle
    kept.vault.bundle_stored(replaced.version)
    _, opened = kept.vault.open_account(replaced, renewed)
    assert opened.encryption in kept.vault.own.private
    assert not kept.vault.is_rekeyed
    world.ann.sync()
    world.ann.put(person, name="After the theft")
    world.ann.sync()
    newest = parse_header(world.relay.logs[person.log].commits[-1].header).generation
    assert newest == 2
    for row in world.relay.wraps:
        if (row.log, row.generation) == (person.log.encode(), newest):
            with pytest.raises(OpenFailed):
                unwrap(lost.vault.own.private[0], own.workspace, person.log, newest, row.sealed)
    kept.sync()
    assert kept.field(person, "name") == "After the theft"
    kept.put(person, name="By the one who was robbed")
    kept.sync()
    world.ann.sync()
    assert world.ann.field(person, "name") == "By the one who was robbed"
    lost.put(person, name="By the thief")
    lost.pull()
    assert lost.vault.is_revoked


@pytest.mark.hostile
@pytest.mark.A07
def test_wrap_row_of_the_wrong_log_or_generation_does_not_open(world: World) -> None:
    """A07: wraps swapped between logs or generations."""
    person = world.ann.add("person", name="Zoe")
    deal = world.ann.add("deal", title="Roof")
    world.ann.sync()
    ben = world.join("ben", world.invite("ben"))
    world.sync_all()
    own = ben.vault.own
    rows = {(row.log, row.recipient): row for row in world.relay.wraps}
    row = rows[person.log.encode(), my_key_id(ben)]
    unwrap(own.private[0], own.workspace, person.log, 1, row.sealed)
    for log, generation in ((deal.log, 1), (person.log, 2)):
        with pytest.raises(OpenFailed):
            unwrap(own.private[0], own.workspace, log, generation, row.sealed)


@pytest.mark.hostile
@pytest.mark.A39
def test_later_reader_gets_only_what_is_granted(world: World) -> None:
    """A39: no wrap is ever made for somebody who is not a reader of that log."""
    deal = world.ann.add("deal", title="Roof")
    world.ann.sync()
    ben = world.member("ben", "assistant")
    world.ann.change_roster(plan_grant(ben.member, world.group, world.roles["sales-rep"]))
    world.sync_all()
    mine = {row.log for row in world.relay.wraps if row.recipient == my_key_id(ben)}
    assert deal.log.encode() not in mine
    assert not ben.keys_held(deal.log)


@pytest.mark.hostile
@pytest.mark.A07
@pytest.mark.A34
def test_seal_of_a_body_is_bound_to_log_and_generation(world: World) -> None:
    """A34, A07: the same key and bytes under another log's context do not open."""

    own = world.ann.vault.own
    one, two = world.ann.home(Compartment.CONTACTS), world.ann.home(Compartment.SALES)
    key = new_log_key()
    sealed = seal_body(key, body_context(own.workspace, one, 1), b"", b"text")
    assert open_body(key, body_context(own.workspace, one, 1), b"", sealed) == b"text"
    for log, generation in ((two, 1), (one, 2)):
        with pytest.raises(OpenFailed):
            open_body(key, body_context(own.workspace, log, generation), b"", sealed)


def test_false_carried_key_is_not_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotator who seals another key than the earlier generation's: newcomers take no false key from him, and get
    the right one from whoever holds it, by a bridge."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    liar = signer(ben, person.log)
    liar._keys[1] = new_log_key()
    rotate, wraps, _ = liar.rotate()
    world.relay.push(wire.Push([rotate], wraps))
    with monkeypatch.context() as nobody_bridges:
        nobody_bridges.setattr(Upkeep, "bridges", lambda *_: [])
        world.ann.sync()
        cy = world.member("cy")
    assert cy.keys_held(person.log) == {2}
    assert cy.record(person) is None
    assert aside_reasons(cy) == {"waiting"}
    world.ann.reopen()
    world.ann.sync()
    cy.sync()
    assert cy.keys_held(person.log) == {1, 2}
    assert cy.field(person, "name") == "Zoe"
    world.ann.put(person, name="For all")
    world.ann.sync()
    cy.sync()
    assert cy.field(person, "name") == "For all"
    assert world.ann.field(person, "name") == "For all"
