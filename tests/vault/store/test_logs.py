"""What is kept of logs: admission state, keys, roster entries, commits, meta values."""

from __future__ import annotations

import zstandard

from protocol.admission import DeviceEnd, LogState
from protocol.operations import Body, encode_body
from protocol.roster import Entry
from tests.vault.store.desk import ANN, ANNS_DEVICE, CONTACTS, SALES, Desk, header


def test_log_state_comes_back_as_it_was(desk: Desk) -> None:
    ends = {b"d" * 16: DeviceEnd(3, b"h" * 32), b"e" * 16: DeviceEnd(1, b"i" * 32)}
    state = LogState(SALES, 9, b"c" * 32, 2, 4, 7, ends, {1: b"x" * 32, 2: b"y" * 32})
    with desk.store.write() as tx:
        assert desk.logs.log_state(tx, SALES) == LogState.empty(SALES)
        desk.logs.save_log_state(tx, state)
    with desk.store.read() as tx:
        assert desk.logs.log_state(tx, SALES) == state
        assert desk.logs.log_state(tx, CONTACTS) == LogState.empty(CONTACTS)
        assert desk.logs.known_logs(tx) == [SALES]


def test_keys_by_generation(desk: Desk) -> None:
    with desk.store.write() as tx:
        assert desk.logs.keys(tx, SALES) == {} and desk.logs.key(tx, SALES, 1) is None
        desk.logs.put_key(tx, SALES, 2, b"b" * 32)
        desk.logs.put_key(tx, SALES, 1, b"a" * 32)
    with desk.store.read() as tx:
        assert desk.logs.keys(tx, SALES) == {1: b"a" * 32, 2: b"b" * 32}
        assert desk.logs.key(tx, SALES, 2) == b"b" * 32


def test_roster_entries_in_order(desk: Desk) -> None:
    entries = [Entry(bytes([number]), b"s" * 64) for number in range(1, 4)]
    with desk.store.write() as tx:
        for position, entry in enumerate(entries, 1):
            desk.logs.append_roster_entry(tx, position, entry)
    with desk.store.read() as tx:
        assert list(desk.logs.roster_entries(tx)) == entries
        assert list(desk.logs.roster_entries(tx, after=2)) == entries[2:]


def test_commits_with_bodies_squeezed_or_not_at_all(desk: Desk) -> None:
    body = encode_body(Body(bytes(16), 1, 1, 5, []))
    frame = zstandard.compress(body)
    with desk.store.write() as tx:
        for position, data in enumerate((body, frame, None), 1):
            desk.logs.save_commit(
                tx, SALES, position, ANN, ANNS_DEVICE, header(), b"s", data, "" if data else "sealed"
            )
    with desk.store.read() as tx:
        found = list(desk.logs.commits(tx, SALES))
        assert [commit.body for commit in found] == [body, body, None]
        assert (found[0].member, found[0].device, found[0].header) == (ANN, ANNS_DEVICE, header())
        assert [commit.position for commit in desk.logs.commits(tx, SALES, 2, aside=False)] == [2]
        assert [commit.aside for commit in desk.logs.commits_aside(tx)] == ["sealed"]
        assert desk.logs.commit(tx, SALES, 9) is None and list(desk.logs.commits(tx, CONTACTS)) == []


def test_meta_values(desk: Desk) -> None:
    with desk.store.write() as tx:
        assert desk.logs.get(tx, "pin") is None and desk.logs.get_number(tx, "cursor", 4) == 4
        desk.logs.set(tx, "pin", b"\x00\x01")
        desk.logs.set_number(tx, "cursor", -3)
        assert desk.logs.get(tx, "pin") == b"\x00\x01" and desk.logs.get_number(tx, "cursor") == -3
        desk.logs.set(tx, "pin", None)
        assert desk.logs.get(tx, "pin") is None
