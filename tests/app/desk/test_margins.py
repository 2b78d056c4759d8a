"""Commercial fields lie under keys of their own, and follow their record wherever it goes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from app.desk import Desk, NotAllowed
from app.desk.moving import Destination
from protocol.ids import Compartment, GroupId, Level, LogId, Permission, Reach
from protocol.operations import Value
from protocol.roster import Access
from tests.support.real_desks import Office, wait_until
from vault.store import Filter, Op, Query, RecordKey, Sort

CANARY = "terms-nobody-else-reads-7f31"
COST = 123_4567_8901


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def deal(desk: Desk, group: GroupId, name: str = "Cranes", **more: Value) -> RecordKey:
    with desk.editor.action() as action:
        key = action.create("deal", desk.home_for("deal", group), {"name": name, "amount": 90_0000})
        desk.acts.margins.put(action, key, {"cost": COST, "terms": CANARY, **more})
    return key


def cost(desk: Desk, key: RecordKey) -> object:
    found = desk.acts.margins.one(key)
    return None if found is None else found.fields.get("cost")


def moved(desk: Desk, key: RecordKey) -> RecordKey:
    wait_until(lambda: desk.acts.moving.now(key) not in (None, key))
    now = desk.acts.moving.now(key)
    assert now is not None
    return now


def west(office: Office, ann: Desk, name: str = "West") -> GroupId:
    return ann.actions.create_group(name, [(ann.me, office.role(ann, "Team Admin"))])


SALES_WITHOUT_MARGINS = [
    Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP),
    Access(Compartment.SALES, Level.WRITE, Reach.GROUP),
]


def seller(office: Office, ann: Desk, handle: str, groups: list[GroupId]) -> Desk:
    """Writes all deals of these groups, and reads no margins."""
    if "Seller" not in [role.name for role in ann.team().roles]:
        ann.actions.define_role("Seller", SALES_WITHOUT_MARGINS, Permission.DELETE | Permission.RESTORE)
    return office.join(ann, handle, handle.title(), [(group, office.role(ann, "Seller")) for group in groups])


def test_a_colleague_with_the_key_reads_and_changes_them(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = deal(ann, ann.team().groups[0].id)
    wait_until(lambda: cost(ben, key) == COST)
    assert ben.acts.margins.level(key) is Level.WRITE
    with ben.editor.action() as action:
        ben.acts.changing.put(action, key, {"cost": 7, "name": "Cranes, two"})
    wait_until(lambda: cost(ann, key) == 7)
    assert (ann.records.get(key) or pytest.fail()).title == "Cranes, two"


def test_two_desks_that_begin_them_at_once_make_one(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    with ann.editor.action() as action:
        key = action.create("deal", ann.home_for("deal", ann.team().groups[0].id), {"name": "Cranes"})
    wait_until(lambda: ben.records.get(key) is not None)
    office.server.kill()
    begun: list[tuple[Desk, dict[str, Value]]] = [(ann, {"cost": 5}), (ben, {"commission": 6})]
    for desk, fields in begun:
        with desk.editor.action() as action:
            desk.acts.margins.put(action, key, fields)
    office.server.start(office.port)
    ann.wake()
    ben.wake()
    for desk in (ann, ben):
        wait_until(partial(has_both, desk, key))


def has_both(desk: Desk, key: RecordKey) -> bool:
    found = desk.acts.margins.one(key)
    return found is not None and found.fields == {"cost": 5, "commission": 6}


def test_who_lacks_the_key_holds_no_byte_of_them(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    ned = seller(office, ann, "ned", [group])
    key = deal(ann, group)
    wait_until(lambda: ned.records.get(key) is not None)
    assert ned.sync_now()
    assert ned.acts.margins.level(key) is Level.NONE
    assert ned.acts.margins.one(key) is None
    assert not ned.acts.margins.open_to_me("deal")
    assert ned.records.count(Query("deal_margins")) == 0
    with ned.vault.store.read() as tx:
        tables = [str(row[0]) for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if table.startswith("search_") and not table.endswith("_content"):
                continue
            for row in tx.rows(f'SELECT * FROM "{table}"'):
                for value in row:
                    text = value if isinstance(value, bytes) else str(value).encode()
                    assert CANARY.encode() not in text
                    assert str(COST).encode() not in text
        with pytest.raises(NotAllowed), ned.editor.action() as action:
            ned.acts.margins.put(action, key, {"cost": 1})
    for path in [*(office.folder / "server").rglob("*"), *(office.folder / "ned").rglob("*")]:
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes()


def test_lists_filter_sort_and_sum_by_them(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    keys = [deal(ann, group, f"Deal {n}", cost=n * 10_000) for n in (3, 1, 2)]
    with ann.editor.action() as action:
        bare = action.create("deal", ann.home_for("deal", group), {"name": "Bare"})
    ordered = ann.records.window(Query("deal", sort=Sort("deal_margins.cost", descending=True)))
    assert [record.key for record in ordered] == [keys[0], keys[2], keys[1], bare]
    dear = Query("deal", (Filter("deal_margins.cost", Op.AT_LEAST, 20_000),))
    assert {record.key for record in ann.records.window(dear)} == {keys[0], keys[2]}
    assert ann.records.count(dear) == 2
    assert ann.records.aggregate(Query("deal"), "", "deal_margins.cost")[0].total == 60_000
    with ann.editor.action() as action:
        ann.acts.margins.put(action, keys[1], {"cost": 90_000})
    assert ann.records.count(dear) == 3
    page = ann.records.page(Query("deal", sort=Sort("deal_margins.cost")), limit=2)
    more = ann.records.page(Query("deal", sort=Sort("deal_margins.cost")), page.next, limit=2)
    assert [record.key for record in (*page.records, *more.records)] == [keys[2], keys[0], keys[1], bare]


def test_they_move_with_their_deal_and_back(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = west(office, ann)
    key = deal(ann, first)
    acts = ann.acts
    done = acts.moving.perform(acts.moving.plan([key], Destination(group=other)))
    now = moved(ann, key)
    wait_until(lambda: cost(ann, now) == COST)
    found = acts.margins.one(now)
    assert found is not None and found.key.log == LogId(other, Compartment.MARGINS) and found.key.id == now.id
    assert acts.moving.undo(done) == (1, 0)
    back = moved(ann, now)
    assert back.log == key.log
    wait_until(lambda: cost(ann, back) == COST)
    assert ann.records.count(Query("deal")) == 1 and ann.records.count(Query("deal_margins")) == 1


def test_the_next_desk_that_can_sends_them_after_a_deal_of_somebody_who_cannot(office: Office) -> None:
    """Within the group: from a shared place to a rep's own."""
    ann = office.found()
    group = ann.team().groups[0].id
    rob = office.join(ann, "rob", "Rob Roy", [(group, office.role(ann, "Sales rep"))])
    ned = seller(office, ann, "ned", [group])
    key = deal(ann, group)
    wait_until(lambda: ned.records.get(key) is not None)
    plan = ned.acts.moving.plan([key], Destination(owner=rob.me))
    ned.acts.moving.perform(plan)
    now = moved(ann, key)
    assert now.log.owner == rob.me
    wait_until(lambda: cost(ann, now) == COST)
    found = ann.acts.margins.one(now)
    assert found is not None and found.key.log == LogId(
        group, Compartment.MARGINS
    )  # reps have none of their own
    wait_until(lambda: rob.records.get(now) is not None)
    assert rob.acts.margins.level(now) is Level.NONE and rob.records.count(Query("deal_margins")) == 0


