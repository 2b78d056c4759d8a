"""A41: hostile imports. Text stays text, limits hold, errors are typed and in words, time is bounded."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from app.crm import CrmError, FormatBroken, NotText, TooLarge, Value
from app.crm.importing import (
    CardPlan,
    Limits,
    Report,
    Table,
    import_cards,
    open_cards,
    open_table,
    preview,
    profile_columns,
    run_import,
    suggest,
)
from tests.app.crm.memory import MemoryWriter

pytestmark = [pytest.mark.hostile, pytest.mark.A41]
FORMULAS = ['=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "=cmd|'/c calc'!A1"]
MARKUP = [
    "<script>alert(1)</script>",
    "<img src=http://x/y.png>",
    "{{7*7}}",
    "${jndi:ldap://x}",
    "%s%n",
    "'; DROP TABLE",
]


def cards(text: str | bytes, limits: Limits | None = None) -> tuple[list[dict[str, Value]], Report]:
    writer = MemoryWriter()
    data = text if isinstance(text, bytes) else text.encode()
    report = import_cards(open_cards(data, limits=limits or Limits()), CardPlan(), writer)
    return writer.of("person"), report


@pytest.mark.parametrize("text", [one for one in FORMULAS + MARKUP if one == one.strip()])
def test_plain_text_stays_plain_text(table: Callable[[str], Table], writer: MemoryWriter, text: str) -> None:
    quoted = text.replace('"', '""')
    rows = table(f'Name,Notes\n"{quoted}","{quoted}"\n')
    plan = suggest(profile_columns(rows), "person").plan()
    run_import(rows, plan, writer)
    assert writer.of("person")[0]["name"] == text
    assert writer.of("person")[0]["notes"] == text
    assert preview(rows, plan).rows[0].values[0] == ("Name", text)


def test_control_characters_are_taken_out(table: Callable[[str], Table], writer: MemoryWriter) -> None:
    rows = table('Name,Notes\n"Ann\x1b[31m\x07 Ash\r\nX","a\x08b\r\nc"\n')
    run_import(rows, suggest(profile_columns(rows), "person").plan(), writer)
    assert (writer.of("person")[0]["name"], writer.of("person")[0]["notes"]) == ("Ann[31m Ash X", "ab\nc")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04" + b"\0" * 99,
        b"\x1f\x8b\x08\0",
        b"BZh91AY",
        b"\xfd7zXZ\0",
        b"(\xb5/\xfdxx",
        b"7z\xbc\xaf'\x1c",
    ],
)
def test_archives_are_never_unpacked(data: bytes) -> None:
    for opened in (open_table, open_cards):
        with pytest.raises(NotText):
            opened(data)


def test_wide_long_and_lying_tables(table: Callable[[str], Table], writer: MemoryWriter) -> None:
    rows = table(
        "Name,Notes\n" + "x" * 200_000 + ",y\nAnn,\n" + "Ben," + "z" * 200_000 + "\nCy\nDee,a,b,c,d\n"
    )
    report = run_import(rows, suggest(profile_columns(rows), "person").plan(), writer)
    assert [one.line for one in report.failures] == [2, 4]
    assert [one["name"] for one in writer.of("person")] == ["Ann", "Cy", "Dee"]


def test_nasty_header(writer: MemoryWriter) -> None:
    rows = open_table(("Name," + "A" * 100_000 + ",=1+1,\u202etxt,,,\nAnn,1,2,3,4,5,6\n").encode())
    suggestion = suggest(profile_columns(rows), "person")
    assert run_import(rows, suggestion.plan(), writer).created == 1


@pytest.mark.parametrize(
    "line",
    [
        "TEL;A" + "=" * 5_000,  # vobject's pattern for parameters needs exponential time here
        "TEL;" * 5_000,
        'TEL;A="' + "x" * 100_000,
        "X" * 100_000,
        ":" * 100_000,
        ";" * 100_000 + ":x",
        "NOTE;ENCODING=QUOTED-PRINTABLE:" + "=" * 100_000,
        "NOTE:" + "\\" * 100_000,
        "N:" + ";" * 100_000,
        "N:" + "," * 100_000,
        "ADR:" + ",;" * 100_000,
        "BDAY:" + "1" * 100_000,
        "BDAY:--" + "-" * 10_000,
        "PHOTO;ENCODING=b:" + "A" * 2_000_000,
        "PHOTO;VALUE=uri:http://evil.example/track.png",
        "PHOTO;ENCODING=b:PHN2Zz48L3N2Zz4=",
        "NOTE;CHARSET=rot13;ENCODING=QUOTED-PRINTABLE:=41",
        "NOTE;CHARSET=zlib_codec;ENCODING=QUOTED-PRINTABLE:=41",
        "NOTE;CHARSET=\x01;ENCODING=QUOTED-PRINTABLE:=41",
        "TEL;TYPE=" + ",".join(["HOME"] * 2_000) + ":1",
        "item1.item2.TEL:1",
        ".TEL:1",
        "CATEGORIES:" + ",".join(str(n) for n in range(3_000)),
    ],
)
def test_one_bad_line_spoils_nothing(line: str) -> None:
    begun = time.perf_counter()
    found, report = cards(f"BEGIN:VCARD\nVERSION:3.0\nFN:Ann\n{line}\nEMAIL:ann@ash.example\nEND:VCARD\n")
    assert time.perf_counter() - begun < 5
    assert report.failures or (found[0]["name"], "photo" in found[0]) == ("Ann", False)
    assert all(len(fields) < 1_000 for fields in found)


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object) -> None:
        raise AssertionError("an import opened a socket")

    monkeypatch.setattr("socket.socket.connect", denied)
    monkeypatch.setattr("socket.getaddrinfo", denied)
    _, report = cards("BEGIN:VCARD\nVERSION:4.0\nFN:Ann\nPHOTO:https://evil.example/p.png\nEND:VCARD\n")
    assert "nothing is loaded" in report.dropped[0].reason


def test_cards_inside_cards() -> None:
    deep = "BEGIN:VCARD\nVERSION:2.1\nFN:Ann\nAGENT:\n" * 100
    with pytest.raises(TooLarge):
        cards(deep)
    found, report = cards(
        "BEGIN:VCARD\nVERSION:2.1\nFN:Ann\nAGENT:\nBEGIN:VCARD\nFN:Agent\nEND:VCARD\nTEL:1234\nEND:VCARD\n"
    )
    assert [one["name"] for one in found] == ["Ann"]
    assert [one.property for one in report.dropped] == ["AGENT"]


def test_cards_that_never_end() -> None:
    found, report = cards("BEGIN:VCARD\nFN:Ann\nBEGIN:VCARD\nFN:Ben\nEND:VCARD\nBEGIN:VCARD\nFN:Cy\n")
    assert [one["name"] for one in found] == ["Ben"]
    assert [(one.line, one.reason) for one in report.failures] == [
        (1, "the card that begins here never ends"), (6, "the card that begins here never ends"),
    ]  # fmt: skip


def test_limits_of_card_files() -> None:
    card = "BEGIN:VCARD\nFN:Ann\nEND:VCARD\n"
    with pytest.raises(TooLarge):
        cards(card * 5, Limits(cards=4))
    with pytest.raises(TooLarge):
        cards(card, Limits(card_file_size=10))
    with pytest.raises(TooLarge):
        cards("BEGIN:VCARD\n" + "TEL:1\n" * 50, Limits(card_lines=40))
    with pytest.raises(TooLarge):
        cards("BEGIN:VCARD\nNOTE:" + "x" * 999, Limits(card_line=500))
    with pytest.raises(TooLarge):
        cards("BEGIN:VCARD\nNOTE:x\n" + " yy\n" * 999, Limits(card_line=500))
    with pytest.raises(FormatBroken):
        cards("hello\n")


def test_a_record_is_never_larger_than_the_format_takes() -> None:
    text = "BEGIN:VCARD\nFN:Ann\n" + "".join(f"URL:{n}{'x' * 4_000}\n" for n in range(400)) + "END:VCARD\n"
    found, report = cards(text)
    assert found == []
    assert report.failures[0].reason == "the card holds more text than a record can"


def test_lists_of_what_went_wrong_are_bounded(writer: MemoryWriter) -> None:
    rows = open_table(b"Name,City\n" + b",Linz\n" * 50, limits=Limits(failures=20))
    report = run_import(rows, suggest(profile_columns(rows), "person").plan(), writer)
    assert (len(report.failures), report.gave_up, report.rows) == (20, True, 20)
    assert "given up" in report.sentence()
    _, report = cards("BEGIN:VCARD\nFN:Ann\n" + "X-A:1\n" * 30 + "END:VCARD\n", Limits(dropped=10))
    assert (len(report.dropped), report.unlisted_dropped) == (10, 20)


def test_many_labels_cost_no_more_than_their_lines() -> None:
    begun = time.perf_counter()
    lines = "".join(f"item{n}.X-ABLABEL:x\n" for n in range(4_500))
    _, report = cards(f"BEGIN:VCARD\nFN:Ann\n{lines}END:VCARD\n")
    assert time.perf_counter() - begun < 2
    assert len(report.dropped) == 4_500


def test_every_error_has_words() -> None:
    for wrong in (b"", b"PK\x03\x04", b"\0\0\0"):
        with pytest.raises(CrmError) as caught:
            open_table(wrong, name="contacts.csv")
        assert caught.value.title and "contacts.csv" in caught.value.message
