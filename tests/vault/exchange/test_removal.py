"""After a removal: cut-offs, new keys, a stale log, and what a former member and the server can still do."""

from __future__ import annotations

import msgspec
import pytest

from protocol import wire
from protocol.access import recipients
from protocol.codec import encode
from protocol.commit import Commit, Kind, body_hash, parse_header
from protocol.ids import NO_HASH, LogId, Standing
from protocol.signing import Namespace, key_id
from tests.support.desks import World
from tests.support.lies import forged, kinds, slip_in, stops
from tests.support.relay import Refused, WrapEvent
from vault.keys import OpenFailed, body_context, open_body, unwrap
from vault.roster import effects, plan_grant, plan_remove, plan_reports_to, plan_revoke, plan_suspend, preview


@pytest.mark.hostile
@pytest.mark.A31
def test_removed_keys_open_nothing_new(world: World) -> None:
    """A31: the former member's keys and the whole server open nothing that was written since."""
    person = world.ann.add("person", name="Before")
    world.ann.sync()
    dee = world.member("dee")
    assert dee.field(person, "name") == "Before"
    world.ann.remove(dee.member)
    world.ann.put(person, name="After")
    world.ann.sync()
    assert kinds(world, person.log) == [Kind.ROTATE, Kind.DATA, Kind.ROTATE, Kind.DATA]
    newest = world.relay.logs[person.log].commits[-1]
    header = parse_header(newest.header)
    own = dee.vault.own
    for wrap in world.relay.wraps:
        log = LogId.decode(wrap.log)
        if (log, wrap.generation) == (person.log, header.generation):
            with pytest.raises(OpenFailed):
                unwrap(own.private[0], own.workspace, log, wrap.generation, wrap.sealed)
    context = body_context(own.workspace, person.log, header.generation)
    with dee.vault.store.read() as tx:
        keys = dee.exchange.desk.logs.keys(tx, person.log)
    for key in keys.values():
        with pytest.raises(OpenFailed):
            open_body(key, context, header.associated_data(), newest.body)


@pytest.mark.hostile
@pytest.mark.A28
def test_only_a_rotate_is_written_on_a_stale_log(world: World) -> None:
    """A28: whoever writes next after a removal rotates first; a plain commit is refused by every client."""
    person = world.ann.add("person", name="Before")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    world.ann.remove(dee.member)
    ben.pull()
    commit = forged(ben, person.log, name="Without a rotate")
    with pytest.raises(Refused):
        world.relay.push(wire.Push([commit], []))
    slip_in(world, person.log, commit)
    world.ann.pull()
    assert [stop.error.code for stop in world.ann.exchange.stopped()] == ["stale"]
    assert world.ann.field(person, "name") == "Before"


@pytest.mark.hostile
@pytest.mark.A29
def test_backdated_commit_after_removal_is_set_aside(world: World) -> None:
    """A29: what a removed member slips in behind his cut, with the server's help, counts for nobody."""
    person = world.ann.add("person", name="Before")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    commit = forged(dee, person.log, name="Backdated")
    world.ann.remove(dee.member)
    slip_in(world, person.log, commit)
    for desk in (world.ann, ben):
        desk.pull()
        assert desk.vault.records.get(person) is not None
        with desk.vault.store.read() as tx:
            aside = list(desk.exchange.desk.logs.commits_aside(tx))
        assert "cut-off" in {found.aside for found in aside}
        assert desk.vault.search.search("Backdated") == []
    ben.put(person, name="Life goes on")
    ben.sync()
    world.ann.sync()
    assert world.ann.field(person, "name") == "Life goes on"


def test_commit_folded_before_its_cut_is_taken_back(world: World) -> None:
    """A desk that had folded what lies behind a cut folds again when the cut arrives, as all others."""
    person = world.ann.add("person", name="Before")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    world.ann.pull()
    slip_in(world, person.log, forged(dee, person.log, name="Too late"))
    ben.pull()
    assert [hit.record.fields["name"] for hit in ben.vault.search.search("Too late")] == ["Too late"]
    world.ann.change_roster(plan_remove(world.ann.vault.roster, world.ann.exchange.log_ends(), dee.member))
    ben.pull()
    assert ben.vault.search.search("Too late") == []
    assert ben.field(person, "name") == "Before"


