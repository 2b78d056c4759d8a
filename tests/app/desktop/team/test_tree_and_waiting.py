"""The tree of reports, requests for roles, compared codes and what one person sees: real desks, real windows."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.team import SharingDialog, TeamPage
from app.desktop.pages.team.answer_dialog import AnswerDialog
from app.desktop.pages.team.change_dialog import ChangeDialog
from protocol.access import level
from protocol.ids import Compartment, Level, LogId, Standing
from tests.support.real_desks import Office, wait_until
from vault.store import Query

SLOW = 20_000
MakeContext = Callable[[Desk], Context]


def shown_page(qtbot: QtBot, context: Context) -> TeamPage:
    page = TeamPage(context)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    return page


def team_of_four(office: Office) -> tuple[Desk, Desk, Desk, Desk, bytes]:
    """Ann owns; Ben and Cy lead and see their own and their reports'; Dee reports to Ben."""
    ann = office.found()
    group = ann.team().groups[0].id
    rep = office.role(ann, "Sales rep")
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, rep)])
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, rep)])
    dee = office.join(ann, "dee", "Dee Duarte", [(group, rep)])
    ann.actions.managers_read_reports(True)
    ann.actions.reports_to(dee.me, ben.me)
    return ann, ben, cy, dee, group


def write_deal(desk: Desk, group: bytes, name: str) -> None:
    with desk.editor.action() as action:
        action.create("deal", desk.home_for("deal", group, desk.me), {"name": name})
    assert desk.sync_now()


def names(desk: Desk) -> set[str]:
    return {record.title for record in desk.records.each(Query("deal"))}


def test_a_move_in_the_tree_says_who_gains_and_loses_and_the_old_manager_opens_nothing_new(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann, ben, cy, dee, group = team_of_four(office)
    wait_until(lambda: dee.sync_now() and dee.vault.roster.members[dee.me].manager == ben.me)
    write_deal(dee, group, "Before")
    wait_until(lambda: ben.sync_now() and "Before" in names(ben))
    assert ann.sync_now()
    page = shown_page(qtbot, context_of(ann))
    page.tree.view.moved.emit(dee.me, cy.me)
    (dialog,) = [one for one in page.window().findChildren(ChangeDialog) if one.is_open]
    qtbot.waitUntil(dialog.confirm_button.isEnabled, timeout=SLOW)
    said = " ".join(dialog.effects.sentences)
    assert "Cy Castellanos will read and write Dee Duarte’s deals and quotes" in said
    assert "Ben Brouwer will no longer see Dee Duarte’s deals and quotes" in said
    assert "1 deal" in said and "new key" in said
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    log = LogId(group, Compartment.SALES, dee.me)
    wait_until(lambda: dee.sync_now() and level(dee.vault.roster, ben.me, log) is Level.NONE)
    write_deal(dee, group, "After")
    wait_until(lambda: cy.sync_now() and names(cy) == {"Before", "After"})
    assert ben.sync_now()
    assert names(ben) == {"Before"}
    with ben.vault.store.read() as tx:
        held = max(ben.vault.exchange.desk.logs.keys(tx, log))
    with dee.vault.store.read() as tx:
        newest = max(dee.vault.exchange.desk.logs.keys(tx, log))
    assert held < newest
    assert [row.member.name for row in page.tree.view.rows][-2:] == ["Cy Castellanos", "Dee Duarte"]


def test_an_admin_asks_an_owner_for_a_role_and_gets_it(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    ben = office.join(ann, "ben", "Ben Brouwer", [(group, office.role(ann, "Read only"))])
    ann.actions.set_standing(ben.me, Standing.ADMIN)
    wait_until(lambda: ben.sync_now() and ben.team().i_am_admin)
    manager = office.role(ben, "Manager")
    dialog = SharingDialog(window, context_of(ben), group)
    dialog.open_overlay()
    dialog._choose(ben.me, frozenset([manager]))
    qtbot.waitUntil(lambda: "an owner has to do it" in " ".join(dialog.effects.sentences), timeout=SLOW)
    qtbot.waitUntil(dialog.ask_button.isVisible, timeout=SLOW)
    dialog.ask_button.click()
    qtbot.waitUntil(lambda: bool(ben.asking.open()), timeout=SLOW)
    assert ben.sync_now()
    page = shown_page(qtbot, context_of(ann))
    wait_until(lambda: ann.sync_now() and bool(ann.asking.open()))
    page.refresh()
    qtbot.waitUntil(lambda: page.waiting.rows.rowCount() == 1, timeout=SLOW)
    (approval,) = page.waiting.rows.items()
    assert approval.text == "Asks to be Manager in Everyone." and approval.mine_to_answer
    answer = page.answer(approval)
    assert isinstance(answer, AnswerDialog)
    qtbot.waitUntil(answer.confirm_button.isEnabled, timeout=SLOW)
    with qtbot.waitSignal(answer.changed, timeout=SLOW):
        answer.accept()
    held = next(one for one in ann.team().member(ben.me).memberships if one.group == group)
    assert set(held.role_names) == {"Manager", "Read only"}
    assert ann.asking.open() == []


def test_a_request_is_no_more_than_one(office: Office) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, office.role(ann, "Read only"))])
    eva = office.join(ann, "eva", "Eva Novak", [(group, office.role(ann, "Read only"))])
    manager = office.role(cy, "Manager")
    assert cy.asking.ask(group, manager) and cy.sync_now()
    wait_until(lambda: eva.sync_now() and bool(eva.asking.open()))
    (asked,) = eva.asking.open()
    assert not asked.i_may_answer
    eva.asking.decline(asked)  # who may not grant it does not decline it
    assert eva.sync_now()
    wait_until(lambda: cy.sync_now() and len(cy.events.all()) == 2)
    assert [one.member for one in cy.asking.open()] == [cy.me]
    cy.asking.withdraw(cy.asking.open()[0])
    assert cy.asking.open() == []
    assert cy.vault.roster.grants[(cy.me, group)] == {office.role(cy, "Read only")}


