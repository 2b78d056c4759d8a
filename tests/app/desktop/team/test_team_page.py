"""The Team page on a real desk: invited, joined, shown; roles changed and people removed as was said before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import AcceptInvitation, Desk, accept_invitation, read_invitation
from app.desktop.context import Context
from app.desktop.pages.team import InviteDialog, SharingDialog, TeamPage
from app.desktop.pages.team.group_changes import archive_change
from app.desktop.pages.team.member_changes import changes_for
from app.desktop.viewmodels.role_draft import Sight
from protocol.access import level
from protocol.ids import Compartment, Level, LogId
from tests.support.real_desks import PASSWORD, Office, wait_until

SLOW = 20_000
MakeContext = Callable[[Desk], Context]


def generation(desk: Desk, log: LogId) -> int:
    with desk.vault.store.read() as tx:
        return max(desk.vault.exchange.desk.logs.keys(tx, log))


def shown_page(qtbot: QtBot, context: Context) -> TeamPage:
    page = TeamPage(context)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    return page


def test_who_is_invited_shows_and_who_joined_shows_as_active(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    context = context_of(ann)
    page = shown_page(qtbot, context)
    dialog = page.invite()
    dialog.name.set_text("Ben Brouwer")
    assert dialog.draft.grants, "the only group is chosen already"
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.invited is not None, timeout=SLOW)
    assert dialog.invited is not None
    assert dialog.view.link.text() == dialog.invited.link
    assert page.invitations.rows.rowCount() == 1
    assert [one.status_text for one in page.members.rows.items() if not one.is_me] == ["Invited"]
    wanted = AcceptInvitation(read_invitation(dialog.invited.link), "ben", PASSWORD, "Ben Brouwer")
    ben = office._took("ben", accept_invitation(wanted, office.place("ben")))
    ann.sync_now()
    wait_until(lambda: ben.sync_now() and ben.is_member)
    qtbot.waitUntil(
        lambda: [one.status_text for one in page.members.rows.items() if not one.is_me] == ["Active"],
        timeout=SLOW,
    )
    sheet = page.open_member(ben.me)
    assert sheet.person.check_code == next(one.check_code for one in ben.team().members if one.is_me)


def test_the_link_leaves_the_clipboard(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    dialog = InviteDialog(window, context_of(office.found()))
    dialog.open_overlay()
    dialog.name.set_text("Ben Brouwer")
    dialog.accept()
    qtbot.waitUntil(lambda: dialog.invited is not None, timeout=SLOW)
    field = dialog.view.link
    field._seconds = 0.05
    with qtbot.waitSignal(field.wiped, timeout=SLOW):
        field.copy()
    assert QGuiApplication.clipboard().text() == ""


def test_what_a_change_of_role_says_is_what_it_does(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    dialog = SharingDialog(window, context_of(ann), group, ben.me)
    dialog.open_overlay()
    reader = office.role(ann, "Read only")
    margins, sales = LogId(group, Compartment.MARGINS), LogId(group, Compartment.SALES)
    assert level(ann.vault.roster, ben.me, sales) is Level.WRITE
    dialog._choose(ben.me, frozenset([reader]))
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=SLOW)
    said = dialog.effects.sentences
    assert said[0] == "Ben Brouwer becomes Read only (was Manager)."
    assert any("will no longer see" in line and "costs and margins" in line for line in said)
    assert any("will still read, but no longer change" in line and "deals" in line for line in said)
    assert dialog.apply_button.text() == "Apply 1 change"
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    roster = ann.vault.roster
    assert level(roster, ben.me, margins) is Level.NONE
    assert level(roster, ben.me, sales) is Level.READ


def test_choosing_what_is_there_already_takes_the_change_back(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    dialog = SharingDialog(window, context_of(ann), ann.team().groups[0].id)
    dialog.open_overlay()
    dialog._choose(ben.me, frozenset())
    assert dialog.sharing.people == 1
    dialog._choose(ben.me, frozenset([office.role(ann, "Manager")]))
    assert dialog.sharing.changes == ()
    assert not dialog.apply_button.isEnabled()


def test_removing_says_what_is_lost_and_gives_new_keys(
    office: Office, context_of: MakeContext, qtbot: QtBot
) -> None:
    ann = office.found()
    dee = office.join(ann, "dee", "Dee Duarte")
    group = ann.team().groups[0].id
    with ann.editor.action() as action:
        deal = action.create("deal", ann.home_for("deal", group), {"name": "Harbour cranes"})
    wait_until(lambda: dee.records.get(deal) is not None)
    before = generation(ann, deal.log)
    context = context_of(ann)
    page = shown_page(qtbot, context)
    said: list[str] = []
    context.said.connect(lambda text, severity: said.append(text))
    change = changes_for(context, page.team.member(dee.me))[-1]
    dialog = page.ask(change)
    qtbot.waitUntil(dialog.confirm_button.isEnabled, timeout=SLOW)
    assert any("will no longer see" in line and "deals" in line for line in dialog.effects.sentences)
    assert any("new key" in line for line in dialog.effects.sentences)
    assert any("stays on their computer" in line for line in dialog.also.sentences)
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    assert said[-1].startswith("Dee Duarte is removed.")
    assert "before anything else is written there" in said[-1]
    with ann.editor.action() as action:
        action.create("deal", ann.home_for("deal", group), {"name": "Later"})
    assert ann.sync_now()
    assert generation(ann, deal.log) == before + 1
    assert page.team.member(dee.me).status_text == "Removed"


def test_without_the_server_a_change_says_so_and_can_be_tried_again(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    dialog = SharingDialog(window, context_of(ann), ann.team().groups[0].id)
    dialog.open_overlay()
    dialog._choose(ben.me, frozenset())
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=SLOW)
    office.server.kill()
    dialog.accept()
    qtbot.waitUntil(lambda: not dialog.problem.isHidden(), timeout=SLOW)
    assert dialog.apply_button.isEnabled()
    office.server.start(office.port)
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    assert ann.team().group(dialog.sharing.group.id).members == (ann.me,)


def test_who_is_no_admin_looks_and_is_told_why(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    group = ann.team().groups[0].id
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, office.role(ann, "Read only"))])
    context = context_of(cy)
    page = shown_page(qtbot, context)
    assert page.invite_button.isHidden()
    assert not page.banner.isHidden()
    assert changes_for(context, page.team.member(ann.me)) == []
    dialog = SharingDialog(window, context, group)
    assert "Ann Achterberg" in dialog.sharing.why_not()
    assert not any(line.box.isEnabled() for line in dialog.people.lines.values())


def test_a_role_is_made_and_changed(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    page = shown_page(qtbot, context_of(ann))
    editor = page.edit_role(None)
    editor.name.set_text("Field sales")
    editor._seen(Compartment.SALES, Sight.OWN)
    with qtbot.waitSignal(editor.changed, timeout=SLOW):
        editor.accept()
    made = next(role for role in page.team.roles if role.name == "Field sales")
    assert "Reads and writes only their own deals and quotes." in made.sentences
    again = page.edit_role(made.id)
    assert again.effects.sentences == ["Nothing is changed yet."]
    again.name.set_text("Outdoor sales")
    with qtbot.waitSignal(again.changed, timeout=SLOW):
        again.accept()
    assert {role.name for role in page.team.roles} >= {"Outdoor sales"}


def test_a_group_is_made_renamed_and_archived(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    context = context_of(ann)
    page = shown_page(qtbot, context)
    dialog = page.new_group()
    dialog.name.set_text("Everyone")
    dialog.accept()
    assert dialog.name.error()
    dialog.name.set_text("West")
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    west = next(group for group in page.team.groups if group.name == "West")
    renamed = page._rename("group", west.id, west.name)
    renamed.name.set_text("Far West")
    with qtbot.waitSignal(renamed.changed, timeout=SLOW):
        renamed.accept()
    assert page.team.group(west.id).name == "Far West"
    asked = page.ask(archive_change(context, page.team.group(west.id)))
    qtbot.waitUntil(asked.confirm_button.isEnabled, timeout=SLOW)
    with qtbot.waitSignal(asked.changed, timeout=SLOW):
        asked.accept()
    assert page.team.group(west.id).archived
