"""Adding a computer from another one: it works, and a server that shows less than the old one saw is refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk, SignIn, sign_in_with_kit
from app.desk.adding import TransferOver, TransferUntrue, show_transfer
from protocol import wire
from protocol.ids import LogId
from sync_client import Phase, WorkspaceCalls
from sync_client.cancel import CancelToken
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.keys.transfer import TransferCode, parse_transfer_words
from vault.profile import WrongPassword
from vault.roster import Forked, RolledBack

pytestmark = pytest.mark.usefixtures("fast_kdf")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def shown(office: Office, desk: Desk) -> TransferCode:
    return show_transfer(desk, PASSWORD, office.keychain.load(desk.profile.id))


def scanned(code: TransferCode) -> SignIn:
    read = TransferCode.parse(code.text())
    account = read.kit.account
    return SignIn(account.server, account.handle, account.secret_key, PASSWORD, read.kit, read.secret)


def add_person(desk: Desk, name: str) -> LogId:
    home = desk.home_for("person", desk.team().groups[0].id)
    with desk.editor.action() as action:
        action.create("person", home, {"name": name})
    assert desk.sync_now()
    return home


def test_by_the_code_and_by_the_words(office: Office) -> None:
    ann = office.found()
    add_person(ann, "Zoe Zijlstra")
    code = shown(office, ann)
    by_code = office.desks["code"] = sign_in_with_kit(scanned(code), office.place("code")).desk
    wait_until(lambda: by_code.sync_now() and bool(by_code.search.search("Zoe", limit=5)))
    secret_key, secret = parse_transfer_words(code.words())
    wanted = SignIn(office.origin, "ann", secret_key, PASSWORD, transfer=secret)
    by_words = office.desks["words"] = sign_in_with_kit(wanted, office.place("words")).desk
    wait_until(lambda: by_words.sync_now() and bool(by_words.search.search("Zoe", limit=5)))


def test_the_password_is_asked_and_a_newer_code_ends_the_one_before(office: Office) -> None:
    ann = office.found()
    with pytest.raises(WrongPassword):
        show_transfer(ann, "not it", office.keychain.load(ann.profile.id))
    first, second = shown(office, ann), shown(office, ann)
    with pytest.raises(TransferOver):
        sign_in_with_kit(scanned(first), office.place("first"))
    assert not (office.folder / "first").exists()
    office.desks["second"] = sign_in_with_kit(scanned(second), office.place("second")).desk


def test_a_code_is_over_after_a_quarter_of_an_hour(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = office.found()
    code = shown(office, ann)
    with monkeypatch.context() as patch:
        patch.setattr("vault.keys.transfer.CarriedPins.is_over", lambda self, now: True)
        with pytest.raises(TransferOver):
            sign_in_with_kit(scanned(code), office.place("late"))


@pytest.mark.hostile
@pytest.mark.A04
def test_pins_that_the_server_changed_stop_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = office.found()
    code = shown(office, ann)
    monkeypatch.setattr("app.desk.adding.ask_transfer", lambda http, transfer: bytes(500))
    with pytest.raises(TransferUntrue):
        sign_in_with_kit(scanned(code), office.place("new"))
    assert not (office.folder / "new").exists()


@pytest.mark.hostile
@pytest.mark.A45
def test_a_roster_that_is_older_than_the_old_computer_saw_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = office.found()
    ann.actions.create_group("Later", [(ann.me, office.role(ann, "Manager"))])
    code = shown(office, ann)
    real = WorkspaceCalls.roster

    def short(self: WorkspaceCalls, first: int, cancel: CancelToken | None = None) -> wire.RosterPage:
        page = real(self, first, cancel)
        kept = page.entries[: max(0, code.kit.position - 1 - page.first + 1)]
        return wire.RosterPage(page.first, kept, page.first + len(kept) - 1)

    monkeypatch.setattr(WorkspaceCalls, "roster", short)
    with pytest.raises(RolledBack):
        sign_in_with_kit(scanned(code), office.place("new"))


@pytest.mark.hostile
@pytest.mark.A45
@pytest.mark.parametrize("lie", ["shorter", "other"])
def test_a_log_that_is_shorter_or_other_than_the_old_computer_saw_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch, lie: str
) -> None:
    """Without the pins a new computer would have nothing to compare a log with."""
    ann = office.found()
    home = add_person(ann, "Zoe Zijlstra")
    code = shown(office, ann)
    if lie == "other":
        real_pins = sign_in_with_kit.__globals__["fetch_pins"]

        def other(*given: object) -> object:
            import dataclasses

            pins = real_pins(*given)
            logs = [
                dataclasses.replace(pin, chain=bytes(32)) if pin.log == home else pin for pin in pins.logs
            ]
            return dataclasses.replace(pins, logs=logs)

        monkeypatch.setattr("app.desk.setup.fetch_pins", other)
    else:
        real_heads, real_pull = WorkspaceCalls.heads, WorkspaceCalls.pull

        def heads(self: WorkspaceCalls, cancel: CancelToken | None = None) -> wire.Heads:
            shown_heads = real_heads(self, cancel)
            logs = [head for head in shown_heads.logs if head.log != home.encode()]
            return wire.Heads(shown_heads.roster_position, shown_heads.roster_hash, logs)

        def pull(self: WorkspaceCalls, cursor: int, cancel: CancelToken | None = None) -> wire.PullPage:
            page = real_pull(self, cursor, cancel)
            commits = [placed for placed in page.commits if placed.log != home.encode()]
            return wire.PullPage(page.roster_first, page.roster, page.wraps, commits, page.cursor, page.more)

        monkeypatch.setattr(WorkspaceCalls, "heads", heads)
        monkeypatch.setattr(WorkspaceCalls, "pull", pull)
    new = office.desks["new"] = sign_in_with_kit(scanned(code), office.place("new")).desk
    if lie == "shorter":
        wait_until(lambda: new.sync_state.phase is Phase.HALTED)
        assert isinstance(new.sync_state.error, RolledBack)
    else:
        wait_until(lambda: bool(new.vault.exchange.stopped()))
        assert [(one.log, type(one.error)) for one in new.vault.exchange.stopped()] == [(home, Forked)]
