"""The root of the vault's error tree.

    VaultError
    +-- vault.keys.errors.KeysError        keys, seals, links, kits
    +-- vault.profile.errors.ProfileError  the folder on this computer, its lock, the keychain
    +-- vault.store.errors.StoreError      the database: locked, full, damaged, too new

Each error has `title` and `message`: words for people. `str(error)` is for journals and developers. Neither ever
holds a secret, a record's content or what somebody typed.
"""

from __future__ import annotations


class VaultError(Exception):
    """Base of all errors of the vault."""

    title = "Something went wrong in the vault"
    message = "The operation was not done. Nothing was changed."

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.title)
