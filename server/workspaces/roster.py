"""Appending to the roster by compare-and-swap, and reading it.

Entries are folded before they are stored: what any client would refuse never gets in. An entry that cuts an author
off (SPEC, R6) is taken only if he has nothing later in the logs that it names, and only if the logs are as it says.
"""

from __future__ import annotations

from protocol import wire
from protocol.errors import ProtocolError
from protocol.fold import apply, parse_entry
from protocol.fold_cuts import cuts_of
from protocol.ids import LogId
from protocol.limits import MAX_PAGE_BYTES, MAX_PAGE_ITEMS, MAX_REQUEST_ENTRIES
from protocol.roster import Adopt, DeviceAdd, Entry, EntryBody, GroupCreate, Join
from protocol.state import GONE, Member, RosterState
from server.errors import Conflict, Forbidden, Malformed, NotFound, OverQuota, ServerError
from server.storage import Storage
from server.workspaces.change import Change
from server.workspaces.holds import TAKES_AWAY, hold_racers
from server.workspaces.members import linked_member, present_member
from server.workspaces.open import OpenWorkspace

MOST_SMALL = 500  # small groups of one member: each has logs, and of logs a workspace has so many
MAX_RACING = 50  # entries looked at for who made an append come late


def append_roster(
    workspace: OpenWorkspace, storage: Storage, account: int, wanted: wire.AppendRoster
) -> None:
    """Take all entries, or none. The very same entries again, after a lost reply, are taken as done.

    Raises Conflict(ROSTER_MOVED; LOG_MOVED for a cut that is behind), Forbidden, and what the fold raises.
    """
    try:
        bodies = _parsed(wanted)
    except (ServerError, ProtocolError):
        linked_member(workspace, workspace.view.roster, account)  # anybody else learns nothing
        raise
    with workspace.changing() as change:
        state = workspace.view.roster
        member = _appending(workspace, state, account, bodies[0])
        if wanted.expected_head != state.head:
            if _present(workspace, wanted, bodies[0].position):
                return
            if member is not None:
                later = range(max(bodies[0].position, 2), workspace.history.position + 1)
                racing = {parse_entry(workspace.history.entry(n)).author for n in later[-MAX_RACING:]}
                hold_racers(workspace.holds, state, member, bodies, racing)
            raise Conflict("the roster has another head", wire.ErrorCode.ROSTER_MOVED)
        if member is not None:
            workspace.holds.check(member.id)
            workspace.holds.spend(member, len(bodies))
        adopting = any(isinstance(body.operation, Adopt) for body in bodies)
        for entry, body in zip(wanted.entries, bodies, strict=True):
            after = apply(state, entry)
            if isinstance(body.operation, Join):
                _link(workspace, change, state, account, body.operation)
                with storage.write_accounts() as accounts:  # an entry too many there does no harm
                    accounts.link(account, workspace.id)
            else:
                _check_author(workspace, change, state, account, body)
            check_cuts(workspace, change, after, body, nothing_later=not adopting)
            check_small_groups(after, body)
            change.add_entry(entry, after.position, bounded=not isinstance(body.operation, TAKES_AWAY))
            state = after


def is_entering(wanted: wire.AppendRoster) -> bool:
    """Whether it does nothing but let its author's desk in: a join, or a device of his own."""
    try:
        bodies = _parsed(wanted)
    except (ServerError, ProtocolError):
        return False  # whoever takes the request says what is wrong with it
    return all(isinstance(body.operation, Join | DeviceAdd) for body in bodies)


def _parsed(wanted: wire.AppendRoster) -> list[EntryBody]:
    if not 1 <= len(wanted.entries) <= MAX_REQUEST_ENTRIES:
        raise Malformed(f"1 to {MAX_REQUEST_ENTRIES} entries")
    return [parse_entry(entry) for entry in wanted.entries]


def _appending(workspace: OpenWorkspace, state: RosterState, account: int, first: EntryBody) -> Member | None:
    """The member who appends; None for an account that joins. Raises NotFound for whoever is neither."""
    if isinstance(first.operation, Join) and account not in workspace.links:
        if first.operation.invitation not in state.invitations:
            raise NotFound("no such workspace")
        return None
    return linked_member(workspace, state, account)


