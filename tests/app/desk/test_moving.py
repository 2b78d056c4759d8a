"""Moving records to another owner or group: what it says before, what it does, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.crm.draft import Draft, new_reference
from app.crm.errors import WriteRefused
from app.desk import Desk, NotAllowed, member_value
from app.desk.moving import Destination
from protocol.ids import Compartment, GroupId, Level, LogId, Permission, Reach
from protocol.operations import Value
from protocol.roster import Access
from tests.support.real_desks import Office, wait_until
from vault.store import Query, RecordKey


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def rep(office: Office, ann: Desk, handle: str, group: GroupId) -> Desk:
    return office.join(ann, handle, handle.title(), [(group, office.role(ann, "Sales rep"))])


def deal(desk: Desk, group: GroupId, name: str = "Cranes", owner: Desk | None = None) -> RecordKey:
    with desk.editor.action() as action:
        home = desk.home_for("deal", group, owner.me if owner else None)
        fields: dict[str, Value] = {"name": name, "amount": 90_0000}
        if owner is not None:
            fields["owner"] = member_value(owner.me)
        return action.create("deal", home, fields)


def moved(desk: Desk, key: RecordKey) -> RecordKey:
    wait_until(lambda: desk.acts.moving.now(key) not in (None, key))
    now = desk.acts.moving.now(key)
    assert now is not None
    return now


def title(desk: Desk, key: RecordKey) -> str:
    found = desk.records.get(key)
    return "" if found is None else found.title


def test_the_words_say_who_gains_and_who_loses(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob, sue = rep(office, ann, "rob", group), rep(office, ann, "sue", group)
    keys = [deal(ann, group, f"Deal {n}", rob) for n in range(3)]
    plan = ann.acts.moving.plan(keys, Destination(owner=sue.me))
    assert plan.sentences == (
        "3 deals go to Sue.",
        "Rob will no longer see them.",
        "Sue will see them.",
        "What was read until now may have been copied.",
    )
    assert len(plan.moves) == 3 and not plan.kept


def test_another_owner_takes_a_reps_deal_to_his_own_with_all_that_hangs_on_it(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob, sue = rep(office, ann, "rob", group), rep(office, ann, "sue", group)
    key = deal(ann, group, owner=rob)
    with ann.editor.action() as action:
        note = action.create("note", key.log, {"body": "Call them", "about": key.ref})
        action.create("task", key.log, {"title": "Offer", "about": key.ref})
    wait_until(lambda: title(rob, key) == "Cranes")
    with ann.editor.action() as action:
        assert ann.acts.changing.put(action, key, {"owner": member_value(sue.me)})
    now = moved(ann, key)
    assert now.log == ann.home_for("deal", group, sue.me)
    wait_until(lambda: title(sue, now) == "Cranes")
    wait_until(lambda: len(sue.records.related(now.ref)) == 2)
    fields = (sue.records.get(now) or pytest.fail()).fields
    assert fields["owner"] == member_value(sue.me)
    assert {one.key.log for one in sue.records.related(now.ref)} == {now.log}
    assert ann.records.resolve(key.ref) == now and ann.vault.mover.former(now) == [key]
    assert rob.sync_now()
    wait_until(lambda: rob.records.count(Query("deal")) == 0)
    assert rob.records.get(now) is None
    assert (rob.records.get(note) or pytest.fail()).moved_to == now.log


def test_a_rep_hands_over_what_he_cannot_bring_and_a_managers_desk_brings_it(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob, sue = rep(office, ann, "rob", group), rep(office, ann, "sue", group)
    key = deal(rob, group, owner=rob)
    plan = rob.acts.moving.owner_move(key, member_value(sue.me))
    assert plan is not None
    assert plan.waits_for.startswith("They arrive when Ann Achterberg is next online")
    rob.acts.moving.perform(plan)
    now = moved(ann, key)
    wait_until(lambda: title(sue, now) == "Cranes")
    assert rob.records.count(Query("deal")) == 0


def test_a_new_owner_where_all_is_shared_moves_nothing(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = deal(ann, ann.team().groups[0].id)
    assert ann.acts.moving.owner_move(key, member_value(ben.me)) is None
    with ann.editor.action() as action:
        assert not ann.acts.changing.put(action, key, {"owner": member_value(ben.me)})
    record = ann.records.get(key)
    assert record is not None and record.moved_to is None and record.fields["owner"] == member_value(ben.me)


def test_many_move_to_another_group_and_back(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    ben = office.join(ann, "ben", "Ben Brouwer")
    keys = [deal(ann, first, f"Deal {n}") for n in range(120)]
    wait_until(lambda: ben.records.count(Query("deal")) == 120)
    plan = ann.acts.moving.plan(keys, Destination(group=other))
    assert plan.sentences[:2] == ("120 deals go to West.", "Ben Brouwer will no longer see them.")
    heard: list[tuple[int, int]] = []
    done = ann.acts.moving.perform(plan, lambda now, total: heard.append((now, total)))
    assert heard == [(100, 120), (120, 120)]
    wait_until(lambda: all(ann.acts.moving.now(key) not in (None, key) for key in keys))
    wait_until(lambda: ben.records.count(Query("deal")) == 0)
    assert ann.acts.moving.undo(done) == (120, 0)
    wait_until(lambda: ben.records.count(Query("deal")) == 120)
    wait_until(lambda: ann.records.count(Query("deal")) == 120)


def test_cancelled_in_between_keeps_what_is_done(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    keys = [deal(ann, first, f"Deal {n}") for n in range(150)]
    plan = ann.acts.moving.plan(keys, Destination(group=other))
    answers = iter((False, True))
    done = ann.acts.moving.perform(plan, cancelled=lambda: next(answers))
    assert done.cancelled and len(done.keys) == 100


def test_what_may_not_be_moved_is_listed_with_the_reason(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    reads = office.role(ann, "Read only")
    manages = office.role(ann, "Manager")
    cy = office.join(ann, "cy", "Cy", [(first, reads), (other, manages)])
    here, there = deal(ann, first, "Here"), deal(ann, other, "There")
    wait_until(lambda: title(cy, here) == "Here" and title(cy, there) == "There")
    plan = cy.acts.moving.plan([here, there], Destination(group=other))
    assert not plan.moves
    assert {kept.reason for kept in plan.kept} == {
        "your role lets you read these, not change them.",
        "they are there already.",
    }
    away = cy.acts.moving.plan([there], Destination(group=first))
    assert [kept.reason for kept in away.kept] == [
        f"your role does not let you write in {cy.name('group', first)}."
    ]


def test_whoever_may_not_delete_takes_nothing_away_from_a_group(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    writes = [Access(Compartment.SALES, Level.WRITE, Reach.GROUP)]
    ann.actions.define_role("Writer", writes, Permission(0))
    role = office.role(ann, "Writer")
    office.join(ann, "ben", "Ben Brouwer")  # sees the one group only
    wes = office.join(ann, "wes", "Wes", [(first, role), (other, role)])
    key = deal(ann, first)
    wait_until(lambda: title(wes, key) == "Cranes")
    plan = wes.acts.moving.plan([key], Destination(group=other))
    assert [kept.reason for kept in plan.kept] == [
        f"your role does not let you take records away from {wes.name('group', first)}."
    ]


def test_an_owner_who_has_no_place_there_is_refused_in_words(office: Office) -> None:
    """A rep alone in his group: nobody could put his deal among those of the other."""
    ann = office.found()
    role = office.role(ann, "Sales rep")
    admin = office.role(ann, "Team Admin")
    other = ann.actions.create_group("East", [(ann.me, admin)])
    rob = office.join(ann, "rob", "Rob", [(other, role)])
    sue = office.join(ann, "sue", "Sue", [(other, role)])
    ann.actions.set_role(ann.me, other, None)
    assert rob.sync_now()
    key = deal(rob, other, owner=rob)
    with pytest.raises(NotAllowed, match="nobody here may put them"), rob.editor.action() as action:
        rob.acts.changing.put(action, key, {"owner": member_value(sue.me)})
    assert (rob.records.get(key) or pytest.fail()).moved_to is None


def test_a_file_goes_along_and_opens_for_whoever_has_not_read_the_old_place(
    office: Office, tmp_path: Path
) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob, sue = rep(office, ann, "rob", group), rep(office, ann, "sue", group)
    key = deal(ann, group, owner=rob)
    original = tmp_path / "offer.pdf"
    original.write_bytes(bytes(range(256)) * 3_000)
    ann.attachments.attach(key, original)
    wait_until(lambda: not ann.attachments.waiting())
    ann.acts.moving.perform(ann.acts.moving.plan([key], Destination(owner=sue.me)))
    now = moved(ann, key)
    wait_until(lambda: bool(sue.records.related(now.ref, ("file",))))
    wait_until(lambda: not ann.vault.moves.content_due() and not ann.attachments.waiting())
    file = sue.records.related(now.ref, ("file",))[0]
    sue.attachments.save(file.key, tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == original.read_bytes()
    assert file.key.log == LogId(group, now.log.compartment, sue.me)


def test_an_import_that_names_another_owner_hands_over_too(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob, sue = rep(office, ann, "rob", group), rep(office, ann, "sue", group)
    key = deal(ann, group, owner=rob)
    ann.writer(group).write(
        [Draft("deal", "1", {"owner": "Sue", "amount": 5_0000}, record=key.ref, exists=True)]
    )
    now = moved(ann, key)
    assert now.log.owner == sue.me
    wait_until(lambda: (found := sue.records.get(now)) is not None and found.fields["amount"] == 5_0000)


def test_an_import_of_costs_without_the_right_is_refused_in_words(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob = rep(office, ann, "rob", group)
    draft = Draft("deal", "1", {"name": "Cranes", "cost": 5_0000}, record=new_reference("deal"))
    with pytest.raises(WriteRefused, match="costs and margins there. Leave out the columns"):
        rob.writer(group).write([draft])
    assert rob.records.count(Query("deal")) == 0
    ann.writer(group).write([draft])
    assert ann.records.aggregate(Query("deal"), "", "deal_margins.cost")[0].total == 5_0000
