"""The key of the vault's database, and the file that holds it sealed.

`key.sealed` is the seal of 32 random bytes under the unlock key, bound to the profile's id and handle. The
file alone can not be attacked by guessing passwords: each guess would need the Secret Key too, which is in
the keychain and on paper.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from protocol.ids import KEY_SIZE
from protocol.limits import SEAL_OVERHEAD
from vault.keys import derive, seal
from vault.keys.derive import Derived
from vault.keys.errors import OpenFailed
from vault.keys.hidden import Hidden
from vault.keys.labels import Label, prefixed
from vault.profile.disk import read_small, write_atomically
from vault.profile.errors import ProfileDamaged, ProfileTooNew, WrongPassword
from vault.profile.manifest import Manifest

FILE_NAME = "key.sealed"
_SIZE = KEY_SIZE + SEAL_OVERHEAD


class VaultKey(Hidden):
    """32 random bytes, the raw key of the database."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != KEY_SIZE:
            raise OpenFailed
        self._raw = bytes(raw)

    def _secret(self) -> bytes:
        return self._raw

    @classmethod
    def generate(cls) -> VaultKey:
        return cls(secrets.token_bytes(KEY_SIZE))

    @property
    def raw(self) -> bytes:
        """The 32 bytes."""
        return self._raw


def save(folder: Path, manifest: Manifest, key: VaultKey, derived: Derived) -> None:
    """Seal the key under the unlock key, in place of any earlier seal."""
    sealed = seal.seal(derived.unlock_key, _context(manifest), b"", key.raw)
    write_atomically(folder / FILE_NAME, sealed)


def read_sealed(folder: Path) -> bytes:
    """The sealed key, checked for what can be seen without a key; its first byte is the version to derive
    with.

    Raises ProfileDamaged, ProfileTooNew.
    """
    try:
        sealed = read_small(folder / FILE_NAME, _SIZE)
    except (OSError, ValueError):
        raise ProfileDamaged("key.sealed cannot be read") from None
    if len(sealed) != _SIZE:
        raise ProfileDamaged("key.sealed has another length")
    if sealed[0] not in derive.COSTS:
        raise ProfileTooNew(f"key.sealed has version {sealed[0]}")
    return sealed


def open_sealed(manifest: Manifest, sealed: bytes, derived: Derived) -> VaultKey:
    """Raises WrongPassword: whether password, Secret Key or file is wrong cannot be told apart."""
    try:
        return VaultKey(seal.open_sealed(derived.unlock_key, _context(manifest), b"", sealed))
    except OpenFailed:
        raise WrongPassword from None


def _context(manifest: Manifest) -> bytes:
    return prefixed(Label.VAULT_KEY.value, bytes.fromhex(manifest.id), manifest.handle.encode("utf-8"))