def test_codes_that_were_compared_are_remembered_for_these_keys(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    page = shown_page(qtbot, context_of(ann))
    code = page.team.member(ben.me).check_code
    dialog = page.compare(ben.me)
    dialog.differ()
    assert not dialog.same_button.isEnabled() and not ann.compared.is_compared(ben.me, code)
    page.compare(ben.me).accept()
    assert ann.compared.is_compared(ben.me, code)
    assert not ann.compared.is_compared(ben.me, code.replace(code[0], str((int(code[0]) + 1) % 10)))


def test_what_one_person_sees_is_said_with_reasons(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann, ben, _, _, _ = team_of_four(office)
    page = shown_page(qtbot, context_of(ann))
    sheet = page.show_access(ben.me)
    qtbot.waitUntil(lambda: sheet.found is not None, timeout=SLOW)
    assert sheet.found is not None
    (here,) = sheet.found.groups
    sales = next(one for one in here.seen if one.compartment is Compartment.SALES)
    assert sales.what == "Reads and writes their own and reads and writes those of Dee Duarte"
    assert sales.why == (
        "as Sales rep, only what is their own",
        "as Sales rep, who reads the own records of the people below",
    )
    margins = next(one for one in here.seen if one.compartment is Compartment.MARGINS)
    assert margins.level is Level.NONE and margins.what.startswith("No key")
    assert "May delete records" in here.may


def test_the_rule_about_managers_asks_before_it_is_changed(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    page = shown_page(qtbot, context_of(ann))
    page.tabs.show_tab("tree")
    page.tree.policy.click()
    assert not page.tree.policy.isChecked(), "it is on when it was signed"
    (dialog,) = [one for one in page.window().findChildren(ChangeDialog) if one.is_open]
    qtbot.waitUntil(dialog.confirm_button.isEnabled, timeout=SLOW)
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    qtbot.waitUntil(page.tree.policy.isChecked, timeout=SLOW)


def test_a_change_is_taken_back_and_says_that_nothing_was_readable(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    west = ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    ben = office.join(ann, "ben", "Ben Brouwer")
    page = shown_page(qtbot, context_of(ann))
    dialog = page.open_sharing(west)
    dialog._choose(ben.me, frozenset([office.role(ann, "Manager")]))
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=SLOW)
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    assert page.undo_banner.isVisible() and page.undo_banner.action is not None
    page.undo_banner.action.click()
    assert page.undo_banner.isHidden()
    (undo,) = [one for one in page.window().findChildren(ChangeDialog) if one.is_open]
    qtbot.waitUntil(undo.confirm_button.isEnabled, timeout=SLOW)
    assert "was never readable" in " ".join(undo.effects.sentences)
    with qtbot.waitSignal(undo.changed, timeout=SLOW):
        undo.accept()
    assert [one.group_name for one in ann.team().member(ben.me).memberships] == ["Everyone"]
