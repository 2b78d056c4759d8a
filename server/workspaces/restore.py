"""Taking back what this server has lost: after its storage came back from a backup, desks send it again, verbatim.

Entries go after the roster's head, by the fold; commits to the places that they had, by the header rules alone: the
rule that a commit names the newest entry, and that a rotate brings a wrap for each reader, were kept when they were
first taken. Nothing is ever replaced: a place that is held by other bytes is a conflict, which only an owner's `adopt`
ends. All of a request or none of it.

Who sends need not be who signed. What keeps this from being a back door: a removed member is no reader any more; what
he signed before his removal and a friend brings is set aside by every client where it lies behind his cut (SPEC, R6),
which is why cuts are asked for in part only, see `_check_cuts`. Holds and rates bind whoever signed, whoever brings it.
"""

from __future__ import annotations

import hashlib
from functools import partial

from protocol import wire
from protocol.admission import advance, check_header
from protocol.commit import Header, parse_commit
from protocol.errors import CommitRefused
from protocol.fold import apply
from protocol.history import RosterHistory
from protocol.ids import DeviceId, Level, LogId, Standing
from protocol.limits import MAX_PUSH_COMMITS, MAX_PUSH_WRAPS, MAX_REQUEST_ENTRIES
from protocol.roster import Entry, EntryBody, Join
from protocol.roster_parse import parse_entry
from protocol.state import Member, RosterState
from server.errors import Conflict, Malformed
from server.storage import Storage
from server.workspaces.change import Change
from server.workspaces.holds import TAKES_AWAY
from server.workspaces.members import active_member, require_level
from server.workspaces.open import OpenWorkspace
from server.workspaces.roster import check_cuts, check_small_groups
from server.workspaces.wraps import check_wrap, store_wraps


def restore(
    workspace: OpenWorkspace, storage: Storage, account: int, wanted: wire.RestoreWorkspace
) -> tuple[int, int]:
    """Take what is missing here; how many entries and commits that was. By an active reader of each log.

    Raises Conflict(ROSTER_MOVED, LOG_MOVED) where a place is held by other bytes, something between is missing, or a
    commit does not follow by the header rules; what the fold raises; Forbidden, Malformed, OverQuota.
    """
    entries = [(entry, parse_entry(entry)) for entry in wanted.entries]
    commits = [(placed, parse_commit(placed.commit)) for placed in wanted.commits]
    for wrap in wanted.wraps:
        check_wrap(wrap)
    counts = (len(entries), MAX_REQUEST_ENTRIES), (len(commits), MAX_PUSH_COMMITS)
    if any(count > most for count, most in (*counts, (len(wanted.wraps), MAX_PUSH_WRAPS))):
        raise Malformed("a restore has a bounded number of entries, commits and wraps")
    with workspace.changing() as change:
        member = active_member(workspace, workspace.view.roster, account)
        workspace.holds.check(member.id)
        history = _take_entries(workspace, storage, change, member, entries)
        new_entries = len(change.entries)
        before = change.usage.serial
        for placed, header in commits:
            _take_commit(workspace, change, history, member, placed, header)
        new_commits = change.usage.serial - before
        if wanted.wraps:
            reader = active_member(workspace, history.head, account)
            store_wraps(workspace, change, history.head, reader, wanted.wraps)
    return new_entries, new_commits


