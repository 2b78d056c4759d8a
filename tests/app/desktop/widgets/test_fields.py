"""Fields of forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.widgets import (
    Button,
    CheckBox,
    DateField,
    LongTextField,
    Money,
    MoneyField,
    Option,
    PasswordField,
    SearchField,
    Select,
    Switch,
    TextField,
)


def test_making_a_field_opens_no_window(qtbot: QtBot) -> None:
    field = TextField("Name", hint="As on the passport")
    qtbot.addWidget(field)
    assert not any(child.isVisible() for child in field.findChildren(QWidget))


def test_error_replaces_the_hint_and_goes(qtbot: QtBot) -> None:
    field = TextField("Name", hint="As on the passport")
    qtbot.addWidget(field)
    field.set_error("It is empty")
    assert field.error() == "It is empty"
    assert field.edit.accessibleDescription() == "It is empty"
    field.set_error("")
    assert (field.error(), field.edit.accessibleDescription()) == ("", "As on the passport")


def test_text_signals(qtbot: QtBot) -> None:
    field = TextField("Name")
    qtbot.addWidget(field)
    with qtbot.waitSignals([field.changed, field.submitted]):
        qtbot.keyClicks(field.edit, "Ada")
        qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert field.text() == "Ada"


def test_password_shows_and_hides(qtbot: QtBot) -> None:
    field = PasswordField(meter=True)
    qtbot.addWidget(field)
    assert field.edit.echoMode() == QLineEdit.EchoMode.Password
    field.toggle.click()
    assert field.edit.echoMode() == QLineEdit.EchoMode.Normal
    assert field.toggle.accessibleName() == "Hide the password"
    field.set_strength(3, "Rather long.")
    assert field.meter.accessibleName() == "Password strength: Good"
    field.set_strength(None)
    assert field.meter.accessibleName() == ""


def test_search_escape_clears_first_and_leaves_then(qtbot: QtBot) -> None:
    field = SearchField("Search", shortcut="Ctrl F")
    qtbot.addWidget(field)
    field.set_text("ada")
    with qtbot.assertNotEmitted(field.escaped):
        qtbot.keyClick(field.edit, Qt.Key.Key_Escape)
    assert field.text() == ""
    with qtbot.waitSignal(field.escaped):
        qtbot.keyClick(field.edit, Qt.Key.Key_Escape)
    with qtbot.waitSignal(field.moved_down):
        qtbot.keyClick(field.edit, Qt.Key.Key_Down)


def test_select_keeps_its_value_when_options_change(qtbot: QtBot) -> None:
    select = Select("Stage", [Option("a", "A"), Option("b", "B")])
    qtbot.addWidget(select)
    assert select.value() is None
    select.set_value("b")
    select.set_options([Option("b", "Bee"), Option("c", "C")])
    assert select.value() == "b"
    select.set_options([Option("c", "C")])
    assert select.value() is None
    with qtbot.waitSignal(select.chosen) as caught:
        qtbot.keyClick(select.box, Qt.Key.Key_Down)
    assert caught.args == ["c"]


@pytest.mark.parametrize("make", [lambda: CheckBox("Reads"), lambda: Switch("Reads")])
def test_ticks_answer_to_space(qtbot: QtBot, make: type[CheckBox]) -> None:
    tick = make()
    qtbot.addWidget(tick)
    with qtbot.waitSignal(tick.toggled):
        qtbot.keyClick(tick, Qt.Key.Key_Space)
    assert tick.isChecked() and tick.accessibleName() == "Reads"


def test_date_field_reads_words_and_says_so_once(qtbot: QtBot) -> None:
    field = DateField("Close")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.changed) as caught:
        qtbot.keyClicks(field.control.edit, "2026-11-30")
        qtbot.keyClick(field.control.edit, Qt.Key.Key_Return)
    assert caught.args == [date(2026, 11, 30)]
    assert field.control.edit.text() == "30 Nov 2026"
    field.control.edit.setText("soon")
    assert not field.control.is_valid() and field.control.property("invalid") is True


def test_calendar_picks_by_keyboard(qtbot: QtBot) -> None:
    field = DateField("Close", date(2026, 11, 30))
    qtbot.addWidget(field)
    field.show()
    field.control.open_calendar()
    from app.desktop.widgets.dates import CalendarPopup

    popup = field.findChild(CalendarPopup)
    assert popup is not None
    qtbot.keyClick(popup.grid, Qt.Key.Key_PageDown)
    qtbot.keyClick(popup.grid, Qt.Key.Key_Right)
    with qtbot.waitSignal(field.changed) as caught:
        qtbot.keyClick(popup.grid, Qt.Key.Key_Return)
    assert caught.args == [date(2026, 12, 31)]


def test_money_field_takes_the_currency_from_the_words(qtbot: QtBot) -> None:
    field = MoneyField("Amount", currency="EUR")
    qtbot.addWidget(field)
    field.control.edit.setText("$12.5k")
    assert field.money() == Money(Decimal("12500.0"), "USD")
    assert (field.control.edit.text(), field.control.currency.currentText()) == ("12,500", "USD")
    field.set_money(None)
    assert field.money() is None and field.control.is_valid()


def test_tab_leaves_long_text(qtbot: QtBot) -> None:
    field = LongTextField("Note")
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.submitted):
        qtbot.keyClick(field.edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.edit.tabChangesFocus()


def test_words_with_an_ampersand_are_words(qtbot: QtBot) -> None:
    button = Button("Smith & Sons")
    qtbot.addWidget(button)
    assert (button.text(), button.accessibleName()) == ("Smith && Sons", "Smith & Sons")
