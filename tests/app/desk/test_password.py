"""A change of password: both ends follow, other computers take it over, a cut at any step loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import unlock
from app.desk.password import PasswordUnsure, change_password, take_changed_password
from sync_client import Offline, Phase, SignInRefused
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.profile import WrongPassword

NEW = "walnut ferry orchard 9"  # a test's password


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_the_new_password_opens_and_signs_in_and_the_old_one_does_neither(office: Office) -> None:
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)
    change_password(ann, PASSWORD, NEW, secret_key)
    assert ann.sync_now()
    folder = ann.profile.folder
    office.desks.pop("ann").lock()
    with pytest.raises(WrongPassword):
        unlock(folder, PASSWORD, office.keychain)
    again = office.desks["ann"] = unlock(folder, NEW, office.keychain)
    assert again.sync_now()


def test_a_wrong_old_password_changes_nothing(office: Office) -> None:
    ann = office.found()
    with pytest.raises(WrongPassword):
        change_password(ann, "not it", NEW, office.keychain.load(ann.profile.id))
    assert ann.sync_now()


def test_another_computer_takes_the_new_password_over(office: Office) -> None:
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)
    laptop = office.second_computer(ann, "laptop")
    change_password(ann, PASSWORD, NEW, secret_key)
    laptop.wake()
    wait_until(lambda: laptop.sync_state.phase is Phase.HALTED)
    assert isinstance(laptop.sync_state.error, SignInRefused)
    with pytest.raises(SignInRefused):
        take_changed_password(laptop, "neither this one", secret_key)
    take_changed_password(laptop, NEW, secret_key)
    assert laptop.sync_now()
    folder = laptop.profile.folder
    office.desks.pop("laptop").lock()
    office.desks["laptop"] = unlock(folder, NEW, office.keychain)


def test_a_crash_after_the_server_agreed_is_finished_with_the_new_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = office.found()
    secret_key = office.keychain.load(ann.profile.id)

    def crash(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(type(ann.profile), "change_unlock_key", crash)
        with pytest.raises(OSError, match="no space"):
            change_password(ann, PASSWORD, NEW, secret_key)
    again = office.reopen("ann")  # the old password still opens what is here
    with again.account.session() as http:
        token = http.session_token
    again.account.door.ended(token)  # and when its session is over, the server knows the new one only
    again.account.use_login(again.present_keys())
    again.start_sync()
    wait_until(lambda: again.sync_state.phase is Phase.HALTED)
    take_changed_password(again, NEW, secret_key)
    assert again.sync_now()


def test_without_an_answer_the_old_password_stays(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = office.found()

    def lost(*_: object) -> None:
        raise Offline("the reply was lost")

    with monkeypatch.context() as patch:
        patch.setattr("app.desk.password.replace_bundle", lost)
        with pytest.raises(PasswordUnsure):
            change_password(ann, PASSWORD, NEW, office.keychain.load(ann.profile.id))
    assert office.reopen("ann").sync_now()
