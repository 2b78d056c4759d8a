from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
import vobject

from app.crm import Existing, Value, sample
from app.crm.exporting import card_text, export_cards
from app.crm.exporting.cards import Version
from app.crm.importing import CardPlan, import_cards, open_cards
from tests.app.crm.memory import MemoryWriter

VERSIONS: tuple[Version, ...] = ("3.0", "4.0")
PICTURE = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20).decode()
ANN: dict[str, Value] = {
    "name": "Dr. Ann Ash, B; C\\n",
    "given": "Ann",
    "middle": "Maria, Luise",
    "family": "Ash;Oak",
    "prefix": "Dr.",
    "nickname": "Annie, A",
    "organisation": "Ash; Oak & Söhne, GmbH",
    "department": "R&D, Labor",
    "title": "CTO",
    "role": "Chief",
    "birthday": "1980-12-31",
    "notes": "one\ntwo; three, \\four\n" + ("größer " * 40).strip(),
    "external_id": "X-1",
    "phonetic_given": "Än",
    "photo": PICTURE,
    "phones/000100-00000001": {"value": "+43 1 234 56", "label": "work fax"},
    "phones/000200-00000002": {"value": "0664 1", "label": "mobile", "pref": "1"},
    "phones/000300-00000003": {"value": "3", "label": 'Summer "house": a;b,c'},
    "phones/000400-00000004": {"value": "4"},
    "emails/000100-00000001": {"value": "ann@ash.example", "label": "home"},
    "urls/000100-00000001": {"value": "https://ash.example/a,b;c?d=e", "label": "work"},
    "addresses/000100-00000001": {
        "value": "Ring 1 Stiege 2, PO 7, 1010 Wien, Österreich", "label": "home", "box": "PO 7",
        "street": "Ring 1\nStiege 2", "city": "Wien", "code": "1010", "country": "Österreich",
    },
    "messengers/000100-00000001": {"value": "@ann:ash.example", "service": "Matrix", "label": "home"},
    "messengers/000200-00000002": {"value": "ann"},
    "relations/000100-00000001": {"value": "Ben Ash", "label": "spouse"},
    "dates/000100-00000001": {"value": "2010-06-12", "label": "anniversary"},
    "dates/000200-00000002": {"value": "--02-29", "label": "first met"},
    "tags/0000000a": {"value": "vip, very"},
    "tags/0000000b": {"value": "fair"},
    "custom/000100-00000001": {"value": "blue", "label": "Favourite colour"},
}  # fmt: skip


def contents(fields: dict[str, Value]) -> set[tuple[str, str]]:
    return {
        (name.partition("/")[0], str(sorted(value.items()) if isinstance(value, dict) else value))
        for name, value in fields.items()
    }


def back(data: bytes) -> list[dict[str, Value]]:
    writer = MemoryWriter()
    report = import_cards(open_cards(data), CardPlan(), writer)
    assert report.failures == []
    assert {one.property for one in report.dropped} <= {"PRODID"}
    return writer.of("person")


@pytest.mark.parametrize("version", VERSIONS)
def test_round_trip(version: Version) -> None:
    target = io.BytesIO()
    report = export_cards([Existing("person:" + "ab" * 16, ANN)], target, version)
    assert (report.written, report.left_out) == (1, {})
    [ann] = back(target.getvalue())
    assert contents(ann) == contents(ANN)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_birthday_without_a_year(version: Version) -> None:
    fields: dict[str, Value] = {
        "name": "Ann",
        "dates/000100-00000001": {"value": "--04-12", "label": "birthday"},
    }
    [ann] = back(card_text(Existing("", fields), version).encode())
    assert contents(ann) == contents(fields)


@pytest.mark.parametrize("version", VERSIONS)
def test_sample_goes_round(version: Version) -> None:
    people = [one for one in sample() if one.type == "person"]
    target = io.BytesIO()
    report = export_cards([Existing(one.record, one.fields) for one in people], target, version)
    assert set(report.left_out) == {"company"}
    before = [contents({k: v for k, v in one.fields.items() if k != "company"}) for one in people]
    assert [contents(one) for one in back(target.getvalue())] == before


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["android", "gmail", "evolution", "iphone", "ms-outlook"])
def test_real_cards_go_round(data_dir: Path, name: str, version: Version) -> None:
    writer = MemoryWriter()
    import_cards(open_cards(data_dir / "vcards" / f"john-doe-{name}.vcf"), CardPlan(), writer)
    people = writer.of("person")
    text = "".join(card_text(Existing("", one), version) for one in people)
    assert [contents(one) for one in back(text.encode())] == [contents(one) for one in people]


def test_other_programs_read_it() -> None:
    """vobject's own reader as a second pair of eyes."""
    card = vobject.readOne(card_text(Existing("", ANN), "3.0"))
    assert card.fn.value == ANN["name"]
    assert card.n.value.family == "Ash;Oak"
    assert card.org.value == ["Ash; Oak & Söhne, GmbH", "R&D, Labor"]
    assert base64.b64encode(card.photo.value).decode() == PICTURE
    assert [one.value for one in card.contents["tel"]] == ["+43 1 234 56", "0664 1", "3", "4"]


@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_in_a_value_becomes_a_line(version: Version) -> None:
    evil = "x\r\nTEL:999\nEND:VCARD\rBEGIN:VCARD"
    fields: dict[str, Value] = {
        name: evil
        for name in (
            "name",
            "given",
            "family",
            "nickname",
            "organisation",
            "title",
            "notes",
            "external_id",
            "birthday",
        )
    }
    for field in (
        "phones",
        "emails",
        "urls",
        "messengers",
        "relations",
        "dates",
        "tags",
        "custom",
        "addresses",
    ):
        fields[f"{field}/000100-00000001"] = {"value": evil, "label": evil, "service": evil, "street": evil}
    text = card_text(Existing(evil, fields), version)
    lines = text.replace("\r\n ", "").split("\r\n")
    assert "\n" not in "".join(lines) and "\r" not in "".join(lines)
    assert sum(line.startswith(("BEGIN", "END")) for line in lines) == 2
    assert not any(line.startswith("TEL:999") for line in lines)
