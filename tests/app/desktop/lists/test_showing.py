"""What a list shows: rows, search, filters, order, columns, totals, and words where there is nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.pages.lists.filter_dialog import FilterDialog
from app.desktop.viewmodels import list_model
from app.desktop.viewmodels.list_config import ListConfig
from app.desktop.viewmodels.list_model import PAGE
from app.desktop.viewmodels.list_rows import Row, read_rows
from app.desktop.widgets import Button, Chip, TextField
from tests.app.desktop.lists.conftest import Show, Shown, make
from tests.support.real_desks import Office, wait_until
from vault.store import Filter, Op, Query, RecordKey, Sort, VaultDamaged
from vault.store.records import Records


def sorted_by_name(shown: Shown) -> None:
    shown.page.table.sort_by(0)
    shown.until("Anchors", "Bollards", "Cranes")


def dialog_of(shown: Shown) -> FilterDialog:
    found = [one for one in shown.page.window().findChildren(FilterDialog) if one.is_open]
    assert len(found) == 1
    return found[0]


def words_in(shown: Shown) -> str:
    return "\n".join(label.text() for label in shown.page.findChildren(QLabel) if label.isVisible())


def test_rows_say_what_was_written(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    sorted_by_name(shown)
    assert shown.column("company") == ["", "Amber Quay", "Zuid Harbour"]
    assert shown.column("stage") == ["Lost", "Prospecting", "Won"]
    assert "1,000" in shown.column("amount")[2]
    assert [shown.page.model.key(row) for row in range(3)] == deals[::-1]


def test_a_click_on_a_title_sorts_and_another_turns_it_round(
    ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    shown = show(ann, "deal")
    shown.click_title("company")
    shown.until("Bollards", "Cranes", "Anchors")  # without a company: last
    shown.click_title("company")
    shown.until("Cranes", "Bollards", "Anchors")
    shown.click_title("amount")
    shown.until("Anchors", "Bollards", "Cranes")
    assert shown.page.model.state.sort == Sort("amount")


def test_typing_narrows_and_escape_gives_all_back(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    sorted_by_name(shown)
    shown.qtbot.keyClicks(shown.page.search.edit, "boll")
    shown.until("Bollards")
    assert shown.page.footer.text().startswith("1 deal found")
    shown.page.search.edit.clear()
    shown.until("Anchors", "Bollards", "Cranes")


def test_quick_filters_of_one_click(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    sorted_by_name(shown)
    pills = shown.page.pills
    shown.press(pills["won"])
    shown.until("Cranes")
    shown.press(pills["open"])
    shown.until("Bollards")
    assert pills["open"].isChecked() and not pills["won"].isChecked()
    shown.press(pills["open"])
    shown.until("Anchors", "Bollards", "Cranes")


def test_a_condition_is_made_changed_and_removed(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    sorted_by_name(shown)
    shown.press(shown.page.filter_button)
    dialog = dialog_of(shown)
    dialog.field.set_value("amount")
    dialog.field.chosen.emit("amount")
    editor = dialog._editor
    assert isinstance(editor, TextField)
    editor.set_text("a lot")
    dialog.accept()
    assert dialog.is_open and dialog._problem.text() == "This is not an amount."
    editor.set_text("100")
    dialog.accept()
    shown.until("Bollards", "Cranes")
    chip = shown.page.filter_bar.findChildren(Chip)[-1]
    assert chip.text() == "Amount is at least 100"
    chip.clicked.emit()
    dialog = next(one for one in shown.page.window().findChildren(FilterDialog) if one.is_open)
    editor = dialog._editor
    assert isinstance(editor, TextField)
    assert editor.text() == "100"
    editor.set_text("1k")
    dialog.accept()
    shown.until("Cranes")
    assert shown.page.model.state.filters == (Filter("amount", Op.AT_LEAST, 1_000_0000),)
    shown.page.filter_bar.findChildren(Chip)[-1].removed.emit()
    shown.until("Anchors", "Bollards", "Cranes")
    assert not shown.page.filter_bar.isVisible()


def test_clear_all_takes_every_condition_away(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    shown.page.set_state(
        shown.page.model.state.with_filter(Filter("company", Op.EMPTY)).with_filter(
            Filter("stage", Op.ONE_OF, ("won", "lost"))
        )
    )
    shown.until("Anchors")
    clear = next(one for one in shown.page.filter_bar.findChildren(Button) if one.text() == "Clear all")
    shown.press(clear)
    shown.wait(lambda: len(shown.names) == 3)


def test_nothing_found_says_so_and_shows_the_way_back(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    shown.page.search.set_text("submarine")
    shown.wait(lambda: "No deals match “submarine”" in words_in(shown))
    shown.press(shown.button("Clear search and filters"))
    shown.wait(lambda: len(shown.names) == 3)
    assert shown.page.search.text() == ""
    assert shown.page.stack.currentWidget() is shown.page.table


def test_an_empty_list_offers_the_first_record_and_the_bin_does_not(
    ann: Desk, show: Show, qtbot: QtBot
) -> None:
    shown = show(ann, "person")
    assert "No people yet" in words_in(shown)
    with qtbot.waitSignal(shown.context.new_wanted) as wanted:
        shown.press(shown.button("New person"))
    assert wanted.args == ["person", {}]
    shown.press(shown.page.bin_pill)
    shown.wait(lambda: "The bin is empty" in words_in(shown))


def test_the_line_below_says_how_much_it_is(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    footer = shown.page.footer
    shown.wait(lambda: footer.text().endswith(" open"))
    assert footer.text().startswith("3 deals · ")
    assert "1,000" in footer.text() and "250" in footer.text()
    shown.press(shown.page.pills["won"])
    shown.wait(lambda: footer.text().startswith("1 deal found · ") and footer.text().endswith(" won"))
    assert "250" not in footer.text()


def test_chosen_columns_are_there_the_next_time(
    ann: Desk, deals: list[RecordKey], show: Show, settings: QSettings
) -> None:
    shown = show(ann, "deal", settings)
    table, source = shown.page.table, shown.number("source")
    assert table.isColumnHidden(source)
    menu = table.header.column_menu()
    by_title = {action.text(): action for action in menu.actions()}
    by_title[shown.page.config.columns[source].title].trigger()
    by_title[shown.page.config.columns[shown.number("stage")].title].trigger()
    menu.deleteLater()
    table.setColumnWidth(0, 333)
    again = show(ann, "deal", settings)
    assert not again.page.table.isColumnHidden(source)
    assert again.page.table.isColumnHidden(again.number("stage"))
    assert again.page.table.columnWidth(0) == 333
    header, sort = again.page.table.header, again.page.model.state.sort
    assert again.page.config.columns[header.sortIndicatorSection()].key == sort.field


def test_of_three_thousand_rows_only_those_in_sight_are_read(
    ann: Desk, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in range(3):
        make(ann, "person", [{"name": f"Person {part * 1000 + n:04}"} for n in range(1000)])
    read: list[int] = []

    def counted(desk: Desk, config: ListConfig, query: Query, offset: int, limit: int) -> list[Row]:
        read.append(offset)
        return read_rows(desk, config, query, offset, limit)

    monkeypatch.setattr(list_model, "read_rows", counted)
    shown = show(ann, "person")
    page = shown.page
    shown.wait(lambda: page.model.rowCount() == 3000)
    assert page.footer.text() == "3,000 people"
    page.grab()
    assert set(read) == {0}
    page.table.set_current_row(2000)
    page.grab()  # painting asks for what is in sight
    shown.wait(lambda: page.model.index(2000, 0).data() == "Person 2000")
    page.table.selectAll()
    assert page.table.selected_count() == 3000
    assert len(set(read)) <= 6, "pages of what was never in sight"
    assert all(offset % PAGE == 0 for offset in read)


def test_what_goes_wrong_in_the_store_is_said_in_words(
    ann: Desk, deals: list[RecordKey], show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = show(ann, "deal")

    def broken(self: Records, query: Query, offset: int = 0, limit: int = 50) -> list[object]:
        raise VaultDamaged("page 7")

    with monkeypatch.context() as patch:
        patch.setattr(Records, "window", broken)
        shown.page.search.set_text("crane")
        shown.wait(lambda: shown.said)
        shown.wait(lambda: shown.page.model.is_settled)
    words, severity = shown.said[0]
    assert severity == "error"
    assert VaultDamaged.title in words and "page 7" not in words
    assert len(shown.names) == 3, "what was shown stays"
    shown.page.search.set_text("cran")
    shown.until("Cranes")


def test_a_list_of_what_others_make_says_that_the_role_reads(office: Office, ann: Desk, show: Show) -> None:
    grants = [(ann.team().groups[0].id, office.role(ann, "Read only"))]
    cy = office.join(ann, "cy", "Cy Castellanos", grants)
    shown = show(cy, "person")
    assert "No people here yet" in words_in(shown)
    make(ann, "person", [{"name": "Bo Berg"}])
    wait_until(lambda: cy.records.count(Query("person")) == 1)
    shown.until("Bo Berg")
