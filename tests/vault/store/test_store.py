"""The file: transactions, threads, locking, errors, what a thief finds."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from protocol.operations import Put
from tests.vault.store.desk import CONTACTS, KEY, SALES, SCHEMA, Desk, rid
from vault.store import (
    Query,
    Store,
    StoreError,
    VaultBusy,
    VaultClosed,
    VaultDamaged,
    VaultFull,
    VaultReadOnly,
)
from vault.store.errors import translate

DEALS = Query("deal")


def test_reopened_vault_has_its_records(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    desk = Desk(Store.create(path, KEY, SCHEMA))
    key = desk.made(SALES, "deal", 1, name="Big")
    desk.store.close()
    again = Desk(Store.open(path, KEY, SCHEMA))
    record = again.records.get(key)
    assert record is not None and record.title == "Big"
    again.store.check()
    again.store.close()


def test_create_refuses_an_existing_file_and_open_a_missing_one(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    with pytest.raises(FileNotFoundError):
        Store.open(path, KEY, SCHEMA)
    Store.create(path, KEY, SCHEMA).close()
    with pytest.raises(FileExistsError):
        Store.create(path, KEY, SCHEMA)


def test_wrong_key_is_refused_without_a_word_on_stderr(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "vault.db"
    Store.create(path, KEY, SCHEMA).close()
    with pytest.raises(VaultDamaged) as caught:
        Store.open(path, bytes(32), SCHEMA)
    assert KEY.hex() not in str(caught.value)
    assert capfd.readouterr().err == ""


@pytest.mark.hostile
def test_stolen_files_hold_no_plain_text(desk: Desk) -> None:
    desk.made(CONTACTS, "person", 1, name="Canary Kiwi", notes="canary notes")
    with desk.editor.action() as action:
        action.create("deal", SALES, {"name": "canary deal"})
    while desk.indexer.index_more():
        pass
    files = [file.read_bytes() for file in desk.store.path.parent.iterdir() if file.is_file()]
    assert len(files) >= 2  # the database and its write-ahead log
    for content in files:
        assert b"anary" not in content and not content.startswith(b"SQLite format")


@pytest.mark.hostile
def test_changed_page_is_noticed(desk: Desk) -> None:
    for number in range(200):
        desk.made(SALES, "deal", number, name=f"Deal {number}", note="x" * 500)
    desk.store.close()
    content = bytearray(desk.store.path.read_bytes())
    content[len(content) // 2] ^= 1
    desk.store.path.write_bytes(content)
    with pytest.raises(StoreError):
        store = Store.open(desk.store.path, KEY, SCHEMA)
        try:
            store.check()
        finally:
            store.close()


def test_failed_block_leaves_nothing_and_caches_are_forgotten(desk: Desk) -> None:
    with pytest.raises(ZeroDivisionError), desk.store.write() as tx:
        parts = desk.outbox.enqueue(tx, [(SALES, [Put("deal", rid(1), {"name": "x"}, 0)])], b"a" * 16, 1)
        desk.folder.overlay(tx, parts)
        raise ZeroDivisionError
    with desk.store.read() as tx:
        assert tx.number("SELECT count(*) FROM r_deal") == 0
        assert tx.number("SELECT count(*) FROM logs") == 0
    key = desk.made(SALES, "deal", 1, name="x")
    assert desk.records.get(key) is not None


def test_reader_sees_a_snapshot_while_another_thread_writes(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="before")
    with desk.store.read() as tx:
        assert tx.number("SELECT count(*) FROM r_deal") == 1
        writer = threading.Thread(target=lambda: desk.made(SALES, "deal", 2, name="new"))
        writer.start()
        writer.join()
        assert tx.number("SELECT count(*) FROM r_deal") == 1
        record = desk.records.get(key)  # a nested read shares the snapshot
        assert record is not None
    with desk.store.read() as tx:
        assert tx.number("SELECT count(*) FROM r_deal") == 2


def test_lock_closes_the_connections_of_all_threads(desk: Desk) -> None:
    ready, locked = threading.Event(), threading.Event()
    caught: list[BaseException] = []

    def reader() -> None:
        desk.records.count(DEALS)
        ready.set()
        locked.wait(10)
        try:
            desk.records.window(DEALS)
        except StoreError as error:
            caught.append(error)

    thread = threading.Thread(target=reader)
    thread.start()
    assert ready.wait(10)
    desk.store.close()
    locked.set()
    thread.join()
    assert isinstance(caught[0], VaultClosed)
    with pytest.raises(VaultClosed), desk.store.write():
        pass
    assert not list(desk.store.path.parent.glob("*-wal"))


def test_connections_of_ended_threads_are_closed(desk: Desk) -> None:
    for _ in range(5):
        thread = threading.Thread(target=lambda: desk.records.count(DEALS))
        thread.start()
        thread.join()
    desk.records.window(DEALS)
    assert len(desk.store._readers) <= 2


def test_full_disk_is_a_typed_error_and_keeps_what_was_there(desk: Desk) -> None:
    key = desk.made(SALES, "deal", 1, name="kept")
    desk.store.on_writer(lambda connection: limit_pages(connection, 0))
    with pytest.raises(VaultFull) as caught, desk.editor.action() as action:
        for _ in range(50):
            action.create("deal", SALES, {"name": "lost", "note": "n" * 4000})
    assert caught.value.title and caught.value.message
    desk.store.on_writer(lambda connection: limit_pages(connection, 1 << 20))
    assert desk.records.get(key) is not None
    assert desk.records.count(DEALS) == 1
    with desk.editor.action() as action:
        action.create("deal", SALES, {"name": "room again"})
    assert desk.records.count(DEALS) == 2


def limit_pages(connection: object, extra: int) -> None:
    execute = connection.execute  # type: ignore[attr-defined]
    pages = execute("PRAGMA page_count").fetchone()[0]
    execute(f"PRAGMA max_page_count = {pages + extra}")


def test_read_only_connection_is_a_typed_error(desk: Desk) -> None:
    desk.store.on_writer(lambda connection: connection.execute("PRAGMA query_only = ON"))
    with pytest.raises(VaultReadOnly), desk.editor.action() as action:
        action.create("deal", SALES, {"name": "x"})


def test_codes_of_the_database_become_typed_errors() -> None:
    assert isinstance(translate("SQLITE_BUSY_SNAPSHOT", ""), VaultBusy)
    assert isinstance(translate("SQLITE_CANTOPEN", ""), VaultReadOnly)
    assert isinstance(translate("SQLITE_CORRUPT_VTAB", ""), VaultDamaged)
    assert isinstance(translate("", "Cannot operate on a closed database."), VaultClosed)
    assert type(translate("SQLITE_IOERR", "secret")) is StoreError and "secret" not in str(
        translate("X", "secret")
    )


CHILD = """
import sys
from pathlib import Path
from tests.vault.store.desk import KEY, SALES, SCHEMA, Desk
from vault.store import Store
desk = Desk(Store.open(Path(sys.argv[1]), KEY, SCHEMA))
number = 0
while True:
    with desk.editor.action() as action:
        key = action.create("deal", SALES, {"name": f"deal {number}", "note": "n" * 300})
    print(key.id.hex(), flush=True)  # acknowledged
    number += 1
"""


@pytest.mark.slow
def test_killed_fifty_times_every_acknowledged_edit_is_there_once(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    Store.create(path, KEY, SCHEMA).close()
    acknowledged: list[str] = []
    for round_number in range(50):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert child.stdout is not None
        for _ in range(1 + round_number % 7):
            acknowledged.append(child.stdout.readline().strip())
        child.kill()
        rest, _ = child.communicate()
        acknowledged.extend(line for line in rest.splitlines() if len(line) == 32)
    assert all(len(line) == 32 for line in acknowledged) and len(set(acknowledged)) == len(acknowledged)
    desk = Desk(Store.open(path, KEY, SCHEMA))
    with desk.store.read() as tx:
        rows = [bytes(row[0]).hex() for row in tx.all("SELECT rid FROM r_deal")]  # type: ignore[arg-type]
        queued = [one.record.hex() for part in desk.outbox.waiting(tx) for one in part.operations]
        assert len(rows) == len(set(rows)) == len(queued) and set(rows) == set(queued)
        assert set(acknowledged) <= set(rows)
        # At most the edit that was on its way when it was killed came in unacknowledged.
        assert len(rows) <= len(acknowledged) + 50
    desk.store.check()
    desk.store.close()
