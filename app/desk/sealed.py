"""What the server stores for a record: the sealed commits that touched it, as its operator would see them.

The bytes come from the server, not from here: this is what an operator, a thief of the server, or a court gets.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.desk.server_account import ServerAccount
from protocol.commit import Commit, Header, parse_commit
from protocol.ids import LogId
from sync_client import WorkspaceCalls
from vault import Vault
from vault.store import RecordKey

MOST_COMMITS = 8


@dataclass(frozen=True, slots=True)
class SealedCommit:
    """One commit as it is stored: its place, the header in clear, signature, sealed body."""

    position: int
    header: Header
    header_bytes: bytes
    signature: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class SealedView:
    """The commits with a part in the record, newest first (at most MOST_COMMITS); `total` of them in all.

    `waiting` says that some changes were not sent yet: the server has nothing of them.
    """

    log: LogId
    commits: tuple[SealedCommit, ...]
    total: int
    waiting: bool

    @property
    def visible(self) -> tuple[tuple[str, str], ...]:
        """(what, value) of everything that the server can read about the newest of these commits."""
        if not self.commits:
            return ()
        newest = self.commits[0]
        header = newest.header
        return (
            ("Workspace", header.workspace.hex()),
            ("Group", header.log_id.group.hex()),
            ("Kind of data", header.log_id.compartment.name.lower()),
            ("Own log of", header.log_id.owner.hex() if header.log_id.is_own else "nobody: shared"),
            ("Written by device", header.author.hex()),
            ("Place in the log", str(newest.position)),
            ("Key generation", str(header.generation)),
            ("Size, padded", f"{len(newest.body):,} bytes"),
        )


def sealed_view(vault: Vault, account: ServerAccount, key: RecordKey) -> SealedView:
    """Ask the server for the commits that the record's history names. Raises SyncError; slow."""
    entries = vault.history.history(key)
    positions = sorted({entry.mark.position for entry in entries if entry.mark.position is not None})
    waiting = any(entry.mark.position is None for entry in entries)
    found: list[SealedCommit] = []
    with account.calls(vault.roster.workspace) as calls:
        for position in reversed(positions[-MOST_COMMITS:]):
            commit = _fetch(calls, key.log, position)
            if commit is not None:
                header = parse_commit(commit)
                found.append(SealedCommit(position, header, commit.header, commit.signature, commit.body))
    return SealedView(key.log, tuple(found), len(positions), waiting)


def _fetch(calls: WorkspaceCalls, log: LogId, position: int) -> Commit | None:
    page = calls.log(log, position)
    return page.commits[0] if page.first == position and page.commits else None
