"""Rules of the fold: invitations, and who is a member with which standing."""

from __future__ import annotations

from dataclasses import replace

from protocol.codec import encode
from protocol.codes import RosterCode
from protocol.fold_author import (
    Author,
    check_not_small,
    keep_an_owner,
    known_member,
    present_member,
    refuse,
    refuse_support,
    require_admin,
    require_owner,
    require_rank,
)
from protocol.fold_grants import with_grant
from protocol.ids import NO_ID, InvitationId, MemberId, Standing
from protocol.roster import (
    Confirm,
    Expired,
    Invite,
    Join,
    MemberRemove,
    MemberSuspend,
    SetStanding,
    SupportGrant,
)
from protocol.signing import Namespace, Verifier, device_id, key_id
from protocol.state import (
    GONE,
    Device,
    Invitation,
    InvitationStatus,
    Member,
    MemberStatus,
    RosterState,
    with_item,
)

UNDECIDED = frozenset({InvitationStatus.OPEN, InvitationStatus.JOINED})


def invite(state: RosterState, author: Author, operation: Invite) -> RosterState:
    """Mint a member, with his grants, so that his logs can be filled before he joins."""
    require_rank(author, operation.standing)
    member = Member(operation.member, operation.standing, MemberStatus.INVITED, None, NO_ID, 0)
    state = mint(state, author, operation, member)
    for grant in operation.grants:
        check_not_small(state, grant.group)
        state = with_grant(state, member.id, grant.group, grant.role)
    return state


def mint(state: RosterState, author: Author, operation: Invite | SupportGrant, member: Member) -> RosterState:
    """The new member, and the invitation that he is to take. Both ids are used once."""
    if operation.invitation in state.invitations:
        raise refuse(RosterCode.INVITATION_EXISTS, "an invitation's id is used once")
    if member.id in state.members:
        raise refuse(RosterCode.MEMBER_EXISTS, "a member's id is used once")
    invitation = Invitation(
        operation.invitation,
        member.id,
        operation.token_key,
        operation.expires,
        author.member.id,
        InvitationStatus.OPEN,
        member.standing,
        author.device.id,
    )
    return replace(
        state,
        members=with_item(state.members, member.id, member),
        invitations=with_item(state.invitations, invitation.id, invitation),
    )


def join_message(
    workspace: bytes, invitation: InvitationId, signing: bytes, encryption: bytes, device: bytes
) -> bytes:
    """What the token signs, in JOIN."""
    return encode([workspace, invitation, signing, encryption, device])


def join(state: RosterState, operation: Join, position: int, check: Verifier) -> RosterState:
    """The invitee's keys, under the token's signature. The author device is the one that joins."""
    invitation = _undecided(state, operation.invitation)
    if invitation.status is not InvitationStatus.OPEN:
        raise refuse(RosterCode.INVITATION_CLOSED, "somebody joined with this invitation already")
    identity, certificate = operation.identity, operation.device
    check(
        Namespace.JOIN,
        invitation.token_key,
        join_message(
            state.workspace, invitation.id, identity.signing, identity.encryption, certificate.signing
        ),
        operation.token_signature,
    )
    device = Device(device_id(certificate.signing), invitation.member, certificate.signing, False, position)
    if device.id in state.devices:
        raise refuse(RosterCode.DEVICE_EXISTS, "a device's key is used once")
    if identity.signing in state.keys or key_id(identity.encryption) in state.keys:
        raise refuse(RosterCode.KEY_REUSED, "an identity's keys are used once")
    check_certificate(
        check,
        state.workspace,
        invitation.member,
        identity.signing,
        certificate.signing,
        certificate.signature,
    )
    member = replace(
        state.members[invitation.member],
        status=MemberStatus.JOINED,
        identity=identity,
        devices=frozenset({device.id}),
    )
    return replace(
        state,
        members=with_item(state.members, member.id, member),
        devices=with_item(state.devices, device.id, device),
        invitations=with_item(
            state.invitations, invitation.id, replace(invitation, status=InvitationStatus.JOINED)
        ),
        keys={**state.keys, identity.signing: member.id, key_id(identity.encryption): member.id},
    )


def certificate_message(workspace: bytes, member: MemberId, device_signing: bytes) -> bytes:
    """What an identity signs, in DEVICE_CERTIFICATE; the workspace is 32 zero bytes in a genesis."""
    return encode([workspace, member, device_signing])


def check_certificate(
    check: Verifier, workspace: bytes, member: MemberId, identity: bytes, device: bytes, signature: bytes
) -> None:
    check(Namespace.DEVICE_CERTIFICATE, identity, certificate_message(workspace, member, device), signature)


