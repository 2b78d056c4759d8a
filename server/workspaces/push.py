"""Appending commits: one transaction, all or none, over as many logs as the push names.

For each commit, in order: a repetition of what the log has gets its old place; else it must name the current roster
head, its author must be a device of the caller, and the header rules of `protocol.admission` must let it in. A
rotate needs a wrap for every reader's present key. Bodies are hashed and stored, never looked into.
"""

from __future__ import annotations

from functools import partial

from protocol import wire
from protocol.access import recipients
from protocol.admission import advance, check_header
from protocol.codes import CommitCode
from protocol.commit import Commit, Header, Kind, parse_commit
from protocol.errors import CommitRefused
from protocol.ids import Level, LogId
from protocol.limits import MAX_PUSH_COMMITS, MAX_PUSH_WRAPS
from protocol.signing import key_id
from protocol.state import Member
from server.errors import Conflict, Forbidden, Malformed, WrapsMissing
from server.workspaces.change import Change
from server.workspaces.members import active_member, require_level
from server.workspaces.open import OpenWorkspace
from server.workspaces.wraps import check_wrap

BEHIND = frozenset({CommitCode.GENERATION, CommitCode.STALE})
"""Refusals that an honest client meets when another was faster: it pulls, signs again, and pushes again.
Not a counter that is ahead: that is a server which has lost something, and signing again would not help."""

WrapsByRotate = dict[tuple[bytes, int], list[wire.Wrap]]


def push(workspace: OpenWorkspace, account: int, wanted: wire.Push) -> wire.PushReply:
    """Store the commits, all or none. Raises the errors of `protocol` for commits that no honest client signs,
    Conflict(ROSTER_MOVED, LOG_MOVED) for those that came late, WrapsMissing, Forbidden, Malformed, OverQuota."""
    if not 1 <= len(wanted.commits) <= MAX_PUSH_COMMITS or len(wanted.wraps) > MAX_PUSH_WRAPS:
        raise Malformed(f"a push has 1 to {MAX_PUSH_COMMITS} commits")
    headers = [parse_commit(commit) for commit in wanted.commits]
    wraps = _by_rotate(headers, wanted.wraps)
    with workspace.changing() as change:
        member = active_member(workspace, workspace.view.roster, account)
        workspace.holds.check(member.id)
        before = change.usage.serial
        placements = [
            _append(workspace, change, member, header, commit, wraps)
            for header, commit in zip(headers, wanted.commits, strict=True)
        ]
        after = change.usage.serial
    return wire.PushReply(placements, before, after)


def _by_rotate(headers: list[Header], wraps: list[wire.Wrap]) -> WrapsByRotate:
    found: WrapsByRotate = {(h.log, h.generation): [] for h in headers if h.kind is Kind.ROTATE}
    for wrap in wraps:
        check_wrap(wrap)
        if (wrap.log, wrap.generation) not in found:
            raise Malformed("a push brings wraps for its own rotates only")
        found[wrap.log, wrap.generation].append(wrap)
    return found


def _append(
    workspace: OpenWorkspace,
    change: Change,
    member: Member,
    header: Header,
    commit: Commit,
    wraps: WrapsByRotate,
) -> wire.Placement:
    roster = workspace.view.roster
    if header.workspace != workspace.id:
        raise CommitRefused("the commit is another workspace's", CommitCode.WORKSPACE)
    log = header.log_id
    require_level(roster, member, log, Level.READ)
    device = roster.devices.get(header.author)
    if device is None or device.member != member.id:
        raise Forbidden("the author is not a device of this member")
    state = change.log_state(log)
    end = state.devices.get(header.author)
    if end is not None and header.counter <= end.counter:
        return _repeated(change, log, header, commit)
    if (header.roster_position, header.roster_hash) != (roster.position, roster.head):
        raise Conflict("the roster has another head", wire.ErrorCode.ROSTER_MOVED)
    try:
        check_header(state, header, commit.signature, workspace.history, partial(_chain_at, change, log))
    except CommitRefused as refused:
        if refused.code in BEHIND:
            raise Conflict(f"the log has moved: {refused.code}", wire.ErrorCode.LOG_MOVED) from refused
        raise
    if header.kind is Kind.ROTATE:
        _add_wraps(workspace, change, member, log, header, wraps[header.log, header.generation])
    after = advance(state, header, commit.signature)
    change.add_commit(log, header, commit, after)
    return wire.Placement(header.log, after.position, after.chain)


def _chain_at(change: Change, log: LogId, position: int) -> bytes | None:
    return change.tx.chain_at(change.log_key(log), position)


def _repeated(change: Change, log: LogId, header: Header, commit: Commit) -> wire.Placement:
    """The place that the very same commit has already."""
    found = change.tx.commit_of(change.log_key(log), header.author, header.counter)
    if found is None or found[1] != commit.hash:
        raise Conflict("this counter has another commit", wire.ErrorCode.LOG_MOVED)
    return wire.Placement(header.log, found[0], found[2])


def _add_wraps(
    workspace: OpenWorkspace,
    change: Change,
    member: Member,
    log: LogId,
    header: Header,
    wraps: list[wire.Wrap],
) -> None:
    """Before their rotate in the order of serials, so that a page never has the rotate without the key."""
    keys = recipients(workspace.view.roster, log).values()
    needed = {key_id(keys_of.encryption) for keys_of in keys}
    given = {wrap.recipient for wrap in wraps}
    if needed - given:
        raise WrapsMissing(
            f"{len(needed - given)} readers would have no key of generation {header.generation}"
        )
    if given - needed:
        raise Forbidden("a wrap for somebody who does not read this log")
    for wrap in wraps:
        change.add_wrap(wrap, member.id)
