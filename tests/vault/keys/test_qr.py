"""QR codes as modules, read back by another program."""

from __future__ import annotations

import pytest

from vault.keys import Link, Token, qr


def test_shape() -> None:
    rows = qr.modules("TACIT:0123")
    assert {len(row) for row in rows} == {len(rows)}
    assert len(rows) >= 21
    finder = [row[:7] for row in rows[:7]]
    assert finder[0] == (True,) * 7
    assert finder[1] == (True, False, False, False, False, False, True)


def test_another_program_reads_it() -> None:
    scanner = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")
    image = pytest.importorskip("PIL.Image")
    link = Link("https://crm.example.org", b"\x01" * 32, 7, b"\x02" * 32, b"\x03" * 16, Token.generate())
    rows = qr.modules(link.qr_text())
    side = len(rows) + 2 * qr.QUIET_ZONE
    picture = image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                picture.putpixel((x + qr.QUIET_ZONE, y + qr.QUIET_ZONE), 0)
    found = scanner.read_barcodes(picture.resize((side * 4, side * 4), image.Resampling.NEAREST))
    assert [Link.parse(code.text) for code in found] == [link]
