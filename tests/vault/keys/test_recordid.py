"""Ids of moved records: two movers make one copy."""

from __future__ import annotations

from protocol.ids import Compartment, LogId
from vault.keys import moved_id

HOME, RECORD = LogId(b"\x11" * 16, Compartment.SALES, b"\x22" * 16), b"\x05" * 16


def test_format_is_stable() -> None:
    assert moved_id(HOME, RECORD, 77).hex() == "6a573537e278593a2699d3a78690e792"


def test_every_part_counts() -> None:
    shared = LogId(HOME.group, Compartment.SALES)
    ids = {
        moved_id(HOME, RECORD, 77),
        moved_id(shared, RECORD, 77),
        moved_id(HOME, bytes(16), 77),
        moved_id(HOME, RECORD, 78),
    }
    assert len(ids) == 4
    assert {len(one) for one in ids} == {16}
