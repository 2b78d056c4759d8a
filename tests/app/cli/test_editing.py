"""add, edit, delete, restore, show, list, search: at one desk, and what a colleague sees."""

from __future__ import annotations

from typing import Any

import pytest

from app.cli import Exit
from tests.app.cli.person import Person


def add(person: Person, type: str, *typed: str) -> str:
    words = [word for text in typed for word in ("--set", text)]
    return str(person.do("add", type, *words)["id"])


def names(answer: dict[str, Any]) -> list[str]:
    return [one["name"] for one in answer["records"]]


def test_a_deal_with_its_company(ann: Person) -> None:
    company = add(ann, "company", "name=Acme Anvils", "sector=machinery", "revenue=1200.50", "currency=EUR")
    deal = add(ann, "deal", "name=Hangar", "company=acme anvils", "amount=99.5", "currency=EUR", "closed=2026-03-01",
               "stage=Won", "tags=vip;trade fair")  # fmt: skip
    shown = ann.do("show", deal)
    assert shown["company"] == "Acme Anvils"
    assert shown["company_id"] == company
    assert shown["amount"] == "99.50"
    assert shown["stage"] == "won"
    assert shown["owner"] == "Ann Achterberg"
    assert sorted(tag["value"] for tag in shown["tags"]) == ["trade fair", "vip"]
    status = ann.do("status")
    assert status["won"] == 1
    assert status["won_amount"] == 100  # rounded
    assert status["pending"] == 0
    assert status["last_contact"].endswith("Z")
    assert "99.50 EUR" in ann.says("show", deal)


def test_lists_of_phones_and_addresses(ann: Person) -> None:
    person = add(ann, "person", "name=Pia Pohl", "phones[work]=+43 1 234", "addresses[home].street=Ring 1",
                 "addresses[home].city=Vienna", "emails=pia@example.org")  # fmt: skip
    shown = ann.do("show", person)
    (phone,), (address,) = shown["phones"], shown["addresses"]
    assert (phone["value"], phone["label"]) == ("+43 1 234", "work")
    assert (address["street"], address["city"], address["value"]) == ("Ring 1", "Vienna", "Ring 1, Vienna")
    ann.do("edit", person, "--set", "phones[home]=+43 1 999", "--set", f"{phone['key']}=+43 1 235")
    assert [one["value"] for one in ann.do("show", person)["phones"]] == ["+43 1 235", "+43 1 999"]
    ann.do("edit", person, "--set", f"{phone['key']}=")
    assert [one["value"] for one in ann.do("show", person)["phones"]] == ["+43 1 999"]
    ann.do("edit", person, "--set", "phones=")
    assert "phones" not in ann.do("show", person)


def test_a_note_lives_with_what_it_is_about(ann: Person) -> None:
    deal = add(ann, "deal", "name=With a note")
    note = add(ann, "note", "body=Call back on Monday", f"about={deal}")
    shown = ann.do("show", note)
    assert shown["about_id"] == deal
    assert shown["group"] == ann.do("show", deal)["group"]
    assert ann.do("search", "monday")["records"] == []
    assert [one["id"] for one in ann.do("search", "monday", "--full")["records"]] == [note]


def test_history_says_who_changed_what(ann: Person) -> None:
    deal = add(ann, "deal", "name=Changing", "amount=10")
    ann.do("edit", deal, "--set", "amount=20", "--set", "name=Changed")
    first, second = ann.do("show", deal, "--history")["history"]
    assert (first["did"], first["by"]) == ("created", "Ann Achterberg")
    assert {(one["field"], one["old"], one["new"]) for one in second["changes"]} == {
        ("amount", "10", "20"),
        ("name", "Changing", "Changed"),
    }
    assert "10 → 20" in ann.says("show", deal, "--history")


def test_delete_and_restore(ann: Person) -> None:
    deal = add(ann, "deal", "name=Short-lived")
    ann.do("delete", deal)
    assert "Short-lived" not in names(ann.do("list", "deals", "--limit", "0"))
    assert "Short-lived" in names(ann.do("list", "deals", "--deleted"))
    assert ann.fails(Exit.REFUSED, "edit", deal, "--set", "name=X")["code"] == "not-allowed-here"
    ann.do("restore", deal)
    assert "Short-lived" in names(ann.do("list", "deals", "--limit", "0"))


