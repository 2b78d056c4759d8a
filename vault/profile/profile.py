"""A profile: one account on one server, as it lies on this computer.

    <folder, 0700>/
        profile.json   what it is, in clear                     `manifest`
        key.sealed     the database's key under the unlock key  `vault_key`
        next.sealed    only while the Secret Key is changing    `next_key`
        vault.db       the SQLCipher database                   `vault.store`
        pins           the newest heads, as a counter and a hash `vault.exchange.pins`
        files/         sealed chunks of files                   `app.desk.attachments`
        lock           one process at a time                    `lock`

`profile.json` is written last, so a folder without it is not a profile yet. After a change of password the
server is told first and `change_unlock_key` is called when it has agreed; no seal under the earlier unlock
key is kept.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from protocol.ids import ID_SIZE
from vault.keys.derive import Derived, derive
from vault.keys.handle import canonical_handle
from vault.keys.origin import canonical_origin
from vault.keys.secret_key import SecretKey
from vault.profile import manifest, next_key, vault_key
from vault.profile.disk import make_private_folder
from vault.profile.errors import ProfileExists
from vault.profile.lock import ProcessLock
from vault.profile.manifest import Manifest
from vault.profile.vault_key import VaultKey

LOCK_NAME = "lock"
DATABASE_NAME = "vault.db"


class Profile:
    """An opened profile folder; it holds the process lock until `close`, and no secret at all."""

    def __init__(self, folder: Path, lock: ProcessLock, content: Manifest) -> None:
        self._folder = folder
        self._lock = lock
        self._manifest = content

    @classmethod
    def create(
        cls, folder: Path, handle: str, server: str, derived: Derived, created: int
    ) -> tuple[Self, VaultKey]:
        """Make a profile in an empty or new folder; `created` in Unix seconds.

        Gives the profile, locked for this process, and the new key of its database. Raises ProfileExists,
        ProfileBusy, HandleUnusable, AddressUnusable, OSError.
        """
        content = Manifest(
            manifest.FORMAT,
            secrets.token_hex(ID_SIZE),
            canonical_handle(handle),
            canonical_origin(server),
            created,
        )
        make_private_folder(folder)
        lock = ProcessLock(folder / LOCK_NAME)
        lock.acquire()
        try:
            if any((folder / name).exists() for name in (manifest.FILE_NAME, DATABASE_NAME)):
                raise ProfileExists("the folder has a profile or a database")
            key = VaultKey.generate()
            vault_key.save(folder, content, key, derived)
            manifest.write(folder, content)
        except BaseException:
            lock.release()
            raise
        return cls(folder, lock, content), key

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open and lock a profile. Raises ProfileMissing, ProfileBusy, ProfileDamaged, ProfileTooNew."""
        manifest.read(folder)
        make_private_folder(folder)
        lock = ProcessLock(folder / LOCK_NAME)
        lock.acquire()
        try:
            return cls(folder, lock, manifest.read(folder))
        except BaseException:
            lock.release()
            raise

    def unlock(self, password: str, secret_key: SecretKey) -> VaultKey:
        """The key of the database; takes about a second. Raises WrongPassword, PasswordUnusable,
        ProfileDamaged, ProfileTooNew."""
        return self.unlock_with(self.derive(password, secret_key))

    def derive(self, password: str, secret_key: SecretKey) -> Derived:
        """Unlock key and login key at the cost of this profile's version. Raises ProfileTooNew before
        deriving."""
        return derive(password, secret_key, vault_key.read_sealed(self._folder)[0])

    def unlock_with(self, derived: Derived) -> VaultKey:
        """As `unlock`, for a caller who needs the login key as well and derives once."""
        return vault_key.open_sealed(self._manifest, vault_key.read_sealed(self._folder), derived)

    def change_unlock_key(self, key: VaultKey, derived: Derived) -> None:
        """Seal the database's key under a new password or a new Secret Key, in one atomic step."""
        vault_key.save(self._folder, self._manifest, key, derived)

    def change_secret_key(
        self, key: VaultKey, before: Derived, after: Derived, secret_key: SecretKey
    ) -> None:
        """As `change_unlock_key`, where the Secret Key is new too: until `secret_key_kept`, the password opens the
        profile with the one or the other."""
        next_key.save(self._folder, self._manifest, before, secret_key)
        self.change_unlock_key(key, after)

    def next_secret_key(self, derived: Derived) -> SecretKey | None:
        """The Secret Key that took the place of the one in `derived`, where the keychain was not told yet."""
        return next_key.load(self._folder, self._manifest, derived)

    def secret_key_kept(self) -> None:
        """The keychain has the new Secret Key, or its owner does."""
        next_key.remove(self._folder)

    def change_server(self, server: str) -> None:
        """The server's address has changed. Raises AddressUnusable."""
        changed = msgspec.structs.replace(self._manifest, server=canonical_origin(server))
        manifest.write(self._folder, changed)
        self._manifest = changed

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def database(self) -> Path:
        """Where the vault's database is, or will be."""
        return self._folder / DATABASE_NAME

    @property
    def id(self) -> str:
        """32 hex digits: the name of this profile in the keychain."""
        return self._manifest.id

    @property
    def handle(self) -> str:
        return self._manifest.handle

    @property
    def server(self) -> str:
        return self._manifest.server

    @property
    def created(self) -> int:
        return self._manifest.created

    def close(self) -> None:
        """Give the lock back."""
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
