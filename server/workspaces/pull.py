"""Pulling: what is new after a cursor, for one member, in bounded pages.

A page is everything of the serials (cursor, page's cursor] that the member may have by the roster as of now: roster
entries, wraps for his present key, commits of the logs that he reads. What is not his is passed over; the page's
cursor moves on all the same. Logs that he could not read before are fetched by `logs.log_page`.
"""

from __future__ import annotations

from dataclasses import dataclass

from protocol import wire
from protocol.access import logs_of
from protocol.commit import Commit
from protocol.limits import MAX_PAGE_BYTES, MAX_PAGE_ITEMS
from protocol.signing import key_id
from protocol.state import GONE, Member, RosterState
from server.storage import RosterRow, StoredCommit, WrapRow
from server.workspaces.members import linked_member
from server.workspaces.open import OpenWorkspace

SPAN = (
    100_000  # serials that one page looks at, at most: a member of few logs must not scan a whole workspace
)
SHARE = MAX_PAGE_BYTES // 4  # of a page, for roster entries and for wraps each; commits have the rest


def pull(workspace: OpenWorkspace, account: int, cursor: int) -> wire.PullPage:
    """One page. A cursor beyond the newest serial (a client of before a restored backup) gets an empty page with
    the server's own cursor. Raises NotFound."""
    view = workspace.view
    member = linked_member(workspace, view.roster, account)
    if member.status in GONE:
        return _last_page(workspace, member, cursor)
    top = min(view.serial, cursor + SPAN)
    if top <= cursor:
        return wire.PullPage(0, [], [], [], view.serial, False)
    rows = _rows(workspace, view.roster, member, cursor, top)
    return wire.PullPage(
        roster_first=rows.roster[0].position if rows.roster else 0,
        roster=[row.entry for row in rows.roster],
        wraps=[row.wrap for row in rows.wraps],
        commits=rows.commits,
        cursor=rows.end,
        more=rows.end < view.serial,
    )


def _last_page(workspace: OpenWorkspace, member: Member, cursor: int) -> wire.PullPage:
    """For who is no longer a member: the roster up to the entry that says so, signed by whoever made it; no more."""
    position = workspace.gone_at(member.id)
    with workspace.store.read() as tx:
        last = tx.roster_page(position - 1, 1, 1)[0].serial
        rows, complete = tx.roster_since(cursor, last, MAX_PAGE_ITEMS, MAX_PAGE_BYTES)
    if not rows:
        return wire.PullPage(0, [], [], [], cursor, False)
    entries = [row.entry for row in rows]
    return wire.PullPage(rows[0].position, entries, [], [], rows[-1].serial, not complete)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of (cursor, end], where `end` is the wanted one or the last row that fits in."""

    roster: list[RosterRow]
    wraps: list[WrapRow]
    commits: list[wire.PlacedCommit]
    end: int


def _rows(workspace: OpenWorkspace, state: RosterState, member: Member, cursor: int, end: int) -> _Rows:
    wraps: list[WrapRow] = []
    commits: list[StoredCommit] = []
    names: dict[int, bytes] = {}
    with workspace.store.read() as tx:
        roster, all_of_it = tx.roster_since(cursor, end, MAX_PAGE_ITEMS, SHARE)
        if not all_of_it:
            end = roster[-1].serial
        if member.active and member.identity is not None:
            key = key_id(member.identity.encryption)
            wraps, all_of_them = tx.wraps_since(cursor, end, key, MAX_PAGE_ITEMS, SHARE)
            if not all_of_them:
                end = wraps[-1].serial
            rows = [row for log in logs_of(state, member.id) if (row := workspace.rows.get(log)) is not None]
            names = {row.key: row.log for row in rows}
            size = MAX_PAGE_BYTES - sum(len(w.wrap.sealed) + 128 for w in wraps)
            size -= sum(len(r.entry.body) + 128 for r in roster)
            commits, every_one = tx.commits_since(cursor, end, sorted(names), MAX_PAGE_ITEMS, size)
            if not every_one:
                end = commits[-1].serial
    return _Rows(
        roster=[row for row in roster if row.serial <= end],
        wraps=[row for row in wraps if row.serial <= end],
        commits=[
            wire.PlacedCommit(names[row.log], row.position, Commit(row.header, row.signature, row.body))
            for row in commits
        ],
        end=end,
    )
