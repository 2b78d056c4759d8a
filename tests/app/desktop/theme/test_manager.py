"""Switching the theme, live."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desktop.theme import DARK, LIGHT, Mode, Theme
from app.desktop.widgets import Button, Label


def test_dark_and_back_changes_palette_and_what_is_on_screen(
    qtbot: QtBot, qapp: QApplication, themed: Theme
) -> None:
    label, button = Label("Ada"), Button("New", icon_name="plus")
    qtbot.addWidget(label)
    qtbot.addWidget(button)
    label.show()
    before = button.icon().pixmap(16, 16).toImage()
    with qtbot.waitSignal(themed.changed):
        themed.set_mode(Mode.DARK)
    assert themed.is_dark and themed.colors is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.canvas
    assert label.grab().toImage() is not None
    assert label.palette().color(label.foregroundRole()).name() == DARK.text
    assert button.icon().pixmap(16, 16).toImage() != before
    themed.set_mode(Mode.LIGHT)
    assert label.palette().color(label.foregroundRole()).name() == LIGHT.text


def test_the_same_choice_again_changes_nothing(qtbot: QtBot, themed: Theme) -> None:
    with qtbot.assertNotEmitted(themed.changed):
        themed.set_mode(Mode.LIGHT)


def test_toggle(themed: Theme) -> None:
    assert [themed.toggle(), themed.toggle()] == [Mode.DARK, Mode.LIGHT]


def test_shipped_faces_are_used(qapp: QApplication) -> None:
    assert "Inter" in qapp.font().families()
    assert qapp.font().pixelSize() == 13
