"""What the three versions do differently, line by line."""

from __future__ import annotations

import pytest

from app.crm import Value
from app.crm.importing import CardPlan, Report, import_cards, open_cards
from tests.app.crm.memory import MemoryWriter


def card(version: str, *lines: str, end: str = "\r\n") -> tuple[dict[str, Value], Report]:
    writer = MemoryWriter()
    text = end.join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])
    report = import_cards(open_cards(text.encode()), CardPlan(), writer)
    return (writer.of("person") or [{}])[0], report


def items(person: dict[str, Value], field: str) -> list[dict[str, str]]:
    return [
        one for name, one in sorted(person.items()) if name.startswith(f"{field}/") and isinstance(one, dict)
    ]


def test_four() -> None:
    ann, report = card(
        "4.0",
        "FN:Ann Ash",
        "N:Ash;Ann;Maria,Luise;Dr.;",
        'TEL;VALUE=uri;PREF=1;TYPE="voice,home":tel:+43-1-234-56;ext=12',
        "TEL;TYPE=cell:+43 664 1234567",
        "EMAIL;PREF=2;TYPE=work:ann@ash.example",
        "BDAY:--0412",
        "ANNIVERSARY:20100612",
        "IMPP;TYPE=home:xmpp:ann@ash.example",
        "RELATED;TYPE=spouse;VALUE=text:Ben Ash",
        "RELATED;TYPE=friend:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "PHOTO:data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==",
        'ADR;TYPE=home;LABEL="Ring 1^n1010 Wien":;;Ring 1;Wien;;1010;Austria',
        "GENDER:F",
        "LANG:de",
        "NOTE:a\\nb\\, c",
        "KIND:individual",
    )
    assert (ann["middle"], ann["prefix"], ann["notes"]) == ("Maria Luise", "Dr.", "a\nb, c")
    assert items(ann, "phones") == [
        {"value": "+43-1-234-56 ext. 12", "label": "home", "pref": "1"},
        {"value": "+43 664 1234567", "label": "mobile"},
    ]  # fmt: skip
    assert items(ann, "emails") == [{"value": "ann@ash.example", "label": "work"}]
    assert items(ann, "dates") == [
        {"value": "--04-12", "label": "birthday"}, {"value": "2010-06-12", "label": "anniversary"},
    ]  # fmt: skip
    assert items(ann, "messengers") == [{"value": "ann@ash.example", "label": "home", "service": "xmpp"}]
    assert items(ann, "relations") == [{"value": "Ben Ash", "label": "spouse"}]
    assert str(ann["photo"]).startswith("iVBOR")
    assert items(ann, "addresses")[0]["street"] == "Ring 1"
    assert items(ann, "custom") == [{"value": "F", "label": "gender"}, {"value": "de", "label": "language"}]
    assert [one.property for one in report.dropped] == ["RELATED"]


def test_alternatives_of_four_are_one_value() -> None:
    ann, report = card("4.0", "FN:Ann", "TITLE;ALTID=1;LANGUAGE=de:Chefin", "TITLE;ALTID=1;LANGUAGE=en:Boss")
    assert ann["title"] == "Chefin"
    assert [one.value for one in report.dropped] == ["Boss"]


def test_two_point_one() -> None:
    ann, _ = card(
        "2.1",
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Gr=FCber;J=F6rg",
        "TEL;HOME;VOICE:1234",
        "tel;work;fax:5678",
        "NOTE;quoted-printable:C:\\new=0D=0Aline=3D",
        "ORG:A\\; B;C, D",
        end="\n",
    )
    assert (ann["family"], ann["given"], ann["name"]) == ("Grüber", "Jörg", "Jörg Grüber")
    assert [one.get("label") for one in items(ann, "phones")] == ["home", "work fax"]
    assert ann["notes"] == "C:\\new\nline="
    assert (ann["organisation"], ann["department"]) == ("A; B", "C, D")


def test_a_file_in_a_code_page() -> None:
    writer = MemoryWriter()
    text = "BEGIN:VCARD\nVERSION:2.1\nFN:Jürgen Weiß\nADR:;;Grüner Weg 5;Übersee;;;Österreich\nEND:VCARD\n"
    import_cards(open_cards(text.encode("cp1252")), CardPlan(), writer)
    assert writer.of("person")[0]["name"] == "Jürgen Weiß"


def test_labels_of_apple() -> None:
    ann, _ = card(
        "3.0", "FN:Ann", "item1.TEL:1234", "item1.X-ABLabel:Summer house", "item2.X-ABDATE;type=pref:2011-05-06",
        "item2.X-ABLabel:_$!<Anniversary>!$_", "BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-22",
    )  # fmt: skip
    assert items(ann, "phones") == [{"value": "1234", "label": "Summer house"}]
    assert items(ann, "dates") == [
        {"value": "2011-05-06", "label": "anniversary"}, {"value": "--03-22", "label": "birthday"},
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_and_folds(end: str) -> None:
    ann, report = card("3.0", "FN:Ann", "NOTE:one", "  two", "\t three", "TEL:12345", end=end)
    assert ann["notes"] == "one two three"
    assert items(ann, "phones") == [{"value": "12345"}]
    assert report.dropped == []


def test_lists_of_people_are_no_people() -> None:
    _, report = card("3.0", "FN:Friends", "X-ADDRESSBOOKSERVER-KIND:group")
    assert report.failures[0].reason == "it is a list of people, not a person"
    _, report = card("3.0", "REV:20200101")
    assert "no name" in report.failures[0].reason


def test_linked_to_the_company_that_exists() -> None:
    writer = MemoryWriter()
    writer.records["company:" + "0" * 32] = ("company", "", {"name": "Acme Corporation"})
    text = "BEGIN:VCARD\nFN:Ann\nORG:ACME\nEND:VCARD\nBEGIN:VCARD\nFN:Ben\nORG:Other\nEND:VCARD\n"
    import_cards(open_cards(text.encode()), CardPlan(), writer)
    ann, ben = writer.of("person")
    assert (ann["company"], ann["organisation"]) == ("company:" + "0" * 32, "ACME")
    assert "company" not in ben
