"""The banner of a window: a colleague who asks, somebody who asks as oneself; and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk.regaining import Regaining
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.window import DeskWindow
from tests.support.real_desks import PASSWORD, Office

WAIT = 30_000


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_a_request_shows_without_looking_for_it(
    qtbot: QtBot, qapp: QApplication, office: Office, tmp_path: Path
) -> None:
    ann = office.found()
    ben, cy = (office.join(ann, handle, name) for handle, name in (("ben", "Ben"), ("cy", "Cy")))
    ann.recovery.enrol(PASSWORD, office.keychain.load(ann.profile.id), 2, [ben.me, cy.me])
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = DeskWindow(ben, settings, IdleWatch(qapp), Keeping(settings, office.keychain))
    qtbot.addWidget(window.shell)
    window.show()
    assert window.recovery.banners == []
    Regaining(office.origin, "ann", office.place("new")).ask()
    qtbot.waitUntil(lambda: len(window.recovery.banners) == 1, timeout=WAIT)
    assert "asks for help" in window.recovery.banners[0].accessibleName()
    window.recovery._show()
    assert window.shell.current_page() == "settings"
    ben.recovery.help(ben.recovery.asked()[0])
    qtbot.waitUntil(lambda: window.recovery.banners == [], timeout=WAIT)
    window.close_down()
