"""The computers of this account: which there are, what revoking one means, and a new Emergency Kit made elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.desk.desk import Desk
from app.desk.password import sign_in_with
from app.desk.steps import OnStep, ignore_step
from protocol.access import logs_of
from protocol.codec import decode
from protocol.ids import DeviceId
from protocol.limits import MAX_ROSTER_ENTRY
from protocol.roster import EntryBody
from sync_client import CancelToken, Round, WorkspaceCalls, read_account
from vault.keys import SecretKey
from vault.keys.derive import derive
from vault.profile import Keychain, KeychainError


@dataclass(frozen=True, slots=True)
class Computer:
    """A computer of this account. `added` in Unix seconds, by the clock of the computer that added it."""

    id: DeviceId
    name: str
    added: int
    is_this: bool
    revoked: bool


def computers(desk: Desk) -> list[Computer]:
    """This one first, then the others by age, those that were revoked last."""
    state = desk.vault.roster
    history = desk.vault.exchange.desk.roster.history
    shown = [
        Computer(
            device.id,
            computer_name(device.id),
            decode(history.entry(device.added_at).body, EntryBody, MAX_ROSTER_ENTRY).time,
            device.id == desk.vault.device,
            device.revoked,
        )
        for device in state.devices.values()
        if device.member == desk.me
    ]
    return sorted(shown, key=lambda one: (one.revoked, not one.is_this, one.added))


def computer_name(device: DeviceId) -> str:
    """Computers have no names in the roster: the server would read them."""
    return f"Computer {device.hex()[:4].upper()}-{device.hex()[4:8].upper()}"


@dataclass(frozen=True, slots=True)
class RevocationWords:
    """What revoking means, in sentences: for the computer, for the records, for the others, and for the user."""

    sentences: tuple[str, ...]


def preview_revocation(desk: Desk, devices: Sequence[DeviceId]) -> RevocationWords:
    """Answers in milliseconds."""
    state = desk.vault.roster
    others = [
        device
        for device in state.devices.values()
        if device.member == desk.me
        and not device.revoked
        and device.id != desk.vault.device
        and device.id not in devices
    ]
    logs = len(logs_of(state, desk.me))
    it, has, its = ("It", "has", "its") if len(devices) == 1 else ("They", "have", "their")
    sentences = [
        f"{it} cannot sign in, write, or read what is written from now on.",
        f"What {it.lower()} {has} read already stays readable to whoever has {its} password.",
        f"{logs} {'part gets a new key' if logs == 1 else 'parts get new keys'}, made by this computer.",
        "You get a new Secret Key and a new Emergency Kit. The Kit that you have now is of no use any more.",
    ]
    if others:
        count = "Your other computer asks" if len(others) == 1 else f"Your {len(others)} other computers ask"
        sentences.append(f"{count} for the new Kit once.")
    if state.members[desk.me].recovery is not None:
        sentences.append(
            "The help that your colleagues can give you to get back in is set up anew, by itself."
        )
    return RevocationWords(tuple(sentences))


def take_new_kit(
    desk: Desk, password: str, secret_key: SecretKey, keychain: Keychain, on_step: OnStep = ignore_step
) -> None:
    """Another computer revoked one, or got back in with colleagues' help: there is a new Secret Key, perhaps a new
    password too, and a new encryption key. Make them this computer's (slow).

    Raises SignInRefused where the server does not know them, OpenFailed, BundleRefused, NotAMember (where it is this
    computer that was revoked), SyncError. Nothing has changed then.
    """
    profile, vault = desk.profile, desk.vault
    before = desk.present_keys()
    on_step("Making the new keys")
    after = derive(password, secret_key)
    on_step("Asking the server")
    desk.stop_sync()
    http = desk.new_http()
    try:
        sign_in_with(http, desk, after)
        account = read_account(http)
        vault.take_account_key(account.bundle, after)
        Round(WorkspaceCalls(http, vault.roster.workspace), vault.exchange, turn=desk.turn).pull(
            CancelToken()
        )
        vault.require_active()
        vault.open_account(account.bundle, after)
        vault.forwarding.changed(account.bundle, before.login, after.login, vault.bundle_version)
        vault.bundle_stored(account.bundle.version)
        on_step("Sealing this computer's key anew")
        profile.change_secret_key(desk.vault_key(), before, after, secret_key)
        desk.use_keys(after)
        with suppress(KeychainError):
            keychain.store(profile.id, secret_key)
            profile.secret_key_kept()
    finally:
        http.close()
        desk.start_sync()
