"""Places in lists: marks of private records, a filter, moving many; commercial columns for whoever has the key."""

from __future__ import annotations

from app.desk import Desk
from app.desktop.pages.moving import MoveDialog
from app.desktop.viewmodels.list_config import config_for
from app.desktop.viewmodels.list_filters import filter_words, offered_fields
from app.desktop.viewmodels.moving import Kind, Place
from tests.app.desktop.lists.conftest import Show, Shown
from tests.support.real_desks import Office, wait_until
from vault.store import GROUP, Filter, Op, Query, RecordKey


def dialog(shown: Shown) -> MoveDialog:
    return next(one for one in shown.page.window().findChildren(MoveDialog) if one.is_open)


def test_many_move_with_the_words_before(
    office: Office, ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    office.join(ann, "ben", "Ben Brouwer")
    shown = show(ann, "deal")
    shown.page.table.sort_by(0)
    shown.until("Anchors", "Bollards", "Cranes")
    shown.tick("Anchors", "Cranes")
    shown.press(shown.page.bulk_bar.move_button)
    asked = dialog(shown)
    shown.wait(lambda: asked.confirm_button.isEnabled())
    assert asked.place == Place(Kind.GROUP, west)  # not where they are
    assert asked.sentences[:2] == ["2 deals go to West.", "Ben Brouwer will no longer see them."]
    asked.accept()
    shown.wait(lambda: ann.records.count(Query("deal", (Filter(GROUP, Op.ONE_OF, (west.hex(),)),))) == 2)
    shown.until("Anchors", "Bollards", "Cranes")
    assert not shown.page.bulk_bar.isVisible()


def test_private_ones_have_a_lock_and_a_place_to_filter_by(
    ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    ann.acts.sharing.share(deals[:1], None)
    wait_until(lambda: ann.acts.moving.now(deals[0]) not in (None, deals[0]))
    shown = show(ann, "deal")
    shown.page.table.sort_by(0)
    shown.until("Anchors", "Bollards", "Cranes")
    row = shown.page.model.row(2)
    assert row is not None and row.cells[0].tooltip == "Cranes\nPrivate"
    place = next(field for field in offered_fields(ann, "deal") if field.name == GROUP)
    assert [option.label for option in place.options] == ["Everyone", "Private"]
    private = Filter(GROUP, Op.ONE_OF, (place.options[1].key,))
    shown.page._set(shown.page.model.state.with_filter(private))
    shown.until("Cranes")
    assert filter_words("deal", private, shown.page.filter_bar._named) == "Place is Private"


def test_commercial_columns_only_with_the_key(
    office: Office, ann: Desk, deals: list[RecordKey], show: Show
) -> None:
    group = ann.team().groups[0].id
    with ann.editor.action() as action:
        for key, cost in zip(deals, (300_0000, 100_0000, 200_0000), strict=True):
            ann.acts.margins.put(action, key, {"cost": cost, "margin": cost})
    shown = show(ann, "deal")
    number = shown.number("deal_margins.cost")
    shown.page.table.setColumnHidden(number, False)
    shown.page.table.sort_by(number)
    shown.until("Bollards", "Anchors", "Cranes")
    assert shown.column("deal_margins.cost") == ["€100", "€200", "€300"]
    shown.wait(lambda: "€600 margin" in shown.page.footer.text())
    assert "deal_margins.cost" in [field.name for field in offered_fields(ann, "deal")]
    rob = office.join(ann, "rob", "Rob Roy", [(group, office.role(ann, "Sales rep"))])
    assert all("." not in column.key for column in config_for(rob, "deal").columns)
    assert all("." not in field.name for field in offered_fields(rob, "deal"))