def test_who_cannot_read_them_does_not_have_them_carried_to_another_group(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = west(office, ann)
    ned = seller(office, ann, "ned", [first, other])
    key = deal(ann, first)
    wait_until(lambda: ned.records.get(key) is not None)
    ned.acts.moving.perform(ned.acts.moving.plan([key], Destination(group=other)))
    now = moved(ann, key)
    assert ann.vault.moves.follow() == 0  # nothing by itself
    assert cost(ann, now) is None
    assert [one.companion.log.group for one in ann.acts.margins.astray(now)] == [first]
    assert ned.acts.margins.astray(now) == []
    assert ann.acts.margins.bring(now) == 1  # ann wants it
    wait_until(lambda: cost(ann, now) == COST)
    assert ann.acts.margins.astray(now) == []


def test_a_planted_record_of_the_same_id_leads_them_nowhere(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob = office.join(ann, "rob", "Rob Roy", [(group, office.role(ann, "Sales rep"))])
    sue = office.join(ann, "sue", "Sue Li", [(group, office.role(ann, "Sales rep"))])
    key = deal(ann, group)
    with rob.editor.action() as action:
        planted = action.create("deal", rob.home_for("deal", group), {"name": "Mine"}, key.id)
        action.move(planted, LogId(group, Compartment.SALES, sue.me))
    assert rob.sync_now()
    wait_until(lambda: (found := ann.records.get(planted)) is not None and found.moved_mark is not None)
    assert ann.vault.moves.follow() == 0
    assert cost(ann, key) == COST


def test_an_edit_of_the_old_ones_after_the_move_is_carried_over(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = west(office, ann)
    admin = office.role(ann, "Team Admin")
    ben = office.join(ann, "ben", "Ben Brouwer", [(first, admin), (other, admin)])
    key = deal(ann, first)
    wait_until(lambda: cost(ben, key) == COST)
    ben.stop_sync()
    with ben.editor.action() as action:
        ben.acts.margins.put(action, key, {"cost": 42})
    ann.acts.moving.perform(ann.acts.moving.plan([key], Destination(group=other)))
    now = moved(ann, key)
    wait_until(lambda: cost(ann, now) == COST)
    ben.start_sync()
    wait_until(lambda: cost(ann, now) == 42)


def test_an_assistant_holds_neither_deals_nor_margins(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    eli = office.join(ann, "eli", "Eli", [(group, office.role(ann, "Assistant"))])
    key = deal(ann, group)
    with ann.editor.action() as action:
        person = action.create("person", ann.home_for("person", group), {"name": "Greta"})
    wait_until(lambda: eli.records.get(person) is not None)
    assert eli.sync_now() and eli.records.get(key) is None
    with eli.vault.store.read() as tx:
        logs = eli.vault.exchange.desk.logs.logs_with_keys(tx)
    assert not {log.compartment for log in logs} & {Compartment.MARGINS, Compartment.SALES}


def test_a_planted_record_keeps_them_from_no_move(office: Office) -> None:
    """Rob knows the id of the deal, and marks one of his own with the same id as moved."""
    ann = office.found()
    group = ann.team().groups[0].id
    other = west(office, ann)
    rob = office.join(ann, "rob", "Rob Roy", [(group, office.role(ann, "Sales rep"))])
    key = deal(ann, group)
    with rob.editor.action() as action:
        planted = action.create("deal", rob.home_for("deal", group), {"name": "Mine"}, key.id)
        action.move(planted, LogId(other, Compartment.SALES))
    assert rob.sync_now()
    wait_until(lambda: (found := ann.records.get(planted)) is not None and found.moved_mark is not None)
    ann.acts.moving.perform(ann.acts.moving.plan([key], Destination(group=other)))
    now = moved(ann, key)
    wait_until(lambda: cost(ann, now) == COST)


@pytest.mark.hostile
@pytest.mark.A36
def test_A36_a_planted_record_takes_nobodys_commercial_fields_along(office: Office) -> None:
    """Rob handed a deal over to Sue, so he knows its id there. He makes one of his own with that id, and asks Ann to
    put it where he reads margins: neither her program's move nor her edit of it touches what belongs to Sue's."""
    ann = office.found()
    group = ann.team().groups[0].id
    other = west(office, ann)
    rep = (group, office.role(ann, "Sales rep"))
    rob = office.join(ann, "rob", "Rob Roy", [rep, (other, office.role(ann, "Team Admin"))])
    sue = office.join(ann, "sue", "Sue Li", [rep])
    first = deal_of(ann, rob, group)
    rob.acts.moving.perform(rob.acts.moving.plan([first], Destination(owner=sue.me)))
    key = moved(ann, first)
    wait_until(lambda: cost(ann, key) == COST)
    with rob.editor.action() as action:
        planted = action.create("deal", rob.home_for("deal", group), {"name": "Mine"}, key.id)
    wait_until(lambda: ann.records.get(planted) is not None)
    with pytest.raises(NotAllowed), ann.editor.action() as action:
        ann.acts.margins.put(action, planted, {"cost": 1})
    ann.acts.moving.perform(ann.acts.moving.plan([planted], Destination(group=other)))
    now = moved(ann, planted)
    assert ann.sync_now()
    assert cost(ann, now) is None and cost(ann, key) == COST
    assert rob.sync_now() and rob.records.count(Query("deal_margins")) == 0
    second = int(time.time())
    wait_until(
        lambda: int(time.time()) > second + 1
    )  # moves of one second are not told apart, and stay behind
    ann.acts.moving.perform(ann.acts.moving.plan([key], Destination(owner=ann.me)))
    mine = moved(ann, key)
    wait_until(lambda: cost(ann, mine) == COST)


def deal_of(ann: Desk, rep: Desk, group: GroupId) -> RecordKey:
    """A rep's own deal, to which Ann writes what it costs."""
    with rep.editor.action() as action:
        key = action.create("deal", rep.home_for("deal", group), {"name": "Cranes"})
    wait_until(lambda: ann.records.get(key) is not None)
    with ann.editor.action() as action:
        ann.acts.margins.put(action, key, {"cost": COST, "terms": CANARY})
    return key


def test_a_preview_says_who_keeps_the_deal_and_loses_its_margins(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = west(office, ann)
    seller(office, ann, "ned", [])
    roles = [(first, office.role(ann, "Team Admin")), (other, office.role(ann, "Seller"))]
    office.join(ann, "mia", "Mia", roles)
    plan = ann.acts.moving.plan([deal(ann, first)], Destination(group=other))
    assert plan.sight.losses == ("Mia will no longer see its costs and margins.",)
    assert plan.sight.gains == ()
