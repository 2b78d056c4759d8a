"""Each kind of field, edited where it stands: stored here, and seen at the colleague's desk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.crm.schema import PERSON
from app.desk.homes import member_value
from app.desktop.pages.record.record_work import RecordWork
from app.desktop.viewmodels.shown import items_of
from app.desktop.widgets import Item
from tests.support.real_desks import Office
from tests.support.record_pages import MakeContext, Opened, here, made, typed_into


def test_fields_of_a_deal_reach_the_colleague(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    company = made(ann, "company", {"name": "Harbour Works"})
    key = made(ann, "deal", {"name": "Cranes", "stage": "prospecting"})
    at = Opened(qtbot, context_of(ann), key)
    at.type("name", "Harbour cranes")
    at.wait(lambda: here(ann, key).fields["name"] == "Harbour cranes")
    at.wait(lambda: at.page.header.title.text() == "Harbour cranes")
    at.type("amount", "1,250.50 USD")
    at.type("probability", "40")
    at.type("expected_close", "2027-03-14")
    at.choose("stage", "won")
    at.type("company", "Harbour Works")
    at.choose("owner", member_value(ben.me))
    at.type("tags", "vip, partner")
    at.type("notes", "Two of them by spring")
    wanted = {
        "name": "Harbour cranes", "amount": 1250_5000, "currency": "USD", "probability": 40,
        "expected_close": "2027-03-14", "stage": "won", "company": company.ref,
        "owner": member_value(ben.me), "notes": "Two of them by spring",
    }  # fmt: skip

    def arrived() -> bool:
        record = ben.records.get(key)
        return (
            record is not None
            and {name: record.fields.get(name) for name in wanted} == wanted
            and len(items_of(record.fields, "tags")) == 2
        )

    at.wait(arrived)
    at.wait(lambda: at.words("company") == "Harbour Works")
    at.wait(lambda: at.words("owner") == "Ben Brouwer")
    assert at.words("amount") == "$1,250.50"
    assert at.words("stage") == "Won"
    assert sorted(at.words("tags").split(", ")) == ["partner", "vip"]
    assert all(severity != "error" for _, severity in at.said)


def test_items_of_a_person_keep_their_keys(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "person", {"name": "Eva Novak"})
    at = Opened(qtbot, context_of(ann), key)
    at.type("phones", "+31 20 555 0142")
    at.type("emails", "eva@harbour.example")
    at.type("birthday", "1985-03-14")
    at.wait(lambda: (found := ben.records.get(key)) and items_of(found.fields, "emails"))
    at.wait(lambda: items_of(at.state.record.fields, "phones"))  # the page has read what was stored
    before = [name for name, _ in items_of(here(ann, key).fields, "phones")]
    at.type("phones", "+31 20 555 0199")
    at.wait(lambda: items_of(here(ben, key).fields, "phones")[0][1]["value"] == "+31 20 555 0199")
    assert [name for name, _ in items_of(here(ben, key).fields, "phones")] == before
    at.wait(lambda: here(ben, key).fields.get("birthday") == "1985-03-14")
    at.wait(lambda: items_of(at.state.record.fields, "phones")[0][1]["value"] == "+31 20 555 0199")
    at.type("phones", "")  # what is empty goes
    at.wait(lambda: not items_of(here(ben, key).fields, "phones"))


def test_escape_keeps_what_was(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes", "amount": 100_0000, "currency": "EUR"})
    at = Opened(qtbot, context_of(ann), key)
    entries = len(at.state.history)
    for field, text in (("name", "Other"), ("amount", "7"), ("notes", "Never mind"), ("tags", "x")):
        target = typed_into(at.begin(field))
        target.selectAll()
        qtbot.keyClicks(target, text)
        with qtbot.assertNotEmitted(at.page.panel.edited):
            qtbot.keyClick(target, Qt.Key.Key_Escape)
        assert not at.row(field).editing
    assert at.words("name") == "Cranes"
    assert at.words("amount") == "€100"
    assert len(ann.history.history(key)) == entries


def test_a_needed_field_cannot_be_emptied(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    target = typed_into(at.begin("name"))
    target.clear()
    qtbot.keyClick(target, Qt.Key.Key_Return)
    at.wait(lambda: at.said)
    assert at.said == [("Name cannot be empty.", "error")]
    at.wait(lambda: at.words("name") == "Cranes")
    assert here(ann, key).fields["name"] == "Cranes"


def test_what_is_no_number_or_day_is_not_stored(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    for field, text in (("probability", "101"), ("amount", "much"), ("expected_close", "soonish")):
        target = typed_into(at.begin(field))
        qtbot.keyClicks(target, text)
        with qtbot.assertNotEmitted(at.page.panel.edited):
            qtbot.keyClick(target, Qt.Key.Key_Return)
        assert at.row(field).editing
        qtbot.keyClick(target, Qt.Key.Key_Escape)
    assert set(here(ann, key).fields) == {"name"}


def test_an_editor_stays_open_while_news_come(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    target = typed_into(at.begin("name"))
    target.selectAll()
    qtbot.keyClicks(target, "Half typ")
    with ann.editor.action() as action:
        action.put(key, {"source": "fair"})
    at.wait(lambda: at.state.record.fields.get("source") == "fair")
    assert at.row("name").editing
    assert target.text() == "Half typ"  # type: ignore[union-attr]  # a name is one line


def test_two_edits_of_a_list_before_it_is_read_again_make_one_item(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    key = made(ann, "person", {"name": "Eva Novak"})
    host = QWidget()
    qtbot.addWidget(host)
    work = RecordWork(context_of(ann), host)
    record, phones = here(ann, key), PERSON.by_name["phones"]
    work.put(record, phones, [Item("", "work", "+31 20 555 0142")])
    work.put(record, phones, [Item("", "work", "+31 20 555 0199")])

    def only_the_second() -> bool:
        return [parts["value"] for _, parts in items_of(here(ann, key).fields, "phones")] == [
            "+31 20 555 0199"
        ]

    qtbot.waitUntil(only_the_second)
