"""Log keys sealed to members: added by any holder for any reader, one row for each sealer."""

from __future__ import annotations

from collections.abc import Sequence

from protocol import wire
from protocol.access import recipients
from protocol.ids import HASH_SIZE, Level, LogId
from protocol.limits import MAX_REQUEST_WRAPS, WRAP_SIZE
from protocol.signing import key_id
from protocol.state import Member, RosterState
from server.errors import Forbidden, Malformed
from server.workspaces.change import Change
from server.workspaces.members import active_member, is_admin, require_level
from server.workspaces.open import OpenWorkspace


def check_wrap(wrap: wire.Wrap) -> None:
    """Raises Malformed, FormatError."""
    LogId.decode(wrap.log)
    if not 1 <= wrap.generation < 1 << 32:
        raise Malformed("a wrap's generation is out of range")
    if len(wrap.recipient) != HASH_SIZE or len(wrap.sealed) != WRAP_SIZE:
        raise Malformed(f"a wrap names a key by {HASH_SIZE} bytes and has {WRAP_SIZE}")


def add_wraps(workspace: OpenWorkspace, account: int, wanted: wire.AddWraps) -> None:
    """Store wraps by a reader of each log for present readers of it. What is there already is left as it is."""
    if not 1 <= len(wanted.wraps) <= MAX_REQUEST_WRAPS:
        raise Malformed(f"1 to {MAX_REQUEST_WRAPS} wraps")
    for wrap in wanted.wraps:
        check_wrap(wrap)
    with workspace.changing() as change:
        roster = workspace.view.roster
        store_wraps(workspace, change, roster, active_member(workspace, roster, account), wanted.wraps)


def store_wraps(
    workspace: OpenWorkspace, change: Change, roster: RosterState, member: Member, wraps: Sequence[wire.Wrap]
) -> None:
    """Rows by `member` for present readers, in a transaction; what is there already is left as it is."""
    keys: dict[bytes, set[bytes]] = {}
    for wrap in wraps:
        log = LogId.decode(wrap.log)
        if wrap.log not in keys:
            require_level(roster, member, log, Level.READ)
            keys[wrap.log] = {key_id(k.encryption) for k in recipients(roster, log).values()}
        if wrap.generation > change.log_state(log).generation:
            raise Malformed("the log has no such generation")
        if wrap.recipient not in keys[wrap.log]:
            raise Forbidden("a wrap for somebody who does not read this log")
        change.add_wrap(wrap, member.id)


def wrap_list(workspace: OpenWorkspace, account: int, log: LogId, generation: int) -> wire.WrapList:
    """Which keys have a row; for readers of the log and admins."""
    roster = workspace.view.roster
    member = active_member(workspace, roster, account)
    if not is_admin(member):
        require_level(roster, member, log, Level.READ)
    with workspace.store.read() as tx:
        return wire.WrapList(tx.recipients(log.encode(), generation))
