"""The five real exports: Android (2.1), Gmail (3.0), Evolution (3.0), iPhone (3.0), Outlook (2.1)."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from app.crm import Value
from app.crm.importing import CardPlan, Report, import_cards, open_cards
from tests.app.crm.memory import MemoryWriter

Person = dict[str, Value]


def people(data_dir: Path, name: str) -> tuple[list[Person], Report]:
    writer = MemoryWriter()
    report = import_cards(open_cards(data_dir / "vcards" / f"john-doe-{name}.vcf"), CardPlan(), writer)
    assert not report.failures
    return writer.of("person"), report


def items(person: Person, field: str) -> list[tuple[str, str]]:
    """(value, label) of a list's items in order."""
    found = [(name, value) for name, value in person.items() if name.startswith(f"{field}/")]
    return [(value["value"], value.get("label", "")) for _, value in sorted(found) if isinstance(value, dict)]


def item(person: Person, field: str) -> dict[str, str]:
    value = next(value for name, value in sorted(person.items()) if name.startswith(f"{field}/"))
    assert isinstance(value, dict)
    return value


def photo(person: Person) -> bytes:
    value = person["photo"]
    assert isinstance(value, str)
    return base64.b64decode(value, validate=True)


def test_android(data_dir: Path) -> None:
    found, report = people(data_dir, "android")
    assert len(found) == 6
    assert [one["name"] for one in found] == [
        "john.doe@company.com", "jane.doe@company.com", "Ñ Ñ Ñ Ñ Ñ", "Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ Ñ", "Ñ Ñ Ñ Ñ", "ÑÑÑÑ",
    ]  # fmt: skip
    assert items(found[3], "phones") == [
        ("123456", "mobile"), ("234567", "home"), ("3456789", "mobile"), ("45678901", "home"),
    ]  # fmt: skip
    assert str(found[3]["notes"]) == ("Ñ Ñ Ñ Ñ Ñ Ñ Ñ ÑÑ Ñ Ñ Ñ Ñ Ñ Ñ ÑÑ Ñ Ñ Ñ Ñ")
    bob = found[4]
    assert (bob["family"], bob["given"]) == ("Ñ Ñ", "Ñ Ñ Ñ")
    assert items(bob, "phones") == [("123456", "mobile"), ("123456", "work"), ("123456", "work fax")]
    assert items(bob, "emails") == [("bob@company.com", "work"), ("Ñ" * 14, "")]
    assert items(bob, "urls") == [("www.company.com", ""), ("http://www.company.com", "")]
    assert bob["organisation"] == "Ñ" * 12
    assert photo(bob).startswith(b"\xff\xd8\xff")
    assert items(found[5], "tags") == [("My Contacts", "")]
    assert "damaged" in str(next(one for one in report.dropped if one.property == "PHOTO"))


def test_gmail(data_dir: Path) -> None:
    [john], report = people(data_dir, "gmail")
    assert john["name"] == "Mr. John Richter, James Doe Sr."
    assert [john[part] for part in ("prefix", "given", "middle", "family", "suffix")] == [
        "Mr.", "John", "Richter, James", "Doe", "Sr.",
    ]  # fmt: skip
    assert (john["phonetic_given"], john["phonetic_family"]) == ("Jon", "Dow")
    assert items(john, "emails") == [("john.doe@ibm.com", "home")]
    assert items(john, "phones") == [("905-555-1234", "mobile"), ("905-666-1234", "home")]
    assert items(john, "urls") == [("http://www.ibm.com", "work")]
    assert items(john, "dates") == [("1975-03-01", "anniversary")]
    assert items(john, "relations") == [("Jenny", "spouse")]
    assert (john["organisation"], john["title"], john["birthday"]) == ("IBM", "Money Counter", "1980-03-22")
    assert str(john["notes"]).endswith("SUCH DAMAGE.\nFavotire Color: Blue")
    assert '"AS IS"' in str(john["notes"])
    address = item(john, "addresses")
    assert address["extended"].startswith("Crescent moon drive\n555-asd\nNice Area, Albaney, New York 12345")
    assert report.dropped == []


