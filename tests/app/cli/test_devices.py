"""devices, recovery, recover: on a real server, each desk a run of its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import Exit
from app.desk.regaining import Answers, Regaining
from tests.app.cli.person import Person
from tests.support.server import RunningServer
from vault.keys import Kit

NEW = "walnut ferry orchard 9"  # a test's password


@pytest.fixture
def zoe(server: RunningServer, tmp_path: Path) -> Person:
    person = Person(tmp_path / "zoe", f"zoe-{tmp_path.name}", "Zoe Zander")
    person.init(server.origin)
    return person


def test_a_computer_is_added_by_code_and_by_words_and_revoked(
    server: RunningServer, zoe: Person, tmp_path: Path
) -> None:
    shown = zoe.do("devices", "add")
    laptop = Person(tmp_path / "laptop", zoe.handle, zoe.name)
    laptop.do("sign-in", "--from-computer", typed=shown["code"])
    shown = zoe.do("devices", "add")
    phone = Person(tmp_path / "phone", zoe.handle, zoe.name)
    phone.fails(Exit.USAGE, "sign-in", "--from-computer", typed=shown["words"])
    account = ("--server", server.origin, "--handle", zoe.handle)
    phone.do("sign-in", "--from-computer", *account, typed=shown["words"])
    zoe.do("sync")
    listed = zoe.do("devices", "list")["devices"]
    assert [one["this"] for one in listed] == [True, False, False]
    lost = laptop.do("devices", "list")["devices"][0]["name"]
    kit = tmp_path / "new-kit.txt"
    before = zoe.key_file.read_bytes()
    zoe.fails(Exit.USAGE, "devices", "revoke", lost, "--kit", str(kit))  # nobody can be asked
    assert not kit.exists()
    zoe.do("devices", "revoke", lost, "--kit", str(kit), "--yes")
    fresh = Kit.parse(kit.read_text(encoding="utf-8")).account.secret_key
    assert zoe.key_file.read_bytes() != before
    assert zoe.key_file.read_text(encoding="ascii").strip() == fresh.text()
    zoe.do("sync")
    assert [one["revoked"] for one in zoe.do("devices", "list")["devices"]].count(True) == 1
    assert laptop.fails(Exit.SECRET, "sync")["title"]
    assert phone.fails(Exit.SECRET, "sync")["title"]
    phone.do("password", "--new-kit", typed=fresh.words())
    phone.do("sync")
    other = zoe.fails(Exit.USAGE, "devices", "revoke", "nothing", "--kit", f"{kit}2.txt", "--yes")
    assert "devices list" in other["message"]


def test_back_in_with_colleagues_help(
    server: RunningServer, zoe: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Person(tmp_path / name, f"{name}-{tmp_path.name}", name.title()) for name in ("ben", "cy")]
    for one in others:
        one.join(zoe, "Everyone=Manager")
    zoe.do("recovery", "enrol", "--with", "Ben", "--with", "Cy")
    assert zoe.do("recovery", "status")["needed"] == 2
    assert others[0].do("recovery", "status")["held"] == [{"member": "Zoe Zander", "sound": True}]
    others[0].fails(Exit.USAGE, "recovery", "help", "Zoe Zander", "--code", "1")

    monkeypatch.setattr("app.cli.commands.devices.LOOK_SECONDS", 0.2)
    said: list[str] = []
    monkeypatch.setattr("app.cli.output.Output.say", lambda self, text: said.append(text))
    helped: list[str] = []
    real = Regaining.look

    def look(self: Regaining) -> Answers:
        """While the new computer waits, each colleague helps at a desk of theirs, by the code that was printed."""
        if not helped:
            told = re.search(r"(\d{5} ){5}\d{5}", " ".join(said))
            assert told is not None
            for one in others:
                one.fails(Exit.USAGE, "recovery", "help", "Zoe Zander", "--code", "0" * 30)
                helped.append(one.do("recovery", "help", "Zoe Zander", "--code", told.group())["helped"])
        return real(self)

    monkeypatch.setattr(Regaining, "look", look)
    new = Person(tmp_path / "new", zoe.handle, zoe.name, NEW)
    monkeypatch.setenv("TACIT_NEW_PASSWORD", NEW)
    kit = tmp_path / "kit.txt"
    answer = new.do(
        "recover", "--server", server.origin, "--handle", zoe.handle, "--kit", str(kit), "--wait", "30"
    )
    assert helped == ["Zoe Zander", "Zoe Zander"]
    assert answer["revoked"] == 1
    assert Kit.parse(kit.read_text(encoding="utf-8")).account.handle == zoe.handle
    new.do("sync")
    assert zoe.fails(Exit.SECRET, "sync")["title"]
