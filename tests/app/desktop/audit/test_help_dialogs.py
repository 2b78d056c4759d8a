"""Help: diagnostics are read before they are saved; support is let in with sentences before the signature."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desk.support import DAY
from app.desktop.context import Context
from app.desktop.pages.diagnostics import DiagnosticsDialog
from app.desktop.pages.support import SupportDialog
from protocol.ids import Compartment
from tests.support.real_desks import Office


@pytest.fixture
def ann(office: Office) -> Desk:
    return office.found()


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    made = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    made.setValue("theme", "dark")
    made.setValue("last-profile", str(tmp_path))
    return made


def test_what_is_saved_is_what_was_read(
    qtbot: QtBot,
    window: QWidget,
    ann: Desk,
    context_of: Callable[[Desk], Context],
    settings: QSettings,
    tmp_path: Path,
) -> None:
    dialog = DiagnosticsDialog(window, context_of(ann), settings)
    dialog.open_overlay()
    assert not dialog.save_button.isEnabled()
    qtbot.waitUntil(lambda: bool(dialog.text))
    assert dialog.view.text() == dialog.text
    assert dialog.view.edit.isReadOnly()
    assert "theme dark" in dialog.text
    assert str(tmp_path) not in dialog.text
    file = tmp_path / "saved.txt"
    with qtbot.waitSignal(dialog.accepted):
        dialog.save(file)
    assert file.read_text(encoding="utf-8") == dialog.text


def test_an_owner_switches_it_on_reads_what_it_means_and_gets_a_link(
    qtbot: QtBot, window: QWidget, ann: Desk, context_of: Callable[[Desk], Context]
) -> None:
    dialog = SupportDialog(window, context_of(ann))
    dialog.open_overlay()
    assert not dialog.switch.isChecked()
    assert not dialog.form.isVisible()
    dialog.switch.click()
    qtbot.waitUntil(dialog.form.isVisible, timeout=20_000)
    assert ann.support.is_allowed
    assert not dialog.make_button.isEnabled()
    dialog.parts[Compartment.CONTACTS].setChecked(True)
    qtbot.waitUntil(lambda: len(dialog.effects.sentences) > 3)
    assert dialog.effects.sentences[0].startswith(
        "Support will read all people, companies, tasks and notes of"
    )
    assert abs(dialog.until() - time.time() - DAY) < 5
    assert dialog.make_button.isEnabled()
    dialog.accept()
    assert dialog.name.error()
    dialog.name.set_text("Vic of Tacit")
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.invited is not None, timeout=20_000)
    assert dialog.title.text() == "The invitation for Vic of Tacit"
    (visit,) = ann.support.running()
    assert visit.compartments == (Compartment.CONTACTS,)
    dialog.accept()
    dialog = SupportDialog(window, context_of(ann))
    dialog.open_overlay()
    assert dialog.switch.isChecked()
    dialog.switch.click()
    qtbot.waitUntil(lambda: not ann.support.is_allowed and dialog.switch.isEnabled(), timeout=20_000)
    assert not dialog.form.isVisible()


def test_others_read_how_it_is(
    qtbot: QtBot, window: QWidget, office: Office, ann: Desk, context_of: Callable[[Desk], Context]
) -> None:
    ben = office.join(ann, "ben", "Ben Brouwer")
    dialog = SupportDialog(window, context_of(ben))
    dialog.open_overlay()
    assert not dialog.switch.isEnabled()
    assert not dialog.make_button.isVisible()
    assert any("Only an owner decides this" in label.text() for label in dialog.findChildren(QLabel))
