"""Pages of the operator's journal without end, or with lines of any size (A43): given up before they fill memory."""

from __future__ import annotations

import pytest

from app.desk import server_word
from protocol.ids import NO_HASH
from protocol.wire_security import JournalEntry, JournalPage
from sync_client import CancelToken, ServerMisbehaved, WorkspaceCalls
from sync_client.http import Http

pytestmark = [pytest.mark.hostile, pytest.mark.A43]


class Endless(WorkspaceCalls):
    def __init__(self, detail: str) -> None:
        super().__init__(Http("http://127.0.0.1:1"), bytes(32))
        self._line = JournalEntry(1, 0, "root", "status", detail, NO_HASH, NO_HASH)
        self.asked = 0

    def journal(self, first: int, cancel: CancelToken | None = None) -> JournalPage:
        self.asked += 1
        assert self.asked < 100, "read on without end"
        return JournalPage(first, [self._line], 1 << 50, NO_HASH)


@pytest.mark.parametrize(
    ("detail", "pages"), [("", 12), ("x" * 2_000, 1)], ids=["without end", "a line without end"]
)
def test_A43_a_journal_without_end_fills_no_memory(
    detail: str, pages: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_word, "MOST_LINES", 10)
    calls = Endless(detail)
    with pytest.raises(ServerMisbehaved):
        server_word._read(calls)
    assert calls.asked <= pages
