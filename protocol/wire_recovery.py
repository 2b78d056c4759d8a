"""Bodies about recovery by trustees: what the server keeps for it, and the three requests that need no session.

The box holds the member's identity, sealed under a key of which each trustee has a share, wrapped to him. A request is
named by the digest of the key that the asking computer made; the roster has the releases, so every use is seen.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from protocol.codec import Message
from protocol.ids import MemberId, WorkspaceId
from protocol.limits import MAX_TRUSTEES
from protocol.roster import Entry
from protocol.signing import Namespace, digest
from protocol.wire import BundleUpload


def share_digest(workspace: WorkspaceId, member: MemberId, trustee: MemberId, share: bytes) -> bytes:
    """What an enrolment names for a trustee's share."""
    return digest(Namespace.RECOVERY_SHARE, workspace, member, trustee, share)


def request_digest(workspace: WorkspaceId, member: MemberId, request_key: bytes) -> bytes:
    """What a release names: `request_key` is the asking computer's public encryption key (1,216 bytes)."""
    return digest(Namespace.RECOVERY_REQUEST, workspace, member, request_key)


class WrappedShare(Message, frozen=True):
    """A share, sealed to `trustee` (in an upload) or, by him, to a request's key (in a release)."""

    trustee: MemberId
    sealed: bytes


class RecoveryUpload(Message, frozen=True):
    """By the member, for the enrolment with this entry hash."""

    enrolment: bytes
    box: bytes
    shares: Annotated[list[WrappedShare], Meta(max_length=MAX_TRUSTEES)]


class HeldShare(Message, frozen=True):
    """A share that lies at the server for the caller."""

    member: MemberId
    enrolment: bytes
    sealed: bytes


class OpenRequest(Message, frozen=True):
    """Somebody asks for the recovery of `member`; `time` is the server's."""

    member: MemberId
    request_key: bytes
    time: int


class RecoveryShares(Message, frozen=True):
    held: list[HeldShare]
    requests: list[OpenRequest]


class ReleaseShare(Message, frozen=True):
    """By a trustee, after his entry `recovery release` stands: his share, sealed to the request's key."""

    member: MemberId
    request: bytes
    sealed: bytes


class RequestRecovery(Message, frozen=True):
    handle: str
    request_key: bytes


class CollectRecovery(Message, frozen=True):
    handle: str
    request_key: bytes


class RecoveryCollected(Message, frozen=True):
    """Nothing in it where there is no such handle, enrolment or request: nothing is told about unknown ones."""

    workspace: bytes
    member: bytes
    enrolment: bytes
    box: bytes
    shares: list[WrappedShare]
    roster: list[Entry]


class AccountRecovery(Message, frozen=True):
    """What the identity's signing key signs, in ACCOUNT_RECOVERY."""

    workspace: WorkspaceId
    member: MemberId
    handle: str
    login_key: bytes
    bundle: BundleUpload


class RecoverAccount(Message, frozen=True):
    statement: AccountRecovery
    signature: bytes
