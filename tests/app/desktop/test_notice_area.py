"""What stands above the pages takes room only while it is there."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.shell import Shell
from app.desktop.widgets import Banner


def test_it_is_there_for_as_long_as_something_stands_in_it(qtbot: QtBot) -> None:
    shell = Shell()
    qtbot.addWidget(shell)
    shell.add_page("people", QWidget())
    shell.show()
    area = shell.notices.parentWidget()
    assert area is not None
    assert not area.isVisible()
    hidden = QWidget()
    hidden.hide()
    shell.notices.addWidget(hidden)
    qtbot.wait(0)
    assert not area.isVisible()
    banner = Banner("Something concerns the whole window.")
    shell.notices.addWidget(banner)
    qtbot.waitUntil(banner.isVisible)
    hidden.show()
    banner.hide()
    qtbot.waitUntil(lambda: area.isVisible() and hidden.isVisible())
    hidden.hide()
    qtbot.waitUntil(lambda: not area.isVisible())
    hidden.show()
    qtbot.waitUntil(lambda: area.isVisible() and hidden.isVisible())
