"""Recovery with colleagues' help, from naming them to a new computer that is in again; on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from app.desk.recovery import TooFewTrustees
from app.desk.regaining import Regaining
from app.desk.revocation import prepare_revocation, revoke_under_present_keys
from protocol.wire_recovery import HeldShare, RecoveryShares
from sync_client import Phase, SignInRefused, WorkspaceCalls
from sync_client.recovery import read_shares
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.profile import WrongPassword
from vault.recovery import Asked

NEW = "walnut ferry orchard 9"  # a test's password

pytestmark = pytest.mark.usefixtures("fast_kdf")


class Team:
    """Ann, and three colleagues whom she can name."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder)
        self.ann = self.office.found()
        self.others = [
            self.office.join(self.ann, handle, f"{handle.title()} Trustee") for handle in ("ben", "cy", "dot")
        ]

    def enrol(self, threshold: int = 2) -> None:
        secret_key = self.office.keychain.load(self.ann.profile.id)
        self.ann.recovery.enrol(PASSWORD, secret_key, threshold, [desk.me for desk in self.others])
        for desk in self.others:
            assert desk.sync_now()
            desk.recovery.look()

    def regaining(self) -> Regaining:
        return Regaining(self.office.origin, "ann", self.office.place("new"))

    def request_at(self, desk: Desk) -> Asked:
        """The newest request, at a trustee's desk."""
        wait_until(lambda: desk.sync_now() and _looked(desk) and bool(desk.recovery.asked()))
        return desk.recovery.asked()[-1]


def _looked(desk: Desk) -> bool:
    desk.recovery.look()
    return True


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    yield made
    made.office.close()


def test_two_of_three_colleagues_let_somebody_in_again(team: Team) -> None:
    office, ann = team.office, team.ann
    ben, _, dot = team.others
    with ann.editor.action() as action:
        action.create("person", ann.home_for("person", ann.team().groups[0].id), {"name": "Zoe Zijlstra"})
    team.enrol()
    assert ann.sync_now()
    status = ann.recovery.status()
    assert (status.threshold, len(status.trustees), status.needs_renewal) == (2, 3, False)
    assert all(held.sound for desk in team.others for held in desk.recovery.held())
    lost = ann.vault.device

    # The laptop is gone, and the Kit with it. A new computer asks, and says its code on the phone.
    regaining = team.regaining()
    code = regaining.ask()
    assert regaining.look().ready is False
    asked = team.request_at(ben)
    assert asked.code == code
    assert not asked.released
    ben.recovery.help(asked)
    first = regaining.look()
    assert (first.given, first.needed, first.ready) == (1, 2, False)
    asked = team.request_at(dot)
    assert (asked.code, asked.releases, asked.needed) == (code, 1, 2)
    dot.recovery.help(asked)
    assert regaining.look().ready
    assert regaining.other_computers == [lost]

    keys = regaining.choose(NEW)
    new = regaining.enter(keys)
    office.desks["new"] = new.desk
    wait_until(lambda: new.desk.sync_now() and bool(new.desk.search.search("Zoe", limit=5)))
    assert new.kit.account.secret_key == keys.secret_key
    assert office.keychain.load(new.desk.profile.id) == keys.secret_key

    # The old computer is out of the account at once, and out of the workspace when it is revoked.
    ann.wake()
    wait_until(lambda: ann.sync_state.phase is Phase.HALTED)
    assert isinstance(ann.sync_state.error, SignInRefused)
    revoke_under_present_keys(new.desk, [lost], office.keychain)
    assert new.desk.vault.roster.devices[lost].revoked
    assert office.keychain.load(new.desk.profile.id) == keys.secret_key
    after = new.desk.recovery.status()
    assert after.enrolled  # renewed by itself: new keys had ended it
    assert not after.uses
    assert new.desk.sync_now()
    again = office.desks["new"] = _reopened(office, NEW)
    assert again.sync_now()

    # Everybody sees, for ever, who gave his part.
    for desk in team.others:
        assert desk.sync_now()
    history = ben.vault.exchange.desk.roster.history
    released = history.at(history.position).members[new.desk.me]
    assert released.recovery is not None


def _reopened(office: Office, password: str) -> Desk:
    from app.desk import unlock

    folder = office.desks["new"].profile.folder
    office.desks.pop("new").lock()
    return unlock(folder, password, office.keychain)


def test_own_desks_see_that_somebody_asks_and_can_put_a_stop_to_it(team: Team) -> None:
    office, ann = team.office, team.ann
    ben, cy, _ = team.others
    team.enrol()
    regaining = team.regaining()
    regaining.ask()
    mine = team.request_at(ann)
    assert mine.mine
    ben.recovery.help(team.request_at(ben))
    assert ann.sync_now()
    assert [use.trustee for use in ann.recovery.status().uses] == [ben.me]
    ann.recovery.look()
    assert [alarm.kind for alarm in ann.alarms.open()] == ["recovery-used"]  # told, and told once
    ann.alarms.acknowledge_all()
    ann.recovery.look()
    assert ann.alarms.open() == []
    ann.recovery.withdraw(PASSWORD, office.keychain.load(ann.profile.id))
    assert cy.sync_now()
    cy.recovery.look()
    assert not cy.recovery.asked()
    assert not cy.recovery.held()
    assert regaining.look().given == 0
    assert ann.sync_now()
    assert ann.recovery.status().lapsed is None  # withdrawn is not lapsed


