"""team …: what is shown, what is said before it is done, and what it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tests.support.server import RunningServer


def member(person: Person, name: str) -> dict[str, Any]:
    return next(one for one in person.do("team", "list")["members"] if one["name"] == name)


def test_who_is_who(ann: Person, ben: Person) -> None:
    members = {one["name"]: one for one in ann.do("team", "list")["members"]}
    assert members["Ann Achterberg"]["standing"] == "owner"
    assert members["Ann Achterberg"]["me"] is True
    assert members["Ben Brouwer"]["groups"] == {"Everyone": ["Sales rep"]}
    assert members["Ben Brouwer"]["check_code"] == member(ben, "Ben Brouwer")["check_code"]
    assert "Ben Brouwer" in ann.says("team", "list")
    assert "reads and writes all" in ann.says("team", "roles").lower()
    assert ann.do("team", "group", "everyone")["name"] == "Everyone"
    roles = {one["name"]: one for one in ann.do("team", "roles")["roles"]}
    assert roles["Sales rep"]["access"]["sales"] == {"group": "none", "own": "write"}


def test_a_change_is_told_before_it_is_done(ann: Person) -> None:
    dry = ann.do("team", "grant", "Ben Brouwer", "Everyone=Read only", "--dry-run")
    assert any("Ben Brouwer" in sentence for sentence in dry["will"])
    assert member(ann, "Ben Brouwer")["groups"] == {"Everyone": ["Sales rep"]}
    error = ann.fails(Exit.USAGE, "team", "grant", "Ben Brouwer", "Everyone=Read only")
    assert error["title"] == "Not confirmed"
    assert member(ann, "Ben Brouwer")["groups"] == {"Everyone": ["Sales rep"]}


def test_a_role_given_and_taken(ann: Person, ben: Person) -> None:
    ann.do("team", "grant", "ben brouwer", "Everyone=Manager", "--yes")
    assert member(ann, "Ben Brouwer")["groups"] == {"Everyone": ["Manager"]}
    ann.do("add", "deal", "--set", "name=Seen by managers")
    ben.do("sync")
    assert [one["name"] for one in ben.do("list", "deals")["records"]] == ["Seen by managers"]
    answer = ann.do("team", "grant", "Ben Brouwer", "Everyone=Sales rep", "--yes")
    assert any("no longer see" in sentence for sentence in answer["will"])
    ben.do("sync")
    ann.do("add", "deal", "--set", "name=Not seen any more")
    ben.do("sync")
    assert "Not seen any more" not in str(ben.do("list", "deals"))


def test_groups(ann: Person, ben: Person) -> None:
    made = ann.do(
        "team", "group-create", "Projects", "--grant", "me=Team Admin", "--grant", "Ben Brouwer=Manager"
    )
    groups = {one["name"]: one for one in ann.do("team", "groups")["groups"]}
    assert groups["Projects"]["id"] == made["id"]
    assert groups["Projects"]["members"] == ["Ann Achterberg", "Ben Brouwer"]
    error = ann.fails(Exit.USAGE, "add", "deal", "--set", "name=Which group?")
    assert "Projects" in error["message"]
    ann.do("add", "deal", "--group", "projects", "--set", "name=Project deal")
    ben.do("sync")
    assert "Project deal" in str(ben.do("list", "deals"))
    ann.do("team", "rename", "group", "Projects", "Special projects")
    ben.do("sync")
    assert "Special projects" in ben.says("team", "groups")
    ann.do("team", "revoke", "Ben Brouwer", "Special projects", "--yes")
    ann.do("team", "group-archive", "Special projects", "--yes")
    assert ann.do("add", "deal", "--set", "name=Only one group again")["id"]


def test_invitations_are_withdrawn(ann: Person, tmp_path: Path) -> None:
    dry = ann.do("team", "invite", "--name", "Fay", "--grant", "Everyone=Manager", "--dry-run")
    assert dry["will"] == ["Fay will be Manager in Everyone."]
    assert ann.do("team", "invitations")["invitations"][-1]["name"] != "Fay"
    link = ann.do("team", "invite", "--name", "Fay", "--grant", "Everyone=Manager", "--days", "2")["link"]
    ann.do("team", "withdraw", "Fay")
    fay = Person(tmp_path, f"fay-{tmp_path.name}", "Fay")
    assert fay.fails(Exit.REFUSED, "join", link, "--handle", fay.handle)["code"] == "invitation-unusable"


def test_removed_means_no_more_records(ann: Person, tmp_path: Path) -> None:
    gil = Person(tmp_path, f"gil-{tmp_path.name}", "Gil Gruber")
    gil.join(ann, "Everyone=Manager")
    answer = ann.do("team", "remove", "Gil Gruber", "--yes")
    assert any("Gil Gruber" in sentence for sentence in answer["will"])
    ann.do("add", "deal", "--set", "name=After Gil", "--group", "Everyone")
    ran = gil.ran("sync", "--json")
    assert ran.code == Exit.REFUSED
    assert "After Gil" not in str(gil.do("list", "deals", "--limit", "0"))
    assert member(ann, "Gil Gruber")["status"] == "removed"


def test_suspended_and_back(ann: Person, ben: Person) -> None:
    ann.do("team", "suspend", "Ben Brouwer", "--yes")
    assert member(ann, "Ben Brouwer")["status"] == "suspended"
    ann.do("team", "resume", "Ben Brouwer", "--yes")
    assert member(ann, "Ben Brouwer")["status"] == "active"


def test_standings_and_managers(ann: Person) -> None:
    ann.do("team", "standing", "Ben Brouwer", "admin", "--yes")
    ann.do("team", "reports-to", "Ben Brouwer", "me", "--yes")
    found = member(ann, "Ben Brouwer")
    assert (found["standing"], found["manager"]) == ("admin", "Ann Achterberg")
    ann.do("team", "reports-to", "Ben Brouwer", "-", "--yes")
    ann.do("team", "standing", "Ben Brouwer", "member", "--yes")
    assert member(ann, "Ben Brouwer")["manager"] == ""


def test_a_plain_member_may_not_change_the_team(ben: Person) -> None:
    ben.do("sync")
    assert ben.fails(Exit.REFUSED, "team", "invite", "--name", "Somebody")["title"]
    assert ben.fails(Exit.REFUSED, "team", "remove", "Ann Achterberg", "--yes")["title"]


@pytest.mark.parametrize(
    "words",
    [
        ["grant", "Nobody", "Everyone=Manager", "--yes"],
        ["grant", "Ben Brouwer", "Everyone", "--yes"],
        ["grant", "Ben Brouwer", "Nowhere=Manager", "--yes"],
        ["grant", "Ben Brouwer", "Everyone=King", "--yes"],
        ["invite", "--name", "X", "--grant", "Everyone"],
        ["withdraw", "Nobody"],
        ["group-create", " "],
        ["standing", "Ben Brouwer", "king"],
        [],
    ],
)
def test_what_is_not_understood(ann: Person, words: list[str]) -> None:
    ann.fails(Exit.USAGE, "team", *words)


def test_names_never_reach_the_server(ann: Person, server: RunningServer) -> None:
    ann.do("team", "group-create", "Zanzibar Canary Group")
    stored = server.stored_bytes()
    assert b"Zanzibar Canary" not in stored
    assert b"Ben Brouwer" not in stored
