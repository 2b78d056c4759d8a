"""Private records, one shared with one person, and who can see a record, and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from app.desk.errors import NotAllowed
from app.desk.moving import Moved
from app.desk.small_groups import is_small
from protocol.ids import GroupId, Level, LogId, Standing
from tests.support.real_desks import Office, wait_until
from vault.store import Query, RecordKey

CANARY = "only-between-us-51bc"


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def team(office: Office) -> tuple[Desk, Desk, Desk]:
    ann = office.found()
    return ann, office.join(ann, "ben", "Ben Brouwer"), office.join(ann, "cy", "Cy Castellanos")


def deal(desk: Desk, name: str = "Cranes") -> RecordKey:
    group = desk.team().groups[0].id
    with desk.editor.action() as action:
        key = action.create("deal", desk.home_for("deal", group), {"name": name})
        action.create("note", key.log, {"body": f"{CANARY} of {name}", "about": key.ref})
        desk.acts.margins.put(action, key, {"cost": 5_0000, "terms": CANARY})
    return key


def moved(desk: Desk, key: RecordKey) -> RecordKey:
    wait_until(lambda: desk.acts.moving.now(key) not in (None, key))
    now = desk.acts.moving.now(key)
    assert now is not None
    return now


def title(desk: Desk, key: RecordKey) -> str:
    found = desk.records.get(key)
    return "" if found is None else found.title


def small_groups(desk: Desk) -> list[GroupId]:
    return [group for group in desk.vault.roster.groups if is_small(desk.vault.roster, group)]


def test_who_sees_a_record_and_why(office: Office) -> None:
    ann, _ben, cy = team(office)
    group = ann.team().groups[0].id
    rob = office.join(ann, "rob", "Rob Roy", [(group, office.role(ann, "Sales rep"))])
    key = deal(ann)
    found = {one.name: one for one in ann.acts.sharing.who_sees(key)}
    assert list(found) == ["Ann Achterberg", "Ben Brouwer", "Cy Castellanos"]
    place = ann.name("group", group)
    assert found["Cy Castellanos"].reasons == (f"Manager in {place}: sees all deals and quotes of the group",)
    assert found["Ann Achterberg"].is_me and found["Ann Achterberg"].margins
    with rob.editor.action() as action:
        own = action.create("deal", rob.home_for("deal", group), {"name": "Mine"})
    seen = {one.name: one for one in rob.acts.sharing.who_sees(own)}
    assert seen["Rob Roy"].reasons == (f"it is theirs: Sales rep in {place}",)
    assert seen["Rob Roy"].margins is False and seen["Ben Brouwer"].margins
    ann.actions.reports_to(rob.me, cy.me)
    assert all(one.level is Level.WRITE for one in ann.acts.sharing.who_sees(own))


def test_a_manager_reads_because_somebody_reports_to_her(office: Office) -> None:
    ann = office.found()
    group = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    role = office.role(ann, "Sales rep")
    dee, rob = (office.join(ann, one.lower(), one, [(group, role)]) for one in ("Dee", "Rob"))
    ann.actions.managers_read_reports(True)
    ann.actions.reports_to(rob.me, dee.me)
    own = RecordKey(ann.home_for("deal", group, rob.me), "deal", bytes(16))
    found = {one.name: one.reasons for one in ann.acts.sharing.who_sees(own)}
    assert found["Dee"] == ("Rob reports to them: Sales rep in West",)


def test_private_takes_a_record_with_all_of_it_out_of_sight(office: Office) -> None:
    ann, ben, cy = team(office)
    key = deal(ben)
    wait_until(lambda: title(cy, key) == "Cranes")
    plan = ben.acts.sharing.plan([key], None)
    assert plan.sentences == (
        "1 deal will be private.",
        "Ann Achterberg and Cy Castellanos will no longer see it.",
        "What was read until now may have been copied.",
    )
    assert small_groups(ben) == []  # nothing is made by looking
    done = ben.acts.sharing.share([key], None)
    now = moved(ben, key)
    wait_until(lambda: ben.acts.margins.one(now) is not None)
    assert ben.place_words(now.log) == "Private"
    assert [one.name for one in ben.acts.sharing.who_sees(now)] == ["Ben Brouwer"]
    assert (ben.acts.margins.one(now) or pytest.fail()).fields["cost"] == 5_0000
    assert [one.fields["body"] for one in ben.records.related(now.ref, ("note",))] == [f"{CANARY} of Cranes"]
    for desk in (ann, cy):  # the owner and admin too
        wait_until(lambda desk=desk: desk.records.count(Query("deal")) == 0)  # type: ignore[misc]
        assert desk.records.get(now) is None
        assert desk.sync_now()
        with desk.vault.store.read() as tx:
            assert desk.vault.exchange.desk.logs.keys(tx, now.log) == {}
    second = deal(ben, "Another")
    wait_until(lambda: not ben.pending())
    ben.acts.sharing.share([second], None)
    assert moved(ben, second).log == now.log and len(small_groups(ben)) == 1
    assert ben.acts.moving.undo(done) == (1, 0)
    wait_until(lambda: cy.records.count(Query("deal")) == 1)


def test_shared_with_one_person_shows_at_hers_and_nowhere_else(office: Office) -> None:
    ann, ben, cy = team(office)
    key = deal(ben)
    ben.acts.sharing.share([key], cy.me)
    now = moved(ben, key)
    wait_until(lambda: title(cy, now) == "Cranes")
    assert ben.place_words(now.log) == "Shared with Cy Castellanos"
    assert cy.place_words(now.log) == "Shared with Ben Brouwer"
    assert ann.sync_now() and ann.records.get(now) is None
    with cy.editor.action() as action:
        cy.acts.changing.put(action, now, {"name": "Cranes, seen by Cy", "cost": 6_0000})
    wait_until(lambda: title(ben, now) == "Cranes, seen by Cy")
    assert {one.name: one.reasons for one in ben.acts.sharing.who_sees(now)} == {
        "Ben Brouwer": ("shares it",),
        "Cy Castellanos": ("Ben Brouwer shares it",),
    }
    ben.acts.sharing.share([now], None)  # and private again
    private = moved(ben, now)
    assert cy.sync_now()
    wait_until(lambda: cy.records.count(Query("deal")) == 0)
    assert cy.records.get(private) is None


def test_small_groups_are_no_places_for_others_to_choose(office: Office) -> None:
    ann, ben, cy = team(office)
    ben.acts.sharing.share([deal(ben)], cy.me)
    assert ann.sync_now() and cy.sync_now()
    for desk in (ann, ben, cy):
        assert len(desk.group_choices("deal")) == 1
    names = [record.fields["subject"] for record in ann.records.window(Query("name"), 0, 100)]
    assert all(group.hex() not in names for group in small_groups(ann))
    assert "Ben" in ann.name("group", small_groups(ann)[0])  # an admin knows whose it is, from the roster


def test_a_member_makes_one_for_others_by_no_means(office: Office) -> None:
    ann, ben, cy = team(office)
    dee = office.join(ann, "dee", "Dee Duarte")
    role = office.role(ben, "Manager")
    with pytest.raises(NotAllowed):
        ben.actions.create_small_group([cy.me, dee.me], role)
    with pytest.raises(NotAllowed):
        ben.actions.create_small_group([ben.me, cy.me, dee.me], role)
    group = ben.actions.create_small_group([ben.me, cy.me], role)
    with pytest.raises(NotAllowed):  # no third
        ben.actions.set_role(dee.me, group, role)
    with pytest.raises(NotAllowed):  # the second decides nothing
        cy.actions.set_role(dee.me, group, role)


def test_an_admin_gets_in_by_nothing_that_he_signs(office: Office) -> None:
    ann, ben, cy = team(office)
    ann.actions.set_standing(cy.me, Standing.ADMIN)
    assert cy.sync_now() and ben.sync_now()
    key = deal(ben)
    ben.acts.sharing.share([key], None)
    now = moved(ben, key)
    assert cy.sync_now()
    with pytest.raises(NotAllowed):
        cy.actions.set_role(cy.me, now.log.group, office.role(cy, "Manager"))
    with pytest.raises(NotAllowed):
        cy.actions.set_role(ann.me, now.log.group, office.role(cy, "Manager"))
    assert len(ben.acts.sharing.who_sees(now)) == 1


def test_who_was_the_second_reads_nothing_that_is_written_later(office: Office) -> None:
    _ann, ben, cy = team(office)
    key = deal(ben)
    ben.acts.sharing.share([key], cy.me)
    now = moved(ben, key)
    wait_until(lambda: title(cy, now) == "Cranes")
    ben.actions.set_role(cy.me, now.log.group, None)
    with ben.editor.action() as action:
        action.put(now, {"name": "After Cy"})
    assert ben.sync_now() and cy.sync_now()
    assert title(cy, now) == "Cranes"
    with cy.vault.store.read() as tx:
        old = max(cy.vault.exchange.desk.logs.keys(tx, now.log))
    with ben.vault.store.read() as tx:
        assert max(ben.vault.exchange.desk.logs.keys(tx, now.log)) == old + 1
    assert ben.place_words(now.log) == "Private"


def test_a_mark_into_a_small_group_of_others_is_finished_by_nobody(office: Office) -> None:
    """Cy, an outsider with a changed program, marks a record as moved into Ben's private place, or out of it."""
    _ann, ben, cy = team(office)
    mine = deal(ben)
    ben.acts.sharing.share([mine], None)
    now = moved(ben, mine)
    wait_until(lambda: ben.acts.margins.one(now) is not None)
    (private,) = small_groups(ben)
    key = deal(cy, "Smuggled")
    wait_until(lambda: title(ben, key) == "Smuggled")
    target = LogId(private, key.log.compartment)
    with cy.editor.action() as action:
        action.move(key, target)
    assert cy.sync_now() and ben.sync_now()
    assert not ben.vault.finish_moves()
    assert [record.title for record in ben.records.window(Query("deal"))] == ["Cranes"]


def test_what_is_private_stays_so_after_a_crash_between_mark_and_copy(office: Office) -> None:
    _ann, ben, cy = team(office)
    key = deal(ben)
    wait_until(lambda: not ben.pending())
    ben.actions.create_small_group([ben.me], office.role(ben, "Manager"))
    ben.stop_sync()
    done: Moved = ben.acts.moving.perform(ben.acts.sharing.plan([key], None))
    assert done.keys == [key]
    ben = office.reopen("ben")  # nothing had been sent
    assert ben.sync_now()
    now = moved(ben, key)
    wait_until(lambda: (found := ben.acts.margins.one(now)) is not None and found.fields["cost"] == 5_0000)
    wait_until(lambda: bool(ben.records.related(now.ref, ("note",))))
    wait_until(lambda: cy.sync_now() and cy.records.count(Query("deal")) == 0)
