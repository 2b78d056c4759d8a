"""Strict parse of a roster entry: canonical bytes, known version, exact lengths. No state is needed to refuse these."""

from __future__ import annotations

from collections.abc import Sequence

from protocol.codec import decode
from protocol.errors import FormatError
from protocol.ids import (
    ALL_PERMISSIONS,
    HASH_SIZE,
    ID_SIZE,
    KEY_SIZE,
    LOG_ID_SIZE,
    NO_ID,
    SIGNATURE_SIZE,
)
from protocol.limits import ENCRYPTION_KEY_SIZE, MAX_ROSTER_ENTRY, MAX_TRUSTEES, VERSION
from protocol.roster import (
    Adopt,
    Confirm,
    Cut,
    DeviceAdd,
    DeviceCertificate,
    DeviceRevoke,
    Entry,
    EntryBody,
    Expired,
    Genesis,
    Grant,
    GroupArchive,
    GroupCreate,
    IdentityKeys,
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

MAX_POSITION = 1 << 53
MAX_TIME = 1 << 40
MAX_POLICY_KEY = 64
MAX_POLICY_VALUE = 1 << 31


def parse_entry(entry: Entry) -> EntryBody:
    """The body of an entry. Raises FormatError unless it is the one canonical encoding of a well-formed body."""
    if len(entry.signature) != SIGNATURE_SIZE:
        raise FormatError("entry: a signature has 64 bytes")
    body = decode(entry.body, EntryBody, MAX_ROSTER_ENTRY)
    if body.version != VERSION:
        raise FormatError(f"entry: unknown version {body.version}", "version")
    _size("workspace", body.workspace, HASH_SIZE)
    _size("previous", body.previous, HASH_SIZE)
    _size("author", body.author, ID_SIZE)
    _range("position", body.position, 1, MAX_POSITION)
    _range("time", body.time, 0, MAX_TIME)
    _check(body.operation)
    return body


def _size(name: str, value: bytes, *sizes: int) -> None:
    if len(value) not in sizes:
        raise FormatError(f"entry: {name} has {' or '.join(map(str, sizes))} bytes, not {len(value)}")


def _range(name: str, value: int, least: int, end: int) -> None:
    if not least <= value < end:
        raise FormatError(f"entry: {name} out of range")


def _id(name: str, value: bytes) -> None:
    _size(name, value, ID_SIZE)
    if value == NO_ID:
        raise FormatError(f"entry: {name} is all zeros")


def _ids(**values: bytes) -> None:
    for name, value in values.items():
        _id(name, value)


def _identity(keys: IdentityKeys) -> None:
    _size("identity signing key", keys.signing, KEY_SIZE)
    _size("identity encryption key", keys.encryption, ENCRYPTION_KEY_SIZE)


def _certificate(certificate: DeviceCertificate) -> None:
    _size("device signing key", certificate.signing, KEY_SIZE)
    _size("device certificate", certificate.signature, SIGNATURE_SIZE)


def _cuts(cuts: Sequence[Cut]) -> None:
    for cut in cuts:
        _size("log", cut.log, LOG_ID_SIZE)
        _range("cut position", cut.position, 0, MAX_POSITION)
        _size("cut chain", cut.chain, HASH_SIZE)


def _cosigner(cosigner: bytes, cosignature: bytes) -> None:
    """Both, or neither: a device id and its signature."""
    _size("cosigner", cosigner, 0, ID_SIZE)
    _size("cosignature", cosignature, SIGNATURE_SIZE if cosigner else 0)


def _check(operation: RosterOperation) -> None:
    """Exact sizes of everything in an operation, kind by kind."""
    match operation:
        case Genesis():
            _size("nonce", operation.nonce, 32)
            _id("member", operation.member)
            _identity(operation.identity)
            _certificate(operation.device)
        case Invite():
            _ids(invitation=operation.invitation, member=operation.member)
            _size("token key", operation.token_key, KEY_SIZE)
            _range("expires", operation.expires, 0, MAX_TIME)
            for grant in operation.grants:
                _ids(group=grant.group, role=grant.role)
        case Join():
            _id("invitation", operation.invitation)
            _identity(operation.identity)
            _certificate(operation.device)
            _size("token signature", operation.token_signature, SIGNATURE_SIZE)
        case Confirm() | Expired():
            _id("invitation", operation.invitation)
        case MemberRemove() | MemberSuspend() | SetStanding():
            _id("member", operation.member)
            _cuts(operation.cuts)
        case MemberLeave():
            _cuts(operation.cuts)
        case DeviceAdd():
            _id("member", operation.member)
            _certificate(operation.device)
        case DeviceRevoke():
            _id("device", operation.device)
            _cuts(operation.cuts)
        case Rekey():
            _id("member", operation.member)
            _identity(operation.identity)
            _size("signature", operation.signature, SIGNATURE_SIZE)
            _cosigner(operation.cosigner, operation.cosignature)
        case _:
            _check_groups(operation)


def _check_groups(operation: RosterOperation) -> None:
    match operation:
        case RoleDefine():
            _id("role", operation.role)
            if int(operation.permissions) & ~int(ALL_PERMISSIONS):  # flags drop unknown bits when negated
                raise FormatError("entry: unknown permissions")
            _cuts(operation.cuts)
        case GroupCreate():
            _id("group", operation.group)
            for grant in operation.grants:
                _ids(member=grant.member, role=grant.role)
        case GroupArchive():
            _id("group", operation.group)
            _cuts(operation.cuts)
        case Grant():
            _ids(member=operation.member, group=operation.group, role=operation.role)
            _cosigner(operation.cosigner, operation.cosignature)
        case Revoke():
            _ids(member=operation.member, group=operation.group, role=operation.role)
            _cuts(operation.cuts)
        case ReportsTo():
            _id("member", operation.member)
            _size("manager", operation.manager, ID_SIZE)
            _cuts(operation.cuts)
        case Policy():
            if not 1 <= len(operation.key) <= MAX_POLICY_KEY:
                raise FormatError("entry: policy key out of range")
            _range("policy value", operation.value, 0, MAX_POLICY_VALUE)
            _size("policy group", operation.group, 0, ID_SIZE)
            _size("policy other group", operation.other, 0, ID_SIZE)
        case _:
            _check_rare(operation)


def _check_rare(operation: RosterOperation) -> None:
    match operation:
        case RecoveryEnrol():
            _id("member", operation.member)
            _range("threshold", operation.threshold, 0, MAX_TRUSTEES + 1)
            if len(operation.trustees) > MAX_TRUSTEES:
                raise FormatError("entry: too many trustees")
            for trustee in operation.trustees:
                _id("trustee", trustee.member)
                _size("share digest", trustee.digest, HASH_SIZE)
            _size("signature", operation.signature, SIGNATURE_SIZE)
        case RecoveryRelease():
            _id("member", operation.member)
            _size("request", operation.request, HASH_SIZE)
        case SupportGrant():
            _ids(invitation=operation.invitation, member=operation.member, group=operation.group)
            _size("token key", operation.token_key, KEY_SIZE)
            _range("expires", operation.expires, 0, MAX_TIME)
            _range("until", operation.until, 0, MAX_TIME)
        case Adopt():
            for branch in operation.branches:
                _size("log", branch.log, 0, LOG_ID_SIZE)
                _range("branch position", branch.position, 1, MAX_POSITION)
                _size("kept hash", branch.kept, HASH_SIZE)
                _size("dropped hash", branch.dropped, HASH_SIZE)
        case _:
            raise FormatError("entry: unknown operation")