def test_removed_by_an_admin_who_reads_nothing(world: World) -> None:
    """An admin without grants follows the headers of all logs and names their heads in the cuts."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    admin = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.ann.sync()
    dee = world.member("dee")
    dee.put(person, name="By Dee")
    dee.sync()
    admin.sync()
    assert admin.record(person) is None
    ends = admin.exchange.log_ends()
    assert ends[person.log].position == world.relay.logs[person.log].state.position
    admin.remove(dee.member)
    cuts = world.relay.history.head.cuts[dee.vault.device]
    assert cuts[person.log][-1].position == ends[person.log].position
    world.ann.put(person, name="By Ann")
    world.sync_all(1)
    assert world.ann.field(person, "name") == "By Ann"
    assert admin.exchange.stopped() == []


def test_admin_is_granted_what_he_followed_by_headers(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    admin = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.sync_all()
    assert admin.exchange.log_ends()[person.log].position == 2
    world.ann.change_roster(plan_grant(admin.member, world.group, world.roles["manager"]))
    world.sync_all()
    assert admin.field(person, "name") == "Zoe"
    admin.put(person, name="Zoe by Eve")
    world.sync_all()
    assert world.ann.field(person, "name") == "Zoe by Eve"


def test_regrant_gives_the_whole_history(world: World) -> None:
    first = world.ann.add("person", name="First")
    world.ann.sync()
    ben = world.member("ben", "manager")
    role = world.roles["manager"]
    plan = plan_revoke(world.ann.vault.roster, world.ann.exchange.log_ends(), ben.member, world.group, role)
    world.ann.change_roster(plan)
    second = world.ann.add("person", name="Second")
    world.ann.sync()
    ben.sync()
    assert ben.record(second) is None
    world.ann.change_roster(plan_grant(ben.member, world.group, role))
    world.sync_all()
    assert (ben.field(first, "name"), ben.field(second, "name")) == ("First", "Second")
    ben.put(second, name="Second by Ben")
    world.sync_all()
    assert world.ann.field(second, "name") == "Second by Ben"


def test_suspended_and_back(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    ends = world.ann.exchange.log_ends()
    world.ann.change_roster(plan_suspend(world.ann.vault.roster, ends, ben.member, True))
    world.ann.put(person, name="While away")
    world.ann.sync()
    world.ann.change_roster(plan_suspend(world.ann.vault.roster, {}, ben.member, False))
    world.sync_all()
    assert ben.field(person, "name") == "While away"
    ben.put(person, name="Back again")
    world.sync_all()
    assert world.ann.field(person, "name") == "Back again"


def test_removal_previewed_in_effects_and_rotations(world: World) -> None:
    world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben", "assistant")
    state, ends = world.ann.vault.roster, world.ann.exchange.log_ends()
    plan = plan_revoke(state, ends, ben.member, world.group, world.roles["assistant"])
    shown = preview(state, plan, ends)
    assert {effect.member for effect in shown.effects} == {ben.member}
    assert {effect.compartment.name for effect in shown.effects} == {"CATALOGUE", "CONTACTS", "DOCUMENTS"}
    assert [log.compartment.name for log in shown.rotated] == ["CONTACTS"]
    assert effects(state, plan_reports_to(state, ends, ben.member, world.ann.member)) == []


@pytest.mark.hostile
@pytest.mark.A06
@pytest.mark.A10
def test_flipped_outer_byte_is_refused(world: World) -> None:
    """A06, A10: no byte of header, signature or body can be changed on its way."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    world.ann.put(person, name="Zoe 2")
    world.ann.push()
    honest = world.relay.logs[person.log].commits[-1]
    page = world.relay.pull(ben.member, ben.exchange.cursor())
    for index, part in ((0, honest.header), (1, honest.signature), (2, honest.body)):
        for at in range(0, len(part), 7 if index < 2 else 101):
            flipped = part[:at] + bytes((part[at] ^ 1,)) + part[at + 1 :]
            fields = [honest.header, honest.signature, honest.body]
            fields[index] = flipped
            placed = [wire.PlacedCommit(p.log, p.position, Commit(*fields)) for p in page.commits]
            copy = msgspec.structs.replace(page, commits=placed, cursor=ben.exchange.cursor())
            stops(ben, copy)
    ben.pull()
    assert ben.field(person, "name") == "Zoe 2"


@pytest.mark.hostile
@pytest.mark.A02
@pytest.mark.A04
@pytest.mark.A14
def test_wraps_go_to_readers_of_the_roster_only(world: World) -> None:
    """A02, A04, A14: rotation reads the verified roster and nothing that a server says."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    world.member("ben")
    dee = world.member("dee")
    world.ann.remove(dee.member)
    world.ann.put(person, name="Zoe 2")
    before = len(world.relay.wraps)
    world.ann.sync()
    made = {wrap.recipient for wrap in world.relay.wraps[before:] if wrap.log == person.log.encode()}
    state = world.relay.history.head
    assert made == {key_id(keys.encryption) for keys in recipients(state, person.log).values()}
    assert len(made) == 2
    assert all(
        isinstance(event.wrap, wire.Wrap) for event in world.relay.events if isinstance(event, WrapEvent)
    )


@pytest.mark.hostile
@pytest.mark.A07
def test_body_of_another_commit_is_refused(world: World) -> None:
    """A07: sealed bodies swapped between commits do not open: the header is what the seal authenticates."""
    first = world.ann.add("person", name="One")
    world.ann.sync()
    world.ann.put(first, name="Two")
    world.ann.sync()
    one, two = world.relay.logs[first.log].commits[1:3]
    own = world.ann.vault.own
    header_one, header_two = parse_header(one.header), parse_header(two.header)
    with world.ann.vault.store.read() as tx:
        key = world.ann.exchange.desk.logs.keys(tx, first.log)[1]
    context = body_context(own.workspace, first.log, 1)
    with pytest.raises(OpenFailed):
        open_body(key, context, header_two.associated_data(), one.body)
    # Even its author cannot put it under another header so that it opens.
    header = encode(msgspec.structs.replace(header_two, body_hash=body_hash(one.body)))
    assert own.device.sign(Namespace.COMMIT, header)
    assert header_one.body_hash != NO_HASH
