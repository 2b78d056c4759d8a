"""who-sees and move; commercial fields from the command line."""

from __future__ import annotations

from pathlib import Path

from app.cli import Exit
from tests.app.cli.person import Person
from tests.app.cli.test_editing import add


def test_who_sees_a_deal_and_why(ann: Person) -> None:
    deal = add(ann, "deal", "name=Hangar")
    answer = ann.do("who-sees", "deal", deal.removeprefix("deal:"))
    assert answer["id"] == deal
    (only,) = answer["people"]
    assert only["you"] and only["changes"] and only["margins"]
    assert only["reasons"][0].startswith("Team Admin in ")
    assert "Ann Achterberg (you)" in ann.says("who-sees", deal)


def test_commercial_fields_are_fields_of_the_deal(ann: Person, tmp_path: Path) -> None:
    deal = add(ann, "deal", "name=Hangar", "amount=100", "currency=EUR", "cost=60.50", "terms=net 30")
    add(ann, "deal", "name=Shed", "amount=10", "currency=EUR")
    shown = ann.do("show", deal)
    assert (shown["cost"], shown["terms"]) == ("60.50", "net 30")
    ann.do("edit", deal, "--set", "margin=39.50")
    found = ann.do("list", "deal", "--filter", "margin>=39", "--sort", "cost")["records"]
    assert [one["id"] for one in found] == [deal]
    target = tmp_path / "deals.csv"
    ann.do("export", "deal", str(target))
    text = target.read_text("utf-8-sig")
    assert "Cost" in text.splitlines()[0] and "60.50" in text
    ann.do("edit", deal, "--set", "cost=1", "--set", "margin=")
    ann.do("import", str(target))
    again = ann.do("show", deal)
    assert (again["cost"], again["margin"]) == ("60.50", "39.50")


def test_private_and_back_to_a_group(ann: Person) -> None:
    deal = add(ann, "deal", "name=Hangar", "cost=5")
    add(ann, "note", "body=Call them", f"about={deal}")
    told = ann.do("move", deal, "--private", "--dry-run")
    assert told["words"] == ["1 deal will be private.", "The same people see them as before."]
    assert told["moved"] == 0
    (now,) = ann.do("move", deal, "--private")["records"]
    shown = ann.do("show", now)
    assert shown["group"] == "Private" and shown["cost"] == "5.00"
    assert ann.do("show", deal)["id"] == now  # what it was called before leads there
    group = ann.do("team", "groups")["groups"][0]["name"]
    (back,) = ann.do("move", now, "--group", group)["records"]
    assert ann.do("show", back)["group"] == group
    assert ann.ran("move", back, "--group", group).code is not Exit.OK
