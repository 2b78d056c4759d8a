"""The lock: every library with hashes, no word of where it comes from, nothing of pyproject.toml left out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tools.console import ROOT
from tools.traces import traces_in

TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def locked(text: str = TEXT) -> Iterator[tuple[Requirement, list[str]]]:
    """Each library of a lock with its hashes."""
    for entry in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = entry.split("--hash=")
        yield Requirement(requirement.strip()), [each.strip() for each in hashes]


def wanted() -> list[Requirement]:
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    return [Requirement(each) for group in groups for each in group]


def test_each_library_is_pinned_and_hashed() -> None:
    entries = list(locked())
    assert len(entries) > 40
    for requirement, hashes in entries:
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement


def test_no_host_no_index_no_path() -> None:
    assert "://" not in TEXT
    assert " @ " not in TEXT
    assert traces_in(TEXT, ()) == []
    assert [line for line in TEXT.splitlines() if line.startswith("-")] == []


@pytest.mark.parametrize("requirement", wanted(), ids=str)
def test_what_the_project_asks_for_is_in_the_lock(requirement: Requirement) -> None:
    """`python3 dev.py lock` mends what this finds."""
    name = canonicalize_name(requirement.name)
    versions = [str(entry.specifier)[2:] for entry, _ in locked() if canonicalize_name(entry.name) == name]
    assert any(requirement.specifier.contains(Version(version)) for version in versions)


def test_macs_with_intel_processors_get_a_cryptography_that_has_a_wheel() -> None:
    intel = {"sys_platform": "darwin", "platform_machine": "x86_64"}
    for system, newest in ((intel, Version("49")), ({**intel, "platform_machine": "arm64"}, Version("999"))):
        found = [
            Version(str(entry.specifier)[2:])
            for entry, _ in locked()
            if entry.name == "cryptography" and (entry.marker is None or entry.marker.evaluate(dict(system)))
        ]
        assert len(found) == 1
        assert Version("48") <= found[0] < newest


def test_the_version_of_qt_is_one_without_the_fault() -> None:
    found = [str(entry.specifier)[2:] for entry, _ in locked() if entry.name == "pyside6-essentials"]
    assert [Version("6.11.3") <= Version(each) < Version("6.12") for each in found] == [True]


def test_no_library_that_would_keep_keys_in_clear() -> None:
    """Merely being installed, `keyrings.alt` makes a plaintext file the keychain."""
    assert "keyrings" not in TEXT


def test_the_server_s_lock_is_a_part_of_the_whole() -> None:
    text = (ROOT / "packaging" / "server" / "requirements.lock").read_text(encoding="utf-8")
    whole = {(entry.name, str(entry.specifier)): hashes for entry, hashes in locked()}
    part = {(entry.name, str(entry.specifier)): hashes for entry, hashes in locked(text)}
    assert part.items() <= whole.items()
    names = {name for name, _ in part}
    assert {"starlette", "uvicorn", "cryptography"} <= names
    assert not names & {"pyside6-essentials", "sqlcipher3", "keyring", "argon2-cffi", "zstandard", "requests"}
