"""Unlocking a profile, with all that goes with it: the server of a trial, the Secret Key, what was left undone."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.desk import Desk, DeskError, EmbeddedServer, unlock
from app.desk.entering import enter
from app.desk.trial import is_trial, start_server_of
from app.desktop.keeping import Keeping
from app.desktop.pages.start import Opened, Tell
from sync_client import SyncError
from vault.keys import SecretKey
from vault.profile import Keychain, KeychainError, MemoryKeychain


@dataclass(frozen=True)
class Unlocking:
    """What the unlock page gives; `secret_key` where it was typed."""

    folder: Path
    profile_id: str
    password: str
    secret_key: SecretKey | None

    def __repr__(self) -> str:
        return "Unlocking(...)"  # holds a password


def unlock_profile(wanted: Unlocking, keeping: Keeping, closed: threading.Event, tell: Tell) -> Opened:
    """Open it (slow). Waits for `closed`: the same profile may just be locking.

    Raises WrongPassword, SecretKeyMissing and the other errors of profiles and of the vault, ServerDidNotStart.
    """
    closed.wait()
    server: EmbeddedServer | None = None
    keychain = keeping.keychain_for(wanted.folder, wanted.profile_id)
    if is_trial(wanted.folder):
        tell("Starting the server of this trial", 0, 0)
        server = start_server_of(wanted.folder)
    try:
        tell("Opening the vault", 0, 0)
        desk = _unlocked(wanted, keychain)
    except BaseException:
        if server is not None:
            server.stop()
        raise
    with suppress(SyncError, DeskError):  # offline: the waiting page and the next unlock go on with it
        if desk.vault.entering() is not None:
            tell("Joining the workspace", 0, 0)
            enter(desk)
    return Opened(desk, None, server)


def _unlocked(wanted: Unlocking, keychain: Keychain) -> Desk:
    if wanted.secret_key is None:
        return unlock(wanted.folder, wanted.password, keychain)
    typed = MemoryKeychain()
    desk = unlock(wanted.folder, wanted.password, typed, wanted.secret_key)
    with suppress(KeychainError):  # a keychain that is locked today: the key is typed again next time
        keychain.store(wanted.profile_id, typed.load(wanted.profile_id))
    return desk
