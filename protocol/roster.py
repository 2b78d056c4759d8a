"""Roster entries: the signed, hash-chained list of who may do what. Formats only; `protocol/fold.py` judges them.

An entry on the wire is `[body bytes, signature]`; the body is `[version, workspace, position, previous, author, time,
operation]`, signed by the author device in the namespace ROSTER_ENTRY. Position 1 is the genesis, whose workspace is
32 zero bytes; the workspace's id is the hash of the genesis entry. Operations are arrays whose first item is the
tag. `time` is shown to people and never used in a rule.
"""

from __future__ import annotations

from protocol.codec import Message
from protocol.ids import (
    Compartment,
    DeviceId,
    GroupId,
    InvitationId,
    Level,
    MemberId,
    Permission,
    Reach,
    RoleId,
    Standing,
    WorkspaceId,
)
from protocol.signing import Namespace, digest


class Operation(Message, frozen=True, tag_field="operation"):
    """Base of all roster operations."""


class IdentityKeys(Message, frozen=True):
    """The public keys of an identity: Ed25519 (32 bytes) and ML-KEM-768 + X25519 (1,216 bytes)."""

    signing: bytes
    encryption: bytes


class DeviceCertificate(Message, frozen=True):
    """A device's public signing key, certified by the identity: signature in DEVICE_CERTIFICATE over
    `encode([workspace (zeros in a genesis), member, device signing key])`."""

    signing: bytes
    signature: bytes


class Cut(Message, frozen=True):
    """Where an author's commits on a log end: the log's position and chain hash (SPEC, section 9, R6)."""

    log: bytes
    position: int
    chain: bytes


class RoleGrant(Message, frozen=True):
    group: GroupId
    role: RoleId


class Access(Message, frozen=True):
    """A role's level and reach in one compartment."""

    compartment: Compartment
    level: Level
    reach: Reach


class Genesis(Operation, frozen=True, tag=1):
    """The founder, an owner. `nonce` is 32 random bytes."""

    nonce: bytes
    member: MemberId
    identity: IdentityKeys
    device: DeviceCertificate


class Invite(Operation, frozen=True, tag=2):
    """Mints the member's id. `token_key` is the public Ed25519 key of the token; `expires` is in Unix seconds."""

    invitation: InvitationId
    member: MemberId
    token_key: bytes
    standing: Standing
    grants: list[RoleGrant]
    expires: int


class Join(Operation, frozen=True, tag=3):
    """By the invitee, whose new device is the entry's author. `token_signature`: the token's, in JOIN, over
    `encode([workspace, invitation, identity signing key, identity encryption key, device signing key])`."""

    invitation: InvitationId
    identity: IdentityKeys
    device: DeviceCertificate
    token_signature: bytes


class Confirm(Operation, frozen=True, tag=4):
    """An admin's client makes the joined invitee a member, judging expiry by its clock."""

    invitation: InvitationId


class Expired(Operation, frozen=True, tag=5):
    """Withdraws or expires an invitation; a join that was not confirmed dies with it. A support member who was
    confirmed is removed by it, and any active member may append it for support."""

    invitation: InvitationId


class MemberRemove(Operation, frozen=True, tag=6):
    member: MemberId
    cuts: list[Cut]


class MemberLeave(Operation, frozen=True, tag=7):
    """By the member himself."""

    cuts: list[Cut]


class MemberSuspend(Operation, frozen=True, tag=8):
    """Suspends (true) or reinstates (false)."""

    member: MemberId
    suspended: bool
    cuts: list[Cut]


class SetStanding(Operation, frozen=True, tag=9):
    """Only owners change owners and admins; the last owner stays one."""

    member: MemberId
    standing: Standing
    cuts: list[Cut]


class DeviceAdd(Operation, frozen=True, tag=10):
    """By a device of the same member, or by the new device itself: the certificate is the identity's."""

    member: MemberId
    device: DeviceCertificate


class DeviceRevoke(Operation, frozen=True, tag=11):
    """By the member (any other device of his) or an admin."""

    device: DeviceId
    cuts: list[Cut]


class Rekey(Operation, frozen=True, tag=12):
    """New identity keys. `signature`: the present identity's signing key, in REKEY, over `encode([workspace, member,
    new signing key, new encryption key])`. Where the signing key changes, `cosigner` is an admin's device
    id and `cosignature` its signature in CO-SIGN over the same bytes; else both are empty."""

    member: MemberId
    identity: IdentityKeys
    signature: bytes
    cosigner: bytes
    cosignature: bytes


