"""What is done in a list: ticking, many records at once, the keyboard; what colleagues do meanwhile."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.desk import Desk
from app.desk.homes import member_value
from app.desktop.viewmodels import list_model
from app.desktop.widgets import ConfirmDialog
from tests.app.desktop.lists.conftest import Show, Shown, make
from tests.support.real_desks import Office, wait_until
from vault.store import Query, RecordKey
from vault.store import Shown as Sight

NAMES = ("Anchors", "Bollards", "Cranes")


def by_name(shown: Shown) -> None:
    shown.page.table.sort_by(0)
    shown.until(*NAMES)


def confirm(shown: Shown) -> None:
    def found() -> list[ConfirmDialog]:
        return [one for one in shown.page.window().findChildren(ConfirmDialog) if one.is_open]

    shown.wait(found)
    shown.press(found()[0].confirm_button)


def test_ticking_shows_what_can_be_done(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    bar = shown.page.bulk_bar
    assert not bar.isVisible()
    shown.tick("Anchors", "Cranes")
    assert bar.isVisible()
    assert bar._count.text() == "2 selected"
    assert bar.delete.isVisible() and bar.stage.isVisible() and bar.owner.isVisible()
    assert not bar.restore.isVisible() and not bar.done.isVisible() and not bar.export.isVisible()
    shown.page.table.toggle_all()
    assert bar._count.text() == "3 selected"
    shown.page.table.toggle_all()
    assert not bar.isVisible()


def test_many_go_to_the_bin_after_a_question_and_come_back(
    ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    shown.tick("Anchors", "Cranes")
    shown.press(shown.page.bulk_bar.delete)
    confirm(shown)
    shown.until("Bollards")
    shown.wait(lambda: shown.heard("2 deals moved to the bin."))
    assert not shown.page.bulk_bar.isVisible()
    shown.press(shown.page.bin_pill)
    shown.until("Anchors", "Cranes")
    assert shown.page.footer.text().startswith("2 deals in the bin")
    shown.page.table.selectAll()
    assert shown.page.bulk_bar.restore.isVisible() and not shown.page.bulk_bar.delete.isVisible()
    shown.press(shown.page.bulk_bar.restore)
    shown.until()
    shown.press(shown.page.bin_pill)
    shown.until(*NAMES)


def test_one_goes_to_the_bin_without_a_question(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    shown.tick("Bollards")
    shown.press(shown.page.bulk_bar.delete)
    shown.until("Anchors", "Cranes")
    assert ann.records.count(Query("deal", shown=Sight.DELETED)) == 1


def test_no_in_the_question_is_no(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    shown.page.table.selectAll()
    shown.press(shown.page.bulk_bar.delete)
    shown.wait(lambda: shown.page.window().findChildren(ConfirmDialog))
    dialog = shown.page.window().findChildren(ConfirmDialog)[0]
    shown.press(dialog.cancel_button)
    assert shown.ticked == list(NAMES)
    assert ann.records.count(Query("deal")) == 3


def test_stage_owner_and_tag_of_all_that_are_ticked(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    bar = shown.page.bulk_bar
    shown.page.table.selectAll()
    bar.field_wanted.emit("stage", "won", "Won")
    shown.wait(lambda: shown.column("stage") == ["Won"] * 3)
    shown.wait(lambda: shown.heard("3 deals now in Won."))
    shown.wait(lambda: shown.page.model.is_settled)
    mine = member_value(ann.me)
    shown.page.table.selectAll()
    bar.field_wanted.emit("owner", mine, "Ann")
    shown.wait(lambda: shown.column("owner") == [ann.owner_text(mine)] * 3)
    shown.wait(lambda: shown.heard("3 deals now belong to Ann."))
    shown.wait(lambda: shown.page.model.is_settled)
    shown.tick("Cranes")
    bar.tag_wanted.emit("Key account")
    shown.wait(lambda: shown.column("tags") == ["", "", "Key account"])


def test_what_was_ticked_is_meant_though_rows_have_moved_since(
    ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    shown.tick("Bollards")
    make(ann, "deal", [{"name": "Abacus"}])  # its row comes first; the list has not heard of it yet
    assert shown.names == list(NAMES)
    meant: list[RecordKey] = []
    shown.page._work.with_keys(meant.extend)
    shown.wait(lambda: meant)
    assert meant == [deals[1]]
    shown.until("Abacus", *NAMES)
    assert shown.ticked == ["Bollards"]


def test_the_keyboard_alone(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    page, bot = shown.page, shown.qtbot
    shown.wait(page.isActiveWindow)
    page.table.setFocus()
    bot.keyClick(page.table, Qt.Key.Key_Home)
    bot.keyClick(page.table, Qt.Key.Key_Down)
    assert page.table.current_row() == 1
    assert shown.ticked == []
    bot.keyClick(page.table, Qt.Key.Key_Space)
    assert shown.ticked == ["Bollards"]
    bot.keyClick(page.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert shown.ticked == list(NAMES)
    bot.keyClick(page.table, Qt.Key.Key_Escape)
    assert shown.ticked == []
    bot.keyClick(page.table, Qt.Key.Key_End)
    bot.keyClick(page.table, Qt.Key.Key_Up)
    bot.keyClick(page.table, Qt.Key.Key_Return)
    assert shown.opened == [deals[1]]
    bot.keyClick(page.table, "/")
    shown.wait(lambda: QApplication.focusWidget() is page.search.edit)
    assert page.search.text() == ""
    bot.keyClicks(page.search.edit, "cran")
    shown.until("Cranes")
    bot.keyClick(page.search.edit, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is page.table
    bot.keyClick(page.table, Qt.Key.Key_Return)
    assert shown.opened == [deals[1], deals[0]]


def test_a_letter_typed_in_the_list_searches(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    shown.page.table.setFocus()
    shown.qtbot.keyClick(shown.page.table, "b")
    shown.until("Bollards")
    assert shown.page.search.text() == "b"


def test_a_colleague_edits_and_place_and_ticks_stay(office: Office, ann: Desk, show: Show) -> None:
    ben = office.join(ann, "ben", "Ben Brouwer")
    make(ann, "person", [{"name": f"Person {n:03}"} for n in range(300)])
    wait_until(lambda: ben.records.count(Query("person")) == 300)
    shown = show(ann, "person")
    page, table = shown.page, shown.page.table
    shown.wait(lambda: page.model.rowCount() == 300)
    table.set_current_row(150)
    shown.wait(lambda: all(page.model.key(row) for row in range(130, 170)))
    table.toggle_row(148)
    table.toggle_row(152)
    top = table.rowAt(0)
    shown.wait(lambda: page.model.row(top) is not None)
    title = page.model.index(top, 0).data()
    make(ben, "person", [{"name": "Abel Aas"}, {"name": "Bea Bos"}])
    shown.wait(lambda: page.model.rowCount() == 302 and page.model.is_settled)
    assert [page.model.index(row, 0).data() for row in table.selected_rows()] == ["Person 148", "Person 152"]
    assert page.model.index(table.current_row(), 0).data() == "Person 150"
    assert page.model.index(table.rowAt(0), 0).data() == title
    assert page.bulk_bar.isVisible()


def test_a_colleagues_change_shows_in_place(
    office: Office, ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    ben = office.join(ann, "ben", "Ben Brouwer")
    wait_until(lambda: all(ben.records.get(key) is not None for key in deals))
    shown = show(ann, "deal")
    by_name(shown)
    shown.tick("Cranes")
    with ben.editor.action() as action:
        action.put(deals[0], {"amount": 7_777_0000})
    shown.wait(lambda: "7,777" in shown.column("amount")[2])
    assert shown.ticked == ["Cranes"]
    with ben.editor.action() as action:
        action.delete(deals[1])
    shown.until("Anchors", "Cranes")
    assert shown.ticked == ["Cranes"]


def test_who_only_reads_has_nothing_to_do_to_many(
    office: Office, ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    cy = office.join(ann, "cy", "Cy Castellanos", [(ann.team().groups[0].id, office.role(ann, "Read only"))])
    wait_until(lambda: cy.records.count(Query("deal")) == 3)
    shown = show(cy, "deal")
    by_name(shown)
    shown.page.table.selectAll()
    bar = shown.page.bulk_bar
    for button in (bar.owner, bar.stage, bar.tag, bar.delete):
        assert button.isVisible() and not button.isEnabled(), button.text()
        assert "Ask your Team Admin" in button.toolTip()
    assert not bar.done.isVisible() and not bar.restore.isVisible()
    shown.page._work.delete_these(deals[:1])
    shown.wait(lambda: shown.heard("1 deal left alone: your role does not allow it there."))
    assert cy.records.count(Query("deal")) == 3


def test_a_change_during_the_first_read_is_not_missed(ann: Desk, deals: list[RecordKey], show: Show) -> None:
    shown = show(ann, "deal")
    by_name(shown)
    model = shown.page.model
    model.reload()
    assert not model.is_settled
    asked: list[int] = []
    model.about_to_move.connect(lambda: asked.append(1))
    model.refresh()
    assert not asked, "the first page comes first"
    shown.wait(lambda: asked and model.is_settled)
    assert shown.names == list(NAMES)


def test_a_count_that_comes_late_is_not_waited_for_after_a_refresh(ann: Desk, show: Show) -> None:
    make(ann, "person", [{"name": f"Person {n:03}"} for n in range(2 * list_model.PAGE)])
    shown = show(ann, "person")
    model = shown.page.model
    shown.wait(lambda: model.is_settled)
    model._waiting_count = True  # as between the first page and the count of a slow search
    model.refresh()
    shown.wait(lambda: model.is_settled)
    assert model.rowCount() == 2 * list_model.PAGE
