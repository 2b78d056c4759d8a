"""Who may write what: held by signatures, judged by every reader alike, whatever the server lets through."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.ids import DIRECTORY_LOG, Compartment, Level, LogId, Permission, Reach, Standing
from protocol.operations import Delete, Erase, Operation, Put, Restore
from protocol.roster import Access
from tests.support.desks import Desk, World
from tests.support.lies import aside_reasons, forged, slip_in
from tests.support.relay import Refused
from vault.roster import Refused as RosterRefusal
from vault.roster import (
    name_fields,
    plan_change_role,
    plan_grant,
    plan_group,
    plan_group_archive,
    plan_revoke,
    plan_role,
    plan_standing,
)


def push(world: World, desk: Desk, log: LogId, *operations: Operation) -> None:
    world.relay.push(wire.Push([forged(desk, log, operations=list(operations))], []))


@pytest.mark.hostile
@pytest.mark.A35
def test_viewer_with_the_key_cannot_forge_an_edit(world: World) -> None:
    """A35: a reader has the key; his commit is refused by the server, and by every client if the server helps."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, viewer = world.member("ben"), world.member("vic", "read-only")
    assert viewer.field(person, "name") == "Zoe"
    lie = forged(viewer, person.log, operations=[Put("person", person.id, {"name": "Forged"}, 0)])
    with pytest.raises(Refused):
        world.relay.push(wire.Push([lie], []))
    slip_in(world, person.log, lie)
    for desk in (world.ann, ben):
        desk.pull()
        assert [stop.error.code for stop in desk.exchange.stopped()] == ["not-writer"]
        assert desk.field(person, "name") == "Zoe"


