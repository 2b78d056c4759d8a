"""The outbox: order, counters, signed bytes."""

from __future__ import annotations

import pytest

from protocol.operations import Put
from tests.vault.store.desk import CONTACTS, SALES, Desk, rid
from vault.store import Signed, TooLarge
from vault.store.outbox import split


def put(number: int, size: int = 1) -> Put:
    return Put("deal", rid(number), {"name": "x" * size}, 0)


def enqueue(desk: Desk, *numbers: int) -> None:
    with desk.store.write() as tx:
        for number in numbers:
            log = SALES if number % 2 else CONTACTS
            desk.outbox.enqueue(tx, [(log, [put(number)])], bytes([number]) * 16, number)


def test_parts_wait_in_order_by_log(desk: Desk) -> None:
    enqueue(desk, 1, 2, 3)
    with desk.store.read() as tx:
        assert [part.action[0] for part in desk.outbox.waiting(tx)] == [1, 2, 3]
        assert [part.action[0] for part in desk.outbox.waiting(tx, SALES)] == [1, 3]
        assert [part.action[0] for part in desk.outbox.unsigned(tx, limit=2)] == [1, 2]
        assert desk.outbox.logs(tx) == [SALES, CONTACTS]
        assert desk.outbox.count(tx) == 3
        assert desk.outbox.waiting(tx)[0].body.operations == [put(1)]


def test_signing_again_keeps_counter_and_operations(desk: Desk) -> None:
    enqueue(desk, 1)
    with desk.store.write() as tx:
        (part,) = desk.outbox.unsigned(tx)
        for body in (b"first", b"second"):
            desk.outbox.store_signed(tx, Signed(SALES, 7, part.id, b"h", b"s", body, b"w"))
        assert desk.outbox.unsigned(tx) == []
        assert desk.outbox.signed(tx, SALES) == [Signed(SALES, 7, part.id, b"h", b"s", b"second", b"w")]
        found = desk.outbox.part_of(tx, SALES, 7)
        assert found is not None and found.operations == part.operations and found.counter == 7
        desk.outbox.unsign(tx, SALES, 7)
        assert desk.outbox.signed(tx) == [] and len(desk.outbox.unsigned(tx)) == 1


def test_rotation_without_a_part(desk: Desk) -> None:
    with desk.store.write() as tx:
        desk.outbox.store_signed(tx, Signed(SALES, 1, None, b"h", b"s", b"b", b"wraps"))
        assert [entry.part for entry in desk.outbox.signed(tx)] == [None]
        desk.outbox.done(tx, SALES, 1)
        assert desk.outbox.signed(tx) == []


def test_signed_bytes_and_part_end_together_when_read_back(desk: Desk) -> None:
    with desk.editor.action() as action:
        action.create("deal", SALES, {"name": "x"})
    desk.send()
    with desk.store.read() as tx:
        assert desk.outbox.count(tx) == 0 and desk.outbox.signed(tx) == []


def test_outbox_survives_a_restart(desk: Desk) -> None:
    enqueue(desk, 1)
    ((part, counter),) = desk.sign()
    with desk.store.read() as tx:
        assert [entry.counter for entry in desk.outbox.signed(tx)] == [counter]
        assert desk.outbox.part(tx, part.id) is not None and desk.outbox.part(tx, 99) is None


def test_rejected_parts_are_kept(desk: Desk) -> None:
    enqueue(desk, 1)
    with desk.store.write() as tx:
        (part,) = desk.outbox.waiting(tx)
        desk.folder.withdraw(tx, part, "by hand")
        assert [one.id for one in desk.outbox.rejected(tx)] == [part.id] and desk.outbox.waiting(tx) == []


def test_split_by_number_and_size() -> None:
    assert [len(piece) for piece in split([put(number) for number in range(12_000)])] == [5_000, 5_000, 2_000]
    assert [len(piece) for piece in split([put(1, 400_000)] * 7)] == [3, 3, 1]
    with pytest.raises(TooLarge):
        split([put(1, 1_600_000)])
