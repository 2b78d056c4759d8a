"""One log at a time: its commits from a position on, its headers, and the heads of all logs."""

from __future__ import annotations

from protocol import wire
from protocol.access import logs_of
from protocol.commit import Commit
from protocol.ids import Level, LogId
from protocol.limits import MAX_PAGE_BYTES, MAX_PAGE_ITEMS
from server.storage import LogRow
from server.workspaces.members import active_member, is_admin, require_level
from server.workspaces.open import OpenWorkspace


def log_page(workspace: OpenWorkspace, account: int, log: LogId, first: int) -> wire.LogPage:
    """Commits from position `first` on, for readers. Raises NotFound, Forbidden."""
    roster = workspace.view.roster
    require_level(roster, active_member(workspace, roster, account), log, Level.READ)
    row = workspace.rows.get(log)
    if row is None:
        return wire.LogPage(first, [], 0)
    with workspace.store.read() as tx:
        rows = tx.commits_from(row.key, first, MAX_PAGE_ITEMS, MAX_PAGE_BYTES)
    commits = [Commit(each.header, each.signature, each.body) for each in rows]
    return wire.LogPage(first, commits, max(workspace.rows[log].position, first + len(commits) - 1))


def header_page(workspace: OpenWorkspace, account: int, log: LogId, first: int) -> wire.HeaderPage:
    """Headers from position `first` on, for readers and for admins, who follow all logs without their keys."""
    roster = workspace.view.roster
    member = active_member(workspace, roster, account)
    if not is_admin(member):
        require_level(roster, member, log, Level.READ)
    row = workspace.rows.get(log)
    if row is None:
        return wire.HeaderPage(first, [], 0)
    with workspace.store.read() as tx:
        headers = tx.headers_from(row.key, first, MAX_PAGE_ITEMS)
    return wire.HeaderPage(first, headers, max(workspace.rows[log].position, first + len(headers) - 1))


def heads(workspace: OpenWorkspace, account: int) -> wire.Heads:
    """The roster's head and those of the logs that the member reads; of all logs for an admin."""
    with workspace.lock:  # roster and logs of one moment
        roster = workspace.view.roster
        member = active_member(workspace, roster, account)
        rows: list[LogRow]
        if is_admin(member):
            rows = list(workspace.rows.values())
        else:
            readable = logs_of(roster, member.id)
            rows = [row for log, row in workspace.rows.items() if log in readable]
    rows.sort(key=lambda row: row.log)
    found = [wire.LogHead(row.log, row.position, row.chain, row.generation) for row in rows]
    return wire.Heads(roster.position, roster.head, found)
