"""Forward migrations: backup first, newer refused, every released version opens."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.vault.store.desk import CONTACTS, KEY, SALES, SCHEMA, Desk, rid
from vault.store import RecordKey, Store, StoreError, VaultTooNew
from vault.store.migrations import MIGRATIONS

FROZEN = sorted((Path(__file__).parent / "frozen").glob("version-*.db"))
NEXT = max(MIGRATIONS) + 1


def test_every_version_has_its_frozen_file() -> None:
    assert [file.stem for file in FROZEN] == [f"version-{number}" for number in sorted(MIGRATIONS)]


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda file: str(file.stem))
def test_frozen_vaults_open_with_everything_in_them(frozen: Path, tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    shutil.copyfile(frozen, path)
    desk = Desk(Store.open(path, KEY, SCHEMA))
    try:
        desk.store.check()
        deal = RecordKey(SALES, "deal", rid(2))
        record = desk.records.get(deal)
        assert record is not None and record.conflicts == ("name",) and record.pending
        assert (record.fields["name"], record.fields["amount"]) == ("Mine", 80_000)
        assert [entry.mark.position for entry in desk.history.history(deal)] == [1, 3, None]
        deleted = desk.records.get(RecordKey(SALES, "deal", rid(6)))
        assert deleted is not None and deleted.deleted
        assert desk.records.get(RecordKey(SALES, "mystery", rid(3))) is not None
        assert [hit.record.title for hit in desk.search.search("089 123")] == ["Zoë"]
        assert [hit.record.title for hit in desk.search.search("frozen", full=True)] == ["Zoë"]
        with desk.store.read() as tx:
            assert desk.logs.get(tx, "cursor") == b"\x07" and desk.logs.keys(tx, SALES) == {1: b"k" * 32}
            assert [part.counter for part in desk.outbox.waiting(tx)] == [2, 0]
            assert [entry.counter for entry in desk.outbox.signed(tx)] == [2]
        desk.positions = {SALES: 3, CONTACTS: 2}
        desk.counter = 2
        with desk.store.read() as tx:
            first, second = desk.outbox.waiting(tx)
        desk.read_back(first, 2)
        desk.send()
        record = desk.records.get(deal)
        assert record is not None and not record.pending and second.action != first.action
    finally:
        desk.store.close()


def test_newer_version_is_refused_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    store = Store.create(path, KEY, SCHEMA)
    store.on_writer(lambda connection: connection.execute(f"PRAGMA user_version = {NEXT}"))
    store.close()
    before = path.read_bytes()
    with pytest.raises(VaultTooNew):
        Store.open(path, KEY, SCHEMA)
    assert path.read_bytes() == before


def test_step_forward_makes_an_encrypted_backup_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "vault.db"
    desk = Desk(Store.create(path, KEY, SCHEMA))
    key = desk.made(SALES, "deal", 1, name="Canary")
    desk.store.close()
    monkeypatch.setitem(MIGRATIONS, NEXT, "CREATE TABLE later (a); INSERT INTO later VALUES (1);")
    store = Store.open(path, KEY, SCHEMA)
    with store.read() as tx:
        assert tx.number("SELECT a FROM later") == 1 and tx.number("PRAGMA user_version") == NEXT
    store.close()
    monkeypatch.delitem(MIGRATIONS, NEXT)
    (backup,) = tmp_path.glob("vault.db.before-*")
    assert b"Canary" not in backup.read_bytes()
    old = Desk(Store.open(backup, KEY, SCHEMA))
    assert old.records.get(key) is not None
    old.store.close()


def test_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "vault.db"
    Store.create(path, KEY, SCHEMA).close()
    monkeypatch.setitem(MIGRATIONS, NEXT, "CREATE TABLE later (a); SELECT * FROM nowhere;")
    with pytest.raises(StoreError):
        Store.open(path, KEY, SCHEMA)
    monkeypatch.delitem(MIGRATIONS, NEXT)
    store = Store.open(path, KEY, SCHEMA)
    with store.read() as tx:
        assert tx.first("SELECT 1 FROM sqlite_master WHERE name = 'later'") is None
    store.close()
