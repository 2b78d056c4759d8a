"""Editing in place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.widgets import (
    ChoiceEditor,
    DateEditor,
    Item,
    ListEditor,
    LongTextEditor,
    Option,
    PropertyRow,
    ReferenceEditor,
    TextEditor,
)


@pytest.fixture
def page(qtbot: QtBot) -> Callable[..., QWidget]:
    kept = []

    def make(*rows: PropertyRow) -> QWidget:
        holder = QWidget()
        kept.append(holder)
        layout = QVBoxLayout(holder)
        for row in rows:
            layout.addWidget(row)
        qtbot.addWidget(holder)
        holder.resize(500, 300)
        with qtbot.waitActive(holder):
            holder.show()
            holder.activateWindow()
        return holder

    return make


def _words(row: PropertyRow) -> list[str]:
    return [label.text() for label in row.shown.findChildren(QLabel)]


def test_click_edit_enter(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Name", "Ada", editor=TextEditor)
    page(row)
    qtbot.mouseClick(row.shown, Qt.MouseButton.LeftButton)
    editor = row.findChild(TextEditor)
    assert row.editing and editor is not None and editor.edit.hasFocus()
    editor.edit.setText("  Ada Brandt ")
    with qtbot.waitSignal(row.edited) as caught:
        qtbot.keyClick(editor.edit, Qt.Key.Key_Return)
    assert caught.args == ["Ada Brandt"]
    assert row.findChild(TextEditor) is None or not row.shown.isHidden()
    assert row.value() == "Ada"  # the page stores it and shows what was stored
    assert row.shown.hasFocus()


def test_escape_changes_nothing(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Name", "Ada", editor=TextEditor)
    page(row)
    row.edit()
    editor = row.findChild(TextEditor)
    assert editor is not None
    editor.edit.setText("Bob")
    with qtbot.assertNotEmitted(row.edited):
        qtbot.keyClick(editor.edit, Qt.Key.Key_Escape)
    assert not row.editing and row.value() == "Ada"


def test_enter_without_a_change_is_no_edit(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Name", "Ada", editor=TextEditor)
    page(row)
    qtbot.keyClick(row.shown, Qt.Key.Key_Return)
    editor = row.findChild(TextEditor)
    assert editor is not None
    with qtbot.assertNotEmitted(row.edited):
        qtbot.keyClick(editor.edit, Qt.Key.Key_Return)
    assert not row.editing


def test_tab_goes_on_to_the_next_row_that_can_be_edited(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    rows = [
        PropertyRow("Name", "Ada", editor=TextEditor),
        PropertyRow("Id", "4f1c"),
        PropertyRow("Close", None, editor=DateEditor),
    ]
    page(*rows)
    rows[0].edit()
    editor = rows[0].findChild(TextEditor)
    assert editor is not None
    qtbot.keyClick(editor.edit, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: rows[2].editing)
    assert not rows[0].editing and not rows[1].editing
    second = rows[2].findChild(DateEditor)
    assert second is not None
    qtbot.keyClick(second.control.edit, Qt.Key.Key_Backtab)
    qtbot.waitUntil(lambda: rows[0].editing)


def test_what_cannot_be_read_is_not_committed(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Close", date(2026, 1, 1), editor=DateEditor)
    page(row)
    row.edit()
    editor = row.findChild(DateEditor)
    assert editor is not None
    editor.control.edit.setText("soon")
    with qtbot.assertNotEmitted(row.edited):
        qtbot.keyClick(editor.control.edit, Qt.Key.Key_Return)
    assert row.editing and editor.control.property("invalid") is True


def test_leaving_with_the_mouse_keeps_what_was_typed(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    one, two = PropertyRow("Name", "Ada", editor=TextEditor), PropertyRow("Mail", "", editor=TextEditor)
    page(one, two)
    one.edit()
    editor = one.findChild(TextEditor)
    assert editor is not None
    editor.edit.setText("Bob")
    with qtbot.waitSignal(one.edited) as caught:
        two.shown.setFocus()
    assert caught.args == ["Bob"] and two.shown.hasFocus()


def test_enter_is_a_new_line_in_long_text(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Note", "", editor=LongTextEditor)
    page(row)
    row.edit()
    editor = row.findChild(LongTextEditor)
    assert editor is not None
    qtbot.keyClicks(editor.edit, "a")
    qtbot.keyClick(editor.edit, Qt.Key.Key_Return)
    qtbot.keyClicks(editor.edit, "b")
    with qtbot.waitSignal(row.edited) as caught:
        qtbot.keyClick(editor.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == ["a\nb"]


def test_read_only_rows_do_not_edit(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Id", None)
    page(row)
    qtbot.mouseClick(row.shown, Qt.MouseButton.LeftButton)
    assert not row.editing and _words(row) == ["–"]
    assert row.shown.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_values_marks_and_accessibility(qtbot: QtBot, page: Callable[..., QWidget]) -> None:
    row = PropertyRow("Name", None, editor=TextEditor, placeholder="Add a name")
    page(row)
    assert _words(row) == ["Add a name"] and row.shown.accessibleDescription() == "empty"
    row.set_value("Ada")
    row.set_mark("conflict", "Ben wrote Bob")
    assert row.shown.accessibleName() == "Name" and row.shown.accessibleDescription() == "Ada"
    assert row._mark is not None
    with qtbot.waitSignal(row.mark_clicked):
        qtbot.mouseClick(row._mark, Qt.MouseButton.LeftButton)
    assert not row.editing
    row.set_mark(None)


def test_choice_commits_when_picked(qtbot: QtBot) -> None:
    editor = ChoiceEditor("a", [Option("a", "A"), Option("b", "B")])
    qtbot.addWidget(editor)
    editor.select.set_value("b")
    with qtbot.waitSignal(editor.committed) as caught:
        editor.select.chosen.emit("b")
    assert caught.args == ["b"]


def test_reference_takes_only_what_exists(qtbot: QtBot) -> None:
    known = [Option(1, "Acme"), Option(2, "Acme North")]
    editor = ReferenceEditor(None, lambda text: [o for o in known if text.casefold() in o.text.casefold()])
    qtbot.addWidget(editor)
    editor.show()
    qtbot.keyClicks(editor.edit, "acm")
    assert not editor.commit()
    qtbot.keyClicks(editor.edit, "e")
    assert editor.value() == 1 and editor.commit()


def test_emptied_reference_is_none(qtbot: QtBot) -> None:
    editor = ReferenceEditor(Option(1, "Acme"), lambda text: [])
    qtbot.addWidget(editor)
    assert editor.value() == 1
    editor.edit.clear()
    editor.edit.textEdited.emit("")
    assert editor.is_valid() and editor.value() is None


def test_list_items_keep_their_ids_and_empty_lines_go(qtbot: QtBot) -> None:
    items = [Item("1", "work", "+1"), Item("2", "fax", "+2")]
    editor = ListEditor(items, ["work", "home"], noun="phone")
    qtbot.addWidget(editor)
    assert editor.value() == items  # a label that is not offered stays as it is
    editor._rows[0][2].setText(" ")
    editor._add_empty()
    editor._rows[2][2].setText("+3")
    assert editor.value() == [Item("2", "fax", "+2"), Item("", "work", "+3")]
