"""password: changed here, taken over there."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tests.support.server import RunningServer

NEW = "gannet parsley winch 4"


@pytest.fixture
def zoe(server: RunningServer, tmp_path: Path) -> Person:
    person = Person(tmp_path / "zoe", f"zoe-{tmp_path.name}", "Zoe Zander")
    person.init(server.origin)
    return person


def test_a_new_password_on_two_computers(
    server: RunningServer, zoe: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop = Person(tmp_path / "laptop", zoe.handle, zoe.name)
    laptop.key_file.write_bytes(zoe.key_file.read_bytes())
    laptop.key_file.chmod(0o600)
    laptop.do("sign-in", "--server", server.origin, "--handle", zoe.handle)
    monkeypatch.setenv("TACIT_NEW_PASSWORD", NEW)
    zoe.do("password")
    assert zoe.fails(Exit.SECRET, "status")["code"] == "wrong-password"
    zoe.password = NEW
    zoe.do("sync")
    assert laptop.fails(Exit.SECRET, "sync")["title"]
    monkeypatch.setenv("TACIT_NEW_PASSWORD", NEW)
    laptop.do("password", "--changed-elsewhere")
    laptop.password = NEW
    laptop.do("sync")


def test_the_old_one_has_to_be_right(zoe: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACIT_NEW_PASSWORD", NEW)
    ran = zoe.ran("password", password="a guess")
    assert ran.code == Exit.SECRET
    zoe.do("sync")


def test_a_new_one_is_needed(zoe: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TACIT_NEW_PASSWORD", raising=False)
    zoe.fails(Exit.SECRET, "password")
    monkeypatch.setenv("TACIT_NEW_PASSWORD", "")
    zoe.fails(Exit.SECRET, "password")
    zoe.do("sync")
