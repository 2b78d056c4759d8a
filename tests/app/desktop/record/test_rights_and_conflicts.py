"""Two versions and the choice; what is in the bin; what may only be read; what is not shared."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.desktop.pages.record.conflict_dialog import ConflictDialog
from app.desktop.viewmodels.references import record_options
from app.desktop.viewmodels.shown import NOT_SHARED
from tests.support.real_desks import Office
from tests.support.record_pages import MakeContext, Opened, here, made, put, texts


def test_a_conflict_is_shown_and_the_choice_settles_it_at_both_desks(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "deal", {"name": "Cranes", "amount": 100_0000, "currency": "EUR"})
    qtbot.waitUntil(lambda: ben.records.get(key) is not None and ann.pending() == 0, timeout=20_000)
    port = office.port
    office.server.stop()
    put(ann, key, {"amount": 120_0000})
    put(ben, key, {"amount": 150_0000})
    office.server.start(port)
    for desk in (ann, ben, ann):
        qtbot.waitUntil(lambda desk=desk: desk.sync_now(10) and desk.pending() == 0, timeout=40_000)  # type: ignore[misc]
    qtbot.waitUntil(lambda: bool(here(ann, key).conflicts and here(ben, key).conflicts), timeout=20_000)
    with_ben = Opened(qtbot, context_of(ben), key)
    at = Opened(qtbot, context_of(ann), key)
    for one in (at, with_ben):
        assert "Two versions" in one.titles_of_banners()
        assert "Two people changed amount" in one.titles_of_banners()
    at.page.open_conflicts()
    dialog = next(one for one in at.page.window().findChildren(ConflictDialog) if one.is_open)
    assert "Ben Brouwer" in texts(dialog)
    assert "stands now" in texts(dialog)
    dialog.choose("amount", "€120")
    dialog.accept()
    at.wait(lambda: not here(ann, key).conflicts and here(ann, key).fields["amount"] == 120_0000)
    at.wait(lambda: not here(ben, key).conflicts and here(ben, key).fields["amount"] == 120_0000)
    for one in (at, with_ben):
        one.wait(lambda one=one: one.words("amount") == "€120")  # type: ignore[misc]
        one.wait(lambda one=one: "Two versions" not in one.titles_of_banners())  # type: ignore[misc]


def test_a_deleted_record_offers_restore(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    key = made(ann, "deal", {"name": "Cranes"})
    at = Opened(qtbot, context_of(ann), key)
    at.page.header.delete_wanted.emit()
    at.wait(lambda: at.state.record.deleted)
    assert "In the bin" in at.titles_of_banners()
    assert not at.row("name").editable
    assert ("Cranes is in the bin now.", "success") in at.said
    at.wait(lambda: (found := ben.records.get(key)) and found.deleted)

    def restores() -> list[QPushButton]:
        found = at.page.findChildren(QPushButton)
        return [one for one in found if one.text() == "Restore" and one.isVisible()]

    at.wait(restores)  # banners are made anew with each reading
    qtbot.mouseClick(restores()[0], Qt.MouseButton.LeftButton)
    at.wait(lambda: not at.state.record.deleted)
    assert at.row("name").editable
    at.wait(lambda: at.titles_of_banners() == "")
    at.wait(lambda: (found := ben.records.get(key)) and not found.deleted)


def test_who_may_only_read_is_told_why(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    group = ann.team().groups[0]
    cy = office.join(ann, "cy", "Cy Castellanos", [(group.id, office.role(ann, "Read only"))])
    key = made(ann, "deal", {"name": "Cranes", "amount": 100_0000, "currency": "EUR"})
    made(ann, "task", {"title": "Call back", "about": key.ref}, like=key)
    qtbot.waitUntil(lambda: cy.records.get(key) is not None, timeout=20_000)
    at = Opened(qtbot, context_of(cy), key)
    assert "lets you read this, not change it" in at.titles_of_banners()
    assert not any(row.editable for row in at.page.panel.rows.values())
    row = at.page.panel.rows["name"]
    qtbot.mouseClick(row.shown, Qt.MouseButton.LeftButton)
    assert not row.editing
    assert at.page.timeline.note.isHidden() or not at.page.timeline.note.isVisible()
    assert at.page.header.attach.isHidden()
    at.page.open_conflicts()
    enabled = {
        action.text(): action.isEnabled() for action in at.page.header.menu().actions() if action.text()
    }
    assert enabled["Delete"] is False


def test_a_record_of_another_group_is_not_shared(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    company = made(ann, "company", {"name": "Secret Holdings"})
    with ann.editor.action() as action:
        key = action.create("deal", ann.home_for("deal", west), {"name": "Cranes", "company": company.ref})
    cy = office.join(ann, "cy", "Cy Castellanos", [(west, office.role(ann, "Manager"))])
    qtbot.waitUntil(lambda: cy.records.get(key) is not None, timeout=20_000)
    at = Opened(qtbot, context_of(cy), key)
    assert at.words("company") == NOT_SHARED
    assert "Secret Holdings" not in texts(at.page)
    assert record_options(cy, "Secret", ("company",)) == []
    at.page.panel.opened.emit(company.ref)
    assert at.said == [("This record is not shared with you.", "warning")]
    at.page.show_record(company)
    at.wait(lambda: NOT_SHARED in texts(at.page) and at.page.state is None)
