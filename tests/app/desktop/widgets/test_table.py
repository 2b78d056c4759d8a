"""The list: keyboard, selection, columns, and a million rows at the price of fifty."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.desktop.theme import colors
from app.desktop.widgets import DataTable
from tools.gallery_model import SampleModel


def _table(qtbot: QtBot, model: SampleModel) -> DataTable:
    view = DataTable("Deals")
    qtbot.addWidget(view)
    view.resize(1000, 600)
    view.setModel(model)
    with qtbot.waitExposed(view):
        view.show()
    view.grab()
    return view


def test_a_million_rows_ask_for_what_is_in_sight_only(qtbot: QtBot) -> None:
    small, large = SampleModel(200), SampleModel(1_000_000)
    _table(qtbot, small)
    view = _table(qtbot, large)
    assert large.asked <= 1.1 * small.asked
    before = large.asked
    view.set_current_row(999_999)
    view.grab()
    view.set_current_row(0)
    view.grab()
    assert large.asked - before < 3 * small.asked


def test_selecting_a_million_rows_is_one_range(qtbot: QtBot) -> None:
    model = SampleModel(1_000_000)
    view = _table(qtbot, model)
    before = model.asked
    with qtbot.waitSignal(view.selected_count_changed) as caught:
        qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [1_000_000] == [view.selected_count()]
    assert model.asked - before < 1000
    rows = view.selected_rows()
    assert [next(rows), next(rows)] == [0, 1]
    view.toggle_row(5)
    assert view.selected_count() == 999_999
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.selected_count() == 0


def test_keys_move_select_and_open(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(50))
    view.set_current_row(0)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert (view.current_row(), list(view.selected_rows())) == (2, [1, 2])
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert (view.current_row(), list(view.selected_rows())) == (49, [1, 2])
    with qtbot.waitSignal(view.row_opened) as caught:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert caught.args == [49]


def test_a_double_click_opens(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(50))
    place = view.visualRect(view.model().index(3, 1)).center()
    with qtbot.waitSignal(view.row_opened) as caught:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [3]
    assert view.selected_count() == 0


def test_letters_go_to_the_search(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(5))
    with qtbot.waitSignal(view.typed) as caught:
        qtbot.keyClicks(view, "a")
    assert caught.args == ["a"]


def test_clicks_in_the_gutter_select_and_shift_extends(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(50))
    gutter = view.gutter.viewport()

    def click(row: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        point = QPoint(20, view.rowViewportPosition(row) + 18)
        qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, modifier, point)

    click(2)
    click(5, Qt.KeyboardModifier.ShiftModifier)
    assert list(view.selected_rows()) == [2, 3, 4, 5]
    click(3)
    assert list(view.selected_rows()) == [2, 4, 5]
    qtbot.mouseClick(view._corner, Qt.MouseButton.LeftButton)
    assert view.selected_count() == 50
    qtbot.mouseClick(view._corner, Qt.MouseButton.LeftButton)
    assert view.selected_count() == 0


def test_a_plain_click_moves_and_keeps_what_is_ticked(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(50))
    view.toggle_row(1)
    point = QPoint(60, view.rowViewportPosition(7) + 18)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert (view.current_row(), list(view.selected_rows())) == (7, [1])


def test_a_click_on_a_title_sorts_by_the_model(qtbot: QtBot) -> None:
    model = SampleModel(50)
    view = _table(qtbot, model)
    view.sort_by(4, descending=True)
    assert model.descending and view.header.sortIndicatorSection() == 4
    point = QPoint(view.header.sectionViewportPosition(4) + 30, 12)
    qtbot.mouseClick(view.header.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert not model.descending


def test_columns_are_saved_and_restored(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(5))
    with qtbot.waitSignal(view.columns_changed):
        view.setColumnWidth(1, 333)
    view.header.moveSection(0, 2)
    view.setColumnHidden(3, True)
    state = view.column_state()
    other = _table(qtbot, SampleModel(5))
    assert other.restore_columns(state)
    assert other.columnWidth(1) == 333
    assert other.header.visualIndex(0) == 2
    assert other.isColumnHidden(3)
    assert not other.restore_columns(b"nonsense")


def test_the_column_menu_hides_and_keeps_one(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(5))
    menu = view.header.column_menu()
    assert [action.text() for action in menu.actions()] == list(SampleModel.TITLES)
    menu.actions()[1].trigger()
    assert view.isColumnHidden(1)
    for n in range(2, 7):
        view.setColumnHidden(n, True)
    assert not view.header.column_menu().actions()[0].isEnabled()


def test_rows_on_their_way_ask_for_nothing_else(qtbot: QtBot) -> None:
    waiting, there = SampleModel(30, loading_from=0), SampleModel(30)
    _table(qtbot, waiting)
    _table(qtbot, there)
    assert waiting.asked < there.asked / 2


def test_long_words_are_a_tooltip(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    view = _table(qtbot, SampleModel(30))
    shown: list[str] = []
    monkeypatch.setattr(
        "app.desktop.widgets.cell_paint.QToolTip.showText", lambda _, text, __: shown.append(text)
    )
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QHelpEvent
    from PySide6.QtWidgets import QApplication

    view.setColumnWidth(0, 90)
    for column in (0, 2):
        x = view.columnViewportPosition(column) + 20
        point = QPoint(x, view.rowViewportPosition(1) + 18)
        event = QHelpEvent(QEvent.Type.ToolTip, point, view.viewport().mapToGlobal(point))
        QApplication.sendEvent(view.viewport(), event)
    assert shown[0].endswith("renewal") and shown[1] == ""


def test_a_selected_row_is_tinted(qtbot: QtBot) -> None:
    view = _table(qtbot, SampleModel(30))
    view.toggle_row(3)
    image = view.viewport().grab().toImage()
    y = view.rowViewportPosition(3) + 3
    assert image.pixelColor(2, y) == QColor(colors().selected)
    assert image.pixelColor(2, view.rowViewportPosition(4) + 3) == QColor(colors().surface)
