"""Moves: the copy is made when the mark has its place, once, and later changes follow."""

from __future__ import annotations

from protocol.ids import LogId, MemberId
from protocol.operations import Moved, Put
from tests.vault.store.desk import CONTACTS, ME, MY_DEVICE, SALES, Desk
from vault.store import Mover, Query, RecordKey


def anywhere(log: LogId) -> bool:
    return True


def anybody(member: MemberId, home: LogId, target: LogId) -> bool:
    return True


def test_copy_is_made_after_the_mark_has_landed(desk: Desk) -> None:
    mover = Mover(desk.store, desk.folder, desk.editor)
    key = desk.made(SALES, "deal", 1, name="Big", amount=4)
    with desk.editor.action() as action:
        action.move(key, CONTACTS)
    assert mover.finish(anywhere, anybody) == [] and mover.copy_of(key) is None
    record = desk.records.get(key)
    assert record is not None and record.moved_to == CONTACTS
    assert desk.records.count(Query("deal")) == 0
    desk.send()
    assert mover.finish(lambda log: False, anybody) == []
    (copy,) = mover.finish(anywhere, anybody, epoch=1)  # the roster has changed since
    assert copy == mover.copy_of(key) and copy.log == CONTACTS and copy.id != key.id
    made = desk.records.get(copy)
    assert made is not None and made.fields == {"name": "Big", "amount": 4}
    desk.send()
    assert mover.finish(anywhere, anybody) == []


def test_two_movers_make_one_copy(desk: Desk) -> None:
    mover = Mover(desk.store, desk.folder, desk.editor)
    key = desk.made(SALES, "deal", 1, name="Big")
    desk.arrive(SALES, Moved("deal", key.id, CONTACTS.encode(), 1))
    (copy,) = mover.finish(anywhere, anybody)
    desk.arrive(CONTACTS, Put("deal", copy.id, {"name": "Big"}, 0))
    desk.send()
    assert desk.records.count(Query("deal")) == 1 and desk.history.conflict_count() == 0


def test_later_changes_in_the_old_home_are_carried_over_once_by_the_mover(desk: Desk) -> None:
    mover = Mover(desk.store, desk.folder, desk.editor)
    key = desk.made(SALES, "deal", 1, name="Big")
    desk.arrive(SALES, Moved("deal", key.id, CONTACTS.encode(), 1), by=(ME, MY_DEVICE))
    (copy,) = mover.finish(anywhere, anybody)
    desk.send()
    desk.arrive(SALES, Put("deal", key.id, {"amount": 7}, 1))
    assert mover.finish(anywhere, anybody) == [copy]
    desk.send()
    assert mover.finish(anywhere, anybody) == []
    record = desk.records.get(copy)
    assert record is not None and record.fields == {"name": "Big", "amount": 7}
    old = desk.records.get(RecordKey(SALES, "deal", key.id))
    assert old is not None and old.edited_after
