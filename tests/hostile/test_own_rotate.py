"""A key that this desk made counts only for the rotate that it made it for (A12): where another rotate took its place,
its own key is none, whatever the server sends back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.hostile.harness import HostileOffice
from vault.roster import plan_change_role

pytestmark = [pytest.mark.hostile, pytest.mark.A12, pytest.mark.A32]


def test_A12_the_key_of_a_rotate_that_lost_the_race_is_no_key(hostile: HostileOffice) -> None:
    """Ann and Ben both rotate after a removal; Ben's rotate is taken. What Ann made opens nothing, and is not used."""
    ann, ben, log = hostile.ann, hostile.ben, hostile.person.log
    dee = hostile.world.member("dee")
    hostile.world.sync_all()
    ann.remove(dee.member)
    ben.pull()
    ann.put(hostile.person, name=hostile.canary())
    mine = ann.exchange.next_push(10, 1 << 20)
    assert mine is not None and mine.wraps
    ben.put(hostile.person, phone=hostile.canary())
    ben.push()
    ann.pull()
    with ann.vault.store.read() as tx, ben.vault.store.read() as other:
        assert ann.exchange.desk.logs.keys(tx, log)[2] == ben.exchange.desk.logs.keys(other, log)[2]
    ann.exchange.push_refused(mine, "log-moved")
    hostile.heal(ann, ben)
    for desk in (ann, ben):
        assert desk.field(hostile.person, "name") == ann.field(hostile.person, "name")
        assert desk.field(hostile.person, "phone") == ben.field(hostile.person, "phone")


def test_A12_nor_is_it_when_the_keys_come_later(hostile: HostileOffice) -> None:
    """The other rotate comes without its wrap: until that is there Ann has no key, not a wrong one."""
    ann, ben, log = hostile.ann, hostile.ben, hostile.person.log
    dee = hostile.world.member("dee")
    hostile.world.sync_all()
    ann.remove(dee.member)
    ben.pull()
    ann.put(hostile.person, name=hostile.canary())
    assert ann.exchange.next_push(10, 1 << 20) is not None
    ben.put(hostile.person, phone=hostile.canary())
    ben.push()
    page = hostile.page(ann)
    ann.exchange.accept(replace(page, wraps=[], cursor=ann.exchange.cursor()))
    assert 2 not in ann.keys_held(log)
    ann.exchange.accept(replace(page, commits=[]))
    assert 2 in ann.keys_held(log)
    hostile.heal(ann, ben)


@pytest.mark.A39
def test_A39_who_reads_a_log_no_more_hands_none_of_its_keys_on(hostile: HostileOffice) -> None:
    """Ben still has the key when somebody new comes: that is for those who read the log now."""
    ann, ben, log = hostile.ann, hostile.ben, hostile.person.log
    ends = ann.exchange.ends_to_cut()
    ann.change_roster(plan_change_role(ann.vault.roster, ends, ben.member, hostile.world.group, None))
    hostile.world.join("eve", hostile.world.invite("eve"))
    ann.settle()
    ben.pull()
    assert ben.keys_held(log)
    assert log not in {due for due, _ in ben.exchange.wraps_due()}
    assert log in {due for due, _ in ann.exchange.wraps_due()}
