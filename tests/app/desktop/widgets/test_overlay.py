"""Dialogs inside the window: keys, focus, how they end."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.widgets import ConfirmDialog, Modal, SideSheet, TextField


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.resize(900, 600)
    button = QPushButton("Behind")
    layout = QVBoxLayout(window)
    layout.addWidget(button)
    qtbot.addWidget(window)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    button.setFocus()
    return window


def _modal(window: QWidget) -> tuple[Modal, TextField]:
    modal = Modal(window, "New deal", text="It belongs to Sales")
    field = TextField("Name")
    modal.add(field)
    modal.add_button("Cancel")
    modal.add_button("Create", primary=True)
    modal.open_overlay()
    return modal, field


def test_first_field_has_the_focus_and_it_goes_back(qtbot: QtBot, window: QWidget) -> None:
    before = QApplication.focusWidget()
    modal, field = _modal(window)
    assert field.edit.hasFocus()
    with qtbot.waitSignals([modal.rejected, modal.closed]):
        qtbot.keyClick(field.edit, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is before and not modal.is_open


def test_enter_presses_the_primary_button(qtbot: QtBot, window: QWidget) -> None:
    modal, field = _modal(window)
    with qtbot.waitSignals([modal.accepted, modal.closed]), qtbot.assertNotEmitted(modal.rejected):
        qtbot.keyClick(field.edit, Qt.Key.Key_Return)


def test_tab_goes_round_inside(qtbot: QtBot, window: QWidget) -> None:
    modal, _ = _modal(window)
    seen = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None and modal.isAncestorOf(focused)
        seen.append(focused.accessibleName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert set(seen) == {"Name", "Cancel", "Create", "Close"} and seen[0] == seen[4]


def test_click_beside_dismisses_and_inside_does_not(qtbot: QtBot, window: QWidget) -> None:
    modal, _ = _modal(window)
    qtbot.mouseClick(modal, Qt.MouseButton.LeftButton, pos=modal.panel.geometry().center())
    assert modal.is_open
    with qtbot.waitSignal(modal.rejected):
        qtbot.mouseClick(modal, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_it_follows_the_window_and_grows_with_its_text(qtbot: QtBot, window: QWidget) -> None:
    modal, field = _modal(window)
    height = modal.panel.height()
    field.set_error(
        "It is empty, and a deal without a name cannot be found again by anybody in the group. " * 2
    )
    qtbot.waitUntil(lambda: modal.panel.height() > height)
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: modal.size() == window.size())
    assert abs(modal.panel.geometry().center().x() - 550) <= 1


def test_a_long_body_scrolls_and_the_buttons_stay_in_sight(qtbot: QtBot, window: QWidget) -> None:
    modal = Modal(window, "Map the columns")
    fields = [TextField(f"Column {n}") for n in range(30)]
    for field in fields:
        modal.add(field)
    button = modal.add_button("Import", primary=True)
    modal.open_overlay()
    assert modal.panel.height() <= window.height() - 48
    assert button.visibleRegion().boundingRect() == button.rect()
    assert fields[-1].visibleRegion().isEmpty()
    fields[-2].edit.setFocus()
    qtbot.keyClick(fields[-2].edit, Qt.Key.Key_Tab)
    assert fields[-1].edit.hasFocus() and not fields[-1].visibleRegion().isEmpty()


def test_side_sheet_takes_the_right_edge(window: QWidget) -> None:
    sheet = SideSheet(window, "Ada Brandt", width=300)
    sheet.open_overlay()
    assert sheet.panel.geometry().getRect() == (600, 0, 300, 600)


def test_a_dangerous_question_does_not_answer_itself(qtbot: QtBot, window: QWidget) -> None:
    dialog = ConfirmDialog(window, "Remove Dee?", ["Dee reads nothing new."], confirm="Remove", danger=True)
    dialog.open_overlay()
    assert dialog.cancel_button.hasFocus()
    assert dialog.accessibleDescription() == "Dee reads nothing new."
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog.cancel_button, Qt.Key.Key_Return)


def test_a_harmless_question_is_confirmed_by_enter(qtbot: QtBot, window: QWidget) -> None:
    dialog = ConfirmDialog(window, "Import?", ["85 companies are added."], confirm="Import")
    dialog.open_overlay()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.confirm_button, Qt.Key.Key_Return)


def test_a_dialog_lives_through_a_collection_of_garbage(window: QWidget) -> None:
    modal, _ = _modal(window)
    modal.open_overlay()
    gc.collect()
    before = modal.body.count()
    modal.add(TextField("Later"))
    assert modal.body.count() == before + 1


def test_what_grows_leaves_its_head_in_place(qtbot: QtBot, window: QWidget) -> None:
    modal, _ = _modal(window)
    qtbot.waitUntil(lambda: modal.is_settled)
    before = modal.panel.geometry()
    tall = QWidget()
    tall.setFixedHeight(120)
    modal.add(tall)
    qtbot.waitUntil(lambda: modal.panel.height() > before.height() + 100)
    assert modal.panel.y() == before.y()
