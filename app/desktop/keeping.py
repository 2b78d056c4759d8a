"""Where the Secret Keys of this computer are kept: in its keychain, in a file that the user named, or nowhere.

Without a keychain (a headless Linux) the user chooses once for each profile; the choice is no secret and lies
among the settings.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from app.desk.trial import is_trial, trial_keychain
from vault.profile import (
    FileKeychain,
    Keychain,
    KeychainError,
    KeychainMissing,
    MemoryKeychain,
    SystemKeychain,
)


class Keeping:
    """One for the process. `system` overrides the search for the computer's keychain, for tests."""

    def __init__(self, settings: QSettings, system: Keychain | None = None) -> None:
        self._settings = settings
        self._system = system
        self._searched = system is not None

    @property
    def system(self) -> Keychain | None:
        """The computer's keychain; None where there is none that can be trusted."""
        if not self._searched:
            self._searched = True
            try:
                self._system = SystemKeychain.find()
            except KeychainMissing:
                self._system = None
        return self._system

    def fresh(self, file: Path | None) -> Keychain:
        """For a new profile: the file if one was named, else the keychain, else the memory of this process."""
        if file is not None:
            return FileKeychain(file)
        return self.system or MemoryKeychain()

    def remember(self, profile: str, file: Path | None) -> None:
        """The choice for a profile (its id)."""
        key = f"secret-key-file/{profile}"
        if file is None:
            self._settings.remove(key)
        else:
            self._settings.setValue(key, str(file))

    def file_of(self, profile: str) -> Path | None:
        named = self._settings.value(f"secret-key-file/{profile}")
        return Path(named) if isinstance(named, str) and named else None

    def keychain_of(self, profile: str) -> Keychain:
        """What to ask at unlock. Where nothing keeps the key, a memory that is empty each time."""
        return self.fresh(self.file_of(profile))

    def keychain_for(self, folder: Path, profile: str) -> Keychain:
        """As `keychain_of`, for trials too: theirs may lie in the profile's folder."""
        return trial_keychain(folder, self.system) if is_trial(folder) else self.keychain_of(profile)

    def has_key(self, folder: Path, profile: str) -> bool:
        """Whether the Secret Key need not be typed."""
        try:
            self.keychain_for(folder, profile).load(profile)
        except KeychainError:
            return False
        return True
