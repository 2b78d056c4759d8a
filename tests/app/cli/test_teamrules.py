"""team role-define, managers-read, catalogue-of, invite-list: rules of a team, and a team from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tests.support.server import RunningServer


@pytest.fixture(scope="module")
def owner(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Person:
    folder = tmp_path_factory.mktemp("rules")
    owner = Person(folder / "olga", f"olga-{folder.name}", "Olga Ohlsson")
    owner.init(server.origin)
    return owner


def written(folder: Path, *lines: str) -> str:
    file = folder / "team.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def test_a_role_is_made_and_changed(owner: Person) -> None:
    words = ("--access", "contacts=write", "--access", "sales=read:own", "--may", "delete")
    dry = owner.do("team", "role-define", "Scout", *words, "--dry-run")
    assert dry["dry_run"] is True
    assert "Scout" not in {role["name"] for role in owner.do("team", "roles")["roles"]}
    made = owner.do("team", "role-define", "Scout", *words, "--yes")["id"]
    role = next(one for one in owner.do("team", "roles")["roles"] if one["name"] == "Scout")
    assert (role["id"], role["permissions"]) == (made, ["delete"])
    assert role["access"]["sales"] == {"group": "none", "own": "read"}
    again = owner.do("team", "role-define", "scout", "--access", "contacts=read", "--yes")
    assert again["id"] == made


@pytest.mark.parametrize("text", ["sales", "sales=much", "cellar=read", "sales=read:mine"])
def test_an_access_that_is_not_understood(owner: Person, text: str) -> None:
    assert text in owner.fails(Exit.USAGE, "team", "role-define", "Odd", "--access", text)["message"]


def test_a_whole_team_from_a_file(owner: Person, tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "name,grants,reports_to",
        "Mia Moss,Everyone=Manager,olga ohlsson",
        "Rob Reed,Everyone=Sales rep,Mia Moss",
    )
    invited = owner.do("team", "invite-list", file)["invited"]
    assert [one["name"] for one in invited] == ["Mia Moss", "Rob Reed"]
    assert all(one["link"].startswith("tacit:") for one in invited)
    members = {one["name"]: one for one in owner.do("team", "list")["members"]}
    assert members["Rob Reed"]["manager"] == "Mia Moss"
    assert members["Mia Moss"]["manager"] == "Olga Ohlsson"
    assert members["Rob Reed"]["groups"] == {"Everyone": ["Sales rep"]}
    assert members["Rob Reed"]["status"] == "invited"
    owner.do("add", "deal", "--set", "name=Of Rob", "--set", "owner=Rob Reed")
    held = owner.do("status", "--sync")
    assert held["logs"] == sum(one["logs"] for one in held["keys_held"])
    assert any("each member's own" in one["reason"] for one in held["keys_held"])


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("name",), "grants"),
        (("name,grants",), "0 people"),
        (("name,grants", "Ada,Everyone"), "GROUP=ROLE"),
        (("name,grants", "Ada,Everyone=Manager", "ada,Everyone=Manager"), "name of its own"),
    ],
)
def test_a_file_that_is_not_understood(
    owner: Person, tmp_path: Path, lines: tuple[str, ...], told: str
) -> None:
    assert told in owner.fails(Exit.USAGE, "team", "invite-list", written(tmp_path, *lines))["message"]


def test_a_circle_of_managers_is_refused_as_a_whole(owner: Person, tmp_path: Path) -> None:
    file = written(tmp_path, "name,grants,reports_to", "Una,Everyone=Manager,Ugo", "Ugo,Everyone=Manager,Una")
    ran = owner.ran("team", "invite-list", file, "--json")
    assert ran.code == Exit.REFUSED, ran.err
    assert "Una" not in {one["name"] for one in owner.do("team", "list")["members"]}


def test_managers_read_what_their_reports_own(owner: Person) -> None:
    assert owner.do("team", "managers-read", "on", "--yes")["done"] is True
    assert owner.do("team", "managers-read", "on", "--yes")["done"] is True
    told = owner.fails(Exit.USAGE, "team", "managers-read", "off")
    assert told["title"] == "Not confirmed"


def test_one_catalogue_for_two_groups(owner: Person) -> None:
    owner.do("team", "group-create", "West")
    assert "the catalogue of Everyone" in owner.says("team", "catalogue-of", "West", "Everyone", "--yes")
    assert "its own catalogue" in owner.says("team", "catalogue-of", "West", "-", "--yes")
