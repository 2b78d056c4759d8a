"""What lies behind the chip, on a real desk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.sync_sheet import SyncFacts
from app.desktop.window import DeskWindow
from protocol.ids import Compartment, LogId
from sync_client import Phase, SignInRefused, SyncState
from tests.support.real_desks import Office
from vault.exchange import LogBroken, StoppedLog


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    made.found()
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, office: Office, tmp_path: Path) -> Iterator[DeskWindow]:
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    made = DeskWindow(office.desks["ann"], settings, IdleWatch(qapp), Keeping(settings, office.keychain))
    made.show()
    yield made
    made.close_down()
    qapp.processEvents()


def words(window: DeskWindow) -> str:
    assert window.sheet is not None
    return "\n".join(label.text() for label in window.sheet.findChildren(QLabel) if not label.isHidden())


def test_it_follows_the_state_and_lists_what_is_stopped(
    window: DeskWindow, office: Office, qtbot: QtBot
) -> None:
    window.open_sync_sheet()
    sheet = window.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: "Up to date" in words(window), timeout=20_000)
    assert office.origin in words(window)
    group = office.desks["ann"].team().groups[0].id
    log = LogId(group, Compartment.SALES)
    facts = SyncFacts(2, 1.0, (StoppedLog(log, LogBroken("position 3")),), ((log, "stopped"),))
    sheet._fill(SyncState(Phase.IDLE), facts)
    assert "Everyone: deals and quotes" in words(window)
    assert "2 changes on the way" in words(window)
    sheet._fill(SyncState(Phase.HALTED, error=SignInRefused("login-refused", "no")), facts)
    assert "If you changed your password on another computer" in words(window)
    sheet._open_settings()
    assert window.shell.current_page() == "settings"
    assert window.sheet is None


def test_the_sidebar_counts(window: DeskWindow, office: Office, qtbot: QtBot) -> None:
    desk = office.desks["ann"]
    with desk.editor.action() as action:
        for name in ("One", "Two"):
            action.create("company", desk.home_for("company", desk.team().groups[0].id), {"name": name})
    entry = window.shell.sidebar._items["companies"]
    qtbot.waitUntil(lambda: entry.accessibleDescription() == "2", timeout=10_000)
