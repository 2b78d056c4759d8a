"""What the tests of profiles share."""

from __future__ import annotations

from pathlib import Path

import pytest

from vault.keys import Derived, SecretKey
from vault.keys.derive import derive
from vault.profile import Profile, VaultKey

PASSWORD = "correct horse battery staple"
SECRET = SecretKey(bytes(range(16)))
CREATED = 1_700_000_000


@pytest.fixture
def derived(fast_kdf: None) -> Derived:
    return derive(PASSWORD, SECRET)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "profiles" / "one"


@pytest.fixture
def made(folder: Path, derived: Derived) -> VaultKey:
    """A closed profile in `folder`; gives the key of its database."""
    profile, key = Profile.create(folder, "Ann@Example.org", "crm.example.org", derived, CREATED)
    profile.close()
    return key
