"""What the chip says, in every state."""

from __future__ import annotations

import pytest

from app.desktop.shell_topbar import SyncState as Sign
from app.desktop.sync_words import ago, chip_words
from sync_client import Offline, Phase, Progress, SignInRefused, SyncState

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("state", "pending", "last", "sign", "text"),
    [
        (SyncState(Phase.IDLE), 0, NOW - 5, Sign.OK, "Up to date"),
        (SyncState(Phase.WORKING), 0, NOW - 5, Sign.OK, "Up to date"),
        (SyncState(Phase.WORKING), 3, NOW - 5, Sign.WORKING, "Sending 3 changes"),
        (SyncState(Phase.WORKING), 1, NOW - 5, Sign.WORKING, "Sending 1 change"),
        (
            SyncState(Phase.OFFLINE, error=Offline()),
            12,
            NOW,
            Sign.OFFLINE,
            "Working offline – 12 changes wait",
        ),
        (SyncState(Phase.OFFLINE, error=Offline()), 1, NOW, Sign.OFFLINE, "Working offline – 1 change waits"),
        (
            SyncState(Phase.OFFLINE, error=Offline()),
            0,
            NOW - 300,
            Sign.OFFLINE,
            "Working offline – last heard 5 minutes ago",
        ),
        (
            SyncState(Phase.CONNECTING, error=Offline()),
            2,
            NOW,
            Sign.OFFLINE,
            "Working offline – 2 changes wait",
        ),
        (SyncState(Phase.CONNECTING), 0, 0, Sign.WORKING, "Connecting"),
        (SyncState(Phase.IDLE), 0, NOW - 660, Sign.OFFLINE, "Last heard 11 minutes ago"),
        (
            SyncState(Phase.WORKING, progress=Progress("pull", 1200, 0)),
            0,
            0,
            Sign.WORKING,
            "Receiving – 1,200 so far",
        ),
        (SyncState(Phase.STOPPED), 0, NOW, Sign.OFFLINE, "Not synchronising"),
        (
            SyncState(Phase.HALTED, error=SignInRefused("login-refused", "no")),
            5,
            NOW,
            Sign.ERROR,
            "Signing in did not work",
        ),
    ],
)
def test_words_of_each_state(state: SyncState, pending: int, last: float, sign: Sign, text: str) -> None:
    words = chip_words(state, pending, last, NOW)
    assert (words.sign, words.text) == (sign, text)


def test_stopped_and_blocked_parts_are_errors() -> None:
    idle = SyncState(Phase.IDLE)
    assert chip_words(idle, 0, NOW, NOW, stopped=1).text == "A part is stopped"
    assert chip_words(idle, 2, NOW, NOW, blocked=1).text == "2 changes cannot be sent"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a moment ago"),
        (60, "1 minute ago"),
        (7_300, "2 hours ago"),
        (90_000, "1 day ago"),
        (-5, "a moment ago"),
    ],
)
def test_ago(seconds: float, words: str) -> None:
    assert ago(seconds) == words
