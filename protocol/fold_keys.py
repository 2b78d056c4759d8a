"""Rules of the fold: devices and identity keys."""

from __future__ import annotations

from dataclasses import replace

from protocol.codec import encode
from protocol.codes import RosterCode
from protocol.fold_author import Author, known_member, refuse, require_rank
from protocol.fold_members import check_certificate
from protocol.ids import DeviceId, GroupId, MemberId, RoleId, Standing, WorkspaceId
from protocol.roster import DeviceAdd, DeviceRevoke, IdentityKeys, Rekey
from protocol.signing import Namespace, Verifier, device_id, key_id
from protocol.state import Device, Member, RosterState, with_item


def device_add(
    state: RosterState, author: DeviceId, operation: DeviceAdd, position: int, check: Verifier
) -> RosterState:
    """By a device of the same member, or by the new one: what counts is the identity's certificate."""
    member = known_member(state, operation.member)
    if not member.active or member.identity is None:
        raise refuse(RosterCode.MEMBER_STATUS, "only an active member adds devices")
    signing = operation.device.signing
    device = Device(device_id(signing), member.id, signing, False, position)
    if device.id in state.devices:
        raise refuse(RosterCode.DEVICE_EXISTS, "a device's key is used once")
    if author != device.id and state.devices[author].member != member.id:
        raise refuse(RosterCode.AUTHOR_OTHER, "a device is added by its own member")
    check_certificate(
        check, state.workspace, member.id, member.identity.signing, signing, operation.device.signature
    )
    return replace(
        state,
        devices=with_item(state.devices, device.id, device),
        members=with_item(state.members, member.id, replace(member, devices=member.devices | {device.id})),
    )


def device_revoke(state: RosterState, author: Author, operation: DeviceRevoke) -> RosterState:
    """By any other device of the member, or by an admin (of an admin's or owner's device: by an owner)."""
    found = state.device_of(operation.device)
    if found is None:
        raise refuse(RosterCode.DEVICE_UNKNOWN, "no such device")
    device, member = found
    if device.revoked:
        raise refuse(RosterCode.DEVICE_GONE, "the device was revoked before")
    if device.id == author.device.id:
        raise refuse(RosterCode.AUTHOR_OTHER, "another device has to do this")
    if member.id != author.member.id:
        require_rank(author, member.standing)
    return replace(
        state,
        devices=with_item(state.devices, device.id, replace(device, revoked=True)),
        members=with_item(
            state.members, member.id, replace(member, revoked_devices=member.revoked_devices + 1)
        ),
    )


def rekey_message(workspace: WorkspaceId, member: MemberId, identity: IdentityKeys) -> bytes:
    """What the present identity signs in REKEY, and, for a new signing key, the cosigner in CO-SIGN."""
    return encode([workspace, member, identity.signing, identity.encryption])


def grant_message(
    workspace: WorkspaceId, previous: bytes, member: MemberId, group: GroupId, role: RoleId
) -> bytes:
    """What an owner's device signs in CO-SIGN for a grant to its own author."""
    return encode([workspace, previous, member, group, role])


def rekey(state: RosterState, author: Author, operation: Rekey, check: Verifier) -> RosterState:
    """New identity keys, by the member himself; a new signing key needs an admin's signature too."""
    member = author.member
    if operation.member != member.id:
        raise refuse(RosterCode.AUTHOR_OTHER, "a member re-keys himself")
    present, new = member.identity, operation.identity
    if present is None:
        raise refuse(RosterCode.MEMBER_STATUS, "a member without keys")
    message = rekey_message(state.workspace, member.id, new)
    new_id = key_id(new.encryption)
    changes_signing = new.signing != present.signing
    if new_id in state.keys or (changes_signing and new.signing in state.keys):
        raise refuse(RosterCode.KEY_REUSED, "an identity's keys are used once")
    check(Namespace.REKEY, present.signing, message, operation.signature)
    if changes_signing:
        _check_rekey_cosigner(state, member, operation, message, check)
    elif operation.cosigner:
        raise refuse(RosterCode.COSIGNER, "no cosigner where the signing key stays")
    return replace(
        state,
        # The box of an enrolment holds the old identity.
        members=with_item(state.members, member.id, replace(member, identity=new, recovery=None)),
        keys={**state.keys, new.signing: member.id, new_id: member.id},
    )


def _check_rekey_cosigner(
    state: RosterState, member: Member, operation: Rekey, message: bytes, check: Verifier
) -> None:
    """An admin's device of another member (for an admin or owner: an owner's); the only owner's own will do."""
    least = Standing.ADMIN if member.standing is Standing.MEMBER else Standing.OWNER
    cosigner = cosigning_device(state, operation.cosigner, least)
    if cosigner.member == member.id and not _only_owner(state, member):
        raise refuse(RosterCode.COSIGNER, "another member has to sign as well")
    check(Namespace.COSIGN, cosigner.signing, message, operation.cosignature)


def _only_owner(state: RosterState, member: Member) -> bool:
    return not any(
        other.active and other.standing is Standing.OWNER and other.id != member.id
        for other in state.members.values()
    )


def cosigning_device(state: RosterState, cosigner: DeviceId, least: Standing) -> Device:
    """The device that signs as well, of an active member with at least this standing."""
    found = state.device_of(cosigner)
    if found is None or found[0].revoked or not found[1].active or found[1].standing < least:
        raise refuse(RosterCode.COSIGNER, "the cosigner is missing or not entitled")
    return found[0]
