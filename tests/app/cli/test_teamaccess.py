"""access, team waiting, ask, decline, tree, leave; several roles of one member: on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from app.cli import Exit
from tests.app.cli.person import Person
from tests.support.server import RunningServer


@dataclass
class Two:
    olga: Person
    pia: Person


@pytest.fixture(scope="module")
def two(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("access")
    olga = Person(folder / "olga", f"olga-{folder.name}", "Olga Ohlsson")
    olga.init(server.origin)
    pia = Person(folder / "pia", f"pia-{folder.name}", "Pia Prins")
    pia.join(olga, "Everyone=Sales rep")
    yield Two(olga, pia)


def sees(found: dict[str, object], compartment: str) -> dict[str, object]:
    groups = found["groups"]
    assert isinstance(groups, list)
    return next(one for one in groups[0]["sees"] if one["compartment"] == compartment)


def test_what_one_person_can_see_and_why(two: Two) -> None:
    found = two.olga.do("access", "pia prins")
    sales, margins = sees(found, "sales"), sees(found, "margins")
    assert sales["what"] == "Reads and writes only their own"
    assert sales["why"] == ["as Sales rep, only what is their own"]
    assert (margins["level"], margins["why"]) == ("none", [])
    assert sees(two.pia.do("access", "me"), "sales") == sales


def test_several_roles_of_one_member_add_up(two: Two) -> None:
    will = two.olga.do("team", "grant", "Pia Prins", "Everyone=Read only", "--also", "--yes")["will"]
    assert "Pia Prins will read all deals and quotes and files of Everyone." in will
    sales = sees(two.olga.do("access", "Pia Prins"), "sales")
    assert sales["what"] == "Reads all of the group and reads and writes their own"
    assert sales["why"] == ["as Read only", "as Sales rep, only what is their own"]
    two.olga.do("team", "revoke", "Pia Prins", "Everyone", "--role", "Read only", "--yes")
    assert sees(two.olga.do("access", "Pia Prins"), "sales")["why"] == [
        "as Sales rep, only what is their own"
    ]


def test_a_role_is_asked_for_declined_and_asked_for_again(two: Two) -> None:
    two.pia.do("team", "ask", "Everyone=Manager")
    two.olga.do("sync")
    (waiting,) = [one for one in two.olga.do("team", "waiting")["waiting"] if one["kind"] == "ask"]
    assert waiting["text"] == "Asks to be Manager in Everyone." and waiting["mine_to_answer"] is True
    two.olga.do("team", "decline", "Pia Prins", "Everyone=Manager")
    two.pia.do("sync")
    assert [one for one in two.pia.do("team", "waiting")["waiting"] if one["kind"] == "ask"] == []
    assert (
        "has not asked"
        in two.olga.fails(Exit.USAGE, "team", "decline", "Pia Prins", "Everyone=Manager")["message"]
    )


def test_the_tree_and_its_rule(two: Two) -> None:
    two.olga.do("team", "reports-to", "Pia Prins", "Olga Ohlsson", "--yes")
    tree = two.olga.do("team", "tree")
    by_name = {one["name"]: one for one in tree["members"]}
    assert by_name["Pia Prins"]["manager"] == by_name["Olga Ohlsson"]["id"]
    assert tree["managers_read"] is False


def test_the_last_owner_cannot_leave_and_a_member_can(two: Two) -> None:
    message = two.olga.fails(Exit.REFUSED, "team", "leave", "--yes")["message"]
    assert "last owner" in str(message)
    assert two.pia.do("team", "leave", "--dry-run")["dry_run"] is True
    two.pia.do("team", "leave", "--yes")
    two.olga.do("sync")
    members = {one["name"]: one["status"] for one in two.olga.do("team", "list")["members"]}
    assert members["Pia Prins"] == "left"