def test_evolution(data_dir: Path) -> None:
    [john], report = people(data_dir, "evolution")
    assert john["middle"] == "Richter, James"
    assert (john["organisation"], john["department"]) == ("IBM", "Accounting, Dungeon")
    assert john["nickname"] == "Johny"
    assert items(john, "phones") == [("905-666-1234", "mobile"), ("905-555-1234", "work")]
    assert items(john, "urls") == [("http://www.ibm.com", "")]
    assert item(john, "messengers") == {"value": "johnny5@aol.com", "label": "home", "service": "AIM"}
    assert items(john, "relations") == [
        ("Maria", "spouse"),
        ("Big Blue", "manager"),
        ("Little Red", "assistant"),
    ]
    assert items(john, "dates") == [("1980-03-22", "anniversary")]
    assert items(john, "tags") == [("VIP", "")]
    address = item(john, "addresses")
    assert (address["box"], address["street"], address["city"]) == (
        "ASB-123",
        "15 Crescent moon drive",
        "Albaney",
    )
    assert (address["code"], address["country"]) == ("12345", "United States of America")
    assert {one.property for one in report.dropped} == {
        "X-COUCHDB-APPLICATION-ANNOTATIONS", "X-EVOLUTION-FILE-AS", "REV",
    }  # fmt: skip
    assert all(one.card == john["name"] and one.reason for one in report.dropped)


def test_iphone(data_dir: Path) -> None:
    [john], report = people(data_dir, "iphone")
    assert john["name"] == "Mr. John Richter James Doe Sr."
    assert items(john, "phones") == [
        ("905-555-1234", "mobile"), ("905-666-1234", "home"), ("905-777-1234", "work"), ("905-888-1234", "home fax"),
        ("905-999-1234", "work fax"), ("905-111-1234", "pager"), ("905-222-1234", "assistant phone"),
    ]  # fmt: skip
    assert [value for value, _ in items(john, "emails")] == ["john.doe@ibm.com"]
    assert items(john, "urls") == [("http://www.ibm.com", "home page")]
    assert len(items(john, "addresses")) == 2
    assert john["birthday"] == "2012-06-06"
    picture = photo(john)
    assert picture.startswith(b"\xff\xd8\xff") and picture.endswith(b"\xff\xd9") and len(picture) == 32531
    assert {one.property for one in report.dropped} == {"PRODID", "X-ABADR"}


def test_outlook(data_dir: Path) -> None:
    [john], report = people(data_dir, "ms-outlook")
    assert john["middle"] == "Richter,James"  # 2.1 knows no escaped commas: the comma is one
    assert items(john, "phones") == [("(905) 555-1234", "work"), ("(905) 666-1234", "home")]
    assert [label for _, label in items(john, "addresses")] == ["work", "home"]
    assert (john["role"], john["birthday"]) == ("Counting Money", "1980-03-22")
    assert items(john, "dates") == [("2011-01-13", "anniversary")]
    assert [value for value, _ in items(john, "messengers")] == ["johny5@aol.com"]
    assert items(john, "relations") == [("Big Blue", "manager"), ("Jenny", "assistant")]
    assert photo(john).startswith(b"\xff\xd8\xff") and photo(john).endswith(b"\xff\xd9")
    assert "GEORGE EL-HADDAD" in str(john["notes"])
    assert {one.property for one in report.dropped} == {
        "LABEL", "REV", "X-MS-OL-DESIGN", "X-MS-OL-DEFAULT-POSTAL-ADDRESS",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["android", "gmail", "evolution", "iphone", "ms-outlook"])
def test_again_adds_nothing(data_dir: Path, name: str) -> None:
    writer = MemoryWriter()
    file = open_cards(data_dir / "vcards" / f"john-doe-{name}.vcf")
    import_cards(file, CardPlan(), writer)
    before = {record: dict(fields) for record, (_, _, fields) in writer.records.items()}
    again = import_cards(file, CardPlan(), writer)
    assert again.created == 0
    after = {record: fields for record, (_, _, fields) in writer.records.items()}
    assert {one: {k: v for k, v in fields.items() if "/" in k} for one, fields in after.items()} == {
        one: {k: v for k, v in fields.items() if "/" in k} for one, fields in before.items()
    }
