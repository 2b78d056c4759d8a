"""Rows after commits and waiting parts came in any order: always the fold of the log, with what waits on top."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.operations import Body, Delete, Moved, Operation, Put, Restore, Value, parse_body
from tests.vault.store.desk import (
    ANN,
    ANNS_DEVICE,
    BEN,
    BENS_DEVICE,
    CONTACTS,
    KEY,
    ME,
    MY_DEVICE,
    SALES,
    SCHEMA,
    Desk,
    header,
    rid,
)
from vault.store import RecordKey, Store, Tx, refold
from vault.store.fold import fold
from vault.store.rows import load
from vault.store.state import PENDING, RecordState, encode_state

TYPES = ("deal", "person", "mystery")


def shown(tx: Tx, desk: Desk) -> dict[tuple[str, bytes], RecordState]:
    number = desk.store.numbers.log(tx, SALES)
    found = {}
    for name in TYPES:
        for key, row in load(tx, desk.folder.tables, name, number, [rid(n) for n in range(4)]).items():
            assert row.state is not None
            found[name, key] = row.state
    return found


def expected(tx: Tx, desk: Desk, *, waiting: bool = True) -> dict[tuple[str, bytes], RecordState]:
    """By the pure fold: the commits that count, then the parts that wait."""
    states: dict[tuple[str, bytes], RecordState | None] = {}
    for commit in desk.logs.commits(tx, SALES, aside=False):
        assert commit.body is not None
        body = parse_body(commit.body)
        author = desk.store.numbers.author(tx, commit.member, commit.device)
        for operation in body.operations:
            name = (operation.type, operation.record)
            states[name] = fold(states.get(name), operation, (commit.position, author, body.time))
    for part in desk.outbox.waiting(tx, SALES) if waiting else []:
        for operation in part.operations:
            name = (operation.type, operation.record)
            stamp = (PENDING + part.id, desk.folder.own_author(tx), part.time)
            states[name] = fold(states.get(name), operation, stamp)
    return {name: state for name, state in states.items() if state is not None}


def check(desk: Desk) -> None:
    with desk.store.write() as tx:
        assert shown(tx, desk) == expected(tx, desk)
        if not desk.outbox.waiting(tx):
            assert tx.all("SELECT * FROM pending") == [] and tx.all("SELECT * FROM shadow") == []


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    name, record, seen = draw(st.sampled_from(TYPES)), rid(draw(st.integers(0, 3))), draw(st.integers(0, 6))
    kind = draw(st.integers(0, 8))
    if kind < 6:
        values: dict[str, Value] = {
            field: draw(st.sampled_from([None, "x", "y", 3]))
            for field in draw(st.sets(st.sampled_from(["name", "amount", "future"]), min_size=1))
        }
        return Put(name, record, values, seen)
    if kind == 6:
        return Delete(name, record, seen)
    return Restore(name, record, seen) if kind == 7 else Moved(name, record, CONTACTS.encode(), seen)


def edit(desk: Desk, operations: list[Operation]) -> None:
    """Own operations, with `seen` limited to what was seen."""
    head = desk.positions.get(SALES, 0)
    limited: list[Operation] = []
    for one in operations:
        if isinstance(one, Put):
            one = Put(one.type, one.record, one.fields, min(one.seen, head))
        elif isinstance(one, Delete | Restore):
            one = type(one)(one.type, one.record, min(one.seen, head))
        limited.append(one)
    with desk.store.write() as tx:
        action = next(desk.clock).to_bytes(16, "big")
        desk.folder.overlay(tx, desk.outbox.enqueue(tx, [(SALES, limited)], action, next(desk.clock)))


steps = st.lists(
    st.tuples(
        st.sampled_from(["mine", "mine", "theirs", "land", "reject"]),
        st.lists(operations(), min_size=1, max_size=4),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_any_order_of_arrival_shows_the_fold_with_what_waits_on_top(
    story: list[tuple[str, list[Operation], bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Store.create(Path(folder) / "vault.db", KEY, SCHEMA))
        try:
            for what, some, flag in story:
                play(desk, what, some, flag)
                check(desk)
            desk.send()
            check(desk)
            before = snapshot(desk)
            with desk.store.write() as tx:
                assert not refold(tx, desk.folder, SALES)
            assert snapshot(desk) == before
        finally:
            desk.store.close()


def play(desk: Desk, what: str, some: list[Operation], flag: bool) -> None:
    if what == "mine":
        edit(desk, some)
    elif what == "theirs":
        desk.arrive(SALES, *some, by=(ANN, ANNS_DEVICE) if flag else (BEN, BENS_DEVICE))
    else:
        signed = desk.sign_one()
        if signed is None:
            return
        part, counter = signed
        if what == "land":
            desk.read_back(part, counter)
        else:
            with desk.store.write() as tx:
                desk.positions[SALES] = desk.positions.get(SALES, 0) + 1
                position = desk.positions[SALES]
                desk.logs.save_commit(tx, SALES, position, ME, MY_DEVICE, header(), b"s", None, "permission")
                desk.folder.reject(tx, SALES, counter, "permission")


def snapshot(desk: Desk) -> list[object]:
    """Everything that the fold derives."""
    with desk.store.write() as tx:
        found: list[object] = [sorted((name, encode_state(s)) for name, s in shown(tx, desk).items())]
        found.append(tx.all("SELECT * FROM history ORDER BY 1, 2"))
        found.append(tx.all("SELECT id, hidden, flags, title, c_name, c_amount FROM r_deal ORDER BY id"))
        return found


def test_own_parts_that_land_leave_the_rows_alone(desk: Desk) -> None:
    with desk.editor.action() as action:
        key = action.create("deal", SALES, {"name": "Big", "amount": 5})
    before = data_of(desk)
    desk.send()
    assert data_of(desk) == before
    record = desk.records.get(key)
    assert record is not None and not record.pending and record.created.position == 1


def test_confirmed_state_is_kept_apart_only_while_something_waits(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="Old", amount=1)
    with desk.editor.action() as action:
        action.put(key, {"name": "New"})
    with desk.store.read() as tx:
        assert tx.number("SELECT count(*) FROM shadow") == 1
    desk.arrive(SALES, Put("deal", key.id, {"amount": 9}, 1))
    record = desk.records.get(key)
    assert record is not None and record.fields == {"name": "New", "amount": 9} and record.pending
    desk.send()
    with desk.store.read() as tx:
        assert tx.number("SELECT count(*) FROM shadow") == 0
    record = desk.records.get(key)
    assert record is not None and record.fields == {"name": "New", "amount": 9} and not record.pending


def test_conflict_shows_while_the_own_change_waits_and_after(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="Old")
    with desk.editor.action() as action:
        action.put(key, {"name": "Mine"})
    assert desk.arrive(SALES, Put("deal", key.id, {"name": "Theirs"}, 1)).conflicts == 1
    for _ in range(2):
        (conflict,) = desk.history.conflicts(key)
        assert (conflict.value, [value for value, _ in conflict.kept]) == ("Mine", ["Theirs"])
        desk.send()
    assert desk.history.conflict_count() == 1
    with desk.editor.action() as action:
        action.settle(conflict, "Theirs")
    assert desk.history.conflicts(key) == []
    desk.send()
    assert desk.history.conflicts(key) == []


def test_rejected_part_goes_back_to_what_is_confirmed_and_is_kept(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="Old")
    with desk.editor.action() as action:
        action.put(key, {"name": "New"})
        made = action.create("deal", SALES, {"name": "Never"})
    ((part, counter),) = desk.sign()
    with desk.store.write() as tx:
        desk.folder.reject(tx, SALES, counter, "permission")
    record = desk.records.get(key)
    assert record is not None and record.fields == {"name": "Old"}
    assert desk.records.get(made) is None
    assert desk.search.search("never") == []
    with desk.store.read() as tx:
        (kept,) = desk.outbox.rejected(tx)
        assert kept.rejected == "permission" and kept.operations == part.operations
        assert desk.outbox.signed(tx) == []


def test_foreign_body_under_an_own_counter_is_folded_and_the_part_signed_anew(desk: Desk) -> None:
    with desk.editor.action() as action:
        key = action.create("deal", SALES, {"name": "Mine"})
    ((_, counter),) = desk.sign()
    other = Put("deal", rid(9), {"name": "From the restored copy"}, 0)
    with desk.store.write() as tx:
        desk.folder.apply(tx, SALES, 1, ME, MY_DEVICE, counter, Body(b"x" * 16, 1, 1, 1, [other]))
        (part,) = desk.outbox.unsigned(tx)
        assert part.operations[0].record == key.id
    assert desk.records.get(RecordKey(SALES, "deal", rid(9))) is not None


def test_refold_without_a_commit_set_aside(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="Good")
    desk.arrive(SALES, Put("deal", key.id, {"name": "Bad"}, 1), by=(BEN, BENS_DEVICE))
    desk.made(SALES, "deal", 2, name="Bad too")
    with desk.editor.action() as action:
        action.put(key, {"amount": 4})
    with desk.store.write() as tx:
        desk.logs.set_aside(tx, SALES, 2, "cut")
        desk.logs.set_aside(tx, SALES, 3, "cut")
        refold(tx, desk.folder, SALES)
    check(desk)
    record = desk.records.get(key)
    assert record is not None and record.fields == {"name": "Good", "amount": 4}
    assert desk.search.search("bad") == []
    with desk.store.read() as tx:
        assert [commit.position for commit in desk.logs.commits_aside(tx)] == [2, 3]


def test_unknown_types_and_fields_are_stored(desk: Desk) -> None:
    desk.arrive(SALES, Put("mystery", rid(1), {"shape": {"sides": 5}}, 0))
    desk.arrive(SALES, Put("mystery", rid(1), {"colour": "red"}, 1))
    record = desk.records.get(RecordKey(SALES, "mystery", rid(1)))
    assert record is not None and record.fields == {"shape": {"sides": 5}, "colour": "red"}


def test_values_of_a_wrong_kind_are_kept_but_make_no_column(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name=5, amount="a lot", stage=True, company={"x": 1}, closes=7)
    desk.arrive(SALES, Put("deal", key.id, {"amount": 1 << 64 - 1}, 1))
    record = desk.records.get(key)
    assert record is not None and record.title == ""
    with desk.store.read() as tx:
        assert tx.one("SELECT c_name, c_amount, c_stage, c_company, c_closes FROM r_deal") == (None,) * 5


def data_of(desk: Desk) -> list[bytes]:
    with desk.store.read() as tx:
        return [cast(bytes, row[0]) for row in tx.all("SELECT data FROM states")]
