"""A server process and desks for benchmarks; everything at its real cost."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.crm.importing import import_bundle, open_bundle
from app.desk import (
    Desk,
    EmbeddedServer,
    MakeWorkspace,
    NewDesk,
    Place,
    SignIn,
    make_workspace,
    sign_in_with_kit,
    unlock,
)
from tools.demo.generated import OFFICES, write_data
from vault.profile import MemoryKeychain

Say = Callable[[str], None]


@dataclass
class Office:
    """`ann` has the workspace; `computer` gives her another one, empty and not yet synchronised."""

    folder: Path
    server: EmbeddedServer
    ann: Desk
    password: str
    keychain: MemoryKeychain = field(default_factory=MemoryKeychain)
    _made: int = 0

    def computer(self) -> Desk:
        """A new desk of Ann's whose sync has not begun; the key derivation is behind it."""
        self._made += 1
        wanted = SignIn(
            self.server.origin,
            self.ann.profile.handle,
            self.keychain.load(self.ann.profile.id),
            self.password,
        )
        place = Place(self.keychain, self.folder / f"computer-{self._made}")
        desk: NewDesk = sign_in_with_kit(wanted, place, start=False)
        return desk.desk

    def unlock(self, desk: Desk) -> Desk:
        return unlock(desk.profile.folder, self.password, self.keychain)


@contextmanager
def open_office(folder: Path) -> Iterator[Office]:
    """Start the server, make the workspace with the groups that the data names."""
    server = EmbeddedServer(folder / "server")
    server.start()
    password = secrets.token_urlsafe(18)
    keychain = MemoryKeychain()
    wanted = MakeWorkspace(server.origin, "ann", password, "Bench", "Ann", first_group=OFFICES[0])
    ann = make_workspace(wanted, Place(keychain, folder / "ann")).desk
    admin = next(role.id for role in ann.team().roles if role.name == "Team Admin")
    for name in OFFICES[1:]:
        ann.actions.create_group(name, [(ann.me, admin)])
    try:
        yield Office(folder, server, ann, password, keychain)
    finally:
        ann.lock()
        server.stop()


def import_deals(desk: Desk, folder: Path, deals: int, seed: int) -> int:
    """Import made-up CSV files by the application's own importer; how many records were made."""
    data = write_data(folder, seed=seed, deals=deals)
    group = desk.team().groups[0].id
    reports = import_bundle(open_bundle(data), desk.writer(group))
    return sum(report.created for report in reports)
