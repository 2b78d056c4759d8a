"""The operator-access journal: what the operator, or a program of his, did to a workspace and its accounts.

One line an act, in the workspace's own database, each with the hash of the one before (`protocol.wire_security`). It is
written before the act, so that an act that is cut off leaves a line too many and never one too few. Admins read it, and
their clients keep its head: what they have seen cannot be changed or cut off any more.

An honest server's word: whoever opens the database with another program leaves no line.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from protocol import wire_security as wire
from protocol.ids import NO_HASH, WorkspaceId
from server.errors import JournalBroken
from server.storage import Storage, WorkspaceStore, WorkspaceTx

PAGE = 500  # lines of a page
MAX_DETAIL = 300
SERVER = "server"


def operator() -> str:
    """Who runs a command: the system's name of him."""
    try:
        return getpass.getuser()[:64]
    except (OSError, KeyError):
        return "operator"


def program_version() -> str:
    """The version as it was installed; of a source tree, that it is one."""
    try:
        return version("tacit")
    except PackageNotFoundError:
        return "source"


def note(
    store: WorkspaceStore, workspace: WorkspaceId, now: int, actor: str, action: str, detail: str = ""
) -> None:
    """Append a line, durably, in a transaction of its own. `now`: Unix seconds."""
    with store.write() as tx:
        tx.append_act(workspace, now, actor, action, detail[:MAX_DETAIL])


def note_every(storage: Storage, now: int, actor: str, action: str, detail: str = "") -> int:
    """Append a line to the journal of each workspace; how many there are."""
    every = storage.workspace_ids()
    for workspace in every:
        note_one(storage, workspace, now, actor, action, detail)
    return len(every)


def note_one(
    storage: Storage, workspace: WorkspaceId, now: int, actor: str, action: str, detail: str = ""
) -> None:
    """Append a line to the journal of a workspace that is not open. Raises NotFound."""
    store = storage.open_workspace(workspace)
    try:
        note(store, workspace, now, actor, action, detail)
    finally:
        store.close()


def check_acts(
    workspace: WorkspaceId, acts: Sequence[wire.JournalEntry], seq: int = 0, previous: bytes = NO_HASH
) -> None:
    """Raise JournalBroken unless these are the lines right after line `seq` with the hash `previous`."""
    for act in acts:
        wanted = wire.journal_hash(workspace, seq + 1, previous, act.time, act.actor, act.action, act.detail)
        if (act.seq, act.previous, act.hash) != (seq + 1, previous, wanted):
            raise JournalBroken(f"the operator-access journal does not hold from line {seq + 1} on")
        seq, previous = act.seq, act.hash


def every_act(tx: WorkspaceTx) -> list[wire.JournalEntry]:
    """All lines, in order, unchecked."""
    found: list[wire.JournalEntry] = []
    while page := tx.acts_from(found[-1].seq + 1 if found else 0, PAGE):
        found += page
    return found


def journal_page(store: WorkspaceStore, first: int) -> wire.JournalPage:
    """The lines from `first` on, as many as a page takes."""
    with store.read() as tx:
        newest = tx.newest_act()
        acts = tx.acts_from(first, PAGE)
    head = (0, NO_HASH) if newest is None else (newest.seq, newest.hash)
    return wire.JournalPage(first, acts, *head)
