"""Whatever takes the focus on a page of the window has a name for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt, QThreadPool
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.idle import IdleWatch
from app.desktop.keeping import Keeping
from app.desktop.window import DeskWindow
from tests.support.real_desks import Office
from vault.profile import MemoryKeychain

PAGES = ("people", "companies", "deals", "products", "tasks", "team", "server", "settings")


@pytest.fixture
def window(tmp_path: Path, fast_kdf: None, qapp: QApplication, qtbot: QtBot) -> Iterator[DeskWindow]:
    office = Office(tmp_path)
    settings = QSettings(str(tmp_path / "desktop.ini"), QSettings.Format.IniFormat)
    keeping = Keeping(settings, MemoryKeychain())
    made = DeskWindow(office.found(), settings, IdleWatch(qapp), keeping)
    made.shell.show()
    yield made
    made.close_down()
    QThreadPool.globalInstance().waitForDone()
    office.close()


def nameless(root: QWidget) -> list[str]:
    """Whatever inside takes the focus by Tab, is in sight, and has no name."""
    found = []
    for widget in root.findChildren(QWidget):
        inner = widget.objectName().startswith("qt_") or isinstance(widget.parent(), QAbstractSpinBox)
        wanted = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not inner
        if wanted and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name):
            found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def test_every_page_names_its_controls(window: DeskWindow) -> None:
    for page in PAGES:
        window.shell.show_page(page)
        assert (page, nameless(window.shell)) == (page, [])


def test_a_record_and_its_dialogs_name_their_controls(window: DeskWindow, qtbot: QtBot) -> None:
    desk = window.desk
    group = desk.group_choices("company")[0].id
    with desk.editor.action() as action:
        key = action.create("company", desk.home_for("company", group), {"name": "Meridian 🧭 שלום"})
    window.context.open_record(key)
    qtbot.waitUntil(lambda: window.record.state is not None)
    assert nameless(window.shell) == []
    for type_name in ("person", "company", "deal", "product", "task"):
        window.make_record(type_name, {})
        assert window.dialog is not None
        assert (type_name, nameless(window.dialog)) == (type_name, [])
        window.dialog.reject()
    for dialog in (
        window.transfers.import_file(),
        window.transfers.invite(),
        window.transfers.export_everything(),
    ):
        assert (type(dialog).__name__, nameless(dialog)) == (type(dialog).__name__, [])
        dialog.close_overlay()
