"""Support is let in, reads one part, and ends by itself everywhere, whatever a server or a clock says."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import AcceptInvitation, Desk, NotAllowed, accept_invitation, read_invitation
from app.desk.support import DAY, SupportOver, until_words
from protocol.ids import DIRECTORY_LOG, Compartment, LogId
from protocol.roster import Confirm, Expired
from protocol.roster_parse import parse_entry
from protocol.state import MemberStatus
from sync_client import CancelToken, Round, ServerRefused, WorkspaceCalls
from tests.support.real_desks import PASSWORD, Office, wait_until


class Clock:
    """One for each desk, so that they can differ."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def clocked(desk: Desk) -> Clock:
    clock = Clock()
    desk.vault.exchange.desk.clock = clock
    return clock


class Team:
    """Ann owns, Ben manages, Vic is support for the contacts of the first group until tomorrow."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.ann = office.found()
        self.ben = office.join(self.ann, "ben", "Ben Brouwer")
        self.group = self.ann.team().groups[0].id
        self.contacts = LogId(self.group, Compartment.CONTACTS)
        self.deals = LogId(self.group, Compartment.SALES)
        self.until = int(time.time()) + DAY
        with self.ann.editor.action() as action:
            self.person = action.create("person", self.contacts, {"name": "Kari Kort"})
            self.deal = action.create("deal", self.deals, {"name": "Cranes"})
        self.ann.support.allow(True)
        self.vic = self.let_in("vic")

    def let_in(self, handle: str) -> Desk:
        invited = self.ann.support.let_in("Vic of Tacit", self.group, [Compartment.CONTACTS], self.until)
        wanted = AcceptInvitation(read_invitation(invited.link), handle, PASSWORD, "Vic of Tacit")
        desk = self.office._took(handle, accept_invitation(wanted, self.office.place(handle)))
        self.ann.sync_now()
        wait_until(lambda: desk.sync_now() and desk.is_member)
        return desk

    def status(self, desk: Desk) -> MemberStatus:
        return desk.vault.roster.members[self.vic.me].status

    def write(self, desk: Desk, name: str) -> None:
        with desk.editor.action() as action:
            self.newest = action.create("person", self.contacts, {"name": name})


@pytest.fixture
def team(office: Office) -> Team:
    return Team(office)


def test_it_is_off_until_an_owner_allows_it(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    until = int(time.time()) + DAY
    assert not ann.support.is_allowed
    with pytest.raises(NotAllowed):
        ann.support.let_in("Vic", group, [Compartment.CONTACTS], until)
    with pytest.raises(NotAllowed):
        ben.support.allow(True)
    ann.support.allow(True)
    wait_until(lambda: ben.sync_now() and ben.support.is_allowed)
    with pytest.raises(NotAllowed):
        ben.support.let_in("Vic", group, [Compartment.CONTACTS], until)
    assert "nor for any other group" in " ".join(ann.support.sentences(group, [Compartment.CONTACTS], until))
    for wrong in (int(time.time()) - 5, int(time.time()) + 31 * DAY):
        with pytest.raises(ValueError, match="within 30 days"):
            ann.support.let_in("Vic", group, [Compartment.CONTACTS], wrong)


def test_support_reads_what_was_granted_and_nothing_else(team: Team) -> None:
    vic = team.vic
    wait_until(lambda: vic.sync_now() and vic.records.get(team.person) is not None)
    assert vic.records.get(team.deal) is None
    assert not vic.may_write(team.person)
    with vic.vault.store.read() as tx:
        held = set(vic.vault.exchange.desk.logs.logs_with_keys(tx))
    assert held == {DIRECTORY_LOG, team.contacts}
    assert vic.pending() == 0
    assert not vic.audit.may_see()


def test_every_member_sees_that_support_is_in(team: Team) -> None:
    wait_until(lambda: team.ben.sync_now() and bool(team.ben.support.running()))
    (visit,) = team.ben.support.running()
    assert visit.inside
    words = "people, companies, tasks and notes of Everyone"
    assert visit.sentence(team.ben.me) == (
        f"Support (Vic of Tacit) can read {words} until {until_words(team.until)}."
    )
    assert visit.sentence(team.vic.me).startswith("You are support here: you can read people")
    assert team.ann.support.sentences(team.group, [Compartment.CONTACTS], team.until)[0].startswith(
        "Support will read all people, companies, tasks and notes of Everyone"
    )


def test_any_member_ends_it(team: Team) -> None:
    wait_until(lambda: team.ben.sync_now() and bool(team.ben.support.running()))
    team.ben.support.end(team.ben.support.running()[0])
    assert team.status(team.ben) is MemberStatus.REMOVED
    team.write(team.ben, "After the end")
    assert team.ben.sync_now()
    wait_until(lambda: team.vic.sync_now() and team.status(team.vic) is MemberStatus.REMOVED)
    assert team.vic.records.get(team.newest) is None
    with pytest.raises(SupportOver):
        team.vic.support.check()


def test_it_ends_by_itself_when_the_first_clock_says_so(team: Team) -> None:
    clock = clocked(team.ben)
    assert team.ben.sync_now()
    assert team.status(team.ben) is MemberStatus.ACTIVE
    clock.ahead = 2 * DAY
    assert team.ben.sync_now()
    assert team.status(team.ben) is MemberStatus.REMOVED
    entry = team.ben.vault.roster.position
    with team.ben.vault.store.read() as tx:
        entries = list(team.ben.vault.exchange.desk.logs.roster_entries(tx))
    assert isinstance(parse_entry(entries[entry - 1]).operation, Expired)
    team.write(team.ann, "Under a new key")
    wait_until(lambda: team.ann.sync_now() and not team.ann.pending())
    with team.vic.vault.store.read() as tx:
        known = max(team.vic.vault.exchange.desk.logs.keys(tx, team.contacts))
    with team.ann.vault.store.read() as tx:
        assert max(team.ann.vault.exchange.desk.logs.keys(tx, team.contacts)) > known


def test_switching_the_policy_off_ends_it_too(team: Team) -> None:
    team.ann.support.allow(False)
    wait_until(lambda: team.ann.sync_now() and team.status(team.ann) is MemberStatus.REMOVED)
    team.write(team.ann, "After the switch")
    assert team.ann.sync_now()
    team.vic.sync_now()
    assert team.vic.records.get(team.newest) is None
    assert team.ann.support.running() == []


def test_a_server_that_withholds_the_end_gets_nothing_for_support(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen for roster entries: no `expired` gets in. Nobody writes what support could read, and support, whose own
    clock stands still, gets nothing new; other parts go on."""

    def refuse(*args: object) -> None:
        raise ServerRefused("roster-moved", "somebody was faster")

    vic_clock = clocked(team.vic)
    for desk in (team.ann, team.ben):
        desk.sync_now()
        clocked(desk).ahead = 2 * DAY
    with monkeypatch.context() as patch:
        patch.setattr(WorkspaceCalls, "append_roster", refuse)
        team.write(team.ann, "Never for support")
        with team.ann.editor.action() as action:
            other = action.create("deal", team.deals, {"name": "Goes on"})
        wait_until(
            lambda: team.ann.sync_now() and team.ben.sync_now() and team.ben.records.get(other) is not None
        )
        assert team.status(team.ann) is MemberStatus.ACTIVE
        assert (team.contacts, "support") in team.ann.vault.exchange.blocked()
        assert team.vic.sync_now()
        assert vic_clock.ahead == 0.0
        assert team.vic.records.get(team.newest) is None
        assert team.ben.records.get(team.newest) is None
    wait_until(lambda: team.ann.sync_now() and not team.ann.pending())
    wait_until(lambda: team.ben.sync_now() and team.ben.records.get(team.newest) is not None)
    team.vic.sync_now()
    assert team.vic.records.get(team.newest) is None


