"""Rounds against servers that lie in their pages, and connections that break at any moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import wire
from sync_client import Cancelled, CancelToken, Progress, Round, ServerMisbehaved, WorkspaceCalls
from sync_client.errors import SyncError
from tests.support.real_desks import Office, wait_until
from tests.support.server import RunningServer, running_server
from vault.store import Query

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "served", tap=True) as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, server: RunningServer) -> Iterator[Office]:
    made = Office(tmp_path / "office", server.origin)
    yield made
    made.close()


class LyingCalls(WorkspaceCalls):
    """The real calls, but for the pages that a test puts in their place."""

    def __init__(self, honest: WorkspaceCalls, pages: list[wire.PullPage]) -> None:
        super().__init__(honest.http, bytes(32))
        self._honest = honest
        self._pages = pages

    def pull(self, cursor: int, cancel: CancelToken | None = None) -> wire.PullPage:
        return self._pages.pop(0) if len(self._pages) > 1 else self._pages[0]


@pytest.mark.hostile
@pytest.mark.A43
def test_A43_pages_that_never_advance_end_in_an_error(office: Office) -> None:
    ann = office.found()
    ann.stop_sync()
    cursor = ann.vault.exchange.cursor()
    endless = wire.PullPage(0, [], [], [], cursor, True)
    with ann.account.calls(ann.vault.roster.workspace) as calls, pytest.raises(ServerMisbehaved):
        Round(LyingCalls(calls, [endless]), ann.vault.exchange).run(CancelToken())
    assert ann.vault.exchange.cursor() == cursor


def test_a_first_sync_that_was_cancelled_goes_on_where_it_was(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    home = ann.home_for("company", group)
    for batch in range(30):
        with ann.editor.action() as action:
            for number in range(100):
                action.create("company", home, {"name": f"Company {batch}-{number}", "sector": "x" * 2_000})
        assert ann.sync_now()
    desk = office.second_computer(ann, "laptop")
    desk.stop_sync()
    cancel = CancelToken()
    heard: list[Progress] = []

    def on_progress(progress: Progress) -> None:
        heard.append(progress)
        cancel.cancel()

    with desk.account.calls(desk.vault.roster.workspace) as calls:
        rounds = Round(calls, desk.vault.exchange, on_progress=on_progress)
        if desk.records.count(Query("company")) < 3_000:
            with pytest.raises(Cancelled):
                rounds.run(cancel)
            assert heard
        Round(calls, desk.vault.exchange).run(CancelToken())
    assert desk.records.count(Query("company")) == 3_000


def test_connections_cut_at_random_lose_nothing_and_double_nothing(
    office: Office, server: RunningServer
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    stop = threading.Event()

    def cut() -> None:
        while not stop.wait(0.03):
            server.cut_connections()

    cutter = threading.Thread(target=cut)
    cutter.start()
    try:
        names = set()
        for desk in (ann, ben):
            for number in range(60):
                name = f"{desk.profile.handle} {number}"
                with desk.editor.action() as action:
                    action.create("company", desk.home_for("company", group), {"name": name})
                names.add(name)
    finally:
        stop.set()
        cutter.join()
    for desk in (ann, ben):
        desk.wake()
        wait_until(lambda desk=desk: desk.sync_now(5) and desk.pending() == 0)  # type: ignore[misc]
    assert ann.sync_now()
    for desk in (ann, ben):
        found = [str(record.fields["name"]) for record in desk.records.each(Query("company"))]
        assert sorted(found) == sorted(names)


def test_a_round_says_what_went_wrong_and_leaves_the_edit_waiting(
    office: Office, server: RunningServer
) -> None:
    ann = office.found()
    ann.stop_sync()
    with ann.editor.action() as action:
        action.create("company", ann.home_for("company", ann.team().groups[0].id), {"name": "Waiting"})
    server.stop()
    with pytest.raises(SyncError), ann.account.calls(ann.vault.roster.workspace) as calls:
        Round(calls, ann.vault.exchange).run(CancelToken())
    assert ann.pending() == 1
    server.start()
    assert ann.sync_now()
    assert ann.pending() == 0
