"""Chunks of files: opaque bytes by log, file and index. Sent once; sent again, they must be the same."""

from __future__ import annotations

import hashlib

from protocol import wire
from protocol.ids import Level, LogId
from protocol.limits import MAX_CHUNK, MAX_FILE_CHUNKS
from server.errors import Conflict, Malformed, NotFound, TooLarge
from server.workspaces.members import active_member, require_level
from server.workspaces.open import OpenWorkspace


def put_chunk(
    workspace: OpenWorkspace, account: int, log: LogId, file: bytes, index: int, data: bytes
) -> None:
    """By a writer of the log. Raises Conflict where the place has other bytes, TooLarge, Malformed, OverQuota."""
    if len(data) > MAX_CHUNK:
        raise TooLarge(f"a chunk has at most {MAX_CHUNK} bytes")
    if not data or not 0 <= index < MAX_FILE_CHUNKS:
        raise Malformed(f"a chunk is not empty, and a file has at most {MAX_FILE_CHUNKS}")
    digest = hashlib.sha256(data).digest()
    with workspace.changing() as change:
        roster = workspace.view.roster
        require_level(roster, active_member(workspace, roster, account), log, Level.WRITE)
        present = change.tx.chunk_hash(log.encode(), file, index)
        if present is None:
            change.add_chunk(log.encode(), file, index, digest, data)
        elif present != digest:
            raise Conflict("this chunk has other bytes", wire.ErrorCode.LOG_MOVED)


def get_chunk(workspace: OpenWorkspace, account: int, log: LogId, file: bytes, index: int) -> bytes:
    """For readers. Raises NotFound."""
    roster = workspace.view.roster
    require_level(roster, active_member(workspace, roster, account), log, Level.READ)
    with workspace.store.read() as tx:
        data = tx.chunk(log.encode(), file, index)
    if data is None:
        raise NotFound("no such chunk")
    return data


def file_state(workspace: OpenWorkspace, account: int, log: LogId, file: bytes) -> wire.FileState:
    """Which chunks are there; for readers, so that an upload that broke off goes on where it was."""
    roster = workspace.view.roster
    require_level(roster, active_member(workspace, roster, account), log, Level.READ)
    with workspace.store.read() as tx:
        return wire.FileState(tx.chunk_indexes(log.encode(), file))
