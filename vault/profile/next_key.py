"""The Secret Key that takes another's place, for the moment between two files.

Revoking a computer makes a new Secret Key. It has to come into the keychain, and the database's key has to be sealed
under what it gives: two places that no system changes in one step. So the new Secret Key is first written here, sealed
under the present unlock key; then `key.sealed` is replaced; then the keychain; then this file is removed. Broken off
anywhere, the password opens the profile with whichever of the two keys the keychain has.
"""

from __future__ import annotations

from pathlib import Path

from protocol.limits import SEAL_OVERHEAD
from vault.keys import seal
from vault.keys.derive import Derived
from vault.keys.errors import OpenFailed
from vault.keys.labels import Label, prefixed
from vault.keys.secret_key import SECRET_KEY_SIZE, SecretKey
from vault.profile.disk import read_small, sync_folder, write_atomically
from vault.profile.errors import ProfileDamaged
from vault.profile.manifest import Manifest

FILE_NAME = "next.sealed"
_SIZE = SECRET_KEY_SIZE + SEAL_OVERHEAD


def save(folder: Path, manifest: Manifest, present: Derived, secret_key: SecretKey) -> None:
    """Write it, sealed under the present unlock key. Raises OSError."""
    sealed = seal.seal(present.unlock_key, _context(manifest), b"", secret_key.raw)
    write_atomically(folder / FILE_NAME, sealed)


def load(folder: Path, manifest: Manifest, derived: Derived) -> SecretKey | None:
    """None where there is none, or where it was not sealed under this unlock key. Raises ProfileDamaged."""
    try:
        sealed = read_small(folder / FILE_NAME, _SIZE)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise ProfileDamaged("next.sealed cannot be read") from None
    try:
        return SecretKey(seal.open_sealed(derived.unlock_key, _context(manifest), b"", sealed))
    except OpenFailed:
        return None


def remove(folder: Path) -> None:
    """It has served. Raises OSError."""
    try:
        (folder / FILE_NAME).unlink()
    except FileNotFoundError:
        return
    sync_folder(folder)


def _context(manifest: Manifest) -> bytes:
    return prefixed(Label.NEXT_KEY.value, bytes.fromhex(manifest.id), manifest.handle.encode("utf-8"))
