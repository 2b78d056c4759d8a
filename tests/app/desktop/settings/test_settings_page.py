"""The settings on a real desk: what they show, and what they do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk import unlock
from app.desktop.context import Context
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.settings import SettingsPage
from app.desktop.pages.settings.security import ChangeDialog, ElsewhereDialog, KitDialog
from app.desktop.theme import Mode, theme
from tests.support.real_desks import PASSWORD, Office

NEW = "walnut ferry orchard 9"  # a test's password


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
def page(qtbot: QtBot, qapp: QApplication, office: Office, settings: QSettings) -> Iterator[SettingsPage]:
    context = Context(office.desks["ann"])
    made = SettingsPage(context, settings, IdleWatch(qapp), Keeping(settings, office.keychain))
    made.resize(1000, 1400)
    qtbot.addWidget(made)
    made.show()
    yield made
    context.close()


def words(page: SettingsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def test_it_says_who_and_where(page: SettingsPage, office: Office) -> None:
    desk = office.desks["ann"]
    shown = words(page)
    for text in (
        desk.profile.server,
        "ann",
        desk.team().workspace_code,
        "Affero",
        desk.team().member(desk.me).check_code,
    ):
        assert text in shown


def test_appearance_and_idle_minutes_are_remembered(page: SettingsPage, settings: QSettings) -> None:
    page.appearance.choices[Mode.DARK].click()
    assert theme().is_dark
    assert settings.value("theme") == "dark"
    page.locking.minutes.chosen.emit(30)
    assert str(settings.value("idle-minutes")) == "30"


def test_another_session_is_ended(page: SettingsPage, office: Office, qtbot: QtBot) -> None:
    office.second_computer(office.desks["ann"], "laptop").sync_now()
    page.sessions.refresh()
    qtbot.waitUntil(lambda: len(page.sessions.sessions) > 1, timeout=10_000)
    before = [session.id for session in page.sessions.sessions if not session.current]
    page.sessions._end(page.sessions.sessions[-1])
    qtbot.waitUntil(
        lambda: before[-1] not in [session.id for session in page.sessions.sessions], timeout=10_000
    )


def test_the_password_is_changed_from_here(page: SettingsPage, office: Office, qtbot: QtBot) -> None:
    page.security.change_password()
    dialog = page.security.open
    assert isinstance(dialog, ChangeDialog)
    dialog.old.set_text("not it")
    dialog.new.set_text(NEW)
    dialog.again.set_text(NEW)
    dialog.accept()
    qtbot.waitUntil(lambda: bool(dialog.old.error()), timeout=10_000)
    dialog.old.set_text(PASSWORD)
    with qtbot.waitSignal(dialog.closed, timeout=20_000):
        dialog.accept()
    folder = office.desks["ann"].profile.folder
    page.security.setEnabled(False)
    office.desks.pop("ann").lock()
    office.desks["ann"] = unlock(folder, NEW, office.keychain)


def test_the_kit_is_made_again_after_the_password(page: SettingsPage, qtbot: QtBot) -> None:
    page.security.show_kit()
    dialog = page.security.open
    assert isinstance(dialog, KitDialog)
    dialog.password.set_text("wrong one")
    dialog.accept()
    qtbot.waitUntil(lambda: bool(dialog.password.error()), timeout=10_000)
    dialog.password.set_text(PASSWORD)
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.actions_row is not None, timeout=10_000)
    assert dialog.kit is not None
    assert dialog.kit.account.handle == "ann"
    dialog.action.click()
    assert page.security.open is None


def test_a_password_changed_elsewhere_that_is_wrong_says_so(page: SettingsPage, qtbot: QtBot) -> None:
    page.security.changed_elsewhere()
    dialog = page.security.open
    assert isinstance(dialog, ElsewhereDialog)
    dialog.new.set_text("neither this one")
    dialog.accept()
    qtbot.waitUntil(lambda: bool(dialog.new.error()), timeout=10_000)
    dialog.close_overlay()