def test_filters_and_sorting(ann: Person) -> None:
    for name, amount, stage in (("F one", 10, "won"), ("F two", 30, "lost"), ("F three", 20, "won")):
        add(ann, "deal", f"name={name}", f"amount={amount}", f"stage={stage}", "source=filters")
    own = ("--filter", "source=filters")

    def listed(*words: str) -> list[str]:
        return names(ann.do("list", "deals", *own, *words))

    assert listed("--sort", "amount", "--desc") == ["F two", "F three", "F one"]
    assert listed("--filter", "stage=won") == ["F one", "F three"]
    assert listed("--filter", "stage!=Won") == ["F two"]
    assert listed("--filter", "amount>=20", "--sort", "amount") == ["F three", "F two"]
    assert listed("--filter", "amount<20") == ["F one"]
    assert listed("--filter", "stage=won|lost", "--filter", "name~tHr") == ["F three"]
    assert listed("--filter", "name^=f o") == ["F one"]
    assert listed("--filter", "closed=") == ["F one", "F three", "F two"]
    assert listed("--filter", "closed!=") == []
    assert listed("--filter", "owner=me", "--limit", "1") == ["F one"]
    answer = ann.do("list", "deals", *own, "--limit", "1")
    assert answer["count"] == 3
    table = ann.says("list", "deals", *own, "--columns", "amount,stage").splitlines()
    assert table[0].split() == ["deal", "amount", "stage", "id"]
    assert table[1].split()[:4] == ["F", "one", "10", "Won"]


def test_search_over_all_types(ann: Person) -> None:
    add(ann, "company", "name=Quartzite Mining")
    add(ann, "deal", "name=Quarry for Quartzite")
    assert sorted(one["type"] for one in ann.do("search", "quartz")["records"]) == ["company", "deal"]
    assert [one["type"] for one in ann.do("search", "quartz", "--type", "deals")["records"]] == ["deal"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["list", "unicorns"], "usage-error"),
        (["list", "deals", "--filter", "colour=red"], "usage-error"),
        (["list", "deals", "--filter", "notes~x"], "usage-error"),
        (["list", "deals", "--filter", "amount"], "usage-error"),
        (["list", "deals", "--filter", "amount=much"], "usage-error"),
        (["list", "deals", "--sort", "colour"], "usage-error"),
        (["list", "deals", "--limit", "-1"], "usage-error"),
        (["list", "deals", "--limit", "many"], "usage-error"),
        (["show", "deal"], "usage-error"),
        (["show", "deal:" + 32 * "0"], "not-found-here"),
        (["show", "deal:12"], "not-found-here"),
        (["add", "deal", "--set", "amount=1"], "usage-error"),
        (["add", "deal", "--set", "name"], "usage-error"),
        (["add", "deal", "--set", "name=x", "--set", "closed=31.31.2026"], "usage-error"),
        (["add", "deal", "--set", "name=x", "--set", "company=Nobody knows them"], "not-found-here"),
        (["add", "deal", "--set", "name=x", "--set", "stage=nowhere"], "usage-error"),
        (["add", "deal", "--group", "Nowhere", "--set", "name=x"], "not-found-here"),
        (["add", "person", "--set", "name=x", "--set", "photo=x"], "usage-error"),
        (["frobnicate"], "usage-error"),
        ([], "usage-error"),
    ],
)
def test_what_is_not_understood(ann: Person, words: list[str], code: str) -> None:
    assert ann.fails(Exit.USAGE, *words)["code"] == code


def test_a_colleague_sees_what_her_role_shows(ann: Person, ben: Person) -> None:
    add(ann, "company", "name=Shared Company")
    secret = add(ann, "deal", "name=Only for Ann")
    shared = add(ann, "deal", "name=For Ben", "owner=Ben Brouwer")
    ben.do("sync")
    assert names(ben.do("list", "companies", "--text", "shared")) == ["Shared Company"]
    assert names(ben.do("list", "deals")) == ["For Ben"]
    assert ben.fails(Exit.USAGE, "show", secret)["code"] == "not-found-here"
    ben.do("edit", shared, "--set", "amount=7")
    ann.do("sync")
    assert ann.do("show", shared)["amount"] == "7.00" or ann.do("show", shared)["amount"] == "7"
    assert ann.do("show", shared)["changed_by"] == "Ben Brouwer"


def test_a_role_refuses(ben: Person) -> None:
    error = ben.fails(Exit.REFUSED, "add", "product", "--set", "name=Mine")
    assert error["code"] == "not-allowed"


def test_edits_wait_without_sync(ann: Person) -> None:
    answer = ann.do("add", "company", "--set", "name=Waiting", "--no-sync")
    assert answer["synchronised"] is False
    assert answer["pending"] == 1
    assert answer["records"][0]["pending"] is True
    assert ann.do("status")["sync"] == "Changes wait to be sent"
    assert ann.do("sync")["pending"] == 0