def test_nobody_hands_a_key_to_support_whose_time_is_over(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    contacts = LogId(group, Compartment.CONTACTS)
    with ann.editor.action() as action:
        action.create("person", contacts, {"name": "Kari Kort"})
    assert ann.sync_now()
    ann.support.allow(True)
    until = int(time.time()) + DAY
    ann.support.let_in("Vic", group, [Compartment.CONTACTS], until)
    ann.stop_sync()
    exchange = ann.vault.exchange
    clock = clocked(ann)
    assert exchange.confirmations_due(int(time.time())) == []
    clock.ahead = 2 * DAY
    (due,) = exchange.confirmations_due(int(time.time()))
    assert isinstance(due, Expired)


def test_nobody_lets_support_in_whose_time_is_over(office: Office) -> None:
    ann = office.found()
    ann.support.allow(True)
    group, until = ann.team().groups[0].id, int(time.time()) + DAY
    invited = ann.support.let_in("Vic", group, [Compartment.CONTACTS], until)
    ann.stop_sync()
    wanted = AcceptInvitation(read_invitation(invited.link), "vic", PASSWORD, "Vic")
    office._took("vic", accept_invitation(wanted, office.place("vic"))).stop_sync()
    exchange = ann.vault.exchange
    with ann.account.calls(ann.vault.roster.workspace) as calls:
        Round(calls, exchange).pull(CancelToken())
    assert [type(one) for one in exchange.confirmations_due(int(time.time()))] == [Confirm]
    clocked(ann).ahead = 2 * DAY
    assert [type(one) for one in exchange.confirmations_due(int(time.time()))] == [Expired]


def test_a_key_that_was_not_handed_over_in_time_is_not_handed_over_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Round, "_deliver_wraps", lambda *args: False)
        team = Team(office)
        team.ann.stop_sync()
    exchange = team.ann.vault.exchange
    due = [pair for pair in exchange.wraps_due() if pair[0] == team.contacts]
    assert due, "Vic is in, and lacks the key"
    assert exchange.make_wraps(*due[0], []).wraps
    clocked(team.ann).ahead = 2 * DAY
    assert [pair for pair in exchange.wraps_due() if pair[0] == team.contacts] == []
    assert exchange.make_wraps(*due[0], []).wraps == []


