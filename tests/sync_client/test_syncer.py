"""The syncer's states: offline and back, a session that ended, a login that is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_client import (
    Credentials,
    Offline,
    Phase,
    SignInRefused,
    Syncer,
    SyncState,
    end_session,
    read_sessions,
)
from tests.support.real_desks import Office, wait_until
from vault.keys import DeviceKey

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_offline_is_a_state_and_the_pauses_grow(office: Office) -> None:
    ann = office.found()
    assert ann.sync_now()
    states: list[SyncState] = []
    ann.on_state(states.append)
    office.server.kill()
    wait_until(lambda: sum(state.phase is Phase.OFFLINE for state in states) >= 3)
    offline = [state for state in states if state.phase is Phase.OFFLINE]
    assert all(isinstance(state.error, Offline) for state in offline)
    assert all(state.last_contact > 0 for state in offline), "what was last heard is kept"
    assert offline[-1].retry_at > time.time() - 1
    office.server.start(office.port)
    ann.wake()
    wait_until(lambda: ann.sync_state.phase is Phase.IDLE)
    assert ann.sync_state.error is None


def test_a_session_that_ended_is_opened_again_by_itself(office: Office) -> None:
    ann = office.found()
    assert ann.sync_now()
    with ann.account.session() as http:
        for session in read_sessions(http):
            if not session.current:
                end_session(http, session.id)
    with ann.editor.action() as action:
        action.create("company", ann.home_for("company", ann.team().groups[0].id), {"name": "After"})
    wait_until(lambda: ann.pending() == 0)


def test_a_login_that_is_refused_halts_and_says_so(office: Office) -> None:
    ann = office.found()
    ann.stop_sync()
    stranger = Credentials(ann.profile.handle, DeviceKey.generate().sign)
    states: list[SyncState] = []
    syncer = Syncer(ann.new_http, stranger, ann.vault.exchange, states.append)
    syncer.start()
    try:
        wait_until(lambda: syncer.state.phase is Phase.HALTED)
        assert isinstance(syncer.state.error, SignInRefused)
        assert not syncer.sync_now(0.2)
    finally:
        syncer.stop()
    assert syncer.state.phase is Phase.STOPPED


def test_stop_while_waiting_is_at_once(office: Office) -> None:
    ann = office.found()
    office.server.kill()
    wait_until(lambda: ann.sync_state.phase is Phase.OFFLINE)
    began = time.monotonic()
    ann.stop_sync()
    assert time.monotonic() - began < 8
