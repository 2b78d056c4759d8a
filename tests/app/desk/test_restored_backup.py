"""A vault's file that was put back from a backup: noticed, and writable again under a new device key (A33, A50)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.real_desks import Office, wait_until
from vault.store import Query, RecordKey

pytestmark = [pytest.mark.usefixtures("fast_kdf"), pytest.mark.hostile, pytest.mark.A33]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def put_back_an_older_file(office: Office, tmp_path: Path) -> tuple[RecordKey, RecordKey]:
    """Ann writes, locks and copies her file; writes more; and finds the older file in its place. What she wrote:
    (before the copy, after it)."""
    ann = office.found()
    home = ann.home_for("company", ann.team().groups[0].id)
    with ann.editor.action() as action:
        before = action.create("company", home, {"name": "Before"})
    assert ann.sync_now()
    office.desks.pop("ann").lock()
    database = office.folder / "ann" / "vault.db"
    shutil.copy(database, tmp_path / "backup.db")
    ann = office.open("ann")
    with ann.editor.action() as action:
        after = action.create("company", home, {"name": "After"})
    assert ann.sync_now()
    office.desks.pop("ann").lock()
    shutil.copy(tmp_path / "backup.db", database)
    for left in ("vault.db-wal", "vault.db-shm"):
        (office.folder / "ann" / left).unlink(missing_ok=True)
    return before, after


def test_a_restored_desk_writes_again_under_a_new_device_key(office: Office, tmp_path: Path) -> None:
    before, after = put_back_an_older_file(office, tmp_path)
    ann = office.open("ann")
    assert not ann.vault.exchange.restored
    assert len(next(member for member in ann.team().members if member.is_me).devices) == 2
    assert ann.sync_now(), ann.sync_state
    with ann.editor.action() as action:
        action.put(before, {"name": "Before, changed"})
    wait_until(lambda: ann.pending() == 0)
    laptop = office.second_computer(ann, "laptop")
    wait_until(lambda: laptop.sync_now() and laptop.records.count(Query("company")) == 2)
    names = sorted(str(record.fields["name"]) for record in laptop.records.each(Query("company")))
    assert names == ["After", "Before, changed"]
    assert ann.records.get(after) is not None


def test_without_the_server_a_restored_desk_reads_and_does_not_push(office: Office, tmp_path: Path) -> None:
    before, _ = put_back_an_older_file(office, tmp_path)
    office.server.kill()
    ann = office.open("ann")
    assert ann.vault.exchange.restored
    assert ann.records.get(before) is not None
    office.server.start(office.port)
    ann = office.reopen("ann")
    assert not ann.vault.exchange.restored
    assert ann.sync_now(), ann.sync_state
