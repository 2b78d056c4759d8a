"""The command palette."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desktop.widgets import Command, CommandPalette
from app.desktop.widgets.commands import match_score


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(900, 700)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    return window


def _command(title: str, ran: list[str], group: str = "Commands", words: str = "") -> Command:
    return Command(title, lambda: ran.append(title), group=group, words=words)


def test_better_matches_come_first(qtbot: QtBot, window: QWidget) -> None:
    titles = ("Open settings", "Set a reminder", "Import file", "Lock")
    palette = CommandPalette(window, [_command(title, []) for title in titles])
    palette.open_overlay()
    qtbot.keyClicks(palette.edit, "set")
    assert palette.titles() == ["Set a reminder", "Open settings"]
    palette.edit.setText("zzz")
    assert palette.titles() == [] and palette.lines.accessibleName() == "Nothing found"


def test_letters_in_order_and_other_words_match() -> None:
    assert match_score("gtd", _command("Go to Deals", [])) > 0
    assert match_score("colour", _command("Switch theme", [], words="colour dark")) > 0
    assert match_score("xq", _command("Go to Deals", [])) == 0


def test_arrows_and_enter_run_one_and_close(qtbot: QtBot, window: QWidget) -> None:
    ran: list[str] = []
    palette = CommandPalette(window, [_command("One", ran), _command("Two", ran)])
    palette.open_overlay()
    assert palette.edit.hasFocus()
    qtbot.keyClick(palette.edit, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert ran == ["Two"]


def test_results_stand_above_commands_and_late_ones_for_other_words_are_dropped(
    qtbot: QtBot, window: QWidget
) -> None:
    ran: list[str] = []
    palette = CommandPalette(
        window, [_command("Add a person", ran)], search=lambda text: [_command("Ada Brandt", ran, "People")]
    )
    palette.open_overlay()
    with qtbot.waitSignal(palette.query_changed) as caught:
        palette.edit.setText("ad")
    assert caught.args == ["ad"]
    assert palette.titles() == ["Ada Brandt", "Add a person"]
    palette.show_results("a", [_command("Old", ran, "People")])
    assert "Old" not in palette.titles()
    palette.show_results("ad", [_command("Adler", ran, "Companies")])
    assert palette.titles() == ["Ada Brandt", "Adler", "Add a person"]


def test_escape_closes(qtbot: QtBot, window: QWidget) -> None:
    palette = CommandPalette(window, [])
    palette.open_overlay()
    with qtbot.waitSignal(palette.closed):
        qtbot.keyClick(palette.edit, Qt.Key.Key_Escape)
