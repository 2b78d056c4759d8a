"""Each operation on the stream in turn (A11): drop, replay, reorder, duplicate, roll back; in every place of a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from protocol import wire
from protocol.ids import NO_HASH, LogId
from protocol.wire import PlacedCommit
from tests.hostile.harness import HostileOffice, snapshot
from vault.exchange import Forked, RolledBack, RosterBroken

pytestmark = [pytest.mark.hostile, pytest.mark.A11]

Commits = list[PlacedCommit]
Change = Callable[[Commits, int], Commits]
replace = msgspec.structs.replace


def dropped(page: Commits, at: int) -> Commits:
    return [*page[:at], *page[at + 1 :]]


def replayed(page: Commits, at: int) -> Commits:
    """The commit again, as the log's newest."""
    last = max(one.position for one in page if one.log == page[at].log)
    return [*page, PlacedCommit(page[at].log, last + 1, page[at].commit)]


def exchanged(page: Commits, at: int) -> Commits:
    """Two commits of one log, each under the other's position."""
    later = next((one for one in page[at + 1 :] if one.log == page[at].log), None)
    if later is None:
        return replayed(page, at)
    first = PlacedCommit(later.log, page[at].position, later.commit)
    second = PlacedCommit(later.log, later.position, page[at].commit)
    return [{page[at]: first, later: second}.get(one, one) for one in page]


def in_another_log(page: Commits, at: int) -> Commits:
    other = next(one for one in page if one.log != page[at].log)
    return [*page[:at], PlacedCommit(other.log, other.position, page[at].commit), *page[at + 1 :]]


def swallowed(page: Commits, at: int) -> Commits:
    """Left out, and what follows moved up to close the hole."""
    return [
        PlacedCommit(one.log, one.position - 1, one.commit)
        if one.log == page[at].log and one.position > page[at].position
        else one
        for one in dropped(page, at)
    ]


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize("change", [dropped, replayed, exchanged, in_another_log, swallowed])
def test_A11_a_page_that_is_not_the_logs(hostile: HostileOffice, change: Change, at: int) -> None:
    """Whatever counted is a beginning of the honest log; the rest is refused or asked for; then all is well."""
    hostile.news()
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    assert len(honest.commits) == 6
    lie = replace(honest, commits=change(honest.commits, at))
    outcome = hostile.lie(ben, lambda: ben.exchange.accept(lie), unmoved=False)
    last_of_its_log = all(one.log != honest.commits[at].log for one in honest.commits[at + 1 :])
    assert outcome.noticed or (change in (dropped, swallowed) and last_of_its_log)
    hostile.heal(ben)
    assert ben.field(hostile.person, "name") == hostile.ann.field(hostile.person, "name")
    assert ben.field(hostile.deal, "title") == hostile.ann.field(hostile.deal, "title")
    assert len(ben.vault.history.history(hostile.person)) == len(
        hostile.ann.vault.history.history(hostile.person)
    )


def test_A11_all_doubled_is_taken_once(hostile: HostileOffice) -> None:
    hostile.news()
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    ben.exchange.accept(replace(honest, commits=honest.commits * 2, wraps=honest.wraps * 2))
    once = snapshot(ben)
    outcome = hostile.lie(ben, lambda: ben.exchange.accept(honest))
    assert not outcome.errors and snapshot(ben) == once


def test_A11_backwards_is_asked_for_and_never_taken_so(hostile: HostileOffice) -> None:
    hostile.news()
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    lie = replace(honest, commits=honest.commits[::-1])
    outcome = hostile.lie(ben, lambda: ben.exchange.accept(lie), unmoved=False)
    assert outcome.asks and not outcome.errors
    hostile.heal(ben)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("how", ["dropped", "exchanged", "doubled", "replayed"])
