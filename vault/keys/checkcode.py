"""Check codes: thirty digits that two people compare by voice or on paper.

Six groups of five digits, each made of five bytes of SHA-256 modulo 100,000: about 99 bits. A member's code
changes with his keys.
"""

from __future__ import annotations

from protocol.ids import MemberId, WorkspaceId, sha256
from protocol.roster import IdentityKeys
from protocol.signing import Namespace, digest

GROUPS = 6


def _groups(value: bytes) -> str:
    starts = range(0, GROUPS * 5, 5)
    return " ".join(f"{int.from_bytes(value[start : start + 5], 'big') % 100_000:05d}" for start in starts)


def code_of(content: bytes) -> str:
    """Thirty digits for content whose first bytes say what it is."""
    return _groups(sha256(content))


def check_code(workspace: WorkspaceId, member: MemberId, keys: IdentityKeys) -> str:
    """The check code of a member's identity keys in a workspace: `12345 12345 12345 12345 12345 12345`."""
    return _groups(digest(Namespace.CHECK_CODE, workspace, member, keys.signing, keys.encryption))


def workspace_code(workspace: WorkspaceId) -> str:
    """The check code of a workspace, as the Emergency Kit prints it."""
    return _groups(digest(Namespace.CHECK_CODE, workspace))
