"""The dialog for a new record: what is needed, where it goes, who sees it there, what it may double."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.desktop.pages.record import NewRecordDialog
from app.desktop.widgets import ReferenceEditor
from tests.support.real_desks import Office
from tests.support.record_pages import PATIENCE, MakeContext, here, made, texts
from vault.store import Query, RecordKey


def test_a_name_is_needed(office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot) -> None:
    ann = office.found()
    dialog = NewRecordDialog(window, context_of(ann), "deal")
    dialog.open_overlay()
    dialog.accept()
    assert dialog.is_open
    assert dialog.editors["name"].widget.error() == "Name is needed."
    assert ann.records.count(Query("deal")) == 0
    dialog.editors["name"].set_text("Cranes")  # type: ignore[attr-defined]
    assert dialog.editors["name"].widget.error() == ""
    with qtbot.waitSignal(dialog.made, timeout=PATIENCE) as caught:
        dialog.accept()
        dialog.accept()  # a second Enter makes no second one
    assert caught.args is not None
    record = here(ann, caught.args[0])
    assert record.fields["name"] == "Cranes"
    assert record.fields["stage"] == "prospecting"
    assert ann.records.count(Query("deal")) == 1
    assert not dialog.is_open


@pytest.mark.parametrize("type_name", ["person", "company", "deal", "product", "task"])
def test_each_type_can_be_made(
    type_name: str, office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    dialog = NewRecordDialog(window, context_of(ann), type_name)
    dialog.open_overlay()
    first = "title" if type_name == "task" else "name"
    dialog.editors[first].set_text("Something <new>")  # type: ignore[attr-defined]
    with qtbot.waitSignal(dialog.made, timeout=PATIENCE) as caught:
        dialog.accept()
    assert caught.args is not None
    assert here(ann, caught.args[0]).title == "Something <new>"


def test_the_group_is_chosen_and_readers_are_named(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    office.join(ann, "ben", "Ben Brouwer")
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    dialog = NewRecordDialog(window, context_of(ann), "company")
    dialog.open_overlay()
    assert not dialog.group.isHidden()
    dialog.group.set_value(ann.team().groups[0].id)
    dialog.group.chosen.emit(None)
    dialog.editors["name"].set_text("Harbour Works")  # type: ignore[attr-defined]
    first = next(one.id for one in ann.team().groups if one.id != west)
    dialog.group.set_value(first)
    dialog.group.chosen.emit(first)
    assert dialog.seen.text() == "Seen by you and Ben Brouwer."
    dialog.group.set_value(west)
    dialog.group.chosen.emit(west)
    assert dialog.seen.text() == "Seen by you alone."
    with qtbot.waitSignal(dialog.made, timeout=PATIENCE) as caught:
        dialog.accept()
    assert caught.args is not None
    assert caught.args[0].log.group == west


def test_it_goes_with_what_it_is_about(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    with ann.editor.action() as action:
        deal = action.create("deal", ann.home_for("deal", west), {"name": "Cranes"})
    dialog = NewRecordDialog(window, context_of(ann), "task", {"about": deal.ref})
    dialog.open_overlay()
    assert dialog.group.isHidden()
    dialog.editors["title"].set_text("Call back")  # type: ignore[attr-defined]
    with qtbot.waitSignal(dialog.made, timeout=PATIENCE) as caught:
        dialog.accept()
    assert caught.args is not None
    assert caught.args[0].log == deal.log


def test_a_reference_is_chosen_from_the_list(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    company = made(ann, "company", {"name": "Harbour Works"})
    dialog = NewRecordDialog(window, context_of(ann), "deal")
    dialog.open_overlay()
    dialog.editors["name"].set_text("Cranes")  # type: ignore[attr-defined]
    edit = dialog.editors["company"].widget.findChild(ReferenceEditor)
    assert edit is not None
    qtbot.keyClicks(edit.edit, "Harb")
    dialog.accept()
    assert "choose one from the list" in dialog.problem.text()
    qtbot.keyClicks(edit.edit, "our Works")
    with qtbot.waitSignal(dialog.made, timeout=PATIENCE) as caught:
        dialog.accept()
    assert caught.args is not None
    assert here(ann, caught.args[0]).fields["company"] == company.ref


def test_a_duplicate_is_offered_and_opened(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    key = made(ann, "person", {"name": "Eva Novak", "emails/a": {"value": "eva@harbour.example"}})
    context = context_of(ann)
    dialog = NewRecordDialog(window, context, "person")
    dialog.open_overlay()
    dialog.editors["name"].set_text("E. Novak")  # type: ignore[attr-defined]
    dialog.editors["emails"].set_text("EVA@harbour.example")  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: "This may be here already" in texts(dialog), timeout=PATIENCE)
    assert "Eva Novak" in texts(dialog)
    wanted: list[RecordKey] = []
    context.record_wanted.connect(wanted.append)
    button = next(one for one in dialog.findChildren(QPushButton) if one.text() == "Open the existing one")
    button.click()
    assert wanted == [key]
    assert not dialog.is_open
    assert ann.records.count(Query("person")) == 1


def test_who_may_make_nothing_is_told(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    group = ann.team().groups[0]
    cy = office.join(ann, "cy", "Cy Castellanos", [(group.id, office.role(ann, "Read only"))])
    dialog = NewRecordDialog(window, context_of(cy), "deal")
    dialog.open_overlay()
    assert dialog.seen.text() == "Your role does not let you make this in any group."
    dialog.editors["name"].set_text("Cranes")  # type: ignore[attr-defined]
    dialog.accept()
    assert "does not let you make this here" in dialog.problem.text()
    assert dialog.is_open
    assert cy.records.count(Query("deal")) == 0