def confirm(state: RosterState, author: Author, operation: Confirm) -> RosterState:
    require_admin(author)
    invitation = _undecided(state, operation.invitation)
    if invitation.status is not InvitationStatus.JOINED:
        raise refuse(RosterCode.INVITATION_CLOSED, "nobody joined with this invitation yet")
    joined = state.members[invitation.member]
    if joined.support is not None and not state.policies.support_allowed:
        raise refuse(RosterCode.SUPPORT_OFF, "the policy does not let support in")
    member = replace(joined, status=MemberStatus.ACTIVE)
    return replace(
        state,
        members=with_item(state.members, member.id, member),
        invitations=with_item(
            state.invitations, invitation.id, replace(invitation, status=InvitationStatus.CONFIRMED)
        ),
    )


def expired(state: RosterState, author: Author, operation: Expired) -> RosterState:
    """An admin closes an undecided invitation; whoever is active ends support, wherever it stands."""
    invitation = _known(state, operation.invitation)
    member = state.members[invitation.member]
    if member.support is None:
        require_admin(author)
        invitation = _undecided(state, invitation.id)
    elif member.status in GONE:
        raise refuse(RosterCode.INVITATION_CLOSED, "this support ended before")
    return _close(state, invitation)


def _known(state: RosterState, invitation: InvitationId) -> Invitation:
    found = state.invitations.get(invitation)
    if found is None:
        raise refuse(RosterCode.INVITATION_UNKNOWN, "no such invitation")
    return found


def _undecided(state: RosterState, invitation: InvitationId) -> Invitation:
    found = _known(state, invitation)
    if found.status not in UNDECIDED:
        raise refuse(
            RosterCode.INVITATION_CLOSED,
            "the invitation was used or withdrawn, or its author's right is gone",
        )
    return found


def _close(state: RosterState, invitation: Invitation) -> RosterState:
    """The invitation dies, and with it a join that was not confirmed, or support. The member's id stays used."""
    member = replace(state.members[invitation.member], status=MemberStatus.REMOVED)
    return replace(
        state,
        members=with_item(state.members, member.id, member),
        invitations=with_item(
            state.invitations, invitation.id, replace(invitation, status=InvitationStatus.EXPIRED)
        ),
    )


def without_rightless_invitations(state: RosterState) -> RosterState:
    """Close every undecided invitation whose author, or author's device, may not make it any more."""
    for invitation in state.invitations.values():
        if invitation.status not in UNDECIDED:
            continue
        author = state.members[invitation.author]
        support = state.members[invitation.member].support is not None
        plain = invitation.standing is Standing.MEMBER and not support
        least = Standing.ADMIN if plain else Standing.OWNER
        if not author.active or author.standing < least or state.devices[invitation.device].revoked:
            state = _close(state, invitation)
    return state


def remove(state: RosterState, author: Author, operation: MemberRemove) -> RosterState:
    """Always succeeds for who has the right, but for the last owner. Grants and tree edges stay in the state."""
    member = present_member(state, operation.member)
    require_rank(author, member.standing)
    keep_an_owner(state, member)
    for invitation in state.invitations.values():
        if invitation.member == member.id and invitation.status in UNDECIDED:
            return _close(state, invitation)
    return _with_status(state, member, MemberStatus.REMOVED)


def leave(state: RosterState, author: Author) -> RosterState:
    keep_an_owner(state, author.member)
    return _with_status(state, author.member, MemberStatus.LEFT)


def suspend(state: RosterState, author: Author, operation: MemberSuspend) -> RosterState:
    member = known_member(state, operation.member)
    require_rank(author, member.standing)
    expected = MemberStatus.ACTIVE if operation.suspended else MemberStatus.SUSPENDED
    if member.status is not expected:
        raise refuse(RosterCode.MEMBER_STATUS, f"the member is not {expected.value}")
    if operation.suspended:
        keep_an_owner(state, member)
        return _with_status(state, member, MemberStatus.SUSPENDED)
    return _with_status(state, member, MemberStatus.ACTIVE)


def set_standing(state: RosterState, author: Author, operation: SetStanding) -> RosterState:
    require_owner(author)
    member = known_member(state, operation.member)
    refuse_support(member)
    if member.status in GONE or member.identity is None or member.status is MemberStatus.JOINED:
        raise refuse(RosterCode.MEMBER_STATUS, "not a member (yet, or any more)")
    if member.standing is operation.standing:
        raise refuse(RosterCode.NO_CHANGE, "he has this standing")
    keep_an_owner(state, member)
    changed = replace(member, standing=operation.standing)
    return replace(state, members=with_item(state.members, member.id, changed))


def _with_status(state: RosterState, member: Member, status: MemberStatus) -> RosterState:
    return replace(state, members=with_item(state.members, member.id, replace(member, status=status)))
