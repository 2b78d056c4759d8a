"""Where the Secret Key is kept between two starts: the system's keychain, or a file that the user names.

`keyring` chooses a backend by what is installed and by files and variables of the user's; one package
(`keyrings.alt`) makes a store in plain text the default merely by being there. So its choice is never asked:
the backends below are named one by one, and none other is ever used.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError

from vault.keys.errors import KeysError
from vault.keys.secret_key import SecretKey
from vault.profile import disk
from vault.profile.errors import (
    KeychainFailed,
    KeychainLocked,
    KeychainMissing,
    SecretKeyExposed,
    SecretKeyMissing,
)

SERVICE = "Tacit"
ALLOWED = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)
"""The system's own keychains, by module and class, in the order in which they are tried."""


class Keychain(Protocol):
    """Keeps one Secret Key for each profile (its id: 32 hex digits)."""

    def load(self, profile: str) -> SecretKey:
        """Raises SecretKeyMissing, KeychainLocked, KeychainFailed, SecretKeyExposed."""
        ...

    def store(self, profile: str, secret_key: SecretKey) -> None:
        """Keep it, in place of an earlier one. Raises KeychainLocked, KeychainFailed."""
        ...

    def remove(self, profile: str) -> None:
        """Forget it; nothing happens where there is none. Raises KeychainLocked, KeychainFailed."""
        ...


class MemoryKeychain:
    """Forgets all when the process ends: for tests, and for those who type the Secret Key each time."""

    def __init__(self) -> None:
        self._keys: dict[str, SecretKey] = {}

    def load(self, profile: str) -> SecretKey:
        if profile not in self._keys:
            raise SecretKeyMissing("not in memory")
        return self._keys[profile]

    def store(self, profile: str, secret_key: SecretKey) -> None:
        self._keys[profile] = secret_key

    def remove(self, profile: str) -> None:
        self._keys.pop(profile, None)


class FileKeychain:
    """One file, of the user's choice, with the text form of one Secret Key: for systems without a keychain.

    The file must be the user's own and of mode 0600 or tighter; a wider one is refused, not mended: others
    may have read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, profile: str) -> SecretKey:
        try:
            if not disk.is_private(self._path):
                raise SecretKeyExposed("the file's owner or mode")
            return SecretKey.parse(disk.read_small(self._path, 1_024).decode("utf-8"))
        except FileNotFoundError:
            raise SecretKeyMissing("no such file") from None
        except (OSError, ValueError):
            raise KeychainFailed("the file cannot be read") from None
        except KeysError:
            raise KeychainFailed("the file holds no Secret Key") from None

    def store(self, profile: str, secret_key: SecretKey) -> None:
        try:
            disk.write_atomically(self._path, secret_key.text().encode("ascii") + b"\n")
        except OSError:
            raise KeychainFailed("the file cannot be written") from None

    def remove(self, profile: str) -> None:
        try:
            self._path.unlink(missing_ok=True)
        except OSError:
            raise KeychainFailed("the file cannot be removed") from None


class SystemKeychain:
    """The keychain of macOS, Windows, the Secret Service or KWallet, through `keyring`."""

    def __init__(self, backend: KeyringBackend) -> None:
        """`backend` must be one of ALLOWED; raises KeychainMissing for any other."""
        kind = type(backend)
        if (kind.__module__, kind.__qualname__) not in ALLOWED:
            raise KeychainMissing("this backend is not one of the system's own keychains")
        self._backend = backend

    @classmethod
    def find(cls) -> SystemKeychain:
        """The first of ALLOWED that works on this system. Raises KeychainMissing."""
        for module, name in ALLOWED:
            backend = _load(module, name)
            if backend is not None:
                return cls(backend)
        raise KeychainMissing("none of the allowed keychains answers")

    @property
    def name(self) -> str:
        """The keychain's name for people."""
        return str(self._backend.name)

    def load(self, profile: str) -> SecretKey:
        try:
            text = self._backend.get_password(SERVICE, profile)
        except Exception as error:  # noqa: BLE001  # a backend raises what its system raises
            raise _failure(error) from None
        if text is None:
            raise SecretKeyMissing("not in the keychain")
        try:
            return SecretKey.parse(text)
        except KeysError:
            raise KeychainFailed("the keychain's entry is no Secret Key") from None

    def store(self, profile: str, secret_key: SecretKey) -> None:
        try:
            self._backend.set_password(SERVICE, profile, secret_key.text())
        except Exception as error:  # noqa: BLE001  # a backend raises what its system raises
            raise _failure(error) from None

    def remove(self, profile: str) -> None:
        try:
            self._backend.delete_password(SERVICE, profile)
        except PasswordDeleteError:
            return
        except Exception as error:  # noqa: BLE001  # a backend raises what its system raises
            raise _failure(error) from None


def _load(module: str, name: str) -> KeyringBackend | None:
    """The backend, or None where the system does not have it. A backend says that it will not do by raising
    RuntimeError; its imports and its bus may fail in ways of their own."""
    try:
        kind: type[KeyringBackend] = getattr(importlib.import_module(module), name)
        if not kind.viable:
            return None
        return kind()
    except (ImportError, AttributeError, RuntimeError, OSError, KeyringError):
        return None


def _failure(error: Exception) -> KeychainLocked | KeychainFailed:
    """Our error for whatever a backend raised: its kind only, as its text could repeat what was stored."""
    locked = isinstance(error, KeyringLocked) or type(error).__name__ in (
        "LockedException",
        "PromptDismissedException",
    )
    return KeychainLocked(type(error).__name__) if locked else KeychainFailed(type(error).__name__)
