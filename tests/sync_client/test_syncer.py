"""The syncer's states: offline and back, a session that ended, a login that is refused."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import wire
from protocol.codec import encode
from protocol.limits import VERSION
from protocol.roster import Entry, EntryBody, Policy
from protocol.signing import Namespace
from sync_client import (
    CancelToken,
    Credentials,
    Http,
    Offline,
    Phase,
    SessionEnded,
    SignInRefused,
    Syncer,
    SyncState,
    WorkspaceCalls,
    end_session,
    read_sessions,
)
from sync_client.account import OwnDoor
from sync_client.syncer import FIRST_PAUSE, LONGEST_PAUSE
from tests.support.real_desks import Office, wait_until
from vault.exchange import MovedOn
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


def test_a_workspace_that_moved_on_is_read_here_and_its_edits_wait(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = office.found()
    home = ann.home_for("company", ann.team().groups[0].id)
    with ann.editor.action() as action:
        known = action.create("company", home, {"name": "Known"})
    assert ann.sync_now()
    ann.stop_sync()
    state, own, cursor = ann.vault.roster, ann.vault.own, ann.vault.exchange.cursor()
    upgrade = Policy("format-version", VERSION + 1, b"", b"")
    body = encode(
        EntryBody(VERSION, state.workspace, state.position + 1, state.head, own.device.id, 0, upgrade)
    )
    entry = Entry(body, own.device.sign(Namespace.ROSTER_ENTRY, body))
    page = wire.PullPage(state.position + 1, [entry], [], [], cursor + 1, False)
    with monkeypatch.context() as newer:
        newer.setattr(WorkspaceCalls, "pull", lambda self, cursor, cancel=None: page)
        with ann.editor.action() as action:
            action.create("company", home, {"name": "Later"})
        assert not ann.sync_now(5)
        halted = ann.sync_state
        assert halted.phase is Phase.HALTED and isinstance(halted.error, MovedOn)
        assert "newer version" in halted.error.message
        assert ann.records.get(known) is not None and ann.pending() == 1, "reading goes on, writing waits"
        assert ann.vault.roster == state and ann.vault.exchange.cursor() == cursor
        assert ann.alarms.all() == [], "an owner has signed it: that is no attack"
    ann.wake()
    wait_until(lambda: ann.pending() == 0)


@pytest.mark.hostile
@pytest.mark.A43
def test_A43_a_server_that_ends_every_session_is_asked_less_and_less(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = office.found()
    pauses: list[float] = []

    class Ending(OwnDoor):
        def enter(self, http: Http, cancel: CancelToken | None = None) -> None:
            raise SessionEnded("unauthenticated", "again")

    syncer = Syncer(
        lambda: Http(ann.profile.server),
        Ending(Credentials("ann", lambda namespace, body: b"")),
        ann.vault.exchange,
        lambda state: None,
    )

    def sleep(seconds: float, *, until_wanted: bool) -> None:
        pauses.append(seconds)
        if len(pauses) == 10:
            syncer._cancel.cancel()

    monkeypatch.setattr(syncer, "_sleep", sleep)
    syncer.start()
    wait_until(lambda: syncer.state.phase is Phase.STOPPED and len(pauses) == 10)
    assert pauses == [min(LONGEST_PAUSE, FIRST_PAUSE * 2**n) for n in range(10)]
