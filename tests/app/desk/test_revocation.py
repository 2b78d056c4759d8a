"""Revoking a lost computer: what it loses, what stays, and what a break at any step leaves (A47)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.desk import Desk, unlock
from app.desk import revocation as steps
from app.desk.devices import take_new_kit
from app.desk.password import PasswordChangedElsewhere, change_password
from app.desk.revocation import prepare_revocation, resume_revocation
from protocol.ids import LogId
from sync_client import Offline, Phase, SignInRefused, read_sessions
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.keys import SecretKey
from vault.profile import KeychainLocked, WrongPassword

pytestmark = [pytest.mark.hostile, pytest.mark.A47, pytest.mark.usefixtures("fast_kdf")]


class Crash(BaseException):
    """The process dies here: nothing after it runs, no handler mends anything."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def prepared(office: Office, desk: Desk, lost: Desk) -> steps.Revocation:
    secret_key = office.keychain.load(desk.profile.id)
    return prepare_revocation(desk, [lost.vault.device], PASSWORD, secret_key)


def test_the_lost_computer_is_out_and_this_one_goes_on(office: Office) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    lost = office.second_computer(ann, "lost")
    assert lost.sync_now()
    former = office.keychain.load(ann.profile.id)
    revocation = prepared(office, ann, lost)
    revocation.send(office.keychain)
    assert office.keychain.load(ann.profile.id) == revocation.secret_key != former
    assert ann.vault.roster.devices[lost.vault.device].revoked
    assert ann.vault.revoking.pending() is None
    assert ann.sync_now()
    with ann.account.session() as http:
        assert len(read_sessions(http)) <= 2  # its own and its syncer's; those of the lost computer ended
    lost.wake()
    wait_until(lambda: lost.sync_state.phase is Phase.HALTED)
    assert isinstance(lost.sync_state.error, SignInRefused)
    assert ben.sync_now()
    assert ben.vault.roster.devices[lost.vault.device].revoked
    again = office.reopen("ann")
    assert again.sync_now()
    assert not again.vault.is_rekeyed


def test_logs_get_keys_that_the_thief_cannot_open(office: Office) -> None:
    ann = office.found()
    lost = office.second_computer(ann, "lost")
    assert lost.sync_now()
    stolen = list(lost.vault.own.private)
    home = ann.home_for("person", ann.team().groups[0].id)
    before = _generation(ann, home)
    prepared(office, ann, lost).send(office.keychain)
    with ann.editor.action() as action:
        action.create("person", home, {"name": "After the theft"})
    assert ann.sync_now()
    assert _generation(ann, home) == before + 1
    identity = ann.vault.me.identity
    assert identity is not None
    assert identity.encryption not in {key.public for key in stolen}


def _generation(desk: Desk, log: LogId) -> int:
    exchange = desk.vault.exchange.desk
    with desk.vault.store.read() as tx:
        return exchange.logs.log_state(tx, log).generation


def test_other_own_computers_ask_for_the_new_kit(office: Office) -> None:
    ann = office.found()
    lost, laptop = office.second_computer(ann, "lost"), office.second_computer(ann, "laptop")
    assert laptop.sync_now()
    assert ann.sync_now()
    former = office.keychain.load(laptop.profile.id)
    revocation = prepared(office, ann, lost)
    revocation.send(office.keychain)
    laptop.wake()
    wait_until(lambda: laptop.sync_state.phase is Phase.HALTED)
    with pytest.raises(SignInRefused):
        take_new_kit(laptop, PASSWORD, SecretKey.generate(), office.keychain)
    assert office.keychain.load(laptop.profile.id) == former
    take_new_kit(laptop, PASSWORD, revocation.secret_key, office.keychain)
    assert laptop.sync_now()
    assert not laptop.vault.is_rekeyed
    with ann.editor.action() as action:
        action.create("person", ann.home_for("person", ann.team().groups[0].id), {"name": "Since then"})
    assert ann.sync_now()
    assert laptop.sync_now()
    assert laptop.search.search("Since then", limit=5)
    office.reopen("laptop")


def test_a_wrong_password_or_a_change_of_mind_changes_nothing(office: Office) -> None:
    ann = office.found()
    lost = office.second_computer(ann, "lost")
    assert ann.sync_now()
    secret_key = office.keychain.load(ann.profile.id)
    with pytest.raises(WrongPassword):
        prepare_revocation(ann, [lost.vault.device], "not it", secret_key)
    prepared(office, ann, lost).cancel()
    assert ann.vault.revoking.pending() is None
    prepared(office, ann, lost)  # and a window that is closed in the middle
    ann = office.reopen("ann")
    assert ann.vault.revoking.pending() is None
    assert ann.sync_now()
    assert lost.sync_now()
    assert office.keychain.load(ann.profile.id) == secret_key


