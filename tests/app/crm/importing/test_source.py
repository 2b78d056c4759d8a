from __future__ import annotations

from pathlib import Path

import pytest

from app.crm import EncodingUnknown, FileUnreadable, NotText, TooLarge
from app.crm.importing import Limits
from app.crm.importing.source import open_source

GERMAN = "Name;Straße\nMüller & Söhne;Größenweg 5\nJürgen Weiß;Übersee\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_encoding_is_recognised(encoding: str, name: str) -> None:
    source = open_source(GERMAN.encode(encoding))
    assert source.encoding.name == name
    assert source.text() == GERMAN


def test_other_alphabets() -> None:
    text = "Имя;Компания\nЕлена Шевченко;Общество с ограниченной ответственностью Ромашка\n" * 20
    assert open_source(text.encode("cp1251")).text() == text
    text = "会社名,担当者\n株式会社サンプル商事,佐藤太郎\n有限会社テスト工業,鈴木花子\n" * 20
    assert open_source(text.encode("cp932")).text() == text


def test_a_byte_far_from_the_start_counts(tmp_path: Path) -> None:
    path = tmp_path / "far.csv"
    path.write_bytes(b"name,city\n" + b"Ann,Linz\n" * 300_000 + "Jürgen,Köln\n".encode("cp1252"))
    source = open_source(path)
    assert (source.encoding.name, source.encoding.sure) == ("cp1252", False)
    assert source.text().endswith("Jürgen,Köln\n")


def test_a_guess_is_no_certainty() -> None:
    assert open_source(GERMAN.encode()).encoding.sure
    assert not open_source(GERMAN.encode("cp1252")).encoding.sure


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04rest",
        b"\x1f\x8b\x08",
        b"%PDF-1.7",
        b"\xff\xd8\xff\xe0",
        b"name,city\n\x00\x01\x02,x",
        b"\0" * 64,
    ],
)
def test_no_text(data: bytes) -> None:
    with pytest.raises(NotText) as caught:
        open_source(data, name="x.csv")
    assert "x.csv" in caught.value.message


def test_limits_and_absence(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        open_source(b"a,b\n" * 100, limits=Limits(file_size=99))
    with pytest.raises(FileUnreadable):
        open_source(tmp_path / "nothing.csv")
    with pytest.raises(FileUnreadable):
        open_source(tmp_path)


@pytest.mark.parametrize(
    "name", ["rot13", "zlib", "base64", "unicode_escape", "nothing", "idna", "\0", "undefined"]
)
def test_only_character_sets_may_be_chosen(name: str) -> None:
    with pytest.raises(EncodingUnknown):
        open_source(b"a,b", encoding=name)


def test_a_wrong_choice_is_said() -> None:
    with pytest.raises(EncodingUnknown):
        open_source(GERMAN.encode("cp1252"), encoding="utf-8").text()