class RoleDefine(Operation, frozen=True, tag=13):
    """Defines or redefines a role of the workspace. `accesses`: at most one for each compartment and reach."""

    role: RoleId
    accesses: list[Access]
    permissions: Permission
    cuts: list[Cut]


class GroupCreate(Operation, frozen=True, tag=14):
    """The group starts with these grants (at least one, so that somebody can start its logs). A `small` group is the
    author's own: he and at most one other, for private records and those shared with one person."""

    group: GroupId
    grants: list[MemberGrant]
    small: bool = False


class MemberGrant(Message, frozen=True):
    member: MemberId
    role: RoleId


class GroupArchive(Operation, frozen=True, tag=15):
    """An archived group is read-only."""

    group: GroupId
    archived: bool
    cuts: list[Cut]


class Grant(Operation, frozen=True, tag=16):
    """`cosigner`/`cosignature`: a grant to oneself by an admin needs an owner's device's signature in CO-SIGN over
    `encode([workspace, previous entry hash, member, group, role])`; else both are empty."""

    member: MemberId
    group: GroupId
    role: RoleId
    cosigner: bytes
    cosignature: bytes


class Revoke(Operation, frozen=True, tag=17):
    member: MemberId
    group: GroupId
    role: RoleId
    cuts: list[Cut]


class ReportsTo(Operation, frozen=True, tag=18):
    """`manager` is 16 zero bytes for nobody. Cycles are refused."""

    member: MemberId
    manager: MemberId
    cuts: list[Cut]


class Policy(Operation, frozen=True, tag=19):
    """Sets one policy. `key`: "format-version" (int, only rises), "managers-read-reports" (0 or 1),
    "catalogue-of" (group whose catalogue serves `group`), "support-allowed" (0 or 1), "second-factor" (0 nobody
    must, 1 admins and owners must, 2 everybody must)."""

    key: str
    value: int
    group: bytes
    other: bytes


class Trustee(Message, frozen=True):
    """Who holds a share of a member's recovery. `digest`: in RECOVERY_SHARE, of the share (`share_digest`)."""

    member: MemberId
    digest: bytes


class RecoveryEnrol(Operation, frozen=True, tag=20):
    """`threshold` of the trustees together can give `member` his identity back; 0 and nobody withdraws it.
    `signature`: his identity signing key's, in RECOVERY_ENROL, over `encode([workspace, previous entry hash, member,
    threshold, [[trustee, share digest]]])`."""

    member: MemberId
    threshold: int
    trustees: list[Trustee]
    signature: bytes


class SupportGrant(Operation, frozen=True, tag=21):
    """An invitation of somebody who may read these compartments of one group until `until` (Unix seconds, judged by
    clients), and write nothing."""

    invitation: InvitationId
    member: MemberId
    token_key: bytes
    expires: int
    group: GroupId
    compartments: list[Compartment]
    until: int


class Branch(Message, frozen=True):
    """The first position where two pasts of a log (empty: of the roster) differ, and the hash of each there."""

    log: bytes
    position: int
    kept: bytes
    dropped: bytes


class Adopt(Operation, frozen=True, tag=22):
    """An owner says which of two branches stays, after the server came back from a backup."""

    branches: list[Branch]


class RecoveryRelease(Operation, frozen=True, tag=23):
    """The author, a trustee of `member`, gives his share to the request with this digest (`request_digest`)."""

    member: MemberId
    request: bytes


RosterOperation = (
    Genesis
    | Invite
    | Join
    | Confirm
    | Expired
    | MemberRemove
    | MemberLeave
    | MemberSuspend
    | SetStanding
    | DeviceAdd
    | DeviceRevoke
    | Rekey
    | RoleDefine
    | GroupCreate
    | GroupArchive
    | Grant
    | Revoke
    | ReportsTo
    | Policy
    | RecoveryEnrol
    | SupportGrant
    | Adopt
    | RecoveryRelease
)


class EntryBody(Message, frozen=True):
    version: int
    workspace: WorkspaceId
    position: int
    previous: bytes
    author: DeviceId
    time: int
    operation: RosterOperation


class Entry(Message, frozen=True):
    """An entry on the wire: exact body bytes and the author device's signature."""

    body: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """The entry hash, by which the next entry and all heads name it."""
        return digest(Namespace.ROSTER_ENTRY, self.signature, self.body)
