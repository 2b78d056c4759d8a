"""Commercial fields on the page of a deal: for whoever has the key, for whoever lacks it, after a move."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.desk.margins import WORDS_CLOSED
from app.desk.moving import Destination
from app.desktop.pages.record.commercial_section import CommercialSection
from protocol.ids import Compartment, Level, Permission, Reach
from protocol.roster import Access
from tests.support.real_desks import Office, wait_until
from tests.support.record_pages import MakeContext, Opened, made, texts


def test_they_are_fields_like_others_for_whoever_has_the_key(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    key = made(ann, "deal", {"name": "Cranes", "amount": 100_0000, "currency": "EUR"})
    at = Opened(qtbot, context_of(ann), key)
    assert "Costs and margins" in texts(at.page.panel)
    at.type("cost", "62.50")
    at.wait(lambda: (found := ann.acts.margins.one(key)) is not None and found.fields == {"cost": 62_5000})
    at.type("terms", "Net 30")
    at.wait(lambda: at.words("terms") == "Net 30" and at.words("cost") == "€62.50")
    record = ann.records.get(key)
    assert record is not None and record.fields["currency"] == "EUR" and "cost" not in record.fields
    at.wait(lambda: "changed cost" in texts(at.page.history) and "changed terms" in texts(at.page.history))


def test_whoever_lacks_the_key_sees_that_there_are_such_fields(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    rob = office.join(ann, "rob", "Rob Roy", [(group, office.role(ann, "Sales rep"))])
    with ann.editor.action() as action:
        key = action.create("deal", ann.home_for("deal", group, rob.me), {"name": "Cranes"})
        ann.acts.margins.put(action, key, {"cost": 77_0000})
    qtbot.waitUntil(lambda: rob.records.get(key) is not None, timeout=20_000)
    at = Opened(qtbot, context_of(rob), key)
    words = texts(at.page.panel)
    assert "Cost, margin, commission and terms." in words and WORDS_CLOSED in words
    assert "77" not in words and "cost" not in at.page.panel.rows


def test_what_stayed_behind_is_offered_and_comes(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    first = ann.team().groups[0].id
    other = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    writes = [Access(Compartment.SALES, Level.WRITE, Reach.GROUP)]
    ann.actions.define_role("Seller", writes, Permission.DELETE)
    role = office.role(ann, "Seller")
    ned = office.join(ann, "ned", "Ned", [(first, role), (other, role)])
    with ann.editor.action() as action:
        key = action.create("deal", ann.home_for("deal", first), {"name": "Cranes", "currency": "EUR"})
        ann.acts.margins.put(action, key, {"cost": 77_0000})
    wait_until(lambda: ned.records.get(key) is not None)
    ned.acts.moving.perform(ned.acts.moving.plan([key], Destination(group=other)))
    wait_until(lambda: ann.acts.moving.now(key) not in (None, key))
    at = Opened(qtbot, context_of(ann), key)
    assert at.state.record.key.log.group == other  # shown where it is now
    section = at.page.panel.findChild(CommercialSection)
    assert section is not None and "stayed where the record was" in texts(section)
    section.bring_wanted.emit()
    at.wait(lambda: "cost" in at.page.panel.rows and at.words("cost") == "€77")