def test_a_password_that_changed_elsewhere_in_between_ends_it(office: Office) -> None:
    ann = office.found()
    laptop, lost = office.second_computer(ann, "laptop"), office.second_computer(ann, "lost")
    assert ann.sync_now()
    revocation = prepared(office, ann, lost)
    change_password(laptop, PASSWORD, "walnut ferry orchard 9", office.keychain.load(laptop.profile.id))
    with pytest.raises(PasswordChangedElsewhere):
        revocation.send(office.keychain)
    assert ann.vault.revoking.pending() is None


POINTS = [
    "vault.revoking.Revoking.send",
    "app.desk.revocation.replace_bundle",
    "vault.vault.Vault.bundle_stored",
    "vault.revoking.Revoking.unfinished",
    "sync_client.workspace.WorkspaceCalls.append_roster",
    "vault.exchange.exchange.Exchange.roster_appended",
    "vault.profile.next_key.save",
    "vault.profile.vault_key.save",
    "tests.support.real_desks.MemoryKeychain.store",
    "vault.profile.profile.Profile.secret_key_kept",
    "vault.revoking.Revoking.finished",
]


@pytest.mark.A42
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("point", POINTS)
def test_broken_off_anywhere_it_is_finished_at_the_next_start(
    office: Office, monkeypatch: pytest.MonkeyPatch, point: str, when: str
) -> None:
    """The new Secret Key is on paper before anything is sent; from `send` on nothing is lost, whatever breaks."""
    ann = office.found()
    lost = office.second_computer(ann, "lost")
    assert ann.sync_now()
    ann.stop_sync()
    device = lost.vault.device
    revocation = prepared(office, ann, lost)
    office.desks.pop("lost").lock()
    with monkeypatch.context() as patch:
        _break_at(patch, point, when)
        with pytest.raises(Crash):
            revocation.send(office.keychain)
        # What a dead process leaves is its files: nothing of it is closed in order.
    office.desks.pop("ann")
    ann.vault.profile.close()
    again = office.desks["ann"] = unlock(office.folder / "ann", PASSWORD, office.keychain)
    if (point, when) == (POINTS[0], "before"):
        assert not again.vault.roster.devices[
            device
        ].revoked  # nothing had been sent: it is as if never asked
        return
    assert again.vault.revoking.pending() is None
    assert again.vault.roster.devices[device].revoked
    assert office.keychain.load(again.profile.id) == revocation.secret_key
    assert again.sync_now()
    ann = office.reopen("ann")
    assert ann.sync_now()
    assert not ann.vault.is_rekeyed


def _break_at(patch: pytest.MonkeyPatch, point: str, when: str) -> None:
    """Make the function at `point` the last one that runs."""
    owner, _, name = point.rpartition(".")
    target = _named(owner)
    real: Callable[..., object] = getattr(target, name)

    def broken(*args: object, **more: object) -> object:
        if when == "after":
            real(*args, **more)
        raise Crash

    patch.setattr(target, name, broken)


def _named(path: str) -> object:
    import importlib

    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            found = getattr(found, part)
        return found
    raise AssertionError(path)


def test_without_an_answer_it_is_finished_by_itself_when_the_server_is_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = office.found()
    lost = office.second_computer(ann, "lost")
    assert ann.sync_now()
    revocation = prepared(office, ann, lost)

    def lost_reply(*_: object, **__: object) -> None:
        raise Offline("the reply was lost")

    with monkeypatch.context() as patch:
        patch.setattr("sync_client.workspace.WorkspaceCalls.append_roster", lost_reply)
        with pytest.raises(Offline):
            revocation.send(office.keychain)
    wait_until(lambda: ann.vault.revoking.pending() is None)
    assert ann.vault.roster.devices[lost.vault.device].revoked
    wait_until(lambda: ann.is_syncing)
    assert ann.sync_now()


def test_a_locked_keychain_costs_no_secret_key(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = office.found()
    lost = office.second_computer(ann, "lost")
    assert ann.sync_now()
    revocation = prepared(office, ann, lost)

    def locked(*_: object) -> None:
        raise KeychainLocked("refused")

    with monkeypatch.context() as patch:
        patch.setattr(type(office.keychain), "store", locked)
        revocation.send(office.keychain)
    assert ann.vault.revoking.pending() is None
    again = office.reopen("ann")  # with the Secret Key of before, which the keychain still has
    assert office.keychain.load(again.profile.id) == revocation.secret_key
    assert not (again.profile.folder / "next.sealed").exists()
    resume_revocation(again, PASSWORD, office.keychain)  # nothing is left to do
    assert again.sync_now()
