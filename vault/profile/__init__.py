"""The profile folder on this computer: its files, its lock, and where the Secret Key is kept between two
starts."""

from vault.profile.disk import make_private_folder, write_atomically
from vault.profile.errors import (
    KeychainError,
    KeychainFailed,
    KeychainLocked,
    KeychainMissing,
    ProfileBusy,
    ProfileDamaged,
    ProfileError,
    ProfileExists,
    ProfileMissing,
    ProfileTooNew,
    SecretKeyExposed,
    SecretKeyMissing,
    WrongPassword,
)
from vault.profile.keychain import FileKeychain, Keychain, MemoryKeychain, SystemKeychain
from vault.profile.listing import Listed, home, list_profiles, new_profile_folder, profiles_folder
from vault.profile.manifest import Manifest
from vault.profile.profile import Profile
from vault.profile.vault_key import VaultKey

__all__ = [
    "FileKeychain",
    "Keychain",
    "KeychainError",
    "KeychainFailed",
    "KeychainLocked",
    "KeychainMissing",
    "Listed",
    "Manifest",
    "MemoryKeychain",
    "Profile",
    "ProfileBusy",
    "ProfileDamaged",
    "ProfileError",
    "ProfileExists",
    "ProfileMissing",
    "ProfileTooNew",
    "SecretKeyExposed",
    "SecretKeyMissing",
    "SystemKeychain",
    "VaultKey",
    "WrongPassword",
    "home",
    "list_profiles",
    "make_private_folder",
    "new_profile_folder",
    "profiles_folder",
    "write_atomically",
]
