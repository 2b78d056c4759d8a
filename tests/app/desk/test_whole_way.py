"""The way of a record from desk to desk, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.access import level
from protocol.ids import Level
from tests.support.real_desks import Office, wait_until
from vault.keys import OpenFailed
from vault.store import Query


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_an_edit_at_one_desk_shows_at_the_other(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    with ann.editor.action() as action:
        key = action.create(
            "deal", ann.home_for("deal", group), {"name": "Harbour cranes", "amount": 125_0000}
        )
    wait_until(lambda: ben.records.get(key) is not None)
    with ben.editor.action() as action:
        action.put(key, {"amount": 150_0000})
    wait_until(lambda: (ann.records.get(key) or pytest.fail()).fields["amount"] == 150_0000)
    history = ann.history.history(key)
    assert [entry.mark.author.member for entry in history] == [ann.me, ben.me]
    assert ann.name("member", ben.me) == "Ben Brouwer"


def test_whoever_is_in_one_group_sees_that_group_only(office: Office) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    with ann.editor.action() as action:
        hidden = action.create("deal", ann.home_for("deal", first), {"name": "Hidden"})
        shown = action.create("deal", ann.home_for("deal", west), {"name": "Shown"})
    cy = office.join(ann, "cy", "Cy Castellanos", [(west, office.role(ann, "Read only"))])
    wait_until(lambda: cy.records.get(shown) is not None)
    assert cy.records.get(hidden) is None
    assert cy.records.count(Query("deal")) == 1
    assert level(cy.vault.roster, cy.me, shown.log) is Level.READ
    assert not cy.may_write(shown)


def test_a_removed_member_reads_nothing_that_is_written_later(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    dee = office.join(ann, "dee", "Dee Duarte")
    group = ann.team().groups[0].id
    with ann.editor.action() as action:
        earlier = action.create("deal", ann.home_for("deal", group), {"name": "Earlier"})
    wait_until(lambda: dee.records.get(earlier) is not None)
    ann.actions.remove(dee.me)
    with ann.editor.action() as action:
        key = action.create("deal", ann.home_for("deal", group), {"name": "Later"})
    assert ann.sync_now()
    wait_until(lambda: ben.records.get(key) is not None)
    wait_until(lambda: dee.sync_now() and not dee.is_member)  # she is shown the signed proof of it
    assert dee.records.get(key) is None
    with dee.vault.store.read() as tx:
        old = max(dee.vault.exchange.desk.logs.keys(tx, key.log))
    with ann.vault.store.read() as tx:
        assert max(ann.vault.exchange.desk.logs.keys(tx, key.log)) == old + 1


def test_edits_made_offline_go_out_when_the_server_is_back(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    office.server.kill()
    with ann.editor.action() as action:
        key = action.create("company", ann.home_for("company", group), {"name": "Offline Ltd"})
    assert ann.pending() == 1
    office.server.start(office.port)
    ann.wake()
    ben.wake()
    wait_until(lambda: ann.pending() == 0)
    wait_until(lambda: ben.records.get(key) is not None)


def test_a_second_computer_has_everything(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    with ann.editor.action() as action:
        key = action.create("person", ann.home_for("person", group), {"name": "Rosa Quist"})
    assert ann.sync_now()
    laptop = office.second_computer(ann, "laptop")
    wait_until(lambda: laptop.records.get(key) is not None or not laptop.sync_now())
    record = laptop.records.get(key)
    assert record is not None
    assert record.fields["name"] == "Rosa Quist"
    assert len(next(member for member in laptop.team().members if member.is_me).devices) == 2


def test_an_attached_file_opens_at_the_other_desk(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    original = tmp_path / "offer.pdf"
    original.write_bytes(bytes(range(256)) * 9_000)
    with ann.editor.action() as action:
        deal = action.create("deal", ann.home_for("deal", group), {"name": "With file"})
    file = ann.attachments.attach(deal, original)
    wait_until(lambda: not ann.attachments.waiting())
    wait_until(lambda: ben.records.get(file) is not None)
    ben.attachments.save(file, tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == original.read_bytes()


def test_an_attached_file_that_the_server_changed_is_refused(office: Office, tmp_path: Path) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    original = tmp_path / "offer.pdf"
    original.write_bytes(b"x" * 5_000)
    with ann.editor.action() as action:
        deal = action.create("deal", ann.home_for("deal", group), {"name": "With file"})
    file = ann.attachments.attach(deal, original)
    chunk = next(path for path in (ann.profile.folder / "files").glob("*/0"))
    chunk.write_bytes(chunk.read_bytes()[:-1] + b"\x00")
    with pytest.raises(OpenFailed):
        ann.attachments.save(file, tmp_path / "copy.pdf")
    assert not (tmp_path / "copy.pdf").exists()
