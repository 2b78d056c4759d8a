"""Editing: one action is one transaction; what it may do to records in which state."""

from __future__ import annotations

import pytest

from protocol.limits import MAX_VALUE
from protocol.operations import Delete, Erase, Moved, Put, Value
from tests.vault.store.desk import CONTACTS, SALES, Desk, rid
from vault.store import Changes, Draft, Editor, NotAllowedHere, NotFound, Query, RecordKey, TooLarge


def waiting(desk: Desk) -> list[list[object]]:
    with desk.store.read() as tx:
        return [list(part.operations) for part in desk.outbox.waiting(tx)]


def test_action_over_two_logs_is_one_action_with_two_parts(desk: Desk) -> None:
    with desk.editor.action() as action:
        person = action.create("person", CONTACTS, {"name": "Pat"})
        action.create("deal", SALES, {"name": "Deal"})
        action.put(person, {"vip": True})
    with desk.store.read() as tx:
        first, second = desk.outbox.waiting(tx)
    assert first.action == second.action and (first.part, second.part, first.parts) == (1, 2, 2)
    assert [type(one) for one in first.operations] == [Put, Put]
    record = desk.records.get(person)
    assert record is not None and record.fields == {"name": "Pat", "vip": True} and record.pending


def test_error_in_the_block_or_at_its_end_does_nothing(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError), desk.editor.action() as action:
        action.create("deal", SALES, {"name": "x"})
        raise ZeroDivisionError
    with pytest.raises(NotFound), desk.editor.action() as action:
        action.create("deal", SALES, {"name": "x"})
        action.put(RecordKey(SALES, "deal", rid(5)), {"name": "y"})
    assert waiting(desk) == [] and desk.records.count(Query("deal")) == 0


def test_values_that_are_there_already_are_left_out(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="Same", amount=1)
    with desk.editor.action() as action:
        action.put(key, {"name": "Same"})
    assert waiting(desk) == []
    with desk.editor.action() as action:
        action.put(key, {"name": "Same", "amount": 2})
    assert waiting(desk) == [[Put("deal", key.id, {"amount": 2}, 1)]]


def test_seen_is_that_of_the_record_shown(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="First")
    shown = desk.records.get(key)
    assert shown is not None
    desk.arrive(SALES, Put("deal", key.id, {"name": "Theirs"}, 1))
    with desk.editor.action() as action:
        action.put(key, {"name": "Mine"}, seen=shown.seen)
    (conflict,) = desk.history.conflicts(key)
    assert (conflict.key, conflict.value, conflict.kept[0][0]) == (key, "Mine", "Theirs")
    assert conflict.mark.position is None and conflict.kept[0][1].position == 2


def test_settling_with_the_standing_value_is_written_too(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="First")
    desk.arrive(SALES, Put("deal", key.id, {"name": "Theirs"}, 1))
    desk.arrive(SALES, Put("deal", key.id, {"name": "Bens"}, 1), by=(b"b" * 16, b"c" * 16))
    (conflict,) = desk.history.conflicts(key)
    with desk.editor.action() as action:
        action.settle(conflict, conflict.value)
    assert desk.history.conflict_count() == 0
    desk.send()
    assert desk.history.conflict_count() == 0


def test_settling_does_not_hide_what_came_after_it_was_shown(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="First")
    desk.arrive(SALES, Put("deal", key.id, {"name": "Theirs"}, 1))
    desk.arrive(SALES, Put("deal", key.id, {"name": "Bens"}, 1), by=(b"b" * 16, b"c" * 16))
    (conflict,) = desk.history.conflicts(key)
    desk.arrive(SALES, Put("deal", key.id, {"name": "Once more"}, 3))
    with desk.editor.action() as action:
        action.settle(conflict, "Bens")
    (left,) = desk.history.conflicts(key)
    assert (left.value, [value for value, _ in left.kept]) == ("Bens", ["Once more"])


def test_deleted_moved_and_erased_records_are_not_edited(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="x")
    for operation in (
        Delete("deal", key.id, 1),
        Moved("deal", key.id, CONTACTS.encode(), 1),
        Erase("deal", key.id),
    ):
        desk.arrive(SALES, operation)
        with pytest.raises(NotAllowedHere), desk.editor.action() as action:
            action.put(key, {"name": "y"})
    with pytest.raises(NotAllowedHere), desk.editor.action() as action:
        action.create("deal", SALES, {}, id=key.id)


def test_delete_and_restore(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="x")
    with desk.editor.action() as action:
        action.delete(key)
        action.delete(key)
    record = desk.records.get(key)
    assert record is not None and record.deleted and len(waiting(desk)[0]) == 1
    with desk.editor.action() as action:
        action.restore(key)
    record = desk.records.get(key)
    assert record is not None and not record.deleted
    desk.send()
    assert desk.records.count(Query("deal")) == 1


@pytest.mark.parametrize("value", [1.5, b"bytes", ["list"], {"a": 1.5}, 1 << 63, "\ud800"])
def test_values_that_the_format_has_not(desk: Desk, value: Value) -> None:
    with pytest.raises(ValueError), desk.editor.action() as action:
        action.create("deal", SALES, {"name": value})


def test_too_large(desk: Desk) -> None:
    with pytest.raises(TooLarge), desk.editor.action() as action:
        action.create("deal", SALES, {"name": "x" * (MAX_VALUE + 1)})
    with pytest.raises(TooLarge), desk.editor.action() as action:
        action.create("deal", SALES, {str(number): "x" * MAX_VALUE for number in range(4)})
    assert waiting(desk) == []


def test_large_action_is_split_into_parts_that_fit_a_commit(desk: Desk) -> None:
    with desk.editor.action() as action:
        for _ in range(5):
            action.create("person", CONTACTS, {"photo": "x" * 500_000})
    with desk.store.read() as tx:
        parts = desk.outbox.waiting(tx)
    assert [(part.part, part.parts, len(part.operations)) for part in parts] == [
        (1, 3, 2),
        (2, 3, 2),
        (3, 3, 1),
    ]
    desk.send()
    assert desk.records.count(Query("person")) == 5


def test_bulk_in_thousands_with_progress_and_cancel(desk: Desk) -> None:
    heard: list[int] = []
    drafts = [Draft("deal", SALES, {"name": f"d{number}"}, rid(number)) for number in range(2_500)]
    assert desk.editor.bulk(drafts, heard.append) == 2_500
    assert heard == [1_000, 2_000, 2_500]
    assert desk.records.count(Query("deal")) == 2_500
    again = [Draft("deal", SALES, {"name": "d0"}, rid(0)), Draft("deal", SALES, {"name": "new"}, rid(1))]
    desk.editor.bulk(again)
    assert desk.records.count(Query("deal")) == 2_500
    assert waiting(desk)[-1] == [Put("deal", rid(1), {"name": "new"}, 0)]
    assert desk.editor.bulk(drafts, cancelled=lambda: True) == 0
    desk.send()
    assert desk.records.count(Query("deal")) == 2_500


def test_listeners_hear_after_the_disk_has_it(desk: Desk) -> None:
    heard: list[Changes] = []
    editor = Editor(desk.store, desk.folder, changed=heard.append)
    with editor.action() as action:
        key = action.create("deal", SALES, {"name": "x"})
        assert heard == []
    assert heard[0].records == {key} and heard[0].complete