def test_A11_entries_of_the_roster(hostile: HostileOffice, how: str, at: int) -> None:
    """A roster with a hole, in another order, or with an entry again: nothing of the page is taken."""
    for name in ("dee", "eve", "fay", "gil"):
        hostile.world.invite(name)
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    entries = list(honest.roster)
    assert len(entries) == 4
    first, second = entries[at], entries[at + 1]
    lies = {
        "dropped": [*entries[:at], *entries[at + 1 :]],
        "exchanged": [*entries[:at], second, first, *entries[at + 2 :]],
        "doubled": [*entries[: at + 1], first, *entries[at + 1 :]],
        "replayed": [*entries, first],
    }
    lie = replace(honest, roster=lies[how])
    outcome = hostile.lie(ben, lambda: ben.exchange.accept(lie))
    assert isinstance(outcome.errors[0], RosterBroken | Forked)
    hostile.heal(ben)


def test_A11_a_hole_between_two_pages_of_the_roster(hostile: HostileOffice) -> None:
    hostile.world.invite("dee")
    hostile.world.invite("eve")
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    lie = replace(honest, roster_first=honest.roster_first + 1, roster=honest.roster[1:])
    outcome = hostile.lie(ben, lambda: ben.exchange.accept(lie))
    assert [getattr(error, "code", "") for error in outcome.errors] == ["gap"]


@pytest.mark.A33
def test_A33_heads_that_lie_behind_or_beside(hostile: HostileOffice) -> None:
    """The roster shorter, or another at the same length; each log shorter, or another; each by itself."""
    ben, relay = hostile.ben, hostile.relay
    honest = relay.heads(ben.member)
    lies = [
        (replace(honest, roster_position=honest.roster_position - 1), RolledBack),
        (replace(honest, roster_hash=b"r" * 32), Forked),
    ]
    for at, head in enumerate(honest.logs):
        chains = [NO_HASH, *relay.logs[LogId.decode(head.log)].chains]
        shorter = replace(head, position=head.position - 1, chain=chains[head.position - 1])
        other = replace(head, chain=b"c" * 32)
        lies.append((replace(honest, logs=[*honest.logs[:at], shorter, *honest.logs[at + 1 :]]), RolledBack))
        lies.append((replace(honest, logs=[*honest.logs[:at], *honest.logs[at + 1 :]]), RolledBack))
        lies.append((replace(honest, logs=[*honest.logs[:at], other, *honest.logs[at + 1 :]]), Forked))
    assert len(honest.logs) >= 4
    for lie, error in lies:
        outcome = hostile.lie(ben, partial(ben.exchange.accept_heads, lie))
        assert [type(one) for one in outcome.errors] == [error]


@pytest.mark.A33
def test_A33_a_stopped_log_takes_nothing_more(hostile: HostileOffice) -> None:
    """After a fork was shown, even honest commits wait until a person lets the log be tried again."""
    hostile.news(1)
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    first = honest.commits[0]
    forged = msgspec.structs.replace(first.commit, signature=bytes(64))
    lie = replace(honest, commits=[PlacedCommit(first.log, first.position, forged)])
    assert hostile.lie(ben, lambda: ben.exchange.accept(lie)).errors
    before = ben.field(hostile.person, "name")
    ben.exchange.accept(replace(honest, commits=[one for one in honest.commits if one.log == first.log]))
    assert ben.field(hostile.person, "name") == before
    hostile.heal(ben)
    assert ben.field(hostile.person, "name") != before


def test_A11_a_page_of_nothing_hides_and_changes_nothing(hostile: HostileOffice) -> None:
    """Dropping whole pages, cursor and all, is a freeze; comparing heads finds it."""
    hostile.news()
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    empty = wire.PullPage(0, [], [], [], honest.cursor, False)
    assert not hostile.lie(ben, lambda: ben.exchange.accept(empty)).noticed
    wanted = ben.exchange.accept_heads(hostile.relay.heads(ben.member))
    assert {one.log for one in wanted} == {hostile.person.log, hostile.deal.log}
    ben.fetch(wanted)
    assert ben.field(hostile.person, "name") == hostile.ann.field(hostile.person, "name")
