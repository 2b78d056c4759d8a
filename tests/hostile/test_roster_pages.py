"""Pages of the roster, as a joiner or a new computer reads them (A43): another place than was asked for, or no end."""

from __future__ import annotations

from typing import TypeVar

import pytest

from app.desk.entering import read_roster
from protocol import wire
from protocol.codec import Message
from protocol.limits import MAX_ROSTER_ENTRY
from protocol.roster import Entry
from protocol.wire_recovery import RecoveryCollected
from sync_client import CancelToken, ServerMisbehaved, WorkspaceCalls, reconciling, roster_pages
from sync_client.http import Http
from sync_client.recovery import collect_recovery

T = TypeVar("T")

pytestmark = [pytest.mark.hostile, pytest.mark.A43]


class Pages(WorkspaceCalls):
    """Answers with the pages given, whatever is asked for."""

    def __init__(self, *pages: wire.RosterPage) -> None:
        super().__init__(Http("http://127.0.0.1:1"), bytes(32))
        self._pages = list(pages)

    def roster(self, first: int, cancel: CancelToken | None = None) -> wire.RosterPage:
        assert self._pages, "read on without end"
        return self._pages.pop(0)


ENTRY = Entry(b"body", bytes(64))


@pytest.mark.parametrize(
    "pages",
    [
        [wire.RosterPage(2, [ENTRY], 2)],
        [wire.RosterPage(0, [ENTRY], 2)],
        [wire.RosterPage(1, [ENTRY], 2), wire.RosterPage(1, [ENTRY], 2)],
        [wire.RosterPage(1, [ENTRY], 3), wire.RosterPage(3, [ENTRY], 3)],
        [wire.RosterPage(1, [], 1)],
        [wire.RosterPage(1, [ENTRY], 1 << 50), wire.RosterPage(2, [], 1 << 50)],
    ],
    ids=["later", "earlier", "again", "hole", "empty", "never ends"],
)
def test_A43_pages_of_the_roster_that_nobody_asked_for(pages: list[wire.RosterPage]) -> None:
    with pytest.raises(ServerMisbehaved):
        read_roster(Pages(*pages))


def test_pages_in_their_order_are_the_roster() -> None:
    pages = [wire.RosterPage(1, [ENTRY, ENTRY], 3), wire.RosterPage(3, [ENTRY], 3)]
    assert read_roster(Pages(*pages)) == [ENTRY] * 3


class Endless(WorkspaceCalls):
    """Goes on and on, with pages as large as they may be."""

    def __init__(self, page: list[Entry]) -> None:
        super().__init__(Http("http://127.0.0.1:1"), bytes(32))
        self._page = page
        self.asked = 0

    def roster(self, first: int, cancel: CancelToken | None = None) -> wire.RosterPage:
        self.asked += 1
        assert self.asked < 100, "read on without end"
        return wire.RosterPage(first, self._page, 1 << 50)


@pytest.mark.parametrize("many", [True, False], ids=["many", "large"])
@pytest.mark.parametrize("who", ["new computer", "two pasts", "recovery"])
def test_A43_a_roster_without_end_fills_no_memory(
    who: str, many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it can be verified before it is whole."""
    monkeypatch.setattr(roster_pages, "MOST_ENTRIES", 50 if many else 1_000)
    monkeypatch.setattr(roster_pages, "MOST_BYTES", 100_000 if many else 5_000)
    calls = Endless([ENTRY] * 3 if many else [Entry(bytes(1_000), bytes(64))])
    with pytest.raises(ServerMisbehaved):
        if who == "new computer":
            read_roster(calls)
        elif who == "two pasts":
            reconciling._roster(calls, CancelToken())
        else:
            collect_recovery(Collecting(calls), "ann", bytes(1_216))
    assert calls.asked < 20


class Collecting(Http):
    """Answers each request to collect with the next page."""

    def __init__(self, calls: Endless) -> None:
        super().__init__("http://127.0.0.1:1")
        self._calls = calls

    def post(self, path: str, body: Message, reply: type[T], *, cancel: CancelToken | None = None) -> T:
        page = self._calls.roster(1)
        found = RecoveryCollected(2, 2, b"box", [], 1, page.entries, page.head_position)
        assert isinstance(found, reply)
        return found


def test_an_entry_over_its_limit_is_none() -> None:
    with pytest.raises(ServerMisbehaved):
        read_roster(Pages(wire.RosterPage(1, [Entry(bytes(MAX_ROSTER_ENTRY + 1), bytes(64))], 1)))
