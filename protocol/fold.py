"""The roster fold: each entry is judged in the state before it, and gives the next. A pure function; reads no clock.

The rules are numbered in `protocol/SPEC.md`, Roster. Every entry is first parsed strictly, then placed (workspace,
position, previous hash), then its author device is looked up and its signature verified, and only then is the
operation judged. Whatever is refused leaves the state as it was. Raises FormatError, SignatureInvalid, RosterRefused
(with a code for each reason) and UpgradeNeeded.
"""

from __future__ import annotations

from dataclasses import replace

from protocol.codes import RosterCode
from protocol.errors import SignatureInvalid
from protocol.fold_author import Author, Place, refuse
from protocol.fold_cuts import apply_cuts, cuts_of
from protocol.fold_groups import (
    grant,
    group_archive,
    group_create,
    policy,
    reports_to,
    revoke,
    role_define,
)
from protocol.fold_keys import device_add, device_revoke, rekey
from protocol.fold_members import (
    check_certificate,
    confirm,
    expired,
    invite,
    join,
    leave,
    remove,
    set_standing,
    suspend,
    without_rightless_invitations,
)
from protocol.fold_recovery import adopt, recovery_enrol, recovery_release
from protocol.fold_support import check_author, support_grant
from protocol.ids import NO_HASH, NO_ID, Standing
from protocol.roster import (
    Adopt,
    Confirm,
    DeviceAdd,
    DeviceRevoke,
    Entry,
    EntryBody,
    Expired,
    Genesis,
    Grant,
    GroupArchive,
    GroupCreate,
    Invite,
    Join,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Policy,
    RecoveryEnrol,
    RecoveryRelease,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
    SetStanding,
    SupportGrant,
)
from protocol.roster_parse import parse_entry
from protocol.signing import Namespace, Verifier, device_id, key_id, verified_before, verify
from protocol.state import (
    CutMade,
    Device,
    Group,
    Invitation,
    InvitationStatus,
    Member,
    MemberStatus,
    Past,
    Policies,
    Role,
    RosterState,
)

TAKES_RIGHTS = (MemberRemove, MemberLeave, MemberSuspend, SetStanding, DeviceRevoke)


def start(genesis: Entry) -> RosterState:
    """The state after the first entry; its hash becomes the workspace's id."""
    body = parse_entry(genesis)
    operation = body.operation
    if not isinstance(operation, Genesis) or body.position != 1:
        raise refuse(RosterCode.GENESIS, "a roster begins with a genesis at position 1")
    if body.workspace != NO_HASH:
        raise refuse(RosterCode.WORKSPACE, "a genesis names no workspace: its hash becomes the id")
    if body.previous != NO_HASH:
        raise refuse(RosterCode.PREVIOUS, "nothing comes before a genesis")
    signing = operation.device.signing
    device = Device(device_id(signing), operation.member, signing, False, 1)
    if body.author != device.id:
        raise refuse(RosterCode.AUTHOR_OTHER, "the founder's device signs the genesis")
    verify(Namespace.ROSTER_ENTRY, signing, genesis.body, genesis.signature)
    identity = operation.identity
    check_certificate(
        verify, NO_HASH, operation.member, identity.signing, signing, operation.device.signature
    )
    founder = Member(
        operation.member, Standing.OWNER, MemberStatus.ACTIVE, identity, NO_ID, 0, frozenset({device.id})
    )
    return RosterState(
        workspace=genesis.hash,
        position=1,
        head=genesis.hash,
        members={founder.id: founder},
        devices={device.id: device},
        keys={identity.signing: founder.id, key_id(identity.encryption): founder.id},
        past=Past().grown(genesis.hash),
    )


def apply(state: RosterState, entry: Entry) -> RosterState:
    """The state after `entry`, or the reason why it is refused."""
    return _apply(state, entry, verify)


def reapply(state: RosterState, entry: Entry) -> RosterState:
    """As `apply`, for an entry that was judged before: its signatures are not verified again, all else is."""
    return _apply(state, entry, verified_before)


