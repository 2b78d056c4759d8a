"""Which profiles are on this computer."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from vault.profile import manifest
from vault.profile.errors import ProfileDamaged, ProfileError, ProfileMissing
from vault.profile.manifest import Manifest

HOME_VARIABLE = "TACIT_HOME"


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder under the profiles: its manifest, or the error that stands in its place (too new, damaged)."""

    folder: Path
    manifest: Manifest | None
    error: ProfileError | None


def home() -> Path:
    """Where Tacit keeps what is the user's: `TACIT_HOME`, else the system's folder for application data."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named)
    return platformdirs.user_data_path("Tacit", appauthor=False, roaming=False)


def profiles_folder() -> Path:
    return home() / "profiles"


def new_profile_folder() -> Path:
    """A folder that does not exist yet, for `Profile.create`. Its name is random: it says nothing about whose
    it is."""
    return profiles_folder() / secrets.token_hex(8)


def list_profiles(folder: Path | None = None) -> list[Listed]:
    """All profiles, oldest first; those that cannot be read come last, with their error. Nothing is locked."""
    folder = folder or profiles_folder()
    found: list[Listed] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.is_dir():
            continue
        try:
            found.append(Listed(path, manifest.read(path), None))
        except ProfileMissing:
            if (path / "vault.db").exists():
                found.append(Listed(path, None, ProfileDamaged("profile.json is missing")))
        except ProfileError as error:
            found.append(Listed(path, None, error))
    return sorted(found, key=lambda one: (one.manifest is None, one.manifest.created if one.manifest else 0))
