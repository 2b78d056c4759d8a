"""Two versions of the past: the dialog says what differs, and lets an owner decide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.desk.pasts import Division
from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.pasts_dialog import PastsDialog
from app.desktop.window import DeskWindow
from protocol.wire import Heads
from sync_client import Found
from tests.support.real_desks import Office
from vault.exchange import AdoptRefused, Fork


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


def words(dialog: PastsDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(QLabel) if not label.isHidden())


def division(office: Office, may_decide: bool) -> Division:
    desk = office.desks["ann"].vault.exchange.desk
    fork = Fork(None, 18, b"o" * 32, b"t" * 32, 21, 19)
    found = Found(desk.roster, Heads(19, b"t" * 32, []), [fork])
    parts = (
        "Members and rights – 4 changes here, 2 changes on the server",
        "Everyone: deals and quotes – 12 changes here, 1 change on the server",
    )
    return Division(found, may_decide, parts)


def opened(window: DeskWindow, qtbot: QtBot) -> PastsDialog:
    dialog = PastsDialog(window.shell, window.context)
    dialog.open_overlay()
    qtbot.waitUntil(lambda: "Comparing" not in words(dialog), timeout=20_000)
    return dialog


def test_where_they_agree_there_is_nothing_to_decide(window: DeskWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    assert "They agree" in words(dialog)
    assert dialog.confirm.isHidden()


def test_a_member_is_told_who_decides(
    window: DeskWindow, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.desks["ann"].pasts, "look", lambda: division(office, False))
    dialog = opened(window, qtbot)
    assert "4 changes here, 2 changes on the server" in words(dialog)
    assert "An owner decides" in words(dialog)
    assert dialog.confirm.isHidden()


def test_an_owner_decides(
    window: DeskWindow, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided: list[Division] = []
    monkeypatch.setattr(office.desks["ann"].pasts, "look", lambda: division(office, True))
    monkeypatch.setattr(office.desks["ann"].pasts, "decide", decided.append)
    dialog = opened(window, qtbot)
    assert not dialog.confirm.isHidden()
    assert "signed anew by you" in words(dialog)
    dialog.confirm.click()
    qtbot.waitUntil(lambda: "goes on" in words(dialog) and bool(decided), timeout=20_000)
    assert dialog.confirm.isHidden()


def test_what_cannot_be_done_again_is_said(
    window: DeskWindow, office: Office, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Division) -> None:
        raise AdoptRefused("cannot be done again")

    monkeypatch.setattr(office.desks["ann"].pasts, "look", lambda: division(office, True))
    monkeypatch.setattr(office.desks["ann"].pasts, "decide", refused)
    dialog = opened(window, qtbot)
    dialog.confirm.click()
    qtbot.waitUntil(lambda: AdoptRefused.title in words(dialog), timeout=20_000)
