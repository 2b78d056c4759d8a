"""A50: the server's files are put back to an older copy. Desks bring it forward; nothing is lost, nobody stops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from protocol.ids import DIRECTORY_LOG, LogId, Permission
from tests.support.backups import Backup
from tests.support.real_desks import Office, wait_until
from vault.store import RecordKey


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def deal(desk: Desk, name: str) -> RecordKey:
    group = desk.team().groups[0].id
    with desk.editor.action() as action:
        return action.create("deal", desk.home_for("deal", group), {"name": name})


def put(desk: Desk, key: RecordKey, **fields: str | int) -> None:
    with desk.editor.action() as action:
        action.put(key, fields)


def field(desk: Desk, key: RecordKey, name: str) -> object:
    record = desk.records.get(key)
    return None if record is None else record.fields.get(name)


def ends(desk: Desk) -> dict[LogId, object]:
    """Of all logs but the directory, in which the alarm itself is noted."""
    return {log: end for log, end in desk.vault.exchange.log_ends().items() if log != DIRECTORY_LOG}


def alarms(desk: Desk) -> set[str]:
    return {alarm.kind for alarm in desk.alarms.all()}


def settled(*desks: Desk) -> None:
    """All have everything, and nothing waits."""

    def equal() -> bool:
        if not all(desk.sync_now() for desk in desks) or any(desk.pending() for desk in desks):
            return False
        if not all(desk.sync_now() for desk in desks):  # what the last of them sent reaches the first
            return False
        heads = {desk.vault.exchange.roster_head() for desk in desks}
        return len(heads) == 1 and not any(desk.pending() for desk in desks)

    wait_until(equal)


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_desks_bring_a_restored_server_forward(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    cy = office.join(ann, "cy", "Cy Castellanos")
    dee = office.join(ann, "dee", "Dee Duarte")
    first = deal(ann, "Harbour cranes")
    settled(ann, ben, cy, dee)
    backup = Backup(office)
    settled(ann, ben, cy, dee)
    cy.stop_sync()
    put(ann, first, amount=125_0000)
    second = deal(ben, "Rail spurs")
    settled(ann, ben)
    dee.stop_sync()
    ann.actions.remove(dee.me)
    third = deal(ann, "After the removal")
    settled(ann, ben)
    put(cy, first, name="Typed while offline")
    for desk in (ann, ben):
        desk.stop_sync()
    before = ends(ann)
    backup.put_back()

    settled(ben, ann)
    assert ends(ann) == before, "the same commits at the same places, nothing signed anew"
    assert "server-restored" in alarms(ben)
    settled(cy)
    settled(ann, ben, cy)
    for desk in (ann, ben, cy):
        assert field(desk, first, "name") == "Typed while offline"
        assert field(desk, first, "amount") == 125_0000
        assert field(desk, second, "name") == "Rail spurs"
        assert field(desk, third, "name") == "After the removal"
        assert not desk.vault.exchange.stopped()
    assert not dee.sync_now(5) or not dee.is_member
    assert field(dee, third, "name") is None
    new = office.second_computer(ann, "ann2")
    wait_until(lambda: new.sync_now() and field(new, third, "name") == "After the removal")
    assert field(new, first, "name") == "Typed while offline"


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_who_joined_after_the_backup_is_let_in_again(office: Office) -> None:
    """Only the workspaces' files were put back: the account is there, its place in the workspace is not."""
    ann = office.found()
    settled(ann)
    backup = Backup(office)
    settled(ann)
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = deal(ben, "Of somebody who was lost")
    settled(ann, ben)
    for desk in (ann, ben):
        desk.stop_sync()
    backup.put_back("workspaces")
    settled(ann)
    settled(ann, ben)
    put(ben, key, amount=1)
    settled(ann, ben)
    assert field(ann, key, "amount") == 1


def test_a_reader_who_writes_nothing_gives_back_what_others_wrote(office: Office) -> None:
    ann = office.found()
    cy = office.join(ann, "cy", "Cy Castellanos", [(ann.team().groups[0].id, office.role(ann, "Read only"))])
    settled(ann, cy)
    backup = Backup(office)
    settled(ann, cy)
    key = deal(ann, "Written by Ann")
    settled(ann, cy)
    wait_until(lambda: field(cy, key, "name") == "Written by Ann")
    assert not cy.may(Permission.DELETE, ann.team().groups[0].id)
    for desk in (ann, cy):
        desk.stop_sync()
    backup.put_back()
    settled(cy)
    ann.lock()
    office.desks.pop("ann")
    new_ann = office.open("ann")
    settled(new_ann, cy)
    assert "server-restored" not in alarms(new_ann), "it was forward again before Ann looked"
    assert field(new_ann, key, "name") == "Written by Ann"


def test_files_go_up_again(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = deal(ann, "With a file")
    settled(ann, ben)
    backup = Backup(office)
    settled(ann, ben)
    content = bytes(range(256)) * 8_000
    (tmp_path / "offer.pdf").write_bytes(content)
    attached = ann.attachments.attach(key, tmp_path / "offer.pdf")
    settled(ann, ben)
    wait_until(lambda: not ann.attachments.waiting())
    for desk in (ann, ben):
        desk.stop_sync()
    backup.put_back()
    settled(ann, ben)
    wait_until(lambda: not ann.attachments.waiting())
    ben.attachments.save(attached, tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == content
