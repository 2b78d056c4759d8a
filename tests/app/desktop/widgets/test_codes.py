"""Clipboard that forgets, QR codes that scan, bytes that are right."""

from __future__ import annotations

import segno
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.desktop.widgets import CopyField, HexView, QrView


def test_a_copied_secret_is_wiped(qtbot: QtBot) -> None:
    field = CopyField("A3-7KQ2", name="the Secret Key", secret=True, seconds=0.05)
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.wiped):
        field.button.click()
        assert QGuiApplication.clipboard().text() == "A3-7KQ2"
    assert QGuiApplication.clipboard().text() == ""


def test_what_was_copied_since_stays(qtbot: QtBot) -> None:
    field = CopyField("A3-7KQ2", name="the Secret Key", seconds=0.05)
    other = CopyField("B", name="other", seconds=0.1)
    qtbot.addWidget(field)
    qtbot.addWidget(other)
    with qtbot.waitSignal(other.wiped), qtbot.assertNotEmitted(field.wiped):
        field.copy()
        other.copy()


def test_a_secret_is_hidden_until_asked_for(qtbot: QtBot) -> None:
    field = CopyField("A3-7KQ2", name="the Secret Key", secret=True)
    qtbot.addWidget(field)
    assert field.edit.displayText() != "A3-7KQ2"
    field.show_button.click()
    assert field.edit.displayText() == "A3-7KQ2"


def test_wiping_outlives_the_field(qtbot: QtBot) -> None:
    field = CopyField("gone", name="x", seconds=0.05)
    field.copy()
    field.deleteLater()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "")


def test_qr_paints_its_modules(qtbot: QtBot) -> None:
    matrix = [list(line) for line in segno.make("tacit:join?t=1", micro=False).matrix]
    side = len(matrix) + 8
    view = QrView(matrix, size=side * 8)
    qtbot.addWidget(view)
    image = view.grab().toImage()
    for y, line in enumerate(matrix):
        for x, module in enumerate(line):
            dark = image.pixelColor((x + 4) * 8 + 4, (y + 4) * 8 + 4).lightness() < 128
            assert dark == bool(module)


def test_hex_lines(qtbot: QtBot) -> None:
    view = HexView(bytes(range(60, 80)))
    qtbot.addWidget(view)
    view.resize(900, 200)
    view.show()
    assert view.line_text(0) == (
        "00000000",
        "3c 3d 3e 3f 40 41 42 43  44 45 46 47 48 49 4a 4b",
        "<=>?@ABCDEFGHIJK",
    )
    assert view.line_text(1) == ("00000010", "4c 4d 4e 4f", "LMNO")


def test_hex_of_a_megabyte_scrolls(qtbot: QtBot) -> None:
    view = HexView(bytes(1_000_000))
    qtbot.addWidget(view)
    view.resize(900, 216)
    view.show()
    assert view.verticalScrollBar().maximum() == 62_500 - 10
    view.verticalScrollBar().setValue(62_490)
    assert not view.grab().isNull()
