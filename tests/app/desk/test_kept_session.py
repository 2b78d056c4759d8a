"""A desk that comes and goes signs in once, and again when the session is over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk.kept_session import KeptSession
from sync_client import SessionEnded
from tests.support.real_desks import Office
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "server") as running:
        yield running


@pytest.fixture
def office(server: RunningServer, tmp_path: Path) -> Iterator[Office]:
    found = Office(tmp_path / "office", server.origin)
    yield found
    for desk in found.desks.values():
        desk.lock()


def logins(server: RunningServer) -> int:
    return sum(entry.get("route") == "/v1/login" for entry in server.journal_entries())


def test_one_session_for_many_unlocks(server: RunningServer, office: Office) -> None:
    office.found().stop_sync()
    before = logins(server)
    assert before > 0
    for _ in range(3):
        office.reopen("ann").sync_once()
    assert logins(server) == before


def test_a_session_that_has_ended_is_no_obstacle(office: Office) -> None:
    ann = office.found()
    KeptSession(ann.vault).save(bytes(32))
    ann = office.reopen("ann")
    ann.sync_once()
    assert KeptSession(ann.vault).load() not in (b"", bytes(32))


def test_an_ended_session_is_forgotten(office: Office) -> None:
    ann = office.found()
    KeptSession(ann.vault).save(bytes(32))
    ann = office.reopen("ann")
    with pytest.raises(SessionEnded), ann.account.calls(ann.vault.roster.workspace) as calls:
        calls.heads()
    assert KeptSession(ann.vault).load() == b""


def test_an_old_one_is_not_used(office: Office) -> None:
    ann = office.found()
    now = [1_000_000.0]
    kept = KeptSession(ann.vault, lambda: now[0])
    kept.save(b"token")
    now[0] += 86_399
    assert kept.load() == b"token"
    now[0] += 1
    assert kept.load() == b""
    now[0] -= 90_000  # the clock was put back
    assert kept.load() == b""
