"""Members on a new computer: from another one, and with colleagues' help; through the pages, on a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desk.adding import show_transfer
from app.desktop.keeping import Keeping
from app.desktop.pages.start import AddFlow, MemberPage, Opened, RegainFlow, StartWindow
from app.desktop.pages.start.add import TransferPage
from app.desktop.root import Root
from tests.support.real_desks import PASSWORD, Office, wait_until

NEW = "walnut ferry orchard 9"  # a test's password
WAIT = 20_000

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    monkeypatch.setattr("app.desk.new_profile.new_profile_folder", lambda: tmp_path / "new")
    made.found()
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot, settings: QSettings) -> StartWindow:
    made = StartWindow(settings)
    qtbot.addWidget(made)
    made.show()
    return made


def opened_by(flow: AddFlow | RegainFlow) -> list[Opened]:
    came: list[Opened] = []
    flow.opened.connect(came.append)
    return came


@pytest.mark.parametrize("form", ["code", "words"])
def test_from_another_computer(
    qtbot: QtBot, office: Office, window: StartWindow, settings: QSettings, form: str
) -> None:
    ann = office.desks["ann"]
    code = show_transfer(ann, PASSWORD, office.keychain.load(ann.profile.id))
    flow = AddFlow(window, Keeping(settings, office.keychain))
    came = opened_by(flow)
    flow.begin()
    page = flow.kit_page
    assert isinstance(page, TransferPage)
    page.secret.edit.setText("TACIT-ADD:ABC")
    page.go()
    assert page.secret.error()
    if form == "code":
        page.secret.edit.setText(f" {code.text()} ")
        assert not page.server.isVisible()
    else:
        page.secret.edit.setText(code.words())
        assert page.server.isVisible()
        page.go()
        assert page.server.error()  # words hold neither server nor login name
        page.server.edit.setText(office.origin)
        page.handle.edit.setText("ann")
    page.go()
    assert window.page is flow.password_page
    flow.password_page.password.edit.setText(PASSWORD)
    flow.password_page.go()
    qtbot.waitUntil(lambda: bool(came), timeout=WAIT)
    desk = office.desks["new"] = came[0].desk
    wait_until(lambda: desk.sync_now())
    assert page.secret.text() == ""


def test_with_colleagues_help(qtbot: QtBot, office: Office, window: StartWindow, settings: QSettings) -> None:
    ann = office.desks["ann"]
    others = [office.join(ann, handle, name) for handle, name in (("ben", "Ben"), ("cy", "Cy"))]
    ann.recovery.enrol(PASSWORD, office.keychain.load(ann.profile.id), 2, [desk.me for desk in others])
    flow = RegainFlow(window, Keeping(settings, office.keychain))
    came = opened_by(flow)
    flow.begin()
    flow.who.go()
    assert flow.who.server.error()
    flow.who.server.edit.setText(office.origin)
    flow.who.handle.edit.setText("ann")
    flow.who.go()
    qtbot.waitUntil(lambda: flow.asking.panel is not None, timeout=WAIT)
    assert flow.regaining is not None
    for desk in others:
        assert not flow.asking.action.isEnabled()
        help_with(desk, flow.regaining.code)
    flow.asking.look()
    qtbot.waitUntil(lambda: flow.asking.same.isVisible(), timeout=WAIT)
    assert not flow.asking.action.isEnabled()  # the codes come first
    flow.asking.same.setChecked(True)
    flow.asking.go()
    page = flow.password_page
    page.password.edit.setText(NEW)
    page.again.edit.setText(NEW)
    page.go()
    qtbot.waitUntil(lambda: flow.kit_page is not None and window.page is flow.kit_page, timeout=WAIT)
    kit = flow.kit_page
    assert kit is not None
    assert ann.sync_now()  # nothing has changed before the Kit is in hand
    kit.safe.setChecked(True)
    kit.go()
    qtbot.waitUntil(lambda: window.page is flow.old, timeout=WAIT)
    assert flow.old.chosen == [ann.vault.device]
    flow.old.go()
    qtbot.waitUntil(lambda: bool(came), timeout=WAIT)
    desk = office.desks["new"] = came[0].desk
    assert desk.vault.roster.devices[ann.vault.device].revoked
    assert desk.sync_now()


def help_with(desk: Desk, code: str) -> None:
    assert desk.sync_now()
    desk.recovery.look()
    [asked] = desk.recovery.asked()
    assert asked.code == code
    desk.recovery.help(asked)


def test_the_three_ways_of_a_member(
    qtbot: QtBot, qapp: QApplication, office: Office, settings: QSettings
) -> None:
    root = Root(qapp, settings, Keeping(settings, office.keychain))
    root.show_welcome()
    window = root.start_window
    assert window is not None
    qtbot.addWidget(window)
    root.begin("sign-in")
    page = window.page
    assert isinstance(page, MemberPage)
    for way in ("add", "kit", "help"):
        page = window.page
        assert isinstance(page, MemberPage)
        page.choices[way].click()
        assert root.flow is not None
        root.flow.pages[0].back.emit()
    root.shutdown()
