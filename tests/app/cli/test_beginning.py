"""init, join, sign-in, kit, profiles."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.cli import Exit
from tests.app.cli.conftest import Team
from tests.app.cli.person import Person
from tests.support.server import RunningServer
from vault.keys import Kit


def test_a_taken_handle_leaves_nothing_behind(server: RunningServer, team: Team, tmp_path: Path) -> None:
    other = Person(tmp_path / "other", team.ann.handle, "Other")
    words = ("--server", server.origin, "--handle", other.handle, "--name", "Other", "--workspace", "W")
    error = other.fails(Exit.REFUSED, "init", *words)
    assert error["code"] == "handle-taken"
    assert not other.profile.exists()
    assert not other.key_file.exists()


def test_a_secret_key_is_never_written_over(server: RunningServer, tmp_path: Path) -> None:
    other = Person(tmp_path, "nobody", "Nobody")
    other.key_file.write_text("the key of another profile")
    words = ("--server", server.origin, "--handle", "nobody", "--name", "Nobody", "--workspace", "W")
    error = other.fails(Exit.FILE, "init", *words)
    assert error["code"] == "file-problem"
    assert other.key_file.read_text() == "the key of another profile"
    assert not other.profile.exists()


@pytest.mark.parametrize(
    ("server_address", "code"),
    [("http://crm.example.org", Exit.USAGE), ("ftp://x", Exit.USAGE), ("http://127.0.0.1:1", Exit.OFFLINE)],
)
def test_a_server_that_cannot_be(tmp_path: Path, server_address: str, code: Exit) -> None:
    other = Person(tmp_path, "nobody", "Nobody")
    other.fails(code, "init", "--server", server_address, "--handle", "n", "--name", "N", "--workspace", "W")
    assert not other.profile.exists()


def test_the_kit_as_text_and_as_pdf(ann: Person, tmp_path: Path) -> None:
    text, pdf = tmp_path / "kit.txt", tmp_path / "kit.pdf"
    ann.do("kit", str(text))
    ann.do("kit", str(pdf))
    kit = Kit.parse(text.read_text(encoding="utf-8"))
    assert kit.account.handle == ann.handle
    assert kit.account.secret_key.text() == ann.key_file.read_text().strip()
    assert pdf.read_bytes().startswith(b"%PDF-")
    for path in (text, pdf):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_kit_is_not_written_over_anything(ann: Person, tmp_path: Path) -> None:
    there = tmp_path / "kit.txt"
    there.write_text("something else")
    ann.fails(Exit.FILE, "kit", str(there))
    ann.fails(Exit.USAGE, "kit", str(tmp_path / "kit.docx"))
    ann.fails(Exit.FILE, "kit", str(tmp_path / "nowhere" / "kit.txt"))
    assert there.read_text() == "something else"


def test_signing_in_on_another_computer(server: RunningServer, ann: Person, tmp_path: Path) -> None:
    ann.do("add", "company", "--set", "name=Second Desk Ltd")
    second = Person(tmp_path / "second", ann.handle, ann.name)
    second.key_file.write_bytes(ann.key_file.read_bytes())
    second.key_file.chmod(0o600)
    answer = second.do("sign-in", "--server", server.origin, "--handle", ann.handle)
    assert answer["member"] is True
    assert answer["workspace"] == "Meridian Sales"
    ann.do("sync")
    second.do("sync")
    assert [one["name"] for one in second.do("list", "companies", "--text", "second desk")["records"]]
    me = next(one for one in second.do("team", "list")["members"] if one["me"])
    assert len(me["devices"]) == 2


def test_signing_in_with_the_code_of_the_kit(ann: Person, tmp_path: Path) -> None:
    kit = tmp_path / "kit.txt"
    ann.do("kit", str(kit))
    third = Person(tmp_path / "third", ann.handle, ann.name)
    answer = third.do("sign-in", "--kit-code", typed=kit.read_text(encoding="utf-8"))
    assert answer["handle"] == ann.handle
    assert third.key_file.read_text() == ann.key_file.read_text()


def test_signing_in_with_the_wrong_password(server: RunningServer, ann: Person, tmp_path: Path) -> None:
    thief = Person(tmp_path / "thief", ann.handle, "Thief", password="a guess")
    thief.key_file.write_bytes(ann.key_file.read_bytes())
    thief.key_file.chmod(0o600)
    thief.fails(Exit.SECRET, "sign-in", "--server", server.origin, "--handle", ann.handle)
    assert not thief.profile.exists()


def test_the_wrong_password_does_not_unlock(ann: Person) -> None:
    ran = ann.ran("status", password="a guess")
    assert ran.code == Exit.SECRET
    assert ran.out == ""
    assert (
        ran.err
        == "This password does not open the vault: Please try again. Mind the keyboard layout and Caps Lock.\n"
    )


def test_a_secret_key_that_others_can_read_is_refused(ann: Person) -> None:
    ann.key_file.chmod(0o644)
    try:
        assert ann.fails(Exit.SECRET, "status")["code"] == "secret-key-exposed"
    finally:
        ann.key_file.chmod(0o600)


def test_joining_waits_for_an_admin(ann: Person, tmp_path: Path) -> None:
    eve = Person(tmp_path / "eve", f"eve-{tmp_path.name}", "Eve Eriksen")
    link = ann.do("team", "invite", "--name", eve.name, "--grant", "Everyone=Read only")["link"]
    kit = tmp_path / "kit.pdf"
    joined = eve.do("join", link, "--handle", eve.handle, "--name", eve.name, "--kit", str(kit))
    assert joined["member"] is False
    assert kit.exists()
    assert eve.fails(Exit.WAITING, "sync", "--until-member", "0")["code"] == "waiting-for-admin"
    assert eve.do("status")["member"] is False
    ann.do("sync")
    assert eve.do("sync", "--until-member", "20")["member"] is True


def test_an_invitation_is_used_once(ann: Person, tmp_path: Path) -> None:
    link = ann.do("team", "invite", "--name", "One")["link"]
    one = Person(tmp_path / "one", f"one-{tmp_path.name}", "One")
    two = Person(tmp_path / "two", f"two-{tmp_path.name}", "Two")
    one.do("join", link, "--handle", one.handle, "--name", "One")
    assert two.fails(Exit.REFUSED, "join", link, "--handle", two.handle, "--name", "Two")["code"] == (
        "invitation-unusable"
    )
    assert not two.profile.exists()


def test_what_is_no_invitation(tmp_path: Path) -> None:
    one = Person(tmp_path, "one", "One")
    error = one.fails(Exit.USAGE, "join", "tacit:nonsense", "--handle", "one")
    assert error["code"] == "link-unreadable"
    assert "nonsense" not in str(error)


def test_profiles_and_the_one_that_is_taken_by_default(
    server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACIT_HOME", str(tmp_path / "home"))
    people = []
    for number in (1, 2):
        person = Person(tmp_path / str(number), f"p{number}-{tmp_path.name}", "P")
        monkeypatch.setattr(
            person, "words", lambda *words, key=person.key_file: ["--secret-key-file", str(key), *words]
        )
        people.append(person)
    one, two = people
    assert one.fails(Exit.PROFILE, "status")["code"] == "profile-missing"
    one.init(server.origin)
    assert one.do("status")["handle"] == one.handle
    two.init(server.origin)
    error = two.fails(Exit.USAGE, "status")
    assert one.handle in error["message"] and two.handle in error["message"]
    assert {entry["handle"] for entry in one.do("profiles")["profiles"]} == {one.handle, two.handle}


def test_a_profile_that_is_open_elsewhere(ann: Person) -> None:
    from vault.profile import Profile

    with Profile.open(ann.profile):
        assert ann.fails(Exit.PROFILE, "status")["code"] == "profile-busy"


def test_a_profile_that_is_not_there(ann: Person, tmp_path: Path) -> None:
    other = Person(tmp_path, "x", "X")
    assert other.fails(Exit.PROFILE, "status")["code"] == "profile-missing"
