"""The rules of the fold, by example and by property."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from protocol.operations import Delete, Erase, Moved, Operation, Put, Restore, Value
from tests.vault.store.desk import CONTACTS, SALES, rid
from vault.store.fold import fold, same
from vault.store.state import PENDING, RecordState, Stamp, decode_state, encode_state, settle

R = rid(1)


def put(seen: int, **fields: Value) -> Put:
    return Put("deal", R, dict(fields), seen)


def run(*steps: tuple[Operation, Stamp]) -> RecordState:
    state: RecordState | None = None
    for operation, stamp in steps:
        state = fold(state, operation, stamp)
    assert state is not None
    return state


def at(position: int, author: int) -> Stamp:
    return (position, author, position * 10)


def kept(state: RecordState) -> list[tuple[str, Value]]:
    return [(entry.field, entry.value) for entry in state.kept]


def test_later_position_wins_field_by_field() -> None:
    state = run((put(0, a=1, b=1), at(1, 1)), (put(1, b=2), at(2, 2)))
    assert state.fields == {"a": 1, "b": 2}
    assert (state.stamp_of("a")[0], state.stamp_of("b")[0]) == (1, 2)
    assert not state.kept


def test_unseen_change_by_another_is_a_conflict_and_the_newer_stands() -> None:
    state = run((put(0, a=1), at(1, 1)), (put(1, a=2), at(2, 2)), (put(1, a=3), at(3, 1)))
    assert state.fields["a"] == 3
    assert kept(state) == [("a", 2)]


def test_own_unseen_change_is_no_conflict() -> None:
    assert not run((put(0, a=1), at(1, 1)), (put(0, a=2), at(2, 1))).kept


def test_equal_values_are_no_conflict() -> None:
    state = run((put(0, a=1), at(1, 1)), (put(1, a=2), at(2, 2)), (put(1, a=2), at(3, 1)))
    assert not state.kept
    assert state.stamp_of("a")[0] == 3


def test_true_and_one_are_different_values() -> None:
    assert not same(True, 1)
    assert not same({"a": 1}, {"a": True})
    assert same({"a": None, "b": "x"}, {"b": "x", "a": None})


def test_put_that_has_seen_both_settles() -> None:
    steps = [(put(0, a=1), at(1, 1)), (put(1, a=2), at(2, 2)), (put(1, a=3), at(3, 1))]
    assert kept(run(*steps, (put(3, a=2), at(4, 2)))) == []


def test_put_that_has_seen_neither_adds_to_the_conflict() -> None:
    steps = [(put(0, a=1), at(1, 1)), (put(1, a=2), at(2, 2)), (put(1, a=3), at(3, 1))]
    assert kept(run(*steps, (put(1, a=4), at(4, 3)))) == [("a", 2), ("a", 3)]


def test_own_next_put_without_having_seen_the_other_leaves_the_conflict() -> None:
    state = run(
        (put(0, a=0), at(1, 1)), (put(1, a=2), at(2, 2)), (put(1, a=3), at(3, 1)), (put(1, a=4), at(4, 1))
    )
    assert kept(state) == [("a", 2)]
    assert state.fields["a"] == 4


def test_items_of_lists_do_not_conflict_with_each_other() -> None:
    first: Value = {"value": "1"}
    second: Value = {"value": "2"}
    state = run(
        (put(0, name="x"), at(1, 1)),
        (Put("deal", R, {"phones/a": first}, 1), at(2, 1)),
        (Put("deal", R, {"phones/b": second}, 1), at(3, 2)),
    )
    assert state.fields["phones/a"] == first and state.fields["phones/b"] == second
    assert not state.kept


def test_clearing_against_a_change_is_a_conflict() -> None:
    state = run((put(0, a=1), at(1, 1)), (put(1, a=None), at(2, 2)), (put(1, a=3), at(3, 1)))
    assert kept(state) == [("a", None)]


def test_only_restore_revives() -> None:
    delete, restore = Delete("deal", R, 1), Restore("deal", R, 2)
    state = run((put(0, a=1), at(1, 1)), (delete, at(2, 2)), (put(1, a=2), at(3, 1)))
    assert state.deleted and state.edited_after and state.fields["a"] == 2
    state = fold(state, restore, at(4, 1))
    assert not state.deleted and not state.edited_after and state.fields["a"] == 2


def test_deletion_that_had_not_seen_a_change_marks_the_record() -> None:
    state = run((put(0, a=1), at(1, 1)), (put(1, a=2), at(2, 2)), (Delete("deal", R, 1), at(3, 1)))
    assert state.deleted and state.edited_after
    state = run((put(0, a=1), at(1, 1)), (put(1, a=2), at(2, 2)), (Delete("deal", R, 2), at(3, 1)))
    assert state.deleted and not state.edited_after


def test_first_mark_of_a_move_wins_and_later_puts_are_kept() -> None:
    first, second = Moved("deal", R, CONTACTS.encode(), 1), Moved("deal", R, SALES.encode(), 1)
    state = run((put(0, a=1), at(1, 1)), (first, at(2, 1)), (second, at(3, 2)), (put(1, a=5), at(4, 2)))
    assert state.moved == (CONTACTS.encode(), at(2, 1))
    assert state.edited_after and state.fields["a"] == 5


def test_after_an_erase_everything_is_void() -> None:
    state = run((put(0, a=1), at(1, 1)), (Erase("deal", R), at(2, 1)), (put(2, a=2), at(3, 2)))
    assert state.erased and state.fields == {}
    assert fold(state, Restore("deal", R, 3), at(4, 1)) is state


def test_unknown_fields_survive() -> None:
    state = run((Put("deal", R, {"from-the-future": {"deep": 1}}, 0), at(1, 1)), (put(1, a=1), at(2, 1)))
    assert state.fields["from-the-future"] == {"deep": 1}


# properties

_values = st.one_of(st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "x"]))


@st.composite
def logs(draw: st.DrawFn, size: int = 12) -> list[tuple[Operation, Stamp]]:
    """A log of one record: operations by three authors, each with a `seen` before its position."""
    steps: list[tuple[Operation, Stamp]] = []
    for position in range(1, draw(st.integers(1, size)) + 1):
        author = draw(st.integers(1, 3))
        seen = draw(st.integers(0, position - 1))
        kind = draw(st.integers(0, 11))
        operation: Operation
        if kind <= 7:
            operation = Put(
                "deal", R, draw(st.dictionaries(st.sampled_from("abc"), _values, max_size=3)), seen
            )
        elif kind == 8:
            operation = Delete("deal", R, seen)
        elif kind == 9:
            operation = Restore("deal", R, seen)
        elif kind == 10:
            operation = Moved("deal", R, draw(st.sampled_from([SALES, CONTACTS])).encode(), seen)
        else:
            operation = Erase("deal", R) if draw(st.integers(0, 5)) == 0 else Put("deal", R, {"a": 1}, seen)
        steps.append((operation, at(position, author)))
    return steps


@given(logs())
def test_standing_values_are_those_of_the_latest_put(steps: list[tuple[Operation, Stamp]]) -> None:
    state = run(*steps)
    if state.erased:
        assert state.fields == {} and state.kept == []
        return
    wanted: dict[str, Value] = {}
    for operation, _ in steps:
        if isinstance(operation, Put):
            wanted.update(operation.fields)
    assert state.fields == wanted


@given(logs())
def test_kept_values_differ_from_what_stands_and_come_from_others(
    steps: list[tuple[Operation, Stamp]],
) -> None:
    state = run(*steps)
    for entry in state.kept:
        assert not same(entry.value, state.fields[entry.field])
        assert entry.stamp[0] < state.stamp_of(entry.field)[0]


@given(logs(), st.data())
def test_nothing_is_lost_unseen(steps: list[tuple[Operation, Stamp]], data: st.DataObject) -> None:
    """Whoever overwrites a value has seen it, wrote it, or it is kept."""
    state: RecordState | None = None
    for operation, stamp in steps:
        before = state
        state = fold(state, operation, stamp)
        if before is None or state.erased or not isinstance(operation, Put):
            continue
        for name, value in operation.fields.items():
            if name in before.fields:
                old = before.stamp_of(name)
                knew = old[0] <= operation.seen or old[1] == stamp[1]
                assert knew or same(before.fields[name], value) or (name, before.fields[name]) in kept(state)


@given(logs())
def test_fold_changes_nothing_in_place_and_survives_encoding(steps: list[tuple[Operation, Stamp]]) -> None:
    state: RecordState | None = None
    for operation, stamp in steps:
        frozen = None if state is None else encode_state(state)
        after = fold(state, operation, stamp)
        if state is not None:
            assert encode_state(state) == frozen
        assert decode_state(encode_state(after)) == after
        state = after


@given(logs(8), logs(4))
def test_waiting_parts_that_land_next_give_the_same_state(
    log: list[tuple[Operation, Stamp]], mine: list[tuple[Operation, Stamp]]
) -> None:
    """Folded as pending and then landed at the following positions = folded there."""
    base = run(*log)
    overlaid = landed = base
    for number, (operation, _) in enumerate(mine, 1):
        operation = limited(operation, len(log))
        overlaid = fold(overlaid, operation, (PENDING + number, 1, 7))
        landed = fold(landed, operation, (len(log) + number, 1, 7))
    assert settle(overlaid, lambda part: len(log) + part) == landed


def limited(operation: Operation, head: int) -> Operation:
    """The operation as made by somebody who saw the log up to `head` at most."""
    if isinstance(operation, Put):
        return Put(operation.type, operation.record, operation.fields, min(operation.seen, head))
    return operation
