"""A50: the accounts come back from a backup too. The newest keys of an account come back with its own computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk, SignIn, sign_in_with_kit, unlock
from app.desk.password import change_password, take_changed_password
from app.desk.revocation import prepare_revocation
from app.desk.second_factor import enter_code
from protocol import wire, wire_security
from sync_client import Credentials, Phase, SignInRefused, read_account, sign_in
from tests.app.desk.test_second_factor import set_up
from tests.support.backups import Backup
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.keys import Derived
from vault.keys.derive import derive

pytestmark = [pytest.mark.hostile, pytest.mark.A50, pytest.mark.usefixtures("fast_kdf")]

NEW, NEWER = "walnut ferry orchard 9", "lantern gravel thistle 4"  # a test's passwords


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def signs_in(desk: Desk, derived: Derived) -> bool:
    http = desk.new_http()
    try:
        sign_in(http, Credentials(desk.profile.handle, derived.login.sign))
    except SignInRefused:
        return False
    finally:
        http.close()
    return True


def told(desk: Desk, kind: str = "account-restored") -> int:
    """How often an alarm of the kind was raised."""
    return sum(alarm.count for alarm in desk.alarms.all() if alarm.kind == kind)


def on_server(desk: Desk) -> int:
    return desk.account.ask(read_account).bundle.version


def unlocked(office: Office, handle: str, password: str) -> Desk:
    office.desks.pop(handle).lock()
    desk = office.desks[handle] = unlock(office.folder / handle, password, office.keychain)
    return desk


def forget_session(desk: Desk) -> None:
    """As after a restore of a copy that holds no sessions, or a long absence."""
    desk.stop_sync()
    with desk.account.session() as http:
        token = http.session_token
    desk.account.door.ended(token)
    desk.account.use_login(desk.present_keys())


@pytest.mark.parametrize("session", [False, True])
def test_A50_a_password_changed_after_the_backup(office: Office, session: bool) -> None:
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)
    laptop = office.second_computer(ann, "laptop")
    assert ann.sync_now() and laptop.sync_now()
    backup = Backup(office)
    assert ann.sync_now() and laptop.sync_now()
    change_password(ann, PASSWORD, NEW, secret_key)
    change_password(ann, NEW, NEWER, secret_key)
    assert ann.sync_now()
    laptop.stop_sync()
    if not session:
        forget_session(ann)
    ann.stop_sync()
    backup.put_back()
    assert signs_in(laptop, derive(PASSWORD, secret_key)), "the restored server knows the old password"
    ann = unlocked(office, "ann", NEWER)
    assert ann.sync_now()
    wait_until(lambda: told(ann) == 1)  # where a session holds, in the first quiet moment
    assert on_server(ann) == 3
    assert not signs_in(ann, derive(PASSWORD, secret_key))
    assert not signs_in(ann, derive(NEW, secret_key))
    assert signs_in(ann, derive(NEWER, secret_key))
    take_changed_password(laptop, NEWER, secret_key)
    assert laptop.sync_now()
    ann = unlocked(office, "ann", NEWER)
    assert ann.sync_now()
    assert told(ann) == 1, "once"


def test_A50_the_computer_that_took_the_new_password_over_brings_it_too(office: Office) -> None:
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)
    laptop = office.second_computer(ann, "laptop")
    assert laptop.sync_now()
    backup = Backup(office)
    assert laptop.sync_now()
    change_password(ann, PASSWORD, NEW, secret_key)
    take_changed_password(laptop, NEW, secret_key)
    forget_session(laptop)
    ann.stop_sync()
    backup.put_back()
    assert laptop.sync_now()
    assert (on_server(laptop), told(laptop)) == (2, 1)
    assert not signs_in(laptop, derive(PASSWORD, secret_key))


def test_A50_a_computer_revoked_after_the_backup_is_out_again(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    lost = office.second_computer(ann, "lost")
    assert lost.sync_now()
    backup = Backup(office)
    assert ann.sync_now() and ben.sync_now() and lost.sync_now()
    former = office.keychain.load(ann.profile.id)
    revocation = prepare_revocation(ann, [lost.vault.device], PASSWORD, former)
    revocation.send(office.keychain)
    assert ann.sync_now() and ben.sync_now()
    for desk in (ann, ben, lost):
        desk.stop_sync()
    backup.put_back()
    ann = office.reopen("ann")
    assert ann.sync_now()
    wait_until(lambda: told(ann) == 1 and told(ann, "server-restored") == 1)
    assert on_server(ann) == 2
    lost.start_sync()
    wait_until(lambda: lost.sync_state.phase is Phase.HALTED)
    assert not signs_in(lost, derive(PASSWORD, former))
    assert ben.sync_now()
    assert ben.vault.roster.devices[lost.vault.device].revoked
    wanted = SignIn(office.origin, ann.profile.handle, revocation.secret_key, PASSWORD)
    office.desks["new"] = sign_in_with_kit(wanted, office.place("new")).desk


def test_A50_nothing_is_said_where_nothing_had_changed(office: Office) -> None:
    ann = office.found()
    assert ann.sync_now()
    backup = Backup(office)
    assert ann.sync_now()
    ann.stop_sync()
    backup.put_back()
    ann = office.reopen("ann")
    assert ann.sync_now()
    assert (on_server(ann), told(ann), told(ann, "bundle-refused")) == (1, 0, 0)


def test_A50_a_second_factor_is_asked_for(office: Office) -> None:
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)
    phone, _ = set_up(ann)
    assert ann.sync_now()
    backup = Backup(office)
    assert ann.sync_now()
    change_password(ann, PASSWORD, NEW, secret_key)
    forget_session(ann)
    backup.put_back()
    assert not ann.sync_now(5)
    assert told(ann) == 0
    enter_code(ann, phone.code())
    wait_until(ann.sync_now)
    assert (on_server(ann), told(ann)) == (2, 1)


def test_A50_a_server_that_claims_an_older_account_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets the bundle that it had, and statements about public keys, once; then nothing but the alarm."""
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)
    change_password(ann, PASSWORD, NEW, secret_key)
    assert ann.sync_now()
    ann.stop_sync()
    old = wire.BundleUpload(1, b"the older one")
    sent: list[wire_security.LoginForward] = []
    make = ann.vault.forwarding.maker(ann.present_keys().login)
    assert make is not None

    def counted(login: wire.Login) -> wire_security.LoginForward:
        sent.append(make(login))
        return sent[-1]

    forward = ann._forward
    ann.account.door.forwarding(lambda login: counted, lambda: None)
    monkeypatch.setattr(ann.vault.forwarding, "maker", lambda login: counted)
    real = ann.account.ask(read_account)
    monkeypatch.setattr(forward, "_bundle", lambda: old)
    forward._due = True
    for _ in range(5):
        forward.look()
    assert len(sent) == 1, "tried once"
    assert sent[0].bundle == real.bundle, "nothing that the server did not have"
    assert told(ann, "bundle-refused") == 1
    monkeypatch.undo()
    assert ann.sync_now()