def _apply(state: RosterState, entry: Entry, check: Verifier) -> RosterState:
    body = parse_entry(entry)
    _check_place(state, body)
    signing, author = _author(state, body)
    check(Namespace.ROSTER_ENTRY, signing, entry.body, entry.signature)
    this = entry.hash
    after = _operate(state, body, this, author, check)
    after = replace(after, position=body.position, head=this, past=state.past.grown(this))
    if isinstance(body.operation, TAKES_RIGHTS):
        after = without_rightless_invitations(after)
    if author is not None and cuts_of(body.operation):
        after = apply_cuts(state, after, author.member.id, body.operation)
    return after


def _check_place(state: RosterState, body: EntryBody) -> None:
    if body.workspace != state.workspace:
        raise refuse(RosterCode.WORKSPACE, "the entry is another workspace's")
    if body.position != state.position + 1:
        raise refuse(RosterCode.POSITION, f"position {body.position} does not follow {state.position}")
    if body.previous != state.head:
        raise refuse(RosterCode.PREVIOUS, "the entry follows another one than the head")


def _author(state: RosterState, body: EntryBody) -> tuple[bytes, Author | None]:
    """The signing key, and the author where he is in the roster: a device that joins or adds itself is not."""
    operation = body.operation
    if isinstance(operation, Join | DeviceAdd) and device_id(operation.device.signing) == body.author:
        return operation.device.signing, None
    if isinstance(operation, Join):
        raise refuse(RosterCode.AUTHOR_OTHER, "the device that joins signs the entry")
    found = state.device_of(body.author)
    if found is None:
        raise refuse(RosterCode.AUTHOR_UNKNOWN, "no such device")
    device, member = found
    if device.revoked:
        raise refuse(RosterCode.AUTHOR_REVOKED, "the author's device was revoked")
    if not member.active:
        raise refuse(RosterCode.AUTHOR_INACTIVE, "the author is not an active member")
    return device.signing, Author(device, member)


def _operate(
    state: RosterState, body: EntryBody, this: bytes, author: Author | None, check: Verifier
) -> RosterState:
    operation = body.operation
    match operation:
        case Join():
            return join(state, operation, body.position, check)
        case DeviceAdd():
            return device_add(state, body.author, operation, body.position, check)
    if author is None:
        raise SignatureInvalid("an entry without an author")
    return operate(state, author, operation, Place(body.position, body.previous, this), check)


def operate(
    state: RosterState, author: Author, operation: RosterOperation, place: Place, check: Verifier
) -> RosterState:
    """What an operation of a known author makes of `state`, by its own rules (SPEC, R5); all but the joining of
    devices. Position, head, cuts and invitations that die with a right are `apply`'s. Raises RosterRefused."""
    check_author(author, operation)
    match operation:
        case Invite():
            return invite(state, author, operation)
        case Confirm():
            return confirm(state, author, operation)
        case Expired():
            return expired(state, author, operation)
        case MemberRemove():
            return remove(state, author, operation)
        case MemberLeave():
            return leave(state, author)
        case MemberSuspend():
            return suspend(state, author, operation)
        case SetStanding():
            return set_standing(state, author, operation)
        case DeviceRevoke():
            return device_revoke(state, author, operation)
        case Rekey():
            return rekey(state, author, operation, check)
        case RoleDefine():
            return role_define(state, author, operation)
        case GroupCreate():
            return group_create(state, author, operation)
        case GroupArchive():
            return group_archive(state, author, operation)
        case Grant():
            return grant(state, author, operation, place.previous, check)
        case Revoke():
            return revoke(state, author, operation)
        case ReportsTo():
            return reports_to(state, author, operation)
        case Policy():
            return policy(state, author, operation)
        case RecoveryEnrol():
            return recovery_enrol(state, author, operation, place, check)
        case RecoveryRelease():
            return recovery_release(state, author, operation, place)
        case SupportGrant():
            return support_grant(state, author, operation)
        case Adopt():
            return adopt(state, author, operation)
        case _:
            raise refuse(RosterCode.GENESIS, "a genesis stands at position 1 only")


__all__ = [
    "CutMade",
    "Device",
    "Group",
    "Invitation",
    "InvitationStatus",
    "Member",
    "MemberStatus",
    "Policies",
    "Role",
    "RosterState",
    "apply",
    "operate",
    "parse_entry",
    "reapply",
    "start",
]
