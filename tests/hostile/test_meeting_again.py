"""Two desks that a server has shown two pasts, and that meet again (A33): of a log, of the roster. Whoever is shown the
other's past says so and takes nothing of it; what he wrote and what waits is still there; other logs go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from protocol.access import logs_of
from protocol.ids import Standing
from sync_client import SyncError
from tests.hostile.harness import HostileOffice, shown, snapshot
from tests.support.desks import Desk
from tests.support.relay import Relay
from tests.support.relay_calls import HonestCalls, run_round
from tests.support.town import copy_of
from vault.errors import VaultError
from vault.exchange import Forked, RolledBack, TrustError
from vault.roster import plan_invite

pytestmark = [pytest.mark.hostile, pytest.mark.A33]


def told(desk: Desk, relay: Relay) -> list[Exception]:
    """What a round with that server tells: raised, or as stopped logs."""
    try:
        run_round(desk, HonestCalls(desk, relay))
    except (VaultError, SyncError) as error:
        return [error]
    return [stop.error for stop in desk.exchange.stopped()]


def separated(hostile: HostileOffice) -> Relay:
    """From now on Ben is shown a world of his own; Ann stays with the true one."""
    return copy_of(hostile.relay)


def write_in(desk: Desk, relay: Relay, act: Callable[[], object]) -> None:
    act()
    run_round(desk, HonestCalls(desk, relay))


def test_A33_two_pasts_of_a_log(hostile: HostileOffice) -> None:
    """Both edited one record; then Ben is shown Ann's past, and Ann Ben's."""
    ann, ben, person = hostile.ann, hostile.ben, hostile.person
    other = separated(hostile)
    mine, theirs = hostile.canary(), hostile.canary()
    write_in(ben, other, lambda: ben.put(person, name=theirs))
    write_in(ann, hostile.relay, lambda: ann.put(person, name=mine))
    for desk, relay, name in ((ben, hostile.relay, theirs), (ann, other, mine)):
        before = shown(desk)
        errors = told(desk, relay)
        assert errors and all(isinstance(error, TrustError) for error in errors)
        for error in errors:
            assert isinstance(error, VaultError)
            hostile.assert_in_words(error)
        assert desk.field(person, "name") == name
        assert shown(desk) == before


def test_A33_what_waits_when_a_fork_is_found_is_kept(hostile: HostileOffice) -> None:
    """Ben had typed something more: it goes to neither past, and is not lost over a restart. His other logs go on."""
    ann, ben, person = hostile.ann, hostile.ben, hostile.person
    other = separated(hostile)
    write_in(ben, other, lambda: ben.put(person, name=hostile.canary()))
    write_in(ann, hostile.relay, lambda: ann.put(person, name=hostile.canary()))
    waiting = hostile.canary()
    ben.put(person, phone=waiting)
    pushed = len(hostile.relay.pushes)
    assert told(ben, hostile.relay)
    ben.reopen()
    assert told(ben, hostile.relay)
    assert ben.field(person, "phone") == waiting
    for push in hostile.relay.pushes[pushed:]:
        assert all(commit not in hostile.relay.logs[person.log].commits for commit in push.commits)
    with ben.vault.store.read() as tx:
        assert ben.exchange.desk.outbox.count(tx) >= 1


def test_A33_two_pasts_of_the_roster(hostile: HostileOffice) -> None:
    """An owner's removal in one world, an admin's invitation in the other, at the same place: no desk goes from one
    to the other by itself, and none takes an entry of the other."""
    ann, ben = hostile.ann, hostile.ben
    bea = hostile.world.member("bea", "manager", Standing.ADMIN)
    hostile.world.sync_all()
    other = separated(hostile)
    ann.remove(hostile.cy.member)
    run_round(ann)
    invited = bea.exchange.sign_roster(plan_invite([], int(hostile.world.clock())).operations)
    other.append_roster(invited)
    bea.exchange.roster_appended(invited)
    run_round(ben, HonestCalls(ben, other))
    assert ben.exchange.roster_head()[0] == ann.exchange.roster_head()[0]
    assert ben.exchange.roster_head() == bea.exchange.roster_head() != ann.exchange.roster_head()
    for desk, relay in ((ben, hostile.relay), (bea, hostile.relay), (ann, other)):
        head, before = desk.exchange.roster_head(), shown(desk)
        errors = told(desk, relay)
        assert errors and all(isinstance(error, TrustError) for error in errors)
        for error in errors:
            assert isinstance(error, VaultError)
            hostile.assert_in_words(error)
        assert desk.exchange.roster_head() == head and shown(desk) == before


def test_A33_a_head_heard_from_a_colleague_finds_the_fork(hostile: HostileOffice) -> None:
    """Cy is shown Ben's world. A link that Ann made in hers names a head that his server cannot show."""
    other = separated(hostile)
    ben = hostile.ben
    write_in(ben, other, lambda: ben.put(hostile.person, name=hostile.canary()))
    link = hostile.world.invite("eve")
    position, head = link.position, link.head
    run_round(ben, HonestCalls(ben, other))
    assert ben.exchange.roster_head()[0] < position
    roster = ben.vault.exchange.desk.roster
    assert roster.check_head(position, head) is False, "it lies ahead: his server hides it"
    known, ours = ben.exchange.roster_head()
    with pytest.raises(Forked):
        roster.check_head(known, bytes(32))
    assert roster.check_head(known, ours)


@pytest.mark.A50
def test_A33_a_server_of_last_week(hostile: HostileOffice) -> None:
    """The whole of it put back, logs and roster: every desk that saw more says so and keeps what it has."""
    backup = separated(hostile)
    hostile.news(2)
    hostile.world.invite("dee")
    hostile.world.sync_all()
    for desk in (hostile.ann, hostile.ben):
        before = snapshot(desk)
        with pytest.raises(RolledBack):
            heads = backup.heads(desk.member)
            desk.exchange.accept_heads(heads)
        with pytest.raises(RolledBack):
            desk.exchange.accept(
                backup.pull(desk.member, min(desk.exchange.cursor(), len(backup.events)) - 1)
            )
        assert snapshot(desk) == before
        state = hostile.relay.history.head
        assert logs_of(state, desk.member) >= {hostile.person.log}
    hostile.heal(hostile.ann, hostile.ben)
