"""Honest stories: what two or three desks see of each other through a relay that does its work."""

from __future__ import annotations

import pytest

from protocol.ids import Compartment
from tests.support.desks import World
from vault.roster import MANAGERS_READ_REPORTS, plan_grant, plan_group, plan_policy, plan_reports_to
from vault.store import VaultClosed


def test_founder_writes_and_reads_back(world: World) -> None:
    ann = world.ann
    person = ann.add("person", name="Zoe", phone="1")
    assert ann.shown(person).pending
    ann.sync()
    assert not ann.shown(person).pending
    assert ann.field(person, "name") == "Zoe"
    assert world.relay.logs[person.log].state.position == 2  # a rotate, and the record


def test_invited_colleague_sees_an_edit(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    assert ben.field(person, "name") == "Zoe"
    ben.put(person, name="Zoë")
    ben.sync()
    world.ann.sync()
    assert world.ann.field(person, "name") == "Zoë"


def test_names_of_the_directory(world: World) -> None:
    world.ann.name_it("group", world.group, "Head office")
    world.ann.sync()
    ben = world.member("ben")
    ben.name_it("member", ben.member, "Ben")
    world.sync_all()
    with world.ann.vault.store.read():
        found = world.ann.vault.search.search("Ben")
    assert [hit.record.fields["name"] for hit in found] == ["Ben"]


def test_offline_edits_conflict_and_converge(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    world.ann.put(person, name="Zoe A")
    ben.put(person, name="Zoe B")
    world.sync_all()
    assert world.ann.shown(person).conflicts == ben.shown(person).conflicts == ("name",)
    assert world.ann.field(person, "name") == ben.field(person, "name") == "Zoe B"


def test_own_only_reach(world: World) -> None:
    """A rep's deals live in his own log; managers of the group read them, another rep does not."""
    cy, dee = world.member("cy", "sales-rep"), world.member("dee", "sales-rep")
    deal = cy.add("deal", title="Roof", amount=1_0000)
    assert deal.log.owner == cy.member
    world.sync_all()
    assert world.ann.field(deal, "title") == "Roof"
    assert dee.record(deal) is None
    assert not dee.keys_held(deal.log)


def test_grant_later_is_completed_by_a_reader(world: World) -> None:
    deal = world.ann.add("deal", title="Roof", amount=5)
    world.ann.sync()
    ben = world.member("ben", "assistant")
    assert ben.record(deal) is None
    world.ann.change_roster(plan_grant(ben.member, world.group, world.roles["manager"]))
    ben.sync()
    assert ben.record(deal) is None  # no key yet
    world.ann.sync()
    ben.sync()
    assert ben.field(deal, "title") == "Roof"


def test_second_computer_gets_everything(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    second = world.second_computer(world.ann)
    second.sync()
    assert second.field(person, "name") == "Zoe"
    second.put(person, name="Zoe 2")
    second.sync()
    world.ann.sync()
    assert world.ann.field(person, "name") == "Zoe 2"


def test_two_groups_are_two_worlds(world: World) -> None:
    plan = plan_group([(world.ann.member, world.roles["team-admin"])])
    world.ann.change_roster(plan.operations)
    with world.ann.vault.editor.action() as action:
        key = action.create(
            "person", world.ann.home(Compartment.CONTACTS, group=plan.group), {"name": "Secret"}
        )
    world.ann.sync()
    ben = world.member("ben")
    assert ben.record(key) is None
    cy = world.join("cy", world.invite("cy", grants=[(plan.group, world.roles["manager"])]))
    world.sync_all()
    assert cy.field(key, "name") == "Secret"


def test_own_log_is_filled_before_its_owner_joins(world: World) -> None:
    """An invitation mints the member's id, so a manager's import can give him his deals before he comes."""
    link = world.invite("cy", "sales-rep")
    cy_id = world.relay.history.head.invitations[link.invitation].member
    home = world.ann.home(Compartment.SALES, cy_id)
    assert home.owner == cy_id
    with world.ann.vault.editor.action() as action:
        deal = action.create("deal", home, {"title": "Roof"})
    world.ann.sync()
    cy = world.join("cy", link)
    world.sync_all()
    assert cy.field(deal, "title") == "Roof"
    cy.put(deal, title="Roof and walls")
    world.sync_all()
    assert world.ann.field(deal, "title") == "Roof and walls"
    assert cy.add("deal", title="Mine").log == home


def test_manager_reads_his_reports_where_the_policy_says_so(world: World) -> None:
    """Up the tree of reports; moving the rep away rotates his log, so the former manager reads no more of it."""
    eve = world.member("eve", "sales-rep")
    cy = world.member("cy", "sales-rep")
    deal = cy.add("deal", title="Roof")
    world.sync_all()
    assert eve.record(deal) is None
    ann = world.ann
    ann.change_roster(plan_policy(MANAGERS_READ_REPORTS, 1))
    ann.change_roster(plan_reports_to(ann.vault.roster, ann.exchange.log_ends(), cy.member, eve.member))
    world.sync_all()
    assert eve.field(deal, "title") == "Roof"
    ann.change_roster(plan_reports_to(ann.vault.roster, ann.exchange.log_ends(), cy.member, None))
    cy.pull()
    cy.put(deal, title="Not for Eve")
    world.sync_all()
    assert eve.field(deal, "title") == "Roof"
    assert cy.keys_held(deal.log) == {1, 2}
    assert eve.keys_held(deal.log) == {1}


def test_everything_is_there_after_a_restart(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    heads = ben.exchange.roster_head(), ben.exchange.cursor(), ben.exchange.log_ends()
    ben.reopen()
    assert (ben.exchange.roster_head(), ben.exchange.cursor(), ben.exchange.log_ends()) == heads
    assert not ben.exchange.restored
    ben.put(person, name="Zoë")
    world.sync_all()
    assert world.ann.field(person, "name") == "Zoë"


def test_listeners_hear_of_what_comes_in(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    heard: list[str] = []
    stop = ben.vault.subscribe(lambda changes: heard.extend(changes.types))
    world.ann.put(person, name="Zoe 2")
    world.ann.sync()
    ben.pull()
    assert heard == ["person"]
    stop()
    ben.put(person, name="Zoe 3")
    assert heard == ["person"]


def test_locked_vault_gives_nothing(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    desk, folder = world.ann, world.ann.vault.profile.folder
    vault = desk.vault
    vault.lock()
    with pytest.raises(VaultClosed):
        vault.records.get(person)
    with pytest.raises(VaultClosed):
        vault.exchange.next_push(1, 1000)
    assert not vault.own.private
    desk.open_again(folder)
    assert desk.field(person, "name") == "Zoe"