def _take_entries(
    workspace: OpenWorkspace,
    storage: Storage,
    change: Change,
    member: Member,
    entries: list[tuple[Entry, EntryBody]],
) -> RosterHistory:
    """The roster with them; the workspace's own one where there is nothing new."""
    kept = workspace.history
    new: list[tuple[Entry, EntryBody]] = []
    for entry, body in entries:
        if body.position > kept.position:
            new.append((entry, body))
        elif kept.entry(body.position) != entry:
            raise Conflict(f"another entry at position {body.position}", wire.ErrorCode.ROSTER_MOVED)
    if not new:
        return kept
    if new[0][1].position != kept.position + 1:
        raise Conflict("entries in between are missing", wire.ErrorCode.ROSTER_MOVED)
    for body in {body.author: body for _, body in new}.values():
        _check_hold(workspace, kept.head, body.author)
    # Whoever signed them: of two who bring each other's entries, each would else write without end.
    workspace.holds.spend(member, sum(1 for _, body in new if not _is_admins(kept.head, body.author)))
    history = kept.copy()
    for entry, body in new:
        state = history.head
        after = apply(state, entry)
        if member.standing is not Standing.OWNER:
            _check_cuts(workspace, change, after, member, body)
        check_small_groups(after, body)
        if isinstance(body.operation, Join):
            _link_again(workspace, storage, change, state, body.operation)
        change.add_entry(entry, after.position, bounded=not isinstance(body.operation, TAKES_AWAY))
        history.append(entry)
    return history


def _check_cuts(
    workspace: OpenWorkspace, change: Change, after: RosterState, caller: Member, body: EntryBody
) -> None:
    """Of an entry that no owner brings. Another head than the log had would stop it for all: there is none at a place
    that the log has, and beyond only where an admin signed or brings it. And who signs alone, or with a plain member,
    who may be himself under another name, cuts off nothing that stands."""
    author = after.members[after.devices[body.author].member]
    alone = caller.id == author.id or caller.standing is Standing.MEMBER
    beyond = max(caller.standing, author.standing) >= Standing.ADMIN
    check_cuts(workspace, change, after, body, nothing_later=alone, restoring=beyond)


def _check_hold(workspace: OpenWorkspace, state: RosterState, author: DeviceId) -> None:
    """What a held member has signed waits, whoever brings it. Raises RateLimited."""
    device = state.devices.get(author)
    if device is not None:
        workspace.holds.check(device.member)


def _is_admins(state: RosterState, author: DeviceId) -> bool:
    device = state.devices.get(author)
    return device is not None and state.members[device.member].standing >= Standing.ADMIN


def _link_again(
    workspace: OpenWorkspace, storage: Storage, change: Change, state: RosterState, operation: Join
) -> None:
    """Whoever joined after the backup was made: the account that the invitation made is this member's again."""
    digest = hashlib.sha256(workspace.id + operation.invitation).digest()
    linked = {*workspace.links, *change.links}
    with storage.write_accounts() as accounts:
        made = [account for account in accounts.made_by_invitation(digest) if account not in linked]
        known = [account for account in made if workspace.id in accounts.workspaces_of(account)] or made
        if len(known) == 1:
            change.set_link(known[0], state.invitations[operation.invitation].member)
            accounts.link(known[0], workspace.id)


def _take_commit(
    workspace: OpenWorkspace,
    change: Change,
    history: RosterHistory,
    member: Member,
    placed: wire.PlacedCommit,
    header: Header,
) -> None:
    log = LogId.decode(placed.log)
    if header.workspace != workspace.id or header.log != placed.log:
        raise Malformed("a commit of another log than it is placed in")
    require_level(history.head, member, log, Level.READ)
    state = change.log_state(log)
    if placed.position <= state.position:
        found = change.tx.commit_of(change.log_key(log), header.author, header.counter)
        if found is None or (found[0], found[1]) != (placed.position, placed.commit.hash):
            raise Conflict(f"another commit at position {placed.position}", wire.ErrorCode.LOG_MOVED)
        return
    _check_hold(workspace, history.head, header.author)
    if placed.position != state.position + 1:
        raise Conflict("commits in between are missing", wire.ErrorCode.LOG_MOVED)
    try:
        check_header(state, header, placed.commit.signature, history, partial(_chain_at, change, log))
    except CommitRefused as refused:
        raise Conflict(f"the commit does not follow: {refused.code}", wire.ErrorCode.LOG_MOVED) from refused
    after = advance(state, header, placed.commit.signature)
    change.add_commit(log, header, placed.commit, after)


def _chain_at(change: Change, log: LogId, position: int) -> bytes | None:
    return change.tx.chain_at(change.log_key(log), position)
