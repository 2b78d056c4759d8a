"""History of a record: who, when, old and new; with what waits."""

from __future__ import annotations

from protocol.operations import Delete, Put, Restore
from tests.vault.store.desk import BEN, BENS_DEVICE, ME, SALES, Desk, rid
from vault.store import Did, FieldChange, RecordKey


def test_history_tells_each_commit_and_what_waits(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="One", amount=1)
    desk.made(SALES, "deal", 2, name="Another")
    desk.arrive(SALES, Put("deal", key.id, {"name": "Two"}, 1), by=(BEN, BENS_DEVICE), time=600)
    desk.arrive(SALES, Delete("deal", key.id, 3))
    desk.arrive(SALES, Restore("deal", key.id, 4))
    with desk.editor.action() as action:
        action.put(key, {"amount": None})
    entries = desk.history.history(key)
    assert [entry.did for entry in entries] == [
        Did.CREATED,
        Did.CHANGED,
        Did.DELETED,
        Did.RESTORED,
        Did.CHANGED,
    ]
    assert [entry.mark.position for entry in entries] == [1, 3, 4, 5, None]
    assert entries[1].changes == (FieldChange("name", "One", "Two"),)
    assert (entries[1].mark.author.member, entries[1].mark.time) == (BEN, 600)
    assert entries[4].changes == (FieldChange("amount", 1, None),) and entries[4].mark.author.member == ME


def test_own_record_has_its_position_after_it_landed(desk: Desk) -> None:
    with desk.editor.action() as action:
        key = action.create("deal", SALES, {"name": "Mine"})
    desk.send()
    with desk.editor.action() as action:
        action.put(key, {"name": "Mine still"})
    desk.send()
    assert [(entry.did, entry.mark.position) for entry in desk.history.history(key)] == [
        (Did.CREATED, 1),
        (Did.CHANGED, 2),
    ]


def test_no_history_for_a_record_that_is_not_here(desk: Desk) -> None:
    assert desk.history.history(RecordKey(SALES, "deal", rid(1))) == []
    assert desk.history.conflicts(RecordKey(SALES, "deal", rid(1))) == []


def test_conflicts_of_unknown_types_are_listed(desk: Desk) -> None:
    desk.arrive(SALES, Put("mystery", rid(1), {"a": 1}, 0))
    desk.arrive(SALES, Put("mystery", rid(1), {"a": 2}, 0), by=(BEN, BENS_DEVICE))
    (conflict,) = desk.history.conflicts(RecordKey(SALES, "mystery", rid(1)))
    assert (conflict.key.type, conflict.field, conflict.value) == ("mystery", "a", 2)
    assert desk.history.conflict_count() == 1
