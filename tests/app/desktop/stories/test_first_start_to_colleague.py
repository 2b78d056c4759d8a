"""From the first start to an invited colleague who sees an edit, through two real windows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.crm import SCHEMA
from app.desktop.pages.start import AcceptFlow, EmergencyKitPage, WaitingPage
from tests.app.desktop.stories.conftest import PASSWORD, Person
from tests.support.server import RunningServer


@pytest.mark.slow
def test_from_first_start_to_a_colleague_who_sees_an_edit(
    person: Callable[..., Person], server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person("ann")
    ann.make_workspace(server.origin, tmp_path, monkeypatch)
    assert ann.window.shell.windowTitle() == "Meridian – Tacit"
    desk = ann.desk
    group = desk.team().groups[0].id
    ann.window.shell.show_page("companies")
    ann.press(ann.window.shell.topbar.new)
    dialog = ann.window.dialog
    assert dialog is not None
    ann.type(dialog.editors["name"].widget, "Harbour Cranes")
    dialog.accept()
    ann.wait(lambda: ann.window.shell.current_page() == "record" and ann.window.record.key is not None)
    key = ann.window.record.key
    assert key is not None
    ann.window.shell.show_page("companies")
    ann.wait(lambda: ann.names_in("companies") == ["Harbour Cranes"])
    ann.wait(lambda: ann.chip() == "Up to date")

    manager = next(role.id for role in desk.team().roles if role.name == "Manager")
    invited = desk.actions.invite("Ben Brouwer", [(group, manager)])

    ben = person("ben")
    ben.root.begin("accept")
    flow = ben.root.flow
    assert isinstance(flow, AcceptFlow)
    flow.invitation_page.invitation.set_text("tacit:HALF")
    flow.invitation_page.go()
    assert flow.invitation_page.invitation.error().startswith("An invitation starts")
    flow.invitation_page.invitation.set_text(invited.code)
    assert flow.invitation_page.card.server.text() == server.origin
    assert flow.invitation_page.card.code.text() == desk.team().workspace_code
    ben.press(flow.invitation_page.action)
    ben.type(flow.person_page.name, "Ben Brouwer")
    ben.type(flow.person_page.handle, "ann@meridian.example")
    ben.enter(flow.person_page.handle)
    ben.type(flow.password_page.password, PASSWORD)
    ben.type(flow.password_page.again, PASSWORD)
    ben.enter(flow.password_page.again)
    ben.wait(lambda: ben.page is flow.person_page)
    assert "uses this handle already" in flow.person_page.handle.error()
    assert flow.person_page.name.text() == "Ben Brouwer"
    ben.type(flow.person_page.handle, "ben@meridian.example")
    ben.enter(flow.person_page.handle)
    assert flow.password_page.password.text() == PASSWORD
    ben.press(flow.password_page.action)
    ben.wait(lambda: isinstance(ben.page, (EmergencyKitPage, WaitingPage)))
    ben.take_kit(tmp_path / "..", monkeypatch)
    ben.wait(lambda: ben.root.desk_window is not None)  # by itself, once Ann's desk has confirmed

    ben.window.shell.show_page("companies")
    ben.wait(lambda: ben.names_in("companies") == ["Harbour Cranes"])
    ben.window.context.open_record(key)
    ben.wait(lambda: ben.window.record.state is not None and "name" in ben.window.record.panel.rows)
    ben.window.record.panel.edited.emit(SCHEMA.by_name["company"].by_name["name"], "Harbour Cranes & Sons")
    ann.wait(lambda: ann.names_in("companies") == ["Harbour Cranes & Sons"])
    last = desk.history.history(key)[-1]
    assert desk.name("member", last.mark.author.member) == "Ben Brouwer"
    assert b"Harbour" not in server.stored_bytes()
