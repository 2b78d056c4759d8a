"""Somebody who is no admin, but whose role may manage a group: decides who is in it, and invites nobody."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.desk import Desk
from app.desktop.context import Context
from app.desktop.pages.team import InviteDialog, SharingDialog, TeamPage
from tests.support.real_desks import Office, wait_until

SLOW = 20_000
MakeContext = Callable[[Desk], Context]


def test_only_admins_are_offered_to_invite(office: Office, context_of: MakeContext, qtbot: QtBot) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    page = TeamPage(context_of(ben))
    qtbot.addWidget(page)
    assert page.invite_button.isHidden()
    assert page.no_invitations.action.isHidden()
    assert "groups that your role manages" in page.banner.accessibleName()


def test_what_is_refused_is_said_and_the_dialog_stays(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    dialog = InviteDialog(window, context_of(ben))
    dialog.open_overlay()
    dialog.name.set_text("Eva Novak")
    dialog.accept()
    qtbot.waitUntil(lambda: not dialog.problem.isHidden(), timeout=SLOW)
    assert dialog.invited is None
    assert dialog.create_button.isEnabled()


def test_a_manager_changes_a_role_in_his_group(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    cy = office.join(ann, "cy", "Cy Castellanos", [(group, office.role(ann, "Read only"))])
    wait_until(lambda: ben.sync_now() and any(one.id == cy.me for one in ben.team().members))
    dialog = SharingDialog(window, context_of(ben), group)
    assert dialog.sharing.why_not() == ""
    dialog.open_overlay()
    dialog._choose(cy.me, frozenset([office.role(ben, "Assistant")]))
    qtbot.waitUntil(dialog.apply_button.isEnabled, timeout=SLOW)
    with qtbot.waitSignal(dialog.changed, timeout=SLOW):
        dialog.accept()
    held = next(one for one in ben.team().members if one.id == cy.me).memberships[0]
    assert held.role_names == ("Assistant",)


def test_what_the_rules_forbid_is_said_and_nothing_is_done(
    office: Office, context_of: MakeContext, window: QWidget, qtbot: QtBot
) -> None:
    ann = office.found()
    ben = office.join(ann, "ben", "Ben Brouwer")
    group = ann.team().groups[0].id
    dialog = SharingDialog(window, context_of(ben), group)
    dialog.open_overlay()
    dialog._choose(ben.me, frozenset([office.role(ben, "Team Admin")]))
    qtbot.waitUntil(lambda: "an owner has to do it" in " ".join(dialog.effects.sentences), timeout=SLOW)
    assert "Ann Achterberg" in dialog.effects.sentences[0]
    assert not dialog.apply_button.isEnabled()
    dialog.accept()
    assert dialog.is_open
    assert next(one for one in ben.team().members if one.is_me).memberships[0].role_names == ("Manager",)
