"""Which profiles are on this computer."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest

from vault.keys import Derived
from vault.profile import (
    Profile,
    ProfileDamaged,
    ProfileTooNew,
    home,
    list_profiles,
    new_profile_folder,
    profiles_folder,
)


def test_where_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACIT_HOME", str(tmp_path / "elsewhere"))
    assert home() == tmp_path / "elsewhere"
    assert profiles_folder() == tmp_path / "elsewhere" / "profiles"
    monkeypatch.delenv("TACIT_HOME")
    assert home() == platformdirs.user_data_path("Tacit", appauthor=False)
    monkeypatch.setenv("TACIT_HOME", "")
    assert home() == platformdirs.user_data_path("Tacit", appauthor=False)


def test_folder_names_are_random(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TACIT_HOME", str(tmp_path))
    assert len({new_profile_folder() for _ in range(20)}) == 20
    assert new_profile_folder().parent == profiles_folder()
    assert not profiles_folder().exists()


def test_none(tmp_path: Path) -> None:
    assert list_profiles(tmp_path) == list_profiles(tmp_path / "nothing") == []


def test_oldest_first_and_broken_ones_last_with_their_reason(tmp_path: Path, derived: Derived) -> None:
    for name, created in (("a", 300), ("b", 100), ("c", 200)):
        Profile.create(tmp_path / name, name, "crm.example.org", derived, created)[0].close()
    for name, text in (("damaged", "{"), ("new", '{"format": 9}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "profile.json").write_text(text)
    (tmp_path / "orphan").mkdir()
    (tmp_path / "orphan" / "vault.db").write_bytes(b"")
    (tmp_path / "unfinished").mkdir()
    (tmp_path / "a file").write_text("")
    listed = list_profiles(tmp_path)
    assert [one.folder.name for one in listed] == ["b", "c", "a", "damaged", "new", "orphan"]
    assert [one.manifest.handle for one in listed if one.manifest] == ["b", "c", "a"]
    assert [type(one.error) for one in listed[3:]] == [ProfileDamaged, ProfileTooNew, ProfileDamaged]


def test_a_profile_that_is_open_is_listed_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, derived: Derived
) -> None:
    monkeypatch.setenv("TACIT_HOME", str(tmp_path))
    with Profile.create(new_profile_folder(), "ann", "crm.example.org", derived, 1)[0] as profile:
        assert [one.folder for one in list_profiles()] == [profile.folder]
