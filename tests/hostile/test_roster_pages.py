"""Pages of the roster, as a joiner or a new computer reads them (A43): another place than was asked for, or no end."""

from __future__ import annotations

import pytest

from app.desk.entering import read_roster
from protocol import wire
from protocol.roster import Entry
from sync_client import CancelToken, ServerMisbehaved, WorkspaceCalls
from sync_client.http import Http

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