def test_a_round_that_was_made_before_the_end_is_not_sent_again_after_it(team: Team) -> None:
    ann = team.ann
    ann.sync_now()
    ann.stop_sync()
    clock = clocked(ann)
    team.write(ann, "Made in time")
    push = ann.vault.exchange.next_push(100, 1 << 20)
    assert push is not None
    assert push.commits
    assert ann.vault.exchange.next_push(100, 1 << 20) == push
    clock.ahead = 2 * DAY
    assert ann.vault.exchange.next_push(100, 1 << 20) is None
    clock.ahead = 0
    again = ann.vault.exchange.next_push(100, 1 << 20)
    assert again is not None
    assert len(again.commits) == len(push.commits)


def test_the_desk_of_support_closes_itself(team: Team) -> None:
    team.vic.support.check()
    assert team.vic.support.until == team.until
    assert team.ann.support.until is None
    clocked(team.vic).ahead = 2 * DAY
    with pytest.raises(SupportOver, match="until"):
        team.vic.support.check()
    team.ann.support.check()


def test_a_desk_of_support_does_not_open_after_its_end(team: Team) -> None:
    team.ann.support.end(team.ann.support.running()[0])
    wait_until(lambda: team.vic.sync_now() and team.status(team.vic) is MemberStatus.REMOVED)
    team.office.desks.pop("vic").lock()
    for _ in range(2):  # it leaves nothing open behind
        with pytest.raises(SupportOver):
            team.office.open("vic")
