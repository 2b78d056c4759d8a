"""The frame of the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.shell import Shell, saved_mode
from app.desktop.shell_topbar import SyncState
from app.desktop.theme import Mode, Theme
from app.desktop.widgets import Command, Modal

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shell(qtbot: QtBot, tmp_path: Path) -> Shell:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    shell = Shell(workspace="Northwind", person="Ann", settings=settings)
    for key in shell.sidebar.page_keys():
        shell.add_page(key, QPushButton(key))
    shell.show_page("people")
    qtbot.addWidget(shell)
    with qtbot.waitActive(shell):
        shell.show()
        shell.activateWindow()
    return shell


def _press(shell: Shell, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(shell.windowHandle(), key, modifier)


def test_pages_by_sidebar_and_number(qtbot: QtBot, shell: Shell) -> None:
    with qtbot.waitSignal(shell.page_changed) as caught:
        _press(shell, Qt.Key.Key_3, CTRL)
    assert caught.args == ["deals"] == [shell.current_page()]
    assert shell.topbar.title() == "Deals" and shell.topbar.new.accessibleName() == "New deal"
    shell.sidebar.chosen.emit("team")
    assert shell.current_page() == "team" and shell.topbar.new.isHidden()
    with pytest.raises(KeyError):
        shell.show_page("nowhere")


def test_shortcuts_go_out_as_signals(qtbot: QtBot, shell: Shell) -> None:
    shell.show_page("companies")
    with qtbot.waitSignal(shell.new_requested) as caught:
        _press(shell, Qt.Key.Key_N, CTRL)
    assert caught.args == ["companies"]
    with qtbot.waitSignal(shell.lock_requested):
        _press(shell, Qt.Key.Key_L, CTRL)
    with qtbot.waitSignal(shell.sync_requested):
        _press(shell, Qt.Key.Key_F5)


def test_palette_opens_goes_and_closes(qtbot: QtBot, shell: Shell) -> None:
    shell.set_commands(lambda: [Command("Invite a colleague", lambda: None, "invite", "Team")])
    _press(shell, Qt.Key.Key_K, CTRL)
    palette = shell.palette_open
    assert palette is not None and "Invite a colleague" in palette.titles()
    qtbot.keyClicks(palette.edit, "go to tas")
    qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
    assert shell.current_page() == "tasks" and shell.palette_open is None


def test_keys_do_not_reach_below_a_dialog(qtbot: QtBot, shell: Shell) -> None:
    modal = Modal(shell, "Wait")
    modal.add_button("Fine", primary=True)
    modal.open_overlay()
    with qtbot.assertNotEmitted(shell.new_requested):
        _press(shell, Qt.Key.Key_N, CTRL)
        _press(shell, Qt.Key.Key_3, CTRL)
    assert shell.current_page() == "people"
    modal.accept()
    _press(shell, Qt.Key.Key_3, CTRL)
    assert shell.current_page() == "deals"


def test_a_page_is_replaced(shell: Shell) -> None:
    fresh = QWidget()
    shell.add_page("deals", fresh)
    assert shell.page("deals") is fresh and shell.stack.count() == 9


def test_sync_state_has_words(qtbot: QtBot, shell: Shell) -> None:
    shell.set_sync_state(SyncState.ERROR, "The server cannot be reached")
    assert shell.topbar.sync.accessibleName() == "Sync: The server cannot be reached"
    with qtbot.waitSignal(shell.sync_requested):
        shell.topbar.sync.click()


def test_toasts_come_and_go(qtbot: QtBot, shell: Shell) -> None:
    for n in range(4):
        shell.toasts.show_toast(f"Saved {n}", seconds=0)
    assert shell.toasts.toasts() == ["Saved 1", "Saved 2", "Saved 3"]
    shell.toasts.show_toast("Short", seconds=0.02)
    qtbot.waitUntil(lambda: "Short" not in shell.toasts.toasts())


def test_size_and_theme_are_remembered(qtbot: QtBot, tmp_path: Path, themed: Theme) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    assert saved_mode(settings) is Mode.SYSTEM
    first = Shell(settings=settings)
    qtbot.addWidget(first)
    first.resize(1111, 666)
    first.show()
    first.topbar.theme.click()
    first.close()
    assert saved_mode(settings) is Mode.DARK and themed.is_dark
    again = Shell(settings=QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(again)
    assert again.height() == 666  # the width is cut to the screen, which is small offscreen


def test_the_ring_follows_the_keyboard_not_the_mouse(qtbot: QtBot, shell: Shell) -> None:
    def ring() -> list[QWidget]:
        return [w for w in shell.findChildren(QWidget, "focusRing") if w.isVisible()]

    def click() -> None:
        QTest.mouseClick(
            shell.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(4, 4)
        )
        shell.topbar.lock.setFocus(Qt.FocusReason.MouseFocusReason)

    click()
    assert ring() == []
    _press(shell, Qt.Key.Key_Tab)
    assert len(ring()) == 1
    focused = shell.focusWidget()
    assert focused is not None
    assert ring()[0].geometry().contains(focused.mapTo(shell, focused.rect().center()))
    click()
    qtbot.waitUntil(lambda: ring() == [])
