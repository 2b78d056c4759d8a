from __future__ import annotations

import pytest

from app.crm import DuplicateIndex, Existing, Value
from app.crm.duplicates import keys


def person(number: int, name: str, **lists: str) -> Existing:
    fields: dict[str, Value] = {"name": name}
    for field, value in lists.items():
        fields[f"{field}/000100-00000001"] = {"value": value}
    return Existing(f"person:{number:032x}", fields)


ANN = person(1, "Ann Ash", emails="ann@ash.example", phones="+43 1 234 56 78")
BEN = person(2, "Benjamin Birch", emails="ben@birch.example")
CY = person(3, "Cynthia Cedar-Müller", phones="0664 123 45 67")


@pytest.fixture
def index() -> DuplicateIndex:
    return DuplicateIndex("person", [ANN, BEN, CY], region="AT")


def found(index: DuplicateIndex, one: Existing, itself: str = "") -> list[tuple[str, float]]:
    return [(candidate.record, candidate.score) for candidate in index.candidates(one.fields, itself=itself)]


def test_same_mail_and_phone(index: DuplicateIndex) -> None:
    assert found(index, person(9, "A.", emails="ANN@ash.example")) == [(ANN.record, 0.9)]
    assert found(index, person(9, "Someone", phones="01/234 56-78")) == [(ANN.record, 0.9)]
    assert found(index, person(9, "X", phones="+43 664 1234567"))[0][0] == CY.record
    both = index.candidates(person(9, "Ash Ann", emails="ann@ash.example").fields)[0]
    assert both.score == 1.0
    assert both.reasons == ("the same e-mail ann@ash.example", "the same name")


def test_names_that_are_near(index: DuplicateIndex) -> None:
    [near] = index.candidates({"name": "Benjamin Burch"})
    assert near.record == BEN.record and near.score < 0.7 and "Benjamin Birch" in near.reasons[0]
    assert found(index, person(9, "cedar muller, cynthia"))[0] == (CY.record, 0.7)
    assert found(index, person(9, "Bettina Oak")) == []
    assert found(index, person(9, "")) == []


def test_not_itself_and_after_changes(index: DuplicateIndex) -> None:
    assert found(index, ANN, itself=ANN.record) == []
    index.add(ANN.record, {"name": "Anna Oak"})
    assert found(index, person(9, "Ann Ash", emails="ann@ash.example")) == []
    index.remove(BEN.record)
    index.remove(BEN.record)
    assert found(index, BEN) == []
    assert len(index) == 2


def test_pairs_come_once() -> None:
    twins = [
        ANN,
        person(4, "Ann Ash", emails="ann@ash.example"),
        person(5, "Ann Ash", emails="other@ash.example"),
        BEN,
    ]
    pairs = [(one, other.record, other.score) for one, other in DuplicateIndex("person", twins).pairs()]
    assert pairs == [(ANN.record, twins[1].record, 1.0)]
    assert [
        other.reasons
        for _, other in DuplicateIndex("person", [CY, person(6, "Cedar-Müller Cynthia")]).pairs()
    ] == [("the same name",)]


def test_companies() -> None:
    acme: dict[str, Value] = {"name": "Acme Corporation", "website": "https://www.acme.example/about"}
    index = DuplicateIndex("company", [Existing("company:" + "0" * 32, acme)])
    assert index.candidates({"name": "ACME Inc."})[0].score == 0.9
    assert index.candidates({"name": "Other", "website": "acme.example"})[0].reasons == (
        "the same web page acme.example",
    )
    assert "site:gmail.com" not in keys("company", {"name": "x", "website": "gmail.com"})
    assert keys("company", {"name": "x", "website": "http://[::1"}) == {"name:x": "the same name"}
