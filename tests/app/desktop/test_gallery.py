"""Every shared widget draws, in both themes, and whatever takes the focus has a name."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.theme import Mode, Theme
from tools.gallery import render
from tools.gallery_pages import PAGES


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_page_draws(qtbot: QtBot, themed: Theme, name: str, mode: Mode) -> None:
    themed.set_mode(mode)
    page = PAGES[name]()
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    assert page.grab().toImage().pixelColor(4, 4).isValid()


@pytest.mark.parametrize("name", PAGES)
def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot, name: str) -> None:
    page = PAGES[name]()
    qtbot.addWidget(page)
    page.show()
    nameless = []
    for widget in page.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QAbstractSpinBox)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not inner:
            interface = QAccessible.queryAccessibleInterface(widget)
            if not interface.text(QAccessible.Text.Name):
                nameless.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    assert nameless == []


def test_gallery_writes_pictures(tmp_path: Path) -> None:
    paths = render(tmp_path, "confirm-dark-1280")
    assert [path.name for path in paths] == ["confirm-dark-1280.png"]
    assert paths[0].stat().st_size > 10_000
