"""The Emergency Kit as a page: what it says, and that its code can be scanned."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from vault.keys import Account, Kit, SecretKey, kit_pdf, workspace_code

SECRET = SecretKey(bytes(range(16)))
FONT = Path(__file__).parents[3] / "resources" / "fonts" / "JetBrainsMono-Regular.ttf"


def kit(handle: str = "ann@example.org", name: str = "Nordwind") -> Kit:
    account = Account("https://crm.example.org", handle, SECRET)
    return Kit(account, b"\x01" * 32, 7, b"\x02" * 32, name, date(2026, 11, 22))


def words_of(data: bytes) -> str:
    return " ".join(PdfReader(io.BytesIO(data)).pages[0].extract_text().split())


def test_one_page_of_a4() -> None:
    reader = PdfReader(io.BytesIO(kit_pdf.render(kit())))
    assert len(reader.pages) == 1
    width, height = (float(side) / 72 * 25.4 for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (210, 297)


@pytest.mark.parametrize("font", [None, FONT], ids=["standard fonts", "own font"])
def test_everything_that_must_be_typed_is_on_it(font: Path | None) -> None:
    text = words_of(kit_pdf.render(kit(), font))
    for part in ("Emergency Kit", "https://crm.example.org", "ann@example.org", "Nordwind", "2026-11-22"):
        assert part in text
    assert all(group in text for group in SECRET.text().split("-"))
    assert all(word in text for word in SECRET.words().split())
    assert workspace_code(b"\x01" * 32) in text
    assert "02020202" in text


def test_the_password_is_not_asked_for() -> None:
    assert "Do not write your password" in words_of(kit_pdf.render(kit()))


def test_metadata_hold_no_secret() -> None:
    metadata = PdfReader(io.BytesIO(kit_pdf.render(kit()))).metadata
    assert metadata is not None
    text = " ".join(str(value) for value in metadata.values())
    assert "Tacit Emergency Kit" in text
    assert SECRET.text()[7:12] not in text
    assert "ann" not in text


@pytest.mark.parametrize(
    ("handle", "shown"), [("zoë@example.org", "zoë@example.org"), ("жанна", "\\u0436"), ("张伟", "\\u5f20")]
)
def test_letters_that_the_standard_fonts_lack(handle: str, shown: str) -> None:
    assert shown in words_of(kit_pdf.render(kit(handle)))


def test_letters_that_the_own_font_has() -> None:
    text = words_of(kit_pdf.render(kit("жанна", "Łódź Sp. z o.o."), FONT))
    assert "жанна" in text
    assert "Łódź" in text
    assert "\\u5f20" in words_of(kit_pdf.render(kit("张伟"), FONT))


def test_long_names_stay_on_the_page() -> None:
    text = words_of(kit_pdf.render(kit("a" * 60 + "@" + "b" * 60, "Very long " * 20)))
    assert "a" * 60 in text


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (poppler-utils) is not installed")
def test_the_code_can_be_scanned_from_the_page(tmp_path: Path) -> None:
    scanner = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")
    image = pytest.importorskip("PIL.Image")
    (tmp_path / "kit.pdf").write_bytes(kit_pdf.render(kit()))
    subprocess.run(["pdftoppm", "-r", "150", "-png", "kit.pdf", "kit"], cwd=tmp_path, check=True)
    with image.open(tmp_path / "kit-1.png") as page:
        found = [code.text for code in scanner.read_barcodes(page)]
    assert found == [kit().code()]
    assert Kit.parse(found[0]) == kit()
