"""Alarms: recorded once, kept, acknowledged, told to the admins; and words for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import vault.exchange as exchange
from app.desk import Desk
from app.desk.alarm_words import ALARM_WORDS, RULE_WORDS, alarm_kind, rule_words, words_of
from app.desk.alarms import AGAIN_SECONDS, MOST, MOST_TOLD_A_DAY, REMIND_SECONDS, Alarms
from app.desk.audit_events import ALARM
from protocol.codes import CommitCode, RosterCode
from protocol.ids import DIRECTORY_LOG, Compartment, LogId
from protocol.wire import Heads
from sync_client import CancelToken, Offline, ServerMisbehaved, SignInRefused, WorkspaceCalls
from tests.support.real_desks import Office, wait_until
from vault.exchange import Accepted, Forked, LogBroken, RolledBack, StoppedLog, TrustError
from vault.keys.errors import BundleRefused, FileDamaged, KeyRefused
from vault.store import Changes, NotFound, VaultFull


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ann(office: Office) -> Desk:
    return office.found()


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def _kinds(kind: type[TrustError]) -> Iterator[type[TrustError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


@pytest.mark.parametrize("kind", sorted(set(_kinds(TrustError)), key=str))
def test_each_trust_error_has_words_of_its_own(kind: type[TrustError]) -> None:
    error = kind.__new__(kind)  # some take arguments
    assert alarm_kind(error) in ALARM_WORDS, f"no words for the code “{kind.code}”"


def test_what_else_is_an_alarm_has_words() -> None:
    for error in (ServerMisbehaved(), BundleRefused(), KeyRefused(), FileDamaged()):
        assert alarm_kind(error) in ALARM_WORDS


def test_what_an_honest_server_can_cause_is_no_alarm() -> None:
    for error in (Offline(), SignInRefused("sign-in", ""), exchange.NotAMember(), NotFound(), ValueError()):
        assert alarm_kind(error) == ""


@pytest.mark.parametrize("words", ALARM_WORDS.values(), ids=list(ALARM_WORDS))
def test_the_words_say_what_happened_what_it_means_and_what_to_do(words: object) -> None:
    assert all(getattr(words, name) for name in ("title", "happened", "means", "to_do"))


def test_every_rule_of_the_protocol_is_explained() -> None:
    for code in (*RosterCode, *CommitCode):
        assert rule_words(code), code
    assert all(sentence.endswith(".") for sentence in RULE_WORDS.values())
    assert words_of("of-a-newer-version") == ALARM_WORDS["trust"]


def test_an_alarm_is_recorded_once_and_counted(ann: Desk) -> None:
    clock = Clock()
    alarms = Alarms(ann.vault, ann.events, clock)
    heard: list[None] = []
    stop = alarms.on_change(lambda: heard.append(None))
    assert alarms.record(RolledBack("roster: the server ends at 3, this desk has 9"))
    assert alarms.record(RolledBack("again, at the next try"))
    clock.now += AGAIN_SECONDS
    alarms.record(RolledBack("later"))
    (alarm,) = alarms.all()
    assert (alarm.kind, alarm.count, alarm.last - alarm.first) == ("rolled-back", 2, AGAIN_SECONDS)
    assert not alarms.record(Offline())
    assert len(heard) == 2
    stop()
    alarms.acknowledge_all()
    assert len(heard) == 2


def test_alarms_of_different_parts_are_told_apart(ann: Desk) -> None:
    group = ann.team().groups[0].id
    sales, contacts = LogId(group, Compartment.SALES), LogId(group, Compartment.CONTACTS)
    ann.alarms.record(LogBroken("position 3", CommitCode.NOT_WRITER), sales)
    ann.alarms.record(LogBroken("position 9", CommitCode.NOT_WRITER), contacts)
    assert {alarm.log for alarm in ann.alarms.open()} == {sales, contacts}
    assert all("may not write" in alarm.finding for alarm in ann.alarms.open())


def test_an_acknowledged_alarm_comes_back_after_a_day_if_it_goes_on(ann: Desk) -> None:
    clock = Clock()
    alarms = Alarms(ann.vault, ann.events, clock)
    alarms.record(Forked("another entry"))
    alarms.acknowledge(alarms.open()[0])
    clock.now += 3_600
    alarms.record(Forked("another entry"))
    assert alarms.open() == []
    clock.now += REMIND_SECONDS
    alarms.record(Forked("another entry"))
    assert len(alarms.open()) == 1


def test_alarms_outlive_a_restart(office: Office, ann: Desk) -> None:
    ann.alarms.record(Forked("another entry"))
    again = office.reopen("ann")
    assert [alarm.kind for alarm in again.alarms.open()] == ["forked"]
    again.alarms.acknowledge_all()
    assert office.reopen("ann").alarms.open() == []


def test_colleagues_see_which_alarms_were_raised(office: Office, ann: Desk) -> None:
    ben = office.join(ann, "ben", "Ben Brouwer")
    log = LogId(ann.team().groups[0].id, Compartment.SALES)
    ben.alarms.record(LogBroken("position 3", CommitCode.COUNTER), log)
    wait_until(lambda: any(event.what == ALARM for event in ann.events.all()))
    (event,) = ann.events.all()
    assert (event.member, event.code, event.detail) == (ben.me, "log-broken", "counter")
    assert event.kind == log.encode().hex()


def test_a_server_cannot_make_a_desk_flood_the_directory(ann: Desk) -> None:
    clock = Clock()
    alarms = Alarms(ann.vault, ann.events, clock)
    for number in range(MOST + 20):
        clock.now += 1
        alarms.record(LogBroken("", f"made-up-{number}"), DIRECTORY_LOG)
    assert len(alarms.all()) == MOST
    assert len(ann.events.all()) == MOST_TOLD_A_DAY


def test_an_alarm_of_a_call_beside_the_rounds_is_recorded(ann: Desk) -> None:
    with pytest.raises(ServerMisbehaved), ann.account.session():
        raise ServerMisbehaved("endless pages")
    assert [alarm.kind for alarm in ann.alarms.open()] == ["server-misbehaved"]


def test_a_server_that_shows_an_older_state_is_recorded_by_the_round(
    office: Office, ann: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = WorkspaceCalls.heads

    def shorter(calls: WorkspaceCalls, cancel: CancelToken | None = None) -> Heads:
        heads = real(calls, cancel)
        return Heads(heads.roster_position - 1, heads.roster_hash, heads.logs)

    ann.stop_sync()
    monkeypatch.setattr(WorkspaceCalls, "heads", shorter)
    ann.sync_now(5)
    wait_until(lambda: bool(ann.alarms.open()))
    assert [alarm.kind for alarm in ann.alarms.open()] == ["rolled-back"]
    assert any("RolledBack rolled-back" in line for line in ann.journal.lines())


def test_a_log_that_stops_is_recorded_with_its_place(ann: Desk) -> None:
    log = LogId(ann.team().groups[0].id, Compartment.SALES)
    stopped = StoppedLog(log, LogBroken("position 3", CommitCode.STALE))
    ann.vault.exchange.desk.tell(Accepted(Changes(), stopped=[stopped]))
    (alarm,) = ann.alarms.open()
    assert (alarm.kind, alarm.rule, alarm.log) == ("log-broken", "stale", log)


def test_recording_on_a_locked_vault_hides_nothing(office: Office, ann: Desk) -> None:
    alarms = ann.alarms
    office.desks.pop("ann").lock()
    assert alarms.record(Forked("another entry"))


def test_recording_on_a_full_disk_hides_nothing(ann: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise VaultFull("no space")

    monkeypatch.setattr(ann.alarms, "_keep", full)
    assert ann.alarms.record(RolledBack("the server is behind"))
