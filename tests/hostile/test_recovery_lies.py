"""Recovery is the one place where a key goes to somebody else on purpose: by the user's signature, to the roster's
keys, seen by everybody, and never by default (A01, A02, A04, A05). Revoked devices read nothing (A47)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from app.desk.regaining import Regaining
from app.desk.revocation import prepare_revocation
from protocol.fold_recovery import enrolment_message
from protocol.roster import RecoveryEnrol, Trustee
from protocol.signing import Namespace
from protocol.wire_recovery import RecoveryAsked
from sync_client import Phase, read_account
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.keys import EncryptionKey, Identity, OpenFailed
from vault.keys.sharing import Enrolment, unwrap_share
from vault.roster import Refused

pytestmark = [pytest.mark.hostile, pytest.mark.usefixtures("fast_kdf")]


class Team:
    def __init__(self, folder: Path) -> None:
        self.office = Office(folder)
        self.ann = self.office.found()
        self.ben, self.cy = (
            self.office.join(self.ann, handle, name) for handle, name in (("ben", "Ben"), ("cy", "Cy"))
        )

    def enrol(self) -> None:
        secret_key = self.office.keychain.load(self.ann.profile.id)
        self.ann.recovery.enrol(PASSWORD, secret_key, 2, [self.ben.me, self.cy.me])
        for desk in (self.ben, self.cy):
            assert desk.sync_now()
            desk.recovery.look()


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    yield made
    made.office.close()


def stored(office: Office) -> bytes:
    """Every byte that the server keeps."""
    files = sorted(path for path in (office.folder / "server").rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files)


@pytest.mark.A05
def test_A05_without_enrolment_nothing_is_given_to_anybody(team: Team) -> None:
    """No box, no share, no trustee: not when a workspace is made, not when somebody joins, not for an admin."""
    for desk in (team.ann, team.ben, team.cy):
        assert desk.vault.me.recovery is None
        assert desk.vault.enrolling.upload_due() is None
        assert desk.recovery.held() == ()
    regaining = Regaining(team.office.origin, "ben", team.office.place("new"))
    regaining.ask()
    assert regaining.look().needed == 0
    assert team.ann.sync_now()
    team.ann.recovery.look()
    assert team.ann.recovery.asked() == ()  # and nobody is even bothered


@pytest.mark.A01
@pytest.mark.A04
def test_A01_an_admin_and_the_server_enrol_nobody_without_the_members_own_signature(team: Team) -> None:
    """Ann owns the workspace; Ben's identity has not signed: no entry, whoever signs and whoever sends it."""
    state = team.ann.vault.roster
    trustees = [Trustee(team.ann.me, b"d" * 32), Trustee(team.cy.me, b"e" * 32)]
    trustees.sort(key=lambda one: one.member)
    message = enrolment_message(state.workspace, state.head, team.ben.me, 2, trustees)
    forged = Identity.generate().signing.sign(Namespace.RECOVERY_ENROL, message)
    for desk in (team.ann, team.ben):  # not Ben's own device either, which a thief could have
        assert desk.sync_now()
        with pytest.raises(Refused):
            desk.vault.exchange.sign_roster([RecoveryEnrol(team.ben.me, 2, trustees, forged)])


@pytest.mark.A02
def test_A02_shares_are_wrapped_to_the_keys_of_the_verified_roster(team: Team) -> None:
    """No key comes from a reply: what is uploaded opens under the trustees' roster keys and under no other."""
    opened: list[bytes] = []
    account = team.ann.account
    with account.calls(team.ann.vault.roster.workspace) as calls:
        _, identity = team.ann.open_account(read_account(calls.http).bundle)
    append = team.ann.vault.enrolling.enrol(identity, 2, [team.ben.me, team.cy.me])
    team.ann.vault.exchange.roster_appended(append)
    upload = team.ann.vault.enrolling.upload_due()
    assert upload is not None
    of = Enrolment(team.ann.vault.roster.workspace, team.ann.me, upload.enrolment)
    for desk, share in zip(sorted((team.ben, team.cy), key=_member), upload.shares, strict=True):
        opened.append(unwrap_share(desk.vault.own.private[-1], of, desk.me, share.sealed))
        with pytest.raises(OpenFailed):
            unwrap_share(EncryptionKey.generate(), of, desk.me, share.sealed)
    assert len(set(opened)) == 2


def _member(desk: Desk) -> bytes:
    return desk.me


@pytest.mark.A02
def test_A02_a_server_that_leads_a_request_elsewhere_shows_another_code(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names another workspace for the handle: the new computer's code is not the one on the trustee's screen."""
    team.enrol()
    honest = Regaining(team.office.origin, "ann", team.office.place("new"))
    lied_to = Regaining(team.office.origin, "ann", team.office.place("new"))
    lied_to._request = honest._request.__class__()
    lied_to._request.key = honest._request.key
    code = honest.ask()
    with monkeypatch.context() as patch:
        patch.setattr("app.desk.regaining.request_recovery", lambda *_: RecoveryAsked(b"f" * 32, team.ann.me))
        assert lied_to.ask() != code
    assert team.ben.sync_now()
    team.ben.recovery.look()
    assert [asked.code for asked in team.ben.recovery.asked()] == [code]


@pytest.mark.A01
def test_A01_nothing_of_a_recovery_is_readable_at_the_server(team: Team) -> None:
    """Box, shares, answers: the server has them all, and in none of its bytes is the identity or a share."""
    team.enrol()
    regaining = Regaining(team.office.origin, "ann", team.office.place("new"))
    regaining.ask()
    for desk in (team.ben, team.cy):
        assert desk.sync_now()
        desk.recovery.look()
        desk.recovery.help(desk.recovery.asked()[0])
    assert regaining.look().ready
    recovered = regaining._recovered
    assert recovered is not None
    secret = recovered.identity.to_bytes()
    kept = stored(team.office)
    for start in (0, 32, 96):
        assert secret[start : start + 32] not in kept
    assert regaining._request.key.to_bytes()[:32] not in kept


@pytest.mark.A47
def test_A47_what_a_thief_and_the_server_have_opens_nothing_that_is_written_since(team: Team) -> None:
    """All keys of the lost computer against all that the server has stored: the newest generation stays closed."""
    office, ann = team.office, team.ann
    lost = office.second_computer(ann, "lost")
    assert lost.sync_now()
    stolen = list(lost.vault.own.private)
    home = ann.home_for("person", ann.team().groups[0].id)
    with lost.vault.store.read() as tx:
        stolen_keys = set(lost.vault.exchange.desk.logs.keys(tx, home).values())
    secret_key = office.keychain.load(ann.profile.id)
    prepare_revocation(ann, [lost.vault.device], PASSWORD, secret_key).send(office.keychain)
    with ann.editor.action() as action:
        action.create("person", home, {"name": "After the theft"})
    assert ann.sync_now()
    with ann.vault.store.read() as tx:
        present = ann.vault.exchange.desk.logs.keys(tx, home)
    newest = present[max(present)]
    assert newest not in stolen_keys
    identity = ann.vault.me.identity
    assert identity is not None
    assert identity.encryption not in {key.public for key in stolen}
    lost.wake()
    wait_until(lambda: lost.sync_state.phase is Phase.HALTED)
    assert team.ben.sync_now()  # and the colleagues' desks go on
    assert team.ben.vault.roster.devices[lost.vault.device].revoked
