"""A desk without a syncer in the background: one round on demand, and what it remembers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import AcceptInvitation, accept_invitation, read_invitation
from sync_client import Offline
from tests.support.real_desks import PASSWORD, Office

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_the_last_contact_is_remembered_over_a_lock(office: Office) -> None:
    ann = office.found()
    ann.stop_sync()
    ann.sync_once()
    when = ann.last_contact
    assert when > 0
    assert office.reopen("ann").last_contact == when


def test_a_round_without_a_server_raises_and_remembers_nothing_new(office: Office) -> None:
    ann = office.found()
    ann.stop_sync()
    when = ann.last_contact
    office.server.stop()
    with pytest.raises(Offline):
        ann.sync_once()
    assert ann.last_contact == when


def test_waiting_to_be_a_member_ends_with_the_time_or_the_confirmation(office: Office) -> None:
    ann = office.found()
    invited = ann.actions.invite("Ben", [])
    ann.stop_sync()
    wanted = AcceptInvitation(read_invitation(invited.link), "ben", PASSWORD, "Ben")
    ben = office.desks["ben"] = accept_invitation(wanted, office.place("ben")).desk
    assert not ben.wait_until_member(0.2)
    ann.sync_once()
    assert ben.wait_until_member(20)