def _present(workspace: OpenWorkspace, wanted: wire.AppendRoster, first: int) -> bool:
    """Whether the wanted entries stand right after the expected head already; `first` is where they say to stand."""
    history = workspace.history
    if not 1 < first <= history.position + 1 - len(wanted.entries):
        return False
    if history.hash_at(first - 1) != wanted.expected_head:
        return False
    return [history.entry(first + n) for n in range(len(wanted.entries))] == wanted.entries


def _link(
    workspace: OpenWorkspace, change: Change, state: RosterState, account: int, operation: Join
) -> None:
    """Who joins becomes the member that was minted for him, unless he is another who is not gone."""
    before = state.members.get(workspace.links.get(account, b""))
    if before is not None and before.status not in GONE:
        raise Forbidden("this account is another member already")
    change.set_link(account, state.invitations[operation.invitation].member)


def _check_author(
    workspace: OpenWorkspace, change: Change, state: RosterState, account: int, body: EntryBody
) -> None:
    """The author's member is the one that this account is. Raises Forbidden."""
    operation = body.operation
    linked = change.links.get(account) or workspace.links.get(account)
    if isinstance(operation, DeviceAdd) and body.author not in state.devices:
        member = operation.member
    else:
        member = state.devices[body.author].member
    if linked != member:
        raise Forbidden("the author is not a device of this member")


def check_cuts(
    workspace: OpenWorkspace,
    change: Change,
    after: RosterState,
    body: EntryBody,
    *,
    nothing_later: bool = True,
    restoring: bool = False,
) -> None:
    """Raises Conflict(LOG_MOVED): the admin's client takes the present heads and signs again.

    An owner who adopts repeats cuts of a branch in which less had been written; while what was lost comes back, a log
    may be shorter than an entry says."""
    moved = Conflict("a log has moved beyond its cut", wire.ErrorCode.LOG_MOVED)
    for cut in cuts_of(body.operation):
        log = LogId.decode(cut.log)
        row = workspace.rows.get(log)
        reached = 0 if row is None else row.position
        if restoring and reached < cut.position:
            continue
        if row is None:
            if cut.position:
                raise moved
            continue
        chain = change.tx.chain_at(row.key, cut.position) if cut.position else bytes(32)
        if chain != cut.chain:
            raise moved
        if nothing_later:
            author = after.members[after.devices[body.author].member]
            _check_nothing_later(workspace, change, after, author, log, cut.position)


def _check_nothing_later(
    workspace: OpenWorkspace, change: Change, after: RosterState, author: Member, log: LogId, position: int
) -> None:
    """Whom the newest entry, by `author`, cuts off has nothing after `position` in the log. Raises, and holds him where
    the author may, where he has."""
    for device, end in workspace.log_state(log).devices.items():
        made = after.cuts.get(device, {}).get(log, ())
        if any(each.entry == after.position for each in made):
            last = change.tx.commit_of(workspace.rows[log].key, device, end.counter)
            if last is None or last[0] > position:
                workspace.holds.hold_for(author, after.members[after.devices[device].member])
                raise Conflict("a log has moved beyond its cut", wire.ErrorCode.LOG_MOVED)


def check_small_groups(after: RosterState, body: EntryBody) -> None:
    """Raises OverQuota: anybody makes groups for himself and one other, and nobody without end."""
    operation = body.operation
    if not isinstance(operation, GroupCreate) or not operation.small:
        return
    creator = after.groups[operation.group].creator
    if sum(group.creator == creator for group in after.groups.values()) > MOST_SMALL:
        raise OverQuota("small groups enough for one member")


def link_founder(change: Change, account: int, member: bytes, entries: list[Entry]) -> None:
    """The first entries of a workspace, which were folded already."""
    change.set_link(account, member)
    for position, entry in enumerate(entries, 1):
        change.add_entry(entry, position)


def roster_page(workspace: OpenWorkspace, account: int, first: int) -> wire.RosterPage:
    """Entries from position `first` on, for whoever has joined and is still there."""
    present_member(workspace, workspace.view.roster, account)
    return entries_from(workspace, first)


def entries_from(workspace: OpenWorkspace, first: int) -> wire.RosterPage:
    """A bounded page; the caller was checked."""
    with workspace.store.read() as tx:
        rows = tx.roster_page(first - 1, MAX_PAGE_ITEMS, MAX_PAGE_BYTES)
    newest = rows[-1].position if rows else 0
    head = max(workspace.view.roster.position, newest)
    return wire.RosterPage(first, [row.entry for row in rows], head)
