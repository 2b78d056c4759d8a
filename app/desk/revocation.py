"""Revoking computers of this account that are lost, step by step, so that a break anywhere is finished later.

    1 `prepare_revocation`: password, account's bundle, new keys, all kept in the vault. Nothing is sent; the new
      Emergency Kit is in its owner's hands before anything depends on it
    2 `Revocation.send`: the server takes the bundle under the new keys, and ends the sessions of all other computers
    3 the roster takes `device revoke` and `re-key`; logs get new keys
    4 this computer's database is sealed under the new keys; the keychain gets the new Secret Key

Broken off after 2 began: `finish_revocation` does the rest, at the next unlocking or when the server answers again.
Before it: the next unlocking forgets it, and nothing has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from app.desk.desk import Desk
from app.desk.errors import DeskError, DidNotFinish
from app.desk.password import PasswordChangedElsewhere
from app.desk.steps import OnStep, ignore_step
from protocol.ids import DeviceId
from protocol.wire import ErrorCode
from sync_client import (
    CancelToken,
    Http,
    Round,
    ServerRefused,
    SessionEnded,
    SignInRefused,
    SyncError,
    read_account,
    replace_bundle,
)
from vault.errors import VaultError
from vault.keys import Derived, SecretKey
from vault.keys.derive import derive
from vault.profile import Keychain, KeychainError
from vault.revoking import Pending

TRIES = 12


@dataclass(frozen=True)
class Revocation:
    """A revocation that is prepared. `secret_key` is the account's new one."""

    desk: Desk
    secret_key: SecretKey = field(repr=False)
    _after: Derived = field(repr=False)

    def send(self, keychain: Keychain, on_step: OnStep = ignore_step) -> None:
        """Do it (slow). Raises SyncError, VaultError, DeskError; unless it was PasswordChangedElsewhere, what is left
        is done by itself later, and may be tried again."""
        self.desk.vault.revoking.send()
        finish_revocation(self.desk, self._after, keychain, on_step)

    def cancel(self) -> None:
        """Give it up; nothing has happened. Only before `send`."""
        pending = self.desk.vault.revoking.pending()
        if pending is not None and not pending.sending:
            self.desk.vault.revoking.finished()


def prepare_revocation(
    desk: Desk,
    devices: Sequence[DeviceId],
    password: str,
    secret_key: SecretKey,
    on_step: OnStep = ignore_step,
) -> Revocation:
    """Ask for the password, open the account, make the new keys (slow). `secret_key` is the present one.

    Raises WrongPassword, PasswordChangedElsewhere, SyncError, VaultError; nothing has changed then.
    """
    vault = desk.vault
    _none_under_way(desk)
    on_step("Checking your password")
    before = desk.profile.derive(password, secret_key)
    desk.profile.unlock_with(before)
    on_step("Reading what is new")
    try:
        with desk.account.calls(vault.roster.workspace) as calls:
            Round(calls, vault.exchange, turn=desk.turn).catch_up(CancelToken())
            account = read_account(calls.http)
    except SignInRefused as refusal:
        raise PasswordChangedElsewhere from refusal
    bundle, identity = vault.open_account(account.bundle, before)
    vault.bundle_stored(account.bundle.version)
    vault.enrolling.remember()
    on_step("Making the new keys")
    fresh = SecretKey.generate()
    after = derive(password, fresh)
    vault.revoking.prepare(devices, bundle, account.bundle.version, identity, after, fresh)
    return Revocation(desk, fresh, after)


def _none_under_way(desk: Desk) -> None:
    """Raises DidNotFinish."""
    begun = desk.vault.revoking.pending()
    if begun is not None and begun.sending:
        raise DidNotFinish(
            "A computer is being revoked, and the server did not answer to the end. Tacit finishes that by itself; "
            "then you can revoke another one."
        )


def revoke_under_present_keys(
    desk: Desk, devices: Sequence[DeviceId], keychain: Keychain, on_step: OnStep = ignore_step
) -> None:
    """Revoke without a new Kit (slow): right after recovery, where the Secret Key is new already and no other computer
    has ever had it. Raises as `prepare_revocation` and `Revocation.send`."""
    vault = desk.vault
    begun = vault.revoking.pending()
    if begun is not None and begun.sending:
        finish_revocation(desk, desk.present_keys(), keychain, on_step)
        return
    on_step("Reading what is new")
    with desk.account.calls(vault.roster.workspace) as calls:
        Round(calls, vault.exchange, turn=desk.turn).catch_up(CancelToken())
        account = read_account(calls.http)
    bundle, identity = desk.open_account(account.bundle)
    vault.bundle_stored(account.bundle.version)
    vault.enrolling.remember()
    vault.revoking.prepare(devices, bundle, account.bundle.version, identity, desk.present_keys(), None)
    vault.revoking.send()
    finish_revocation(desk, desk.present_keys(), keychain, on_step)


