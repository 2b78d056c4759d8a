"""Computers and recovery in the settings, on real desks: revoking, adding, naming colleagues, helping one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desk.devices import computers
from app.desk.regaining import Regaining
from app.desktop.context import Context
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pages.settings import SettingsPage
from app.desktop.pages.settings.add_computer import AddComputerDialog
from app.desktop.pages.settings.help_dialog import HelpDialog
from app.desktop.pages.settings.recovery_dialogs import EnrolDialog, WithdrawDialog
from app.desktop.pages.settings.revoke_dialog import RevokeDialog
from app.desktop.pages.settings.security import ElsewhereDialog
from sync_client import Phase
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.keys.transfer import TransferCode, parse_transfer_words

WAIT = 20_000


@pytest.fixture
def office(tmp_path: Path, fast_kdf: None) -> Iterator[Office]:
    made = Office(tmp_path)
    made.found()
    yield made
    made.close()


class Pages:
    """Settings pages of several desks."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, office: Office, folder: Path) -> None:
        self._qtbot, self._qapp = qtbot, qapp
        self._office = office
        self._settings = QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat)
        self.contexts: list[Context] = []

    def of(self, desk: Desk) -> SettingsPage:
        context = Context(desk)
        self.contexts.append(context)
        keeping = Keeping(self._settings, self._office.keychain)
        page = SettingsPage(context, self._settings, IdleWatch(self._qapp), keeping)
        page.resize(1000, 1400)
        self._qtbot.addWidget(page)
        page.show()
        return page


@pytest.fixture
def pages(qtbot: QtBot, qapp: QApplication, office: Office, tmp_path: Path) -> Iterator[Pages]:
    made = Pages(qtbot, qapp, office, tmp_path)
    yield made
    for context in made.contexts:
        context.close()


def words(page: SettingsPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def test_a_lost_computer_is_revoked_with_the_new_kit_in_hand(
    qtbot: QtBot, office: Office, pages: Pages
) -> None:
    ann = office.desks["ann"]
    lost = office.second_computer(ann, "lost")
    assert ann.sync_now()
    page = pages.of(ann)
    card = page.computers
    assert set(card.rows) == {lost.vault.device}
    former = office.keychain.load(ann.profile.id)
    button = card.rows[lost.vault.device]
    assert button is not None
    button.click()
    dialog = card.open
    assert isinstance(dialog, RevokeDialog)
    dialog.accept()
    assert "Type your password" in dialog.password.error()
    dialog.password.edit.setText("not it")
    dialog.accept()
    qtbot.waitUntil(lambda: bool(dialog.password.error()), timeout=WAIT)
    dialog.password.edit.setText(PASSWORD)
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.safe is not None, timeout=WAIT)
    assert not dialog.action.isEnabled()
    assert not ann.vault.roster.devices[lost.vault.device].revoked  # the Kit comes first
    assert dialog.safe is not None
    dialog.safe.setChecked(True)
    dialog.accept()
    qtbot.waitUntil(lambda: card.open is None, timeout=WAIT)
    assert ann.vault.roster.devices[lost.vault.device].revoked
    assert office.keychain.load(ann.profile.id) != former
    qtbot.waitUntil(lambda: not card.rows, timeout=WAIT)
    assert "revoked" in words(page)


def test_closing_before_the_second_button_changes_nothing(qtbot: QtBot, office: Office, pages: Pages) -> None:
    ann = office.desks["ann"]
    lost = office.second_computer(ann, "lost")
    assert ann.sync_now()
    page = pages.of(ann)
    page.computers.revoke(next(one for one in computers(ann) if one.id == lost.vault.device))
    dialog = page.computers.open
    assert isinstance(dialog, RevokeDialog)
    dialog.password.edit.setText(PASSWORD)
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.safe is not None, timeout=WAIT)
    dialog.close_overlay()
    qtbot.waitUntil(lambda: page.computers.open is None, timeout=WAIT)
    assert ann.vault.revoking.pending() is None
    assert lost.sync_now()


