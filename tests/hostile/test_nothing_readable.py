"""Two hundred canaries and not one of them in any byte that leaves a client or lies at the server (oracles 1 and 2)."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.desk import Desk
from protocol.ids import Compartment, Level, Permission, Reach
from protocol.roster import Access
from tests.support.real_desks import PASSWORD, Office, wait_until
from tests.support.server import RunningServer, running_server
from tools.canaries import search
from vault.store import Query

pytestmark = [pytest.mark.hostile, pytest.mark.A19, pytest.mark.usefixtures("fast_kdf")]

MARK = "Zq7Kanarie"


@dataclass
class Planted:
    """Canaries by kind; each text is unique and stands nowhere else."""

    texts: list[str] = field(default_factory=list)
    keys: list[bytes] = field(default_factory=list)

    def text(self, kind: str) -> str:
        made = f"{MARK}{kind}{len(self.texts):03}{secrets.token_hex(3)}"
        self.texts.append(made)
        return made

    @property
    def all(self) -> list[str | bytes]:
        return [*self.texts, *self.keys]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "served", tap=True) as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, server: RunningServer) -> Iterator[Office]:
    made = Office(tmp_path / "office", server.origin)
    yield made
    made.close()


def live(office: Office, planted: Planted, tmp_path: Path) -> None:
    """A team's day: everything that people name, write and attach is a canary."""
    text = planted.text
    ann = office.found("ann", text("owner"), text("workspace"))
    first = ann.team().groups[0].id
    ann.actions.rename("group", first, text("group"))
    admin = next(role.id for role in ann.team().roles if role.name == "Team Admin")
    manager = next(role.id for role in ann.team().roles if role.name == "Manager")
    second = ann.actions.create_group(text("group"), [(ann.me, admin)])
    access = [
        Access(Compartment.CONTACTS, Level.WRITE, Reach.GROUP),
        Access(Compartment.SALES, Level.WRITE, Reach.OWN),
    ]
    ann.actions.define_role(text("role"), access, Permission.DELETE | Permission.IMPORT)
    ben = office.join(ann, "ben", text("member"), [(first, manager), (second, manager)])
    dee = office.join(ann, "dee", text("member"), [(first, manager)])
    for desk, group in ((ann, first), (ann, second), (ben, first)):
        _work(desk, group, text, tmp_path)
    wait_until(lambda: ben.records.count(Query("company")) == ann.records.count(Query("company")))
    ann.actions.remove(dee.me)
    with ann.editor.action() as action:
        action.create("deal", ann.home_for("deal", first), {"name": text("later")})
    wait_until(lambda: not (ann.attachments.waiting() or ben.attachments.waiting()))
    for desk in (ann, ben):
        assert desk.sync_now()
        _take_keys(desk, planted)
    planted.keys += [office.keychain.load(desk.profile.id).raw for desk in (ann, ben, dee)]
    planted.texts += [PASSWORD, office.keychain.load(ann.profile.id).text()]


def _work(desk: Desk, group: bytes, text: Callable[[str], str], tmp_path: Path) -> None:
    with desk.editor.action() as action:
        company = action.create("company", desk.home_for("company", group), {"name": text("company")})
        for _ in range(12):
            person = action.create(
                "person",
                desk.home_for("person", group),
                {
                    "name": text("person"),
                    "company": company.ref,
                    "emails/0001": {"value": f"{text('mail')}@example.com", "label": "work"},
                    "phones/0001": {"value": text("phone"), "label": "work"},
                },
            )
            action.create("note", person.log, {"body": text("note"), "about": person.ref})
        for _ in range(10):
            deal = action.create(
                "deal", desk.home_for("deal", group), {"name": text("deal"), "source": text("source")}
            )
    path = tmp_path / f"{text('filename')}.txt"
    path.write_text(f"{text('filecontents')}\n" * 3_000, "utf-8")
    desk.attachments.attach(deal, path)
    with desk.editor.action() as action:
        action.put(deal, {"name": text("renamed")})
        action.delete(person)


def _take_keys(desk: Desk, planted: Planted) -> None:
    """Every secret that the vault holds: log keys, device key, private encryption keys, keys of files."""
    inner = desk.vault.exchange.desk
    with desk.vault.store.read() as tx:
        for log in inner.logs.known_logs(tx):
            planted.keys += inner.logs.keys(tx, log).values()
    planted.keys.append(desk.vault.own.device.to_bytes())
    planted.keys += [key.to_bytes() for key in desk.vault.own.private]
    for record in desk.records.each(Query("file")):
        planted.keys.append(bytes.fromhex(str(record.fields["content_key"])))


def test_A19_no_canary_reaches_wire_disk_or_journal(
    office: Office, server: RunningServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = Planted()
    live(office, planted, tmp_path)
    assert len(planted.all) >= 200
    places = [(str(path.name), path.read_bytes()) for path in server.stored_files()]
    places += [("file names", "\n".join(str(path) for path in server.stored_files()).encode())]
    places += [
        ("traffic", server.traffic()),
        ("client's log", caplog.text.encode()),
        ("stderr", server.errors().encode()),
    ]
    assert sum(len(data) for name, data in places if name == "traffic") > 200_000
    assert list(search(planted.all, places)) == []


def test_A19_the_search_finds_what_is_planted(office: Office, server: RunningServer) -> None:
    """The same search on the same bytes, with a leak of each kind put in by hand: it must not miss one."""
    ann = office.found("ann", "Ann", "Meridian")
    assert ann.sync_now()
    traffic = server.traffic()
    secret = secrets.token_bytes(32)
    leaks = {"raw": secret, "hex": secret.hex().encode(), "name": f"{MARK}person".encode("utf-16-le")}
    for leak in leaks.values():
        bent = traffic[:1000] + leak + traffic[1000:]
        assert list(search([secret, f"{MARK}person"], [("traffic", bent)]))
    assert list(search([secret, f"{MARK}person"], [("traffic", traffic)])) == []


def test_the_locked_profile_of_a_stolen_laptop_shows_nothing(office: Office, tmp_path: Path) -> None:
    planted = Planted()
    live(office, planted, tmp_path)
    folders = [desk.profile.folder for desk in office.desks.values()]
    for desk in office.desks.values():
        desk.lock()
    office.desks.clear()
    places = [
        (path.name, path.read_bytes()) for folder in folders for path in folder.rglob("*") if path.is_file()
    ]
    assert len(places) > 10
    assert list(search(planted.all, places)) == []
