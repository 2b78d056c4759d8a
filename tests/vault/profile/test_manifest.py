"""`profile.json`: strict, versioned, small."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from vault.profile import Manifest, ProfileDamaged, ProfileMissing, ProfileTooNew, manifest

CONTENT = Manifest(1, "ab" * 16, "ann", "https://crm.example.org", 1_700_000_000)


def test_round_trip_and_format(tmp_path: Path) -> None:
    manifest.write(tmp_path, CONTENT)
    assert manifest.read(tmp_path) == CONTENT
    assert json.loads((tmp_path / "profile.json").read_text()) == {
        "format": 1,
        "id": "ab" * 16,
        "handle": "ann",
        "server": "https://crm.example.org",
        "created": 1_700_000_000,
    }


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(ProfileMissing):
        manifest.read(tmp_path)


def test_a_newer_format_is_refused_whatever_else_it_has(tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_text('{"format": 2, "new": []}')
    with pytest.raises(ProfileTooNew):
        manifest.read(tmp_path)


GOOD = {"format": 1, "id": "ab" * 16, "handle": "ann", "server": "https://crm.example.org", "created": 1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{",
        '{"format": "1"}',
        "[" * 5_000,
        " " * 20_000,
        json.dumps({"format": 1}),
        *(
            json.dumps({**GOOD, **change})
            for change in (
                {"format": 0},
                {"format": -1},
                {"id": ""},
                {"id": "AB" * 16},
                {"id": "zz" * 16},
                {"id": "../../../etc"},
                {"handle": ""},
                {"handle": "Ann"},
                {"server": "http://evil.example"},
                {"server": "https://crm.example.org/"},
                {"created": "now"},
                {"more": 1},
            )
        ),
    ],
)
def test_anything_else_is_damaged(tmp_path: Path, text: str) -> None:
    (tmp_path / "profile.json").write_text(text)
    with pytest.raises(ProfileDamaged):
        manifest.read(tmp_path)


def test_bytes_that_are_no_text_are_damaged(tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_bytes(json.dumps(GOOD).encode().replace(b"ann", b"\xff\xfe"))
    with pytest.raises(ProfileDamaged):
        manifest.read(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are POSIX's")
def test_a_link_or_a_pipe_in_its_place_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(json.dumps(GOOD))
    (tmp_path / "profile.json").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ProfileDamaged):
        manifest.read(tmp_path)
    (tmp_path / "profile.json").unlink()
    os.mkfifo(tmp_path / "profile.json")
    with pytest.raises(ProfileDamaged):
        manifest.read(tmp_path)
