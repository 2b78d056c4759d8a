"""Making a workspace: the genesis and what follows in the same breath, by an account that becomes the founder."""

from __future__ import annotations

from protocol import wire
from protocol.fold import apply, start
from protocol.limits import MAX_REQUEST_ENTRIES
from protocol.roster import Genesis
from protocol.roster_parse import parse_entry
from server.errors import Forbidden, Malformed, OverQuota
from server.workspaces.registry import Workspaces
from server.workspaces.roster import link_founder


def create_workspace(workspaces: Workspaces, account: int, wanted: wire.CreateWorkspace) -> None:
    """Raises what the fold raises, Forbidden, OverQuota. The same request again, after a lost reply, is done."""
    entries = wanted.entries
    if not 1 <= len(entries) <= MAX_REQUEST_ENTRIES:
        raise Malformed(f"1 to {MAX_REQUEST_ENTRIES} entries")
    state = start(entries[0])
    genesis = parse_entry(entries[0]).operation
    assert isinstance(genesis, Genesis)
    for entry in entries[1:]:
        author = parse_entry(entry).author
        state = apply(state, entry)
        if author not in state.devices or state.devices[author].member != genesis.member:
            raise Forbidden("the founder signs all entries")
    storage = workspaces.storage
    with storage.write_accounts() as tx:
        known = tx.workspaces_of(account)
        if state.workspace not in known and len(known) >= workspaces.bounds.workspaces_of_account:
            raise OverQuota("the account has workspaces enough")
        tx.link(account, state.workspace)
    with workspaces.use(state.workspace, create=True) as workspace, workspace.changing() as change:
        if workspace.founded:
            held = list(workspace.history.entries())[: len(entries)]
            if workspace.links.get(account) != genesis.member or held != entries:
                raise Forbidden("there is such a workspace already")
            return
        link_founder(change, account, genesis.member, entries)
