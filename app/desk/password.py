"""A change of password: new unlock and login keys, the server first, this computer second.

    1 the old password opens the profile's key and the account's bundle (nothing is sent yet)
    2 the server takes the bundle under the new unlock key and the new login key, by compare-and-swap
    3 the profile's key is sealed under the new unlock key, in place of the old seal

Cut off before 2: nothing has changed. Cut off between 2 and 3: the old password opens this computer, and the server
refuses its login; `take_changed_password` with the new one does step 3. A second computer of the same account is in
just that position after a change, and does the same.
"""

from __future__ import annotations

from app.desk.desk import Desk
from app.desk.errors import DeskError
from app.desk.steps import OnStep, ignore_step
from protocol.wire import ErrorCode, ReplaceBundle
from sync_client import (
    Http,
    Offline,
    ServerRefused,
    SignInRefused,
    read_account,
    replace_bundle,
)
from vault.keys import Derived, SecretKey
from vault.keys.derive import derive

TRIES = 3


class PasswordChangedElsewhere(DeskError):
    title = "The password was changed on another computer"
    message = "Type the new one under “It was changed on another computer”."


class PasswordUnsure(DeskError):
    title = "The server did not say whether it took the new password"
    message = (
        "On this computer the old password still holds. If signing in is refused when the server is back, choose "
        "“It was changed on another computer” and type the new one."
    )


def change_password(
    desk: Desk, old: str, new: str, secret_key: SecretKey, on_step: OnStep = ignore_step
) -> None:
    """Slow. Raises WrongPassword (the old one), PasswordUnusable, PasswordChangedElsewhere, PasswordUnsure,
    SyncError, VaultError; after any of them the old password still opens this computer."""
    profile, vault = desk.profile, desk.vault
    on_step("Checking your password")
    before = profile.derive(old, secret_key)
    key = profile.unlock_with(before)
    on_step("Making the new keys")
    after = derive(new, secret_key)
    on_step("Changing it on the server")
    desk.stop_sync()
    try:
        with desk.account.session() as http:
            account = read_account(http)
            bundle, _ = vault.open_account(account.bundle, before)
            vault.bundle_stored(account.bundle.version)
            request = vault.replace_bundle(bundle, after)
            _replace(http, request)
        vault.forwarding.changed(request.bundle, before.login, after.login, request.expected_version)
        vault.bundle_stored(request.bundle.version)
        on_step("Sealing this computer's key anew")
        profile.change_unlock_key(key, after)
        desk.use_keys(after)
    except SignInRefused as refusal:
        raise PasswordChangedElsewhere from refusal
    finally:
        desk.start_sync()


def _replace(http: Http, request: ReplaceBundle) -> None:
    """The same bytes again after a lost reply: the server knows them."""
    for left in reversed(range(TRIES)):
        try:
            replace_bundle(http, request)
            return
        except ServerRefused as refusal:
            if refusal.code == ErrorCode.BUNDLE_MOVED:
                raise PasswordChangedElsewhere from refusal
            raise
        except Offline as error:
            if not left:
                raise PasswordUnsure from error


def take_changed_password(
    desk: Desk, new: str, secret_key: SecretKey, on_step: OnStep = ignore_step, code: str = ""
) -> None:
    """The account has a new password already: make it this computer's too (slow).

    Raises SignInRefused where the server does not know it, CodeNeeded, OpenFailed, BundleRefused, SyncError.
    """
    profile, vault = desk.profile, desk.vault
    on_step("Making the new keys")
    after = derive(new, secret_key)
    on_step("Asking the server")
    http = desk.new_http()
    try:
        sign_in_with(http, desk, after, code)
        account = read_account(http)
    finally:
        http.close()
    vault.open_account(account.bundle, after)
    vault.forwarding.changed(account.bundle, desk.present_keys().login, after.login, vault.bundle_version)
    vault.bundle_stored(account.bundle.version)
    on_step("Sealing this computer's key anew")
    profile.change_unlock_key(desk.vault_key(), after)
    desk.stop_sync()
    desk.use_keys(after)
    desk.start_sync()


def sign_in_with(http: Http, desk: Desk, derived: Derived, code: str = "") -> None:
    """Try other keys than the desk's present ones. Raises SignInRefused, CodeNeeded, SyncError."""
    desk.account.door.enter_with_keys(http, derived, code)
