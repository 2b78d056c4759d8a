"""The server goes away and comes back; meanwhile work goes on, and a conflict is shown and decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.desk import AcceptInvitation, Desk, Place, accept_invitation, read_invitation
from app.desktop.pages.record.conflict_dialog import ConflictDialog
from tests.app.desktop.stories.conftest import PASSWORD, Person
from tests.support.server import RunningServer
from vault.profile import MemoryKeychain


@pytest.fixture
def colleague(tmp_path: Path) -> Iterator[Callable[[Person], Desk]]:
    """Ben, at a desk without a window."""
    made: list[Desk] = []

    def join(ann: Person) -> Desk:
        group = ann.desk.team().groups[0].id
        manager = next(role.id for role in ann.desk.team().roles if role.name == "Manager")
        invited = ann.desk.actions.invite("Ben Brouwer", [(group, manager)])
        wanted = AcceptInvitation(
            read_invitation(invited.link), "ben@meridian.example", PASSWORD, "Ben Brouwer"
        )
        desk = accept_invitation(wanted, Place(MemoryKeychain(), tmp_path / "ben")).desk
        made.append(desk)
        ann.wait(lambda: desk.is_member)
        return desk

    yield join
    for desk in made:
        desk.lock()


@pytest.mark.slow
def test_server_down_and_back_again(
    person: Callable[..., Person], server: RunningServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = person("ann")
    ann.make_workspace(server.origin, tmp_path, monkeypatch)
    ann.wait(lambda: ann.chip() == "Up to date")
    server.kill()
    ann.press(ann.window.shell.topbar.sync)
    assert ann.window.sheet is not None
    ann.wait(lambda: ann.chip().startswith("Working offline"))
    ann.window.sheet.close_overlay()
    desk = ann.desk
    group = desk.team().groups[0].id
    for name in ("Offline Ltd", "Offline & Sons"):
        with desk.editor.action() as action:
            action.create("company", desk.home_for("company", group), {"name": name})
    ann.window.shell.show_page("companies")
    ann.wait(lambda: sorted(ann.names_in("companies")) == ["Offline & Sons", "Offline Ltd"])
    ann.wait(lambda: ann.chip() == "Working offline – 2 changes wait")
    server.start()
    ann.press(ann.window.shell.topbar.sync)
    ann.wait(lambda: ann.chip() == "Up to date")
    assert desk.pending() == 0


@pytest.mark.slow
def test_an_offline_edit_a_conflict_and_the_choice(
    person: Callable[..., Person],
    server: RunningServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    colleague: Callable[[Person], Desk],
) -> None:
    ann = person("ann")
    ann.make_workspace(server.origin, tmp_path, monkeypatch)
    ben = colleague(ann)
    desk = ann.desk
    group = desk.team().groups[0].id
    with desk.editor.action() as action:
        key = action.create(
            "deal", desk.home_for("deal", group), {"name": "Cranes", "amount": 100_0000, "currency": "EUR"}
        )
    ann.wait(lambda: ben.records.get(key) is not None)
    server.kill()
    with desk.editor.action() as action:
        action.put(key, {"amount": 120_0000})
    with ben.editor.action() as action:
        action.put(key, {"amount": 150_0000})
    server.start()
    ben.wake()
    ann.wait(lambda: ben.pending() == 0)
    desk.wake()
    ann.wait(lambda: desk.pending() == 0)
    ann.wait(lambda: (found := desk.records.get(key)) is not None and found.conflicts)
    ann.window.context.open_record(key)
    page = ann.window.record
    ann.wait(lambda: page.state is not None and page.state.conflicts)
    page.open_conflicts()
    dialog = next(one for one in ann.window.shell.findChildren(ConflictDialog) if one.is_open)
    words = [side.words for _, radios, _ in dialog._choices for _, side in radios]
    assert sorted(words) == ["€120", "€150"]
    dialog.choose("amount", "€150")
    dialog.accept()
    ann.wait(lambda: (found := ben.records.get(key)) is not None and found.fields["amount"] == 150_0000)
    ann.wait(lambda: (found := desk.records.get(key)) is not None and not found.conflicts)