def resume_revocation(desk: Desk, password: str, keychain: Keychain) -> None:
    """At unlocking (slow where there is one): forget what was never sent, finish what was. Raises as `send`."""
    pending = desk.vault.revoking.pending()
    if pending is None:
        return
    if not pending.sending:
        desk.vault.revoking.finished()
        return
    after = desk.present_keys() if pending.secret_key is None else derive(password, pending.secret_key)
    finish_revocation(desk, after, keychain)


def finish_revocation(desk: Desk, after: Derived, keychain: Keychain, on_step: OnStep = ignore_step) -> None:
    """Steps 2 to 4, each skipped where it was done before."""
    vault = desk.vault
    pending = vault.revoking.pending()
    if pending is None or not pending.sending:
        return
    desk.wait_with(lambda: finish_revocation(desk, after, keychain))
    was_syncing = desk.is_syncing
    desk.stop_sync()
    try:
        on_step("Changing your keys on the server")
        _replace(desk, pending, after)
        taken, before = pending.replace, desk.present_keys()
        vault.forwarding.changed(taken.bundle, before.login, after.login, taken.expected_version)
        vault.bundle_stored(taken.bundle.version)
        on_step("Taking the computer out of the workspace")
        _append(desk, on_step)
        on_step("Sealing this computer's key anew")
        _seal(desk, pending, after, keychain)
        vault.revoking.finished()
        desk.wait_with(None)
        with suppress(SyncError, VaultError, DeskError):  # told under Settings until somebody does it
            desk.recovery.renew_lapsed()
    except PasswordChangedElsewhere:
        vault.revoking.finished()  # the server never took it, and never will
        desk.wait_with(None)
        raise
    finally:
        if was_syncing:
            desk.start_sync()


def _replace(desk: Desk, pending: Pending, after: Derived) -> None:
    """By the session that is open, by the old login key, or, where an earlier try was taken and its reply lost, by the
    new one, which signs in from now on. The same bytes each time: the server knows them."""
    for login in (None, None, after):
        if login is not None:
            desk.account.use_login(login)
        try:
            with desk.account.session() as http:
                _replace_with(http, pending)
        except SessionEnded:
            continue
        except SignInRefused:
            if login is None:
                continue
            desk.account.use_login(desk.present_keys())
            raise PasswordChangedElsewhere from None
        desk.account.use_login(after)
        return
    raise DidNotFinish()


def _replace_with(http: Http, pending: Pending) -> None:
    if read_account(http).bundle == pending.replace.bundle:
        return
    try:
        replace_bundle(http, pending.replace)
    except ServerRefused as refusal:
        if refusal.code == ErrorCode.BUNDLE_MOVED:
            raise PasswordChangedElsewhere from refusal
        raise


def _append(desk: Desk, on_step: OnStep) -> None:
    """Until the roster has it; then hand out new keys of the logs, before anything else is written."""
    vault, cancel = desk.vault, CancelToken()
    with desk.account.calls(vault.roster.workspace) as calls:
        rounds = Round(calls, vault.exchange, turn=desk.turn)
        for _ in range(TRIES):
            rounds.catch_up(cancel)
            append = vault.revoking.unfinished()
            if append is None:
                on_step("Giving the logs new keys")
                rounds.run(cancel)
                return
            try:
                calls.append_roster(append)
            except ServerRefused as refusal:
                if refusal.code not in (ErrorCode.ROSTER_MOVED, ErrorCode.LOG_MOVED):
                    raise
                continue
            vault.exchange.roster_appended(append)
    raise DidNotFinish()


def _seal(desk: Desk, pending: Pending, after: Derived, keychain: Keychain) -> None:
    """Where the keychain does not take it today, the next unlocking hands it over."""
    if pending.secret_key is None:
        return
    profile, before = desk.profile, desk.present_keys()
    if before != after:
        profile.change_secret_key(desk.vault_key(), before, after, pending.secret_key)
        desk.use_keys(after)
    with suppress(KeychainError):
        keychain.store(profile.id, pending.secret_key)
        profile.secret_key_kept()
