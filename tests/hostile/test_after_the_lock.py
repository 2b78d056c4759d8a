"""What a locked desk still has: files that say nothing, and objects without keys (A38)."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from protocol.signing import Namespace
from tests.support.real_desks import Office
from tools.canaries import search
from vault.keys import Derived, DeviceKey, EncryptionKey, LoginKey
from vault.profile import VaultKey
from vault.store import Query, VaultClosed

pytestmark = [pytest.mark.hostile, pytest.mark.A38, pytest.mark.usefixtures("fast_kdf")]

CANARY = "Zq9Kanarienvogel"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "office")
    yield made
    made.close()


def work(desk: Desk, tmp_path: Path) -> None:
    group = desk.team().groups[0].id
    with desk.editor.action() as action:
        person = action.create("person", desk.home_for("person", group), {"name": f"{CANARY} person"})
        action.create("note", person.log, {"body": f"{CANARY} note", "about": person.ref})
    path = tmp_path / f"{CANARY}.txt"
    path.write_text(f"{CANARY} file\n" * 100)
    desk.attachments.attach(person, path)
    while desk.vault.indexer.index_more(1_000):
        pass
    assert desk.search.search(CANARY)


def test_A38_no_file_of_a_locked_profile_says_anything(office: Office, tmp_path: Path) -> None:
    desk = office.found(workspace=f"{CANARY} workspace", name=f"{CANARY} Ann")
    work(desk, tmp_path)
    key = desk.vault_key()
    folder, secret = desk.profile.folder, office.keychain.load(desk.profile.id)
    office.desks.pop("ann").lock()
    places = [(str(path), path.read_bytes()) for path in folder.rglob("*") if path.is_file()]
    places.append(("names", "\n".join(name for name, _ in places).encode()))
    assert list(search([CANARY, key.raw, secret.raw, secret.text()], places)) == []
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*")} <= {0} or (
        folder.stat().st_mode & 0o077 == 0
    )


def test_A38_an_open_vault_writes_nothing_readable_beside_itself(office: Office, tmp_path: Path) -> None:
    """The write-ahead log and everything else, while the desk is unlocked."""
    desk = office.found(workspace=CANARY, name=CANARY)
    work(desk, tmp_path)
    for path in desk.profile.folder.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path.name
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(desk.profile.database).execute("SELECT * FROM meta")


def test_A38_a_locked_desk_holds_no_key(office: Office, tmp_path: Path) -> None:
    """Whoever still refers to a locked desk can neither sign, nor open, nor read with it."""
    desk = office.found()
    work(desk, tmp_path)
    keys = {
        desk.vault.own.device.to_bytes(),
        desk.login_key.to_bytes(),
        desk.vault_key().raw,
        *(key.to_bytes() for key in desk.vault.own.private),
    }
    desk.stop_sync()
    office.desks.pop("ann").lock()
    gc.collect()
    left = set[bytes]()
    for held in gc.get_objects():
        if isinstance(held, DeviceKey | EncryptionKey | LoginKey):
            left.add(held.to_bytes())
        elif isinstance(held, VaultKey):
            left.add(held.raw)
        elif isinstance(held, Derived):
            left |= {held.unlock_key, held.login.to_bytes()}
    assert not keys & left
    assert desk.login_key.to_bytes() not in keys and desk.vault.own.private == []
    with pytest.raises(VaultClosed):
        desk.records.count(Query("person"))
    with pytest.raises(VaultClosed):
        desk.account.credentials.sign(Namespace.LOGIN, b"anything")
