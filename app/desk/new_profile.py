"""A profile in the making, on a computer that is new to an account."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from app.desk.desk import Desk
from vault.keys import Derived, SecretKey
from vault.profile import Keychain, KeychainError, Profile, new_profile_folder


@dataclass(frozen=True)
class Place:
    """Where a new profile lies and what keeps its Secret Key. `certificates`: a private authority's, for TLS."""

    keychain: Keychain
    folder: Path | None = None
    certificates: Path | None = None


class NewProfile:
    """A profile in the making: what is not kept is removed again, from the disk and from the keychain."""

    def __init__(
        self, handle: str, server: str, derived: Derived, secret_key: SecretKey, place: Place
    ) -> None:
        self._place = place
        self._kept = False
        self.desk: Desk | None = None
        folder = place.folder or new_profile_folder()
        self.profile, self.key = Profile.create(folder, handle, server, derived, int(time.time()))
        self._was_there = _has(place.keychain, self.profile.id, secret_key)
        try:
            place.keychain.store(self.profile.id, secret_key)
        except BaseException:
            self._remove()
            raise

    def keep(self) -> None:
        """The server has its part: from now on this stays, whatever happens."""
        self._kept = True

    def drop(self) -> None:
        """It leads nowhere after all."""
        self._kept = False

    def __enter__(self) -> NewProfile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            return
        if self.desk is not None:
            self.desk.lock()
        else:
            self.profile.close()
        if not self._kept:
            self._remove()

    def _remove(self) -> None:
        self.profile.close()
        if not self._was_there:
            self._place.keychain.remove(self.profile.id)
        shutil.rmtree(self.profile.folder, ignore_errors=True)


def _has(keychain: Keychain, profile: str, secret_key: SecretKey) -> bool:
    """Whether it holds this very key already, as a file does that the user brought along: then it stays, whatever
    becomes of the profile."""
    try:
        return keychain.load(profile) == secret_key
    except KeychainError:
        return False