def test_delete_and_restore_need_their_permissions(world: World) -> None:
    """Held by signature: a member whose roles lack DELETE writes a delete all the same; it counts for nobody."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    accesses = [Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP)]
    plan = plan_role(world.ann.vault.roster, {}, accesses, Permission(0))
    world.ann.change_roster(plan)
    role = plan[0].role  # type: ignore[union-attr]
    ben = world.join("ben", world.invite("ben", grants=[(world.group, role)]))
    world.sync_all()
    ben.put(person, name="He may write")
    world.sync_all()
    assert world.ann.field(person, "name") == "He may write"
    push(world, ben, person.log, Delete("person", person.id, 0))
    for desk in (world.ann, ben):
        desk.pull()
        assert not desk.shown(person).deleted
        assert aside_reasons(desk) == {"permission"}
    with world.ann.vault.editor.action() as action:
        action.delete(person)
    world.sync_all()
    push(world, ben, person.log, Restore("person", person.id, 0))
    world.sync_all()
    assert world.ann.shown(person).deleted and ben.shown(person).deleted


def test_own_edit_that_is_set_aside_is_kept_among_the_rejected(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    accesses = [Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP)]
    plan = plan_role(world.ann.vault.roster, {}, accesses, Permission(0))
    world.ann.change_roster(plan)
    ben = world.join("ben", world.invite("ben", grants=[(world.group, plan[0].role)]))  # type: ignore[union-attr]
    world.sync_all()
    with ben.vault.editor.action() as action:
        action.delete(person)
    assert ben.shown(person).deleted
    world.sync_all()
    assert not ben.shown(person).deleted
    with ben.vault.store.read() as tx:
        assert [part.rejected for part in ben.exchange.desk.outbox.rejected(tx)] == ["permission"]


def test_erase_is_reserved(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    push(world, ben, person.log, Erase("person", person.id))
    world.sync_all()
    assert aside_reasons(world.ann) == {"reserved"}
    assert world.ann.field(person, "name") == "Zoe"


def test_catalogue_is_written_by_those_who_manage_it(world: World) -> None:
    ben, cy = world.member("ben", "manager"), world.member("cy", "sales-rep")
    product = ben.add("product", name="GTX Pro")
    world.sync_all()
    assert cy.field(product, "name") == "GTX Pro"
    with pytest.raises(Refused):
        push(world, cy, product.log, Put("product", product.id, {"name": "Cheaper"}, 0))


def test_member_writes_his_own_name_only(world: World) -> None:
    """In the directory a member writes his own name, admins any; a record about somebody else is set aside."""
    world.ann.name_it("member", world.ann.member, "Ann")
    world.ann.sync()
    ben = world.member("ben")
    ann = world.ann.member
    own_id_other_subject = Put("name", ben.member, name_fields("member", ann, "Mallory"), 0)
    own_id_as_group = Put("name", ben.member, name_fields("group", ben.member, "Board"), 0)
    for lie in (
        Put("name", ann, {"name": "Mallory"}, 0),
        own_id_other_subject,
        own_id_as_group,
        Delete("name", ann, 0),
        Put("policy", ben.member, {"name": "x"}, 0),
    ):
        push(world, ben, DIRECTORY_LOG, lie)
        ben.pull()
        world.ann.pull()
    assert aside_reasons(world.ann) == {"permission"}
    assert world.ann.vault.search.search("Mallory") == []
    ben.name_it("member", ben.member, "Ben")
    world.sync_all()
    assert [hit.record.fields["name"] for hit in world.ann.vault.search.search("Be")] == ["Ben"]


@pytest.mark.hostile
@pytest.mark.A36
def test_member_of_one_group_cannot_edit_another_groups_record(world: World) -> None:
    """A36: the id of a record is no handle on it from another home."""
    plan = plan_group([(world.ann.member, world.roles["team-admin"])])
    world.ann.change_roster(plan.operations)
    home = world.ann.home(Compartment.CONTACTS, group=plan.group)
    with world.ann.vault.editor.action() as action:
        secret = action.create("person", home, {"name": "Secret"})
    world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    mine = ben.home(Compartment.CONTACTS)
    push(world, ben, mine, Put("person", secret.id, {"name": "Overwritten"}, 0))
    world.sync_all()
    assert world.ann.field(secret, "name") == "Secret"


def test_rep_cannot_write_a_colleagues_log(world: World) -> None:
    cy, dee = world.member("cy", "sales-rep"), world.member("dee", "sales-rep")
    deal = cy.add("deal", title="Roof")
    world.sync_all()
    dee.check_heads()
    assert deal.log not in dee.exchange.log_ends()
    with pytest.raises(Refused):
        world.relay.log(dee.member, deal.log, 1)


def test_admin_cannot_grant_to_himself_without_an_owner(world: World) -> None:
    eve = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.sync_all()
    with pytest.raises(RosterRefusal) as refusal:
        eve.exchange.sign_roster(plan_grant(eve.member, world.group, world.roles["manager"]))
    assert refusal.value.code == "own-grant"


def test_change_of_role_rotates_and_cuts(world: World) -> None:
    """From manager to assistant: sales are cut and re-keyed, contacts go on under the same key."""
    deal, person = world.ann.add("deal", title="Roof"), world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben", "manager")
    state, ends = world.ann.vault.roster, world.ann.exchange.log_ends()
    plan = plan_change_role(state, ends, ben.member, world.group, world.roles["assistant"])
    world.ann.change_roster(plan)
    world.ann.put(deal, title="Roof 2")
    world.ann.put(person, name="Zoe 2")
    world.sync_all()
    assert ben.field(person, "name") == "Zoe 2"
    assert ben.field(deal, "title") == "Roof"
    assert world.ann.keys_held(deal.log) == {1, 2}
    assert world.ann.keys_held(person.log) == {1}
    assert deal.log in world.relay.history.head.cuts[ben.vault.device]


def test_archived_group_is_read_only_and_opens_again(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    state, ends = world.ann.vault.roster, world.ann.exchange.log_ends()
    world.ann.change_roster(plan_group_archive(state, ends, world.group, True))
    ben.pull()
    ben.put(person, name="Waits")
    ben.sync()
    assert ben.exchange.blocked() == [(person.log, "not-writer")]
    world.ann.change_roster(plan_group_archive(world.ann.vault.roster, {}, world.group, False))
    world.sync_all()
    assert world.ann.field(person, "name") == "Waits"


def test_standing_taken_cuts_the_directory(world: World) -> None:
    eve = world.join("eve", world.invite("eve", grants=[], standing=Standing.ADMIN))
    world.ann.name_it("group", world.group, "Head office")
    world.sync_all()
    ends = world.ann.exchange.log_ends()
    plan = plan_standing(world.ann.vault.roster, ends, eve.member, Standing.MEMBER)
    world.ann.change_roster(plan)
    assert DIRECTORY_LOG in world.relay.history.head.cuts[eve.vault.device]
    world.sync_all()
    assert eve.vault.me.standing is Standing.MEMBER


def test_revoked_role_that_leaves_nothing_closes_the_view(world: World) -> None:
    ben = world.member("ben", "assistant")
    state, ends = world.ann.vault.roster, world.ann.exchange.log_ends()
    plan = plan_revoke(state, ends, ben.member, world.group, world.roles["assistant"])
    world.ann.change_roster(plan)
    person = world.ann.add("person", name="Zoe")
    world.sync_all()
    assert ben.record(person) is None
    assert not ben.exchange.can_write(person.log)
