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
    """What lies here for the caller, and the requests about members whose trustee he is, or about himself."""

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


class RecoveryAsked(Message, frozen=True):
    """Which member of which workspace the handle stands for. For a handle that nobody has, or whose member is not
    enrolled, ids that look the same and stand for nobody, and stay the same each time."""

    workspace: WorkspaceId
    member: MemberId


class CollectRecovery(Message, frozen=True):
    handle: str
    request_key: bytes
    position: int  # roster entries after this one are wanted


class RecoveryCollected(Message, frozen=True):
    """`given` of the `needed` trustees have answered; both 0 until the first has, and for ever where there is no such
    handle, enrolment or request. When enough have: the box, their shares, the version of the account's present bundle,
    and the roster's entries after the position that was asked for, up to `head_position` with further requests."""

    given: int
    needed: int
    box: bytes
    shares: Annotated[list[WrappedShare], Meta(max_length=MAX_TRUSTEES)]
    bundle_version: int
    roster: list[Entry]
    head_position: int


class AccountRecovery(Message, frozen=True):
    """What the identity's signing key signs, in ACCOUNT_RECOVERY. `bundle` has the version after the present one;
    `request` is the digest of a request that enough trustees have released to."""

    workspace: WorkspaceId
    member: MemberId
    handle: str
    request: bytes
    login_key: bytes
    bundle: BundleUpload


class RecoverAccount(Message, frozen=True):
    statement: AccountRecovery
    signature: bytes
