"""Real desks on a real server process: what stories, pages and commands are tested with.

Use with the `fast_kdf` fixture (`tests/conftest.py`), which makes deriving keys cheap inside this process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from app.desk import (
    AcceptInvitation,
    Desk,
    EmbeddedServer,
    MakeWorkspace,
    NewDesk,
    Place,
    SignIn,
    accept_invitation,
    make_workspace,
    read_invitation,
    sign_in_with_kit,
    unlock,
)
from protocol.ids import GroupId, RoleId
from vault.profile import MemoryKeychain

PASSWORD = "ostrich quarry lantern 7"  # a test's password
DEADLINE = 20.0


class Office:
    """A server process and the desks of a team in one folder. `close` ends them all."""

    def __init__(self, folder: Path, origin: str = "") -> None:
        """With `origin`, desks of a server that somebody else runs."""
        self.folder = folder
        self.server = EmbeddedServer(folder / "server")
        self.origin = origin or self.server.start()
        self.keychain = MemoryKeychain()
        self.desks: dict[str, Desk] = {}

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    def place(self, handle: str) -> Place:
        return Place(self.keychain, self.folder / handle)

    def found(self, handle: str = "ann", name: str = "Ann Achterberg", workspace: str = "Meridian") -> Desk:
        """Somebody makes the workspace."""
        return self._took(
            handle,
            make_workspace(MakeWorkspace(self.origin, handle, PASSWORD, workspace, name), self.place(handle)),
        )

    def join(
        self, admin: Desk, handle: str, name: str, grants: list[tuple[GroupId, RoleId]] | None = None
    ) -> Desk:
        """`admin` invites, the invitee joins and is confirmed; by default as Manager of the first group."""
        chosen = grants if grants is not None else [(admin.team().groups[0].id, self.role(admin, "Manager"))]
        invited = admin.actions.invite(name, chosen)
        wanted = AcceptInvitation(read_invitation(invited.link), handle, PASSWORD, name)
        desk = self._took(handle, accept_invitation(wanted, self.place(handle)))
        admin.sync_now()
        wait_until(lambda: desk.sync_now() and desk.is_member)
        return desk

    def second_computer(self, desk: Desk, handle: str) -> Desk:
        """The same member on another computer, by the Emergency Kit's Secret Key."""
        secret_key = self.keychain.load(desk.profile.id)
        wanted = SignIn(self.origin, desk.profile.handle, secret_key, PASSWORD)
        return self._took(handle, sign_in_with_kit(wanted, self.place(handle)))

    def reopen(self, handle: str) -> Desk:
        """Lock and unlock."""
        self.desks.pop(handle).lock()
        return self.open(handle)

    def open(self, handle: str) -> Desk:
        """Unlock a desk of this office that is locked."""
        desk = self.desks[handle] = unlock(self.folder / handle, PASSWORD, self.keychain)
        return desk

    @staticmethod
    def role(desk: Desk, name: str) -> RoleId:
        return next(role.id for role in desk.team().roles if role.name == name)

    def close(self) -> None:
        for desk in self.desks.values():
            desk.lock()
        self.desks.clear()
        self.server.stop()

    def _took(self, handle: str, new: NewDesk) -> Desk:
        self.desks[handle] = new.desk
        return new.desk


def wait_until(condition: Callable[[], bool], seconds: float = DEADLINE) -> None:
    """Wait for something that another thread or process does; AssertionError when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError("what was waited for did not happen")
        time.sleep(0.01)
