"""What a colleague, or a card that was imported, can put in the place of a photo (A41)."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from pytestqt.qtbot import QtBot

from app.desktop.pages.record.header import photo_of

pytestmark = [pytest.mark.hostile, pytest.mark.A41]


def png(width: int, height: int) -> bytes:
    """A picture that says it is this large, and has next to no bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress(b"".join(b"\0" + bytes(3 * width) for _ in range(min(height, 8))))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="8" height="8">'
SVG += b'<image width="8" height="8" xlink:href="file:///etc/hostname"/><rect width="8" height="8"/></svg>'


def test_A41_a_small_picture_is_shown(qtbot: QtBot) -> None:
    assert photo_of(base64.b64encode(png(8, 8)).decode()) is not None


@pytest.mark.parametrize(
    "data",
    [SVG, png(65_000, 65_000), png(1, 2_000_000_000), b"", b"GIF89a", b"BM" + bytes(60), bytes(1 << 20)],
    ids=["svg", "bomb", "tall", "empty", "gif", "bmp", "zeros"],
)
def test_A41_a_picture_that_is_none_is_not_shown(qtbot: QtBot, data: bytes) -> None:
    assert photo_of(base64.b64encode(data).decode()) is None


@pytest.mark.parametrize("value", [None, 7, True, {"value": "x"}, "not base64!", "\ud7ff", "=" * 100])
def test_A41_a_photo_that_is_no_text_of_one_is_not_shown(qtbot: QtBot, value: object) -> None:
    assert photo_of(value) is None
