"""A50: the server came back from a backup, and a desk that knew no better wrote first: two pasts, until an owner
decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from protocol.ids import Standing
from protocol.state import MemberStatus
from sync_client import Phase
from tests.app.desk.test_restored_server import alarms, deal, field, put, settled
from tests.support.backups import Backup
from tests.support.real_desks import Office, wait_until
from vault.exchange import Forked
from vault.roster import Refused


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def halted(desk: Desk) -> None:
    assert not desk.sync_now(20)
    assert desk.sync_state.phase is Phase.HALTED
    assert isinstance(desk.sync_state.error, Forked)
    desk.stop_sync()


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_rosters_that_differ_meet_again(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    eve = office.join(ann, "eve", "Eve Eriksen")
    dee = office.join(ann, "dee", "Dee Duarte")
    ann.actions.set_standing(eve.me, Standing.ADMIN)
    first = deal(ann, "Harbour cranes")
    settled(ann, ben, eve, dee)
    backup = Backup(office)
    settled(ann, ben, eve, dee)
    eve.stop_sync()
    dee.stop_sync()
    ann.actions.remove(dee.me)
    anns = deal(ann, "Of Ann, after the backup")
    bens = deal(ben, "Of Ben, after the backup")
    put(ben, first, name="Ben's name")
    settled(ann, ben)
    for desk in (ann, ben):
        desk.stop_sync()
    backup.put_back()

    # Eve knows nothing of it, and is first: an entry of hers, and a change to the same deal.
    eve.actions.invite("Fay Fischer", [])
    put(eve, first, name="Eve's name")
    eves = deal(eve, "Of Eve")
    settled(eve)
    halted(ann)
    assert "forked" in alarms(ann)
    halted(ben)
    assert field(ben, bens, "name") == "Of Ben, after the backup", "as it was"

    seen = ben.pasts.look()
    assert seen is not None and not seen.may_decide
    with pytest.raises(Refused):
        ben.pasts.decide(seen)
    division = ann.pasts.look()
    assert division is not None and division.may_decide
    assert division.parts[0].startswith("Members and rights – ")
    ann.pasts.decide(division)
    settled(ann)
    settled(ann, ben, eve)
    settled(eve, ann, ben)
    for desk in (ann, ben, eve):
        assert desk.vault.roster.members[dee.me].status is MemberStatus.REMOVED
        assert field(desk, anns, "name") == "Of Ann, after the backup"
        assert field(desk, bens, "name") == "Of Ben, after the backup"
        assert field(desk, eves, "name") == "Of Eve"
        assert not desk.vault.exchange.stopped()
        assert desk.pasts.look() is None
    names = {field(desk, first, "name") for desk in (ann, ben, eve)}
    assert names == {"Ben's name"}, "sent again, it comes later; Eve's is kept beside it"
    record = ann.records.get(first)
    assert record is not None and record.conflicts == ("name",)
    assert not dee.sync_now(5) or not dee.is_member


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_a_log_that_differs_stops_alone_until_an_owner_decides(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    cy = office.join(ann, "cy", "Cy Castellanos")
    first = deal(ann, "Harbour cranes")
    settled(ann, ben, cy)
    backup = Backup(office)
    settled(ann, ben, cy)
    cy.stop_sync()
    put(ann, first, amount=1)
    put(ben, first, name="Ben's name")
    settled(ann, ben)
    for desk in (ann, ben):
        desk.stop_sync()
    backup.put_back()
    put(cy, first, name="Cy's name")
    settled(cy)

    wait_until(lambda: ann.sync_now() and bool(ann.vault.exchange.stopped()))
    wait_until(lambda: ben.sync_now() and bool(ben.vault.exchange.stopped()))
    assert [stop.log for stop in ann.vault.exchange.stopped()] == [first.log]
    assert field(ann, first, "name") == "Ben's name"
    group = ann.team().groups[0].id
    with ann.editor.action() as action:
        person = action.create("person", ann.home_for("person", group), {"name": "Other parts go on"})
    wait_until(lambda: cy.sync_now() and field(cy, person, "name") == "Other parts go on")
    division = ann.pasts.look()
    assert division is not None and [fork.log for fork in division.forks] == [first.log]
    ann.pasts.decide(division)
    settled(ann, ben, cy)
    settled(cy, ann, ben)
    for desk in (ann, ben, cy):
        assert field(desk, first, "name") == "Ben's name"
        assert field(desk, first, "amount") == 1
        assert not desk.vault.exchange.stopped()
        record = desk.records.get(first)
        assert record is not None and record.conflicts == ("name",)


@pytest.mark.hostile
@pytest.mark.A29
@pytest.mark.A50
def test_A50_a_removed_member_who_writes_first_gains_nothing(office: Office) -> None:
    """The restored server does not know of his removal yet. Its entry comes back, and what he slipped in is cut off."""
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    dee = office.join(ann, "dee", "Dee Duarte")
    first = deal(ann, "Harbour cranes")
    settled(ann, ben, dee)
    backup = Backup(office)
    settled(ann, ben, dee)
    dee.stop_sync()
    put(ann, first, amount=1)
    settled(ann)
    ann.actions.remove(dee.me)
    put(ben, first, name="Ben's name")
    settled(ann, ben)
    settled(ann)
    for desk in (ann, ben):
        desk.stop_sync()
    backup.put_back()
    put(dee, first, name="Dee was here")
    settled(dee)
    dee.stop_sync()

    wait_until(lambda: ann.sync_now() and bool(ann.vault.exchange.stopped()))
    assert ann.vault.roster.members[dee.me].status is MemberStatus.REMOVED
    division = ann.pasts.look()
    assert division is not None and division.may_decide
    assert [fork.log for fork in division.forks] == [first.log]
    ann.pasts.decide(division)
    settled(ann, ben)
    settled(ben, ann)
    new = office.second_computer(ann, "ann2")
    wait_until(lambda: new.sync_now() and field(new, first, "name") == "Ben's name")
    for desk in (ann, ben, new):
        assert field(desk, first, "name") == "Ben's name"
        assert field(desk, first, "amount") == 1
        assert not desk.vault.exchange.stopped()
        assert not desk.search.search("Dee was here")
        assert all("Dee" not in str(entry.changes) for entry in desk.history.history(first))
    assert not dee.sync_now(5) or not dee.is_member