def test_another_own_computer_takes_the_new_kit(qtbot: QtBot, office: Office, pages: Pages) -> None:
    from app.desk.revocation import prepare_revocation

    ann = office.desks["ann"]
    lost, laptop = office.second_computer(ann, "lost"), office.second_computer(ann, "laptop")
    assert laptop.sync_now()
    assert ann.sync_now()
    revocation = prepare_revocation(ann, [lost.vault.device], PASSWORD, office.keychain.load(ann.profile.id))
    revocation.send(office.keychain)
    laptop.wake()
    wait_until(lambda: laptop.sync_state.phase is Phase.HALTED)
    page = pages.of(laptop)
    page.security.changed_elsewhere()
    dialog = page.security.open
    assert isinstance(dialog, ElsewhereDialog)
    dialog.new.edit.setText(PASSWORD)
    dialog.kit_key.edit.setText("no key at all")
    dialog.accept()
    assert dialog.kit_key.error()
    dialog.kit_key.edit.setText(revocation.secret_key.words())
    dialog.accept()
    qtbot.waitUntil(lambda: page.security.open is None, timeout=WAIT)
    assert laptop.sync_now()


def test_the_code_for_a_new_computer(qtbot: QtBot, office: Office, pages: Pages) -> None:
    page = pages.of(office.desks["ann"])
    page.computers.add_computer()
    dialog = page.computers.open
    assert isinstance(dialog, AddComputerDialog)
    dialog.password.edit.setText(PASSWORD)
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.tabs is not None, timeout=WAIT)
    code = dialog.code
    assert code is not None
    assert TransferCode.parse(code.text()) == code
    assert parse_transfer_words(code.words())[1] == code.secret
    dialog.close_overlay()


def test_naming_colleagues_helping_and_stopping_it(qtbot: QtBot, office: Office, pages: Pages) -> None:
    ann = office.desks["ann"]
    assert not pages.of(ann).recovery.set_up.isEnabled()  # alone: there is nobody to name
    ben, cy = (
        office.join(ann, handle, name) for handle, name in (("ben", "Ben Brouwer"), ("cy", "Cy Cramer"))
    )
    page = pages.of(ann)
    page.recovery.enrol()
    dialog = page.recovery.open
    assert isinstance(dialog, EnrolDialog)
    assert not dialog.action.isEnabled()
    for box in dialog.people.values():
        box.setChecked(True)
    assert dialog.needed.value() == 2
    dialog.password.edit.setText(PASSWORD)
    dialog.accept()
    qtbot.waitUntil(lambda: page.recovery.open is None, timeout=WAIT)
    assert ann.recovery.status().enrolled
    qtbot.waitUntil(lambda: "Any 2 of these 2" in words(page), timeout=WAIT)

    regaining = Regaining(office.origin, "ann", office.place("new"))
    code = regaining.ask()
    assert ben.sync_now()
    ben.recovery.look()
    his = pages.of(ben)
    qtbot.waitUntil(lambda: len(his.recovery.helps) == 1, timeout=WAIT)
    his.recovery.helps[0].click()
    helping = his.recovery.open
    assert isinstance(helping, HelpDialog)
    assert helping.code.accessibleName().endswith(code)
    assert not helping.action.isEnabled()
    helping.accept()  # Enter does nothing before the box is ticked
    assert his.recovery.open is helping
    helping.same.setChecked(True)
    helping.accept()
    qtbot.waitUntil(lambda: his.recovery.open is None, timeout=WAIT)
    assert regaining.look().given == 1

    assert ann.sync_now()
    ann.recovery.look()
    page.recovery.refresh()
    qtbot.waitUntil(lambda: "Ben Brouwer has given a part" in words(page), timeout=WAIT)
    assert "Somebody asks to get back in as you" in words(page)
    page.recovery.stop()
    stopping = page.recovery.open
    assert isinstance(stopping, WithdrawDialog)
    stopping.password.edit.setText(PASSWORD)
    stopping.accept()
    qtbot.waitUntil(lambda: page.recovery.open is None, timeout=WAIT)
    assert not ann.recovery.status().enrolled
    assert regaining.look().given == 0
    assert cy.sync_now()