def test_a_request_reaches_trustees_and_own_desks_by_itself(team: Team) -> None:
    """Nobody has to ask for it: the server moves the cursor, desks that keep in step come and look."""
    team.enrol()
    assert team.ann.sync_now()
    heard: list[int] = []
    team.others[0].recovery.on_news(lambda: heard.append(1))
    code = team.regaining().ask()
    for desk in (team.others[0], team.others[1], team.ann):
        wait_until(lambda desk=desk: [one.code for one in desk.recovery.asked()] == [code])  # type: ignore[misc]
    assert heard


def test_what_cannot_be_enrolled(team: Team) -> None:
    secret_key = team.office.keychain.load(team.ann.profile.id)
    with pytest.raises(TooFewTrustees):
        team.ann.recovery.enrol(PASSWORD, secret_key, 1, [desk.me for desk in team.others])
    with pytest.raises(TooFewTrustees):
        team.ann.recovery.enrol(PASSWORD, secret_key, 2, [team.others[0].me])
    with pytest.raises(WrongPassword):
        team.ann.recovery.enrol("not it", secret_key, 2, [desk.me for desk in team.others])
    assert not team.ann.recovery.status().enrolled


def test_a_part_that_the_server_changed_is_an_alarm_at_the_trustees(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = team.others[0]
    real = read_shares

    def changed(calls: WorkspaceCalls) -> RecoveryShares:
        shares = real(calls)
        held = [HeldShare(one.member, one.enrolment, bytes(len(one.sealed))) for one in shares.held]
        return RecoveryShares(held, shares.requests)

    monkeypatch.setattr("app.desk.recovery.read_shares", changed)
    team.enrol()
    assert [one.sound for one in ben.recovery.held()] == [False]
    assert [alarm.kind for alarm in ben.alarms.open()] == ["share-unusable"]


@pytest.mark.hostile
@pytest.mark.A02
def test_an_unknown_handle_looks_like_a_known_one(team: Team) -> None:
    """Ids of the same form, the same each time; and nothing to collect, for ever."""
    nobody = Regaining(team.office.origin, "nobody", team.office.place("new"))
    assert nobody.ask() == nobody.ask()
    not_enrolled = Regaining(team.office.origin, "ann", team.office.place("new"))
    not_enrolled.ask()
    assert nobody.look() == not_enrolled.look()


def test_a_trustee_who_gets_new_keys_is_told_of_and_the_enrolment_renewed(team: Team) -> None:
    office, ann = team.office, team.ann
    ben = team.others[0]
    team.enrol()
    lost = office.second_computer(ben, "lost")
    assert ben.sync_now()
    revocation = prepare_revocation(ben, [lost.vault.device], PASSWORD, office.keychain.load(ben.profile.id))
    revocation.send(office.keychain)
    assert ann.sync_now()
    status = ann.recovery.status()
    assert status.needs_renewal
    assert status.still_works  # two of the three parts serve
    assert [trustee.member for trustee in status.trustees if trustee.problem] == [ben.me]
    team.enrol()
    assert not ann.recovery.status().needs_renewal
    assert ben.sync_now()
    ben.recovery.look()
    assert [held.sound for held in ben.recovery.held()] == [True]


def test_a_change_of_password_leaves_it_as_it_is(team: Team) -> None:
    from app.desk.password import change_password

    office, ann = team.office, team.ann
    team.enrol()
    change_password(ann, PASSWORD, NEW, office.keychain.load(ann.profile.id))
    assert ann.sync_now()
    assert not ann.recovery.status().needs_renewal
    regaining = team.regaining()
    regaining.ask()
    for desk in team.others[:2]:
        desk.recovery.help(team.request_at(desk))
    assert regaining.look().ready


def test_an_enrolment_whose_reply_was_lost_is_completed(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from sync_client import Offline

    def lost(*_: object) -> None:
        raise Offline("the reply was lost")

    with monkeypatch.context() as patch:
        patch.setattr("app.desk.recovery.put_recovery", lost)
        with pytest.raises(Offline):
            team.enrol()
    assert team.ann.vault.enrolling.upload_due() is not None
    team.ann = team.office.reopen("ann")
    assert team.ann.sync_now()
    wait_until(lambda: _looked(team.ann) and team.ann.vault.enrolling.upload_due() is None)
    assert team.others[0].sync_now()
    team.others[0].recovery.look()
    assert [held.sound for held in team.others[0].recovery.held()] == [True]
