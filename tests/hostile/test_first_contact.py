"""A new computer has the Emergency Kit and nothing else: the server has to show the Kit's world (A13, A33, A45)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.desk import MakeWorkspace, SignIn, setup, sign_in_with_kit
from app.desk.entering import read_roster
from app.desk.setup import emergency_kit
from app.desk.team_actions import Invited
from protocol.roster import Entry
from sync_client import WorkspaceCalls
from tests.support.real_desks import PASSWORD, Office
from vault.exchange import Forked, RolledBack, TrustError, WrongWorkspace
from vault.keys import Kit, SecretKey

pytestmark = [pytest.mark.hostile, pytest.mark.usefixtures("fast_kdf")]

READ = read_roster


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.close()


def kit_of(office: Office, handle: str) -> Kit:
    desk = office.desks[handle]
    return emergency_kit(desk, office.keychain.load(desk.profile.id))


def sign_in(office: Office, kit: Kit, name: str, claimed: Kit | None = None) -> None:
    wanted = SignIn(kit.account.server, kit.account.handle, kit.account.secret_key, PASSWORD, claimed or kit)
    office.desks[name] = sign_in_with_kit(wanted, office.place(name), start=False).desk


def refused(office: Office, kit: Kit, error: type[TrustError], claimed: Kit | None = None) -> None:
    """Refused, and nothing of the attempt is left: no profile, no key in the keychain, no device in the roster."""
    before = office.desks["ann"].vault.roster.head
    with pytest.raises(error):
        sign_in(office, kit, "new", claimed)
    assert not (office.folder / "new").exists()
    assert office.desks["ann"].sync_now()
    assert office.desks["ann"].vault.roster.head == before


def test_the_kit_opens_what_is_the_kits(office: Office) -> None:
    ann = office.found()
    kit = kit_of(office, "ann")
    ann.actions.create_group("West", [(ann.me, office.role(ann, "Team Admin"))])
    sign_in(office, Kit.parse(kit.code()), "new")
    assert office.desks["new"].vault.roster.workspace == kit.workspace


@pytest.mark.A33
@pytest.mark.A45
def test_A45_an_older_roster_than_the_kits_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server hides the newest entries, a removal among them, from a computer that knows nothing yet."""
    ann = office.found()
    ben = office.join(ann, "ben", "Ben")
    ann.actions.remove(ben.me)
    kit = kit_of(office, "ann")

    def shorter(calls: WorkspaceCalls) -> list[Entry]:
        return READ(calls)[:-1]

    monkeypatch.setattr(setup, "read_roster", shorter)
    refused(office, kit, RolledBack)


@pytest.mark.A33
def test_A33_another_past_than_the_kits_is_refused(office: Office) -> None:
    office.found()
    kit = kit_of(office, "ann")
    other = Kit(kit.account, kit.workspace, kit.position, b"o" * 32)
    refused(office, kit, Forked, other)


@pytest.mark.A13
def test_A13_another_workspace_than_the_kits_is_refused(office: Office) -> None:
    office.found()
    kit = kit_of(office, "ann")
    refused(office, kit, WrongWorkspace, Kit(kit.account, b"w" * 32, kit.position, kit.head))


@pytest.mark.parametrize(
    "made",
    [
        lambda: MakeWorkspace("https://crm.example.org", "ann", PASSWORD, "Meridian", "Ann", PASSWORD),
        lambda: SignIn("https://crm.example.org", "ann", SecretKey(b"ostrich quarry 7"), PASSWORD),
        lambda: Invited(PASSWORD, PASSWORD, PASSWORD, b"m" * 16, 0),
    ],
)
def test_what_people_fill_in_is_not_shown_by_an_accident(made: Callable[[], object]) -> None:
    assert PASSWORD not in repr(made()) and "ostrich" not in repr(made())
