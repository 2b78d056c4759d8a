"""What every command gets: the options, where to print, and the way to an open desk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.cli.errors import FileProblem, UsageError
from app.cli.output import Output
from app.cli.prompts import read_code, read_password, read_secret_key
from app.desk import Desk, Place, unlock
from vault.keys import SecretKey
from vault.profile import (
    FileKeychain,
    Keychain,
    KeychainMissing,
    MemoryKeychain,
    Profile,
    ProfileMissing,
    SecretKeyMissing,
    SystemKeychain,
    list_profiles,
)

PROFILE_VARIABLE = "TACIT_PROFILE"
CA_VARIABLE = "TACIT_CA"


class NoKeychain(KeychainMissing):
    """Without a keychain a new profile's key would be lost with the process."""

    message = (
        "This system has no keychain that Tacit can trust with your Secret Key. Name a file for it that only you can "
        "read: --secret-key-file FILE."
    )


class KeptKey:
    """The Secret Key of this run, in memory; a new one goes on to where it lasts. A `Keychain`."""

    def __init__(self, lasting: Callable[[], Keychain], profile: str, secret_key: SecretKey) -> None:
        self._lasting = lasting
        self._memory = MemoryKeychain()
        self._memory.store(profile, secret_key)

    def load(self, profile: str) -> SecretKey:
        return self._memory.load(profile)

    def store(self, profile: str, secret_key: SecretKey) -> None:
        """Raises KeychainError where nothing here keeps it: its owner types it each time."""
        self._memory.store(profile, secret_key)
        self._lasting().store(profile, secret_key)

    def remove(self, profile: str) -> None:
        self._memory.remove(profile)


class Context:
    """One run of `tacit`."""

    def __init__(self, options: argparse.Namespace, output: Output) -> None:
        self.options = options
        self.out = output
        self._typed: SecretKey | None = None
        self._password: str | None = None

    # options, typed

    def text(self, name: str) -> str:
        found = getattr(self.options, name, None)
        return found if isinstance(found, str) else ""

    def texts(self, name: str) -> Sequence[str]:
        found = getattr(self.options, name, None)
        return [str(one) for one in found] if isinstance(found, list) else []

    def flag(self, name: str) -> bool:
        return getattr(self.options, name, None) is True

    def number(self, name: str) -> int | None:
        found = getattr(self.options, name, None)
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def path(self, name: str) -> Path | None:
        found = getattr(self.options, name, None)
        return found if isinstance(found, Path) else None

    # where

    @property
    def certificates(self) -> Path | None:
        """The private authority's certificate, checked to be there. Raises FileProblem."""
        named = self.path("ca") or _variable(CA_VARIABLE)
        if named is not None and not named.is_file():
            raise FileProblem(f"There is no certificate file {named}.")
        return named

    @property
    def profile_named(self) -> Path | None:
        return self.path("profile") or _variable(PROFILE_VARIABLE)

    def profile_folder(self) -> Path:
        """The profile that is named, or the only one there is. Raises ProfileMissing, UsageError."""
        named = self.profile_named
        if named is not None:
            return named
        found = [one for one in list_profiles() if one.manifest is not None]
        if not found:
            raise ProfileMissing("no profiles")
        if len(found) > 1:
            listed = ", ".join(
                f"{one.folder} ({one.manifest.handle} at {one.manifest.server})"
                for one in found
                if one.manifest
            )
            raise UsageError(f"There is more than one profile; name one with --profile: {listed}.")
        return found[0].folder

    # secrets

    def password(self, *, new: bool = False) -> str:
        """Read once in a run."""
        if self._password is None:
            self._password = read_password(self.number("password_fd"), new=new)
        return self._password

    @property
    def asks(self) -> bool:
        """Whether there is somebody who can be asked."""
        return not self.out.as_json and sys.stdin.isatty()

    def code(self, wrong: bool) -> str:
        """A code of the second factor, from TACIT_CODE or asked for; "" where there is none."""
        return read_code(wrong, ask=self.asks)

    def place(self) -> Place:
        """Where a new profile goes. Raises FileProblem, NoKeychain before anything is made."""
        return Place(self._lasting_keychain(), self.profile_named, self.certificates)

    def _lasting_keychain(self) -> Keychain:
        named = self.path("secret_key_file")
        if named is not None:
            return FileKeychain(named)
        try:
            return SystemKeychain.find()
        except KeychainMissing:
            raise NoKeychain() from None

    def secret_key(self, profile: str) -> SecretKey:
        """The Secret Key of the profile with this id; asked for once where no keychain has it.

        Raises KeychainError, SecretKeyUnreadable, SecretProblem.
        """
        if self._typed is not None:
            return self._typed
        try:
            return self._keychain().load(profile)
        except SecretKeyMissing:
            if self.path("secret_key_file") is not None:
                raise
            self._typed = read_secret_key()
            return self._typed

    def _keychain(self) -> Keychain:
        try:
            return self._lasting_keychain()
        except KeychainMissing:
            return MemoryKeychain()

    def keychain(self, profile: str) -> Keychain:
        """For an act that changes the Secret Key of the profile with this id."""
        return KeptKey(self._lasting_keychain, profile, self.secret_key(profile))

    # the desk

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """The unlocked desk, locked again at the end. Raises the errors of `unlock`."""
        folder = self.profile_folder()
        with Profile.open(folder) as profile:
            identity = profile.id
        keychain = KeptKey(self._lasting_keychain, identity, self.secret_key(identity))
        desk = unlock(folder, self.password(), keychain, certificates=self.certificates)
        desk.account.door.ask = self.code
        try:
            yield desk
        finally:
            desk.lock()


def _variable(name: str) -> Path | None:
    value = os.environ.get(name)
    return Path(value) if value else None
