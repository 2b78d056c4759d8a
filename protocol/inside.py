"""Permissions inside an opened commit: what the author's roles allow at the roster position that its header names.

A commit that breaks one of these is set aside whole, by every reader alike; position and counter stand. Writing
itself, and managing a catalogue, were judged with the header.
"""

from __future__ import annotations

from collections.abc import Iterable

from protocol.access import permissions
from protocol.codes import CommitCode
from protocol.errors import CommitRefused
from protocol.ids import DIRECTORY_LOG, LogId, MemberId, Permission, Standing
from protocol.operations import Delete, Erase, Operation, Put, Restore
from protocol.state import RosterState


def check_operations(
    state: RosterState, member: MemberId, log: LogId, operations: Iterable[Operation], position: int
) -> None:
    """Raise CommitRefused unless `member` may do all of `operations` in `log`, in the roster `state` of the header.

    `position` is the header's `seen_position`: no operation has seen more than its header did.
    """
    held = permissions(state, member, log.group)
    for operation in operations:
        if isinstance(operation, Erase):
            raise CommitRefused("erase is reserved for a later version", CommitCode.RESERVED.value)
        if operation.seen > position:
            raise CommitRefused("an operation saw more than its header", CommitCode.SEEN_POSITION.value)
        if log == DIRECTORY_LOG:
            _check_directory(state, member, operation)
        elif isinstance(operation, Delete):
            _require(held, Permission.DELETE)
        elif isinstance(operation, Restore):
            _require(held, Permission.RESTORE)


def _check_directory(state: RosterState, member: MemberId, operation: Operation) -> None:
    """Admins name everything; a manager of a group names it; everybody puts his own record, whose id is his."""
    if state.members[member].standing >= Standing.ADMIN:
        return
    if isinstance(operation, Put):
        if operation.record == member:
            return
        if operation.record in state.groups:
            _require(permissions(state, member, operation.record), Permission.MANAGE_GROUP)
            return
    raise CommitRefused("in the directory a member writes his own name", CommitCode.PERMISSION.value)


def _require(held: Permission, needed: Permission) -> None:
    if not held & needed:
        raise CommitRefused(f"the author's roles have no {needed.name}", CommitCode.PERMISSION.value)


__all__ = ["check_operations"]
