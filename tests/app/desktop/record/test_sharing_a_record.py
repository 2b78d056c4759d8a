"""Who can see a record, and why; making it private, sharing it with one person, handing it over."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.desk.homes import member_value
from app.desktop.pages.moving import MoveDialog, ShareSheet
from app.desktop.viewmodels.moving import Kind, Place
from tests.support.real_desks import Office
from tests.support.record_pages import MakeContext, Opened, made, texts
from vault.store import Query


def sheet_of(at: Opened) -> ShareSheet:
    at.page.header.share.click()
    sheet = at.page.sharing.sheet
    assert sheet is not None
    at.wait(lambda: sheet.names)
    return sheet


def dialog_of(at: Opened) -> MoveDialog:
    found = next(one for one in at.page.window().findChildren(MoveDialog) if one.is_open)
    at.wait(lambda: found.confirm_button.isEnabled())
    return found


def test_the_sheet_lists_who_and_why(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    office.join(ann, "ben", "Ben Brouwer")
    at = Opened(qtbot, context_of(ann), made(ann, "deal", {"name": "Cranes"}))
    sheet = sheet_of(at)
    assert sheet.names == ["Ann Achterberg", "Ben Brouwer"]
    words = texts(sheet)
    assert (
        "2 people see it" in words and "Manager in Everyone: sees all deals and quotes of the group." in words
    )


def test_private_and_undone(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    context = context_of(ann)
    undo: list[object] = []
    context.offered.connect(lambda words, button, act: undo.append(act))
    key = made(ann, "deal", {"name": "Cranes"})
    qtbot.waitUntil(lambda: ben.records.get(key) is not None, timeout=20_000)
    at = Opened(qtbot, context, key)
    sheet_of(at).private.click()
    dialog = dialog_of(at)
    assert dialog.sentences[:2] == ["1 deal will be private.", "Ben Brouwer will no longer see it."]
    dialog.accept()
    at.wait(lambda: at.page.key is not None and ann.place_words(at.page.key.log) == "Private")
    at.wait(lambda: "Seen by you alone" in at.page.header.place.text())
    assert at.page.header.small.isVisible() and at.page.state is not None
    qtbot.waitUntil(lambda: ben.records.count(_deals()) == 0, timeout=20_000)
    (back,) = undo
    assert callable(back)
    back()
    qtbot.waitUntil(lambda: ben.records.count(_deals()) == 1, timeout=20_000)


def test_shared_with_one_person_of_several(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    office.join(ann, "ben", "Ben Brouwer")
    cy = office.join(ann, "cy", "Cy Castellanos")
    at = Opened(qtbot, context_of(ann), made(ann, "deal", {"name": "Cranes"}))
    sheet_of(at).share.click()
    dialog = dialog_of(at)
    dialog.choose(Place(Kind.WITH, cy.me))
    at.wait(lambda: "1 deal will be shared with Cy Castellanos." in dialog.sentences)
    assert "Ben Brouwer will no longer see it." in dialog.sentences
    dialog.accept()
    qtbot.waitUntil(
        lambda: (
            [cy.place_words(one.key.log) for one in cy.records.window(_deals())]
            == ["Shared with Ann Achterberg"]
        ),
        timeout=20_000,
    )


def test_another_owner_asks_first_where_it_moves_the_deal(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    role = office.role(ann, "Sales rep")
    rob = office.join(ann, "rob", "Rob Roy", [(group, role)])
    sue = office.join(ann, "sue", "Sue Li", [(group, role)])
    with ann.editor.action() as action:
        home = ann.home_for("deal", group, rob.me)
        key = action.create("deal", home, {"name": "Cranes", "owner": member_value(rob.me)})
    at = Opened(qtbot, context_of(ann), key)
    at.choose("owner", member_value(sue.me))
    at.wait(lambda: at.page.sharing.dialog is not None)
    dialog = dialog_of(at)
    assert dialog.sentences[:3] == [
        "1 deal goes to Sue Li.",
        "Sue Li will see it.",
        "Rob Roy will no longer see it.",
    ]
    dialog.accept()
    at.wait(lambda: at.page.key is not None and at.page.key.log.owner == sue.me)
    qtbot.waitUntil(lambda: sue.records.count(_deals()) == 1, timeout=20_000)


def _deals() -> Query:
    return Query("deal")
