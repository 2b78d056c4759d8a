"""Log keys: 32 random bytes for each generation of a log, named by their hash in the log's signed rotate
commit."""

from __future__ import annotations

import hmac
import secrets

from protocol.ids import KEY_SIZE, LogId, WorkspaceId
from protocol.signing import Namespace, digest
from vault.keys.errors import KeyRefused
from vault.keys.labels import prefixed


def new_log_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_SIZE)


def key_hash(workspace: WorkspaceId, log: LogId, generation: int, key: bytes) -> bytes:
    """The hash (32 bytes) that the rotate commit names: over workspace, log, generation (8 bytes) and key."""
    return digest(Namespace.LOG_KEY, workspace, log.encode(), generation.to_bytes(8, "big"), key)


def check_key(workspace: WorkspaceId, log: LogId, generation: int, key: bytes, expected: bytes) -> None:
    """Raise KeyRefused unless `key` is the one whose hash the log's rotate commit names."""
    if len(key) != KEY_SIZE or not hmac.compare_digest(key_hash(workspace, log, generation, key), expected):
        raise KeyRefused(f"generation {generation}: not the key that the rotate commit names")


def body_context(workspace: WorkspaceId, log: LogId, generation: int) -> bytes:
    """The context under which bodies of this generation of the log are sealed."""
    return prefixed(Namespace.BODY.value, workspace, log.encode(), generation.to_bytes(8, "big"))
