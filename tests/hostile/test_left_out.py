"""What a server left out of the stream once, its cursor gone on (A11, A50): when it is honest again a desk comes by it,
and nobody stops for ever."""

from __future__ import annotations

import pytest

from protocol import wire
from sync_client import SyncError
from tests.hostile.harness import HostileOffice, shown
from tests.support.relay_calls import HonestCalls, run_round
from vault.errors import VaultError

pytestmark = [pytest.mark.hostile, pytest.mark.A11, pytest.mark.A50]


def leave_out(hostile: HostileOffice) -> None:
    """Ben's stream goes on past entries of the roster, keys and commits that he was not shown."""
    dee = hostile.world.member("dee")
    hostile.ann.remove(dee.member)
    hostile.news(1)
    ben = hostile.ben
    page = hostile.page(ben)
    assert page.roster and page.wraps and page.commits
    empty = wire.PullPage(0, [], [], [], page.cursor, False)
    assert not hostile.lie(ben, lambda: ben.exchange.accept(empty)).noticed


@pytest.mark.parametrize("more", [False, True], ids=["nothing new", "a new entry"])
def test_A11_what_was_left_out_once_is_read_again(hostile: HostileOffice, more: bool) -> None:
    """A later entry of the roster does not fit, or its head is longer than what was shown."""
    leave_out(hostile)
    if more:
        hostile.world.invite("eve")
    run_round(hostile.ben)
    assert hostile.ben.exchange.roster_head() == hostile.ann.exchange.roster_head()
    assert shown(hostile.ben) == shown(hostile.ann)
    hostile.ben.put(hostile.person, name=hostile.canary())
    run_round(hostile.ben)
    hostile.heal(hostile.ann, hostile.ben)


class StillHidden(HonestCalls):
    """A server that goes on leaving an entry out."""

    def pull(self, cursor: int, cancel: object = None) -> wire.PullPage:
        page = self._relay.pull(self._desk.member, cursor)
        known = self._desk.exchange.roster_head()[0]
        cut = [entry for at, entry in enumerate(page.roster, page.roster_first) if at <= known]
        late = page.roster[len(cut) + 1 :]
        first = page.roster_first + len(cut) + 1 if late else page.roster_first
        return wire.PullPage(first, late or cut, page.wraps, page.commits, page.cursor, page.more)

    def roster(self, first: int, cancel: object = None) -> wire.RosterPage:
        return wire.RosterPage(first, [], first - 1)


def test_A11_a_server_that_goes_on_hiding_is_told_of(hostile: HostileOffice) -> None:
    """It is asked once more, not for ever; nothing of it is taken."""
    hostile.world.invite("eve")
    hostile.world.invite("fay")
    before = hostile.ben.exchange.roster_head()
    with pytest.raises((VaultError, SyncError)) as told:
        run_round(hostile.ben, StillHidden(hostile.ben))
    assert getattr(told.value, "title", "") and getattr(told.value, "message", "")
    assert hostile.ben.exchange.roster_head() == before
    hostile.heal(hostile.ben)
