"""A real window comes up in a real window system: what Qt loads for one is there."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot


@pytest.mark.display
def test_a_window_is_exposed(qtbot: QtBot) -> None:
    assert QGuiApplication.platformName() not in ("offscreen", "minimal")
    label = QLabel("Tacit")
    qtbot.addWidget(label)
    with qtbot.waitExposed(label):
        label.show()
    assert not label.grab().isNull()
