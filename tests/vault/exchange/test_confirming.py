"""A new computer is "not yet confirmed" until something signed by another member names it."""

from __future__ import annotations

import pytest

from tests.support.desks import World
from tests.support.lies import forged, slip_in
from vault.exchange import Confirmed
from vault.roster import plan_policy


def test_a_founder_is_confirmed_by_the_first_colleague_and_keeps_it(world: World) -> None:
    alone = world.ann.vault.confirmed_by
    assert alone is None
    ben = world.member("ben")
    found = world.ann.vault.confirmed_by
    assert found is not None and found.member == ben.member
    world.ann.reopen()
    assert world.ann.vault.confirmed_by == found


def test_an_invitee_is_confirmed_by_the_entry_that_confirms_her(world: World) -> None:
    ben = world.join("ben", world.invite("ben"))
    assert ben.vault.confirmed_by is None
    joined = ben.vault.roster.devices[ben.vault.device].added_at
    world.ann.sync()
    ben.sync()
    assert ben.vault.confirmed_by == Confirmed(world.ann.member, joined)


@pytest.mark.hostile
@pytest.mark.A45
def test_A45_a_second_computer_waits_for_somebody_else(world: World) -> None:
    """What the same member's other computer signs proves nothing: both may be shown the same lie."""
    ben = world.member("ben")
    person = world.ann.add("person", name="Zoe")
    world.sync_all()
    second = world.second_computer(ben)
    second.sync()
    assert second.field(person, "name") == "Zoe"
    assert second.vault.confirmed_by is None, "all of it is older than this computer"
    ben.sync()
    ben.put(person, phone="1")
    ben.sync()
    second.sync()
    assert second.vault.confirmed_by is None
    world.ann.sync()
    world.ann.put(person, phone="2")
    world.ann.sync()
    second.sync()
    assert second.vault.confirmed_by == Confirmed(world.ann.member, world.ann.vault.roster.position)


def test_a_roster_entry_of_a_colleague_confirms_as_well(world: World) -> None:
    second = world.second_computer(world.member("ben"))
    world.ann.pull()
    world.ann.change_roster(plan_policy("managers-read-reports", 1))
    second.sync()
    assert second.vault.confirmed_by == Confirmed(world.ann.member, world.ann.vault.roster.position - 1)


def test_an_entry_that_follows_an_older_head_confirms_nothing(world: World) -> None:
    """A commit that names the roster before the new computer says nothing about it, however late it comes."""
    ben = world.member("ben")
    person = world.ann.add("person", name="Zoe")
    world.sync_all()
    held_back = forged(world.ann, person.log, name="Signed before")
    second = world.second_computer(ben)
    slip_in(world, person.log, held_back)
    second.sync()
    assert second.field(person, "name") == "Zoe"
    assert second.vault.confirmed_by is None


def test_a_vault_that_did_not_note_it_looks_back(world: World) -> None:
    second = world.second_computer(world.member("ben"))
    world.ann.sync()
    world.ann.add("person", name="Zoe")
    world.ann.sync()
    second.sync()
    known = second.vault.confirmed_by
    assert known is not None
    with second.vault.store.write() as tx:
        second.exchange.desk.logs.set(tx, "confirmed", None)
    second.reopen()
    assert second.vault.confirmed_by == known


def test_a_new_device_key_begins_anew(world: World) -> None:
    ben = world.member("ben")
    assert ben.vault.confirmed_by is not None
    _, identity = ben.vault.open_account(ben.account.bundle, ben.account.derived)
    renewal = ben.vault.renew_device(identity)
    world.relay.append_roster(renewal)
    ben.reopen()
    ben.sync()
    assert ben.vault.confirmed_by is None
