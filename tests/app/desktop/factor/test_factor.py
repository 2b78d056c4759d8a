"""The second factor in the window, on a real desk: set up, asked for, demanded, turned off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk import AcceptInvitation, Desk, accept_invitation, read_invitation
from app.desk.second_factor import begin_factor, confirm_factor, factor_state
from app.desk.sessions import end_own_session, own_sessions
from app.desktop.factor import CodeDialog, RecoveryCodesDialog, SetupDialog
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.settings import SettingsPage
from app.desktop.pages.start import SignInFlow, StartWindow
from app.desktop.pages.start.waiting import WaitingPage
from app.desktop.widgets import Banner
from app.desktop.window import DeskWindow
from tests.support.real_desks import PASSWORD, Office

LONG = 20_000


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    made.found()
    yield made
    made.close()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, office: Office, settings: QSettings) -> Iterator[DeskWindow]:
    keeping = Keeping(settings, office.keychain)
    made = DeskWindow(office.desks["ann"], settings, IdleWatch(qapp), keeping)
    made.show()
    qtbot.waitUntil(lambda: made.shell.topbar.sync.text() == "Up to date", timeout=LONG)
    yield made
    made.close_down()


def code(secret: str, step: int = 0) -> str:
    return str(pyotp.TOTP(secret.replace(" ", "")).generate_otp(int(time.time()) // 30 + step))


def set_up(desk: Desk) -> str:
    secret = begin_factor(desk).text
    confirm_factor(desk, code(secret, -1))
    return secret


def banner(window: DeskWindow) -> Banner | None:
    return window.factor.banner


def settings_page(window: DeskWindow) -> SettingsPage:
    page = window.shell.page("settings")
    assert isinstance(page, SettingsPage)
    window.shell.show_page("settings")
    return page


def test_it_is_set_up_and_turned_off_from_the_settings(
    window: DeskWindow, office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    card = settings_page(window).second_factor
    qtbot.waitUntil(lambda: card.set_up.isVisible(), timeout=LONG)
    card.open_setup()
    dialog = card.dialog
    assert isinstance(dialog, SetupDialog)
    qtbot.waitUntil(lambda: bool(dialog.secret), timeout=LONG)
    dialog.action.click()
    assert dialog.field.error()
    dialog.field.set_text("000000")
    dialog.action.click()
    qtbot.waitUntil(lambda: "not the code" in dialog.field.error(), timeout=LONG)
    dialog.field.set_text(code(dialog.secret, -1))
    dialog.action.click()
    qtbot.waitUntil(lambda: dialog.codes is not None, timeout=LONG)
    view = dialog.codes
    assert view is not None
    assert not dialog.action.isEnabled()  # not before the box is ticked
    escape = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(dialog, escape)
    assert dialog.is_open
    view.save_as(tmp_path / "codes.txt")
    qtbot.waitUntil(lambda: "Saved" in view.said.text(), timeout=LONG)
    saved = (tmp_path / "codes.txt").read_text()
    shown = [label.text() for label in view.findChildren(QLabel)]
    assert sum(line.strip() in shown for line in saved.splitlines() if line.startswith("  ")) == 10
    view.safe.setChecked(True)
    dialog.action.click()
    qtbot.waitUntil(lambda: card.turn_off.isVisible(), timeout=LONG)
    assert factor_state(office.desks["ann"]).enabled
    card.open_turn_off()
    off = card.dialog
    assert isinstance(off, CodeDialog)
    off.field.set_text("1")
    off.accept()
    qtbot.waitUntil(lambda: bool(off.field.error()), timeout=LONG)
    off.field.set_text(code(dialog.secret, 1))
    off.accept()
    qtbot.waitUntil(lambda: card.set_up.isVisible(), timeout=LONG)


def test_new_recovery_codes_are_shown_once(window: DeskWindow, office: Office, qtbot: QtBot) -> None:
    secret = set_up(office.desks["ann"])
    card = settings_page(window).second_factor
    qtbot.waitUntil(lambda: card.new_codes.isVisible(), timeout=LONG)
    card.open_new_codes()
    ask = card.dialog
    assert isinstance(ask, CodeDialog)
    ask.field.set_text(code(secret))
    ask.accept()
    qtbot.waitUntil(lambda: isinstance(card.dialog, RecoveryCodesDialog), timeout=LONG)
    codes = card.dialog
    assert isinstance(codes, RecoveryCodesDialog)
    codes.dismiss()
    assert codes.is_open
    codes.view.safe.setChecked(True)
    codes.done.click()
    assert not codes.is_open


def test_the_chip_asks_for_the_code_and_work_goes_on(
    window: DeskWindow, office: Office, qtbot: QtBot
) -> None:
    desk = office.desks["ann"]
    secret = set_up(desk)
    end_own_session(desk, next(one.id for one in own_sessions(desk) if one.current))
    with desk.editor.action() as action:
        group = desk.group_choices("company")[0].id
        action.create("company", desk.home_for("company", group), {"name": "Acme"})
    desk.wake()
    qtbot.waitUntil(lambda: window.shell.topbar.sync.text() == "Enter your code", timeout=LONG)
    assert banner(window) is not None
    assert window.shell.isEnabled()
    window.open_sync_sheet()
    assert window.sheet is None
    dialog = window.factor.dialog
    assert isinstance(dialog, CodeDialog)
    dialog.field.set_text("123")
    dialog.accept()
    qtbot.waitUntil(lambda: bool(dialog.field.error()), timeout=LONG)
    dialog.field.set_text(code(secret))
    dialog.accept()
    qtbot.waitUntil(lambda: window.shell.topbar.sync.text() == "Up to date", timeout=LONG)
    assert banner(window) is None
    assert not desk.pending()


def test_owners_demand_it_once_they_have_one(window: DeskWindow, office: Office, qtbot: QtBot) -> None:
    desk = office.desks["ann"]
    card = settings_page(window).factor_policy
    assert card.isVisibleTo(window.shell)
    card.choice.chosen.emit(2)
    qtbot.waitUntil(lambda: "your own first" in card.note.text(), timeout=LONG)
    assert card.choice.value() == 0
    set_up(desk)
    card.choice.chosen.emit(2)
    qtbot.waitUntil(lambda: desk.vault.roster.policies.second_factor == 2, timeout=LONG)
    qtbot.waitUntil(lambda: card.choice.isEnabled(), timeout=LONG)
    assert card.choice.value() == 2


def test_who_must_have_one_is_led_there(
    qtbot: QtBot, qapp: QApplication, office: Office, settings: QSettings
) -> None:
    ann = office.desks["ann"]
    ben = office.join(ann, "ben", "Ben Brandt")
    set_up(ann)
    ann.actions.second_factor_policy(2)
    made = DeskWindow(ben, settings, IdleWatch(qapp), Keeping(settings, office.keychain))
    made.show()
    try:
        qtbot.waitUntil(lambda: made.factor.is_wanted, timeout=LONG)
        chip = made.shell.topbar.sync
        qtbot.waitUntil(lambda: chip.text() == "Set up your second factor", timeout=LONG)
        assert not settings_page(made).factor_policy.isVisibleTo(made.shell)  # owners alone
        made.factor.open_dialog()
        dialog = made.factor.dialog
        assert isinstance(dialog, SetupDialog)
        qtbot.waitUntil(lambda: bool(dialog.secret), timeout=LONG)
        dialog.field.set_text(code(dialog.secret))
        dialog.action.click()
        qtbot.waitUntil(lambda: dialog.codes is not None, timeout=LONG)
        assert dialog.codes is not None
        dialog.codes.safe.setChecked(True)
        dialog.action.click()
        qtbot.waitUntil(lambda: made.shell.topbar.sync.text() == "Up to date", timeout=LONG)
        assert banner(made) is None
    finally:
        made.close_down()


def test_a_new_computer_is_asked_on_a_page_of_its_own(
    qtbot: QtBot, office: Office, settings: QSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACIT_HOME", str(tmp_path / "home"))
    ann = office.desks["ann"]
    secret = set_up(ann)
    window = StartWindow()
    qtbot.addWidget(window)
    flow = SignInFlow(window, Keeping(settings, office.keychain))
    opened: list[object] = []
    flow.opened.connect(opened.append)
    flow.begin()
    flow.kit_page.server.set_text(office.origin)
    flow.kit_page.handle.set_text("ann")
    flow.kit_page.secret.set_text(office.keychain.load(ann.profile.id).text())
    flow.kit_page.go()
    flow.password_page.password.set_text(PASSWORD)
    flow.password_page.go()
    qtbot.waitUntil(lambda: flow.code_page.isVisibleTo(window) and not flow.code_page.busy, timeout=LONG)
    assert not flow.code_page.code.error()
    flow.code_page.code.set_text("000 000")
    flow.code_page.go()
    qtbot.waitUntil(lambda: bool(flow.code_page.code.error()), timeout=LONG)
    flow.code_page.code.set_text(code(secret))
    flow.code_page.go()
    qtbot.waitUntil(lambda: bool(opened), timeout=LONG)
    office.desks["second"] = opened[0].desk  # type: ignore[attr-defined]


def test_the_waiting_page_leads_there(qtbot: QtBot, office: Office) -> None:
    """Confirmed in a workspace that demands one: the page says so, and lets in afterwards."""
    ann = office.desks["ann"]
    set_up(ann)
    ann.actions.second_factor_policy(2)
    group = ann.team().groups[0].id
    invited = ann.actions.invite("Cy Castellanos", [(group, office.role(ann, "Manager"))])
    wanted = AcceptInvitation(read_invitation(invited.link), "cy", PASSWORD, "Cy Castellanos")
    cy = office.desks["cy"] = accept_invitation(wanted, office.place("cy")).desk
    page = WaitingPage(cy)
    qtbot.addWidget(page)
    page.show()
    let_in: list[bool] = []
    page.let_in.connect(lambda: let_in.append(True))
    ann.sync_now(20)
    qtbot.waitUntil(lambda: page.set_up.isVisible(), timeout=LONG)
    assert not cy.is_member
    page.set_up.click()
    dialog = page.findChild(SetupDialog)
    assert isinstance(dialog, SetupDialog)
    qtbot.waitUntil(lambda: bool(dialog.secret), timeout=LONG)
    dialog.field.set_text(code(dialog.secret))
    dialog.action.click()
    qtbot.waitUntil(lambda: dialog.codes is not None, timeout=LONG)
    assert dialog.codes is not None
    dialog.codes.safe.setChecked(True)
    dialog.action.click()
    qtbot.waitUntil(lambda: bool(let_in), timeout=LONG)
    assert cy.is_member
