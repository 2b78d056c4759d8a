"""Plans about people: invite, join, remove, leave, suspend, standing, devices, new keys.

A plan is a list of roster operations. Plans are pure: they read the roster's state and the heads of the logs, and
change nothing; whether the author may do it is judged by the fold when the operations are signed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from protocol.ids import (
    ID_SIZE,
    NO_HASH,
    DeviceId,
    GroupId,
    InvitationId,
    MemberId,
    RoleId,
    Standing,
    WorkspaceId,
)
from protocol.limits import MAX_INVITATION_DAYS
from protocol.roster import (
    DeviceAdd,
    DeviceCertificate,
    DeviceRevoke,
    Expired,
    Genesis,
    GroupCreate,
    Invite,
    Join,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Rekey,
    RoleDefine,
    RoleGrant,
    RosterOperation,
    SetStanding,
)
from protocol.state import RosterState
from vault.keys import DeviceKey, Identity, Token
from vault.roster.assume import assume
from vault.roster.builtin import BUILT_IN_ROLES, TEAM_ADMIN
from vault.roster.cuts import Heads, cuts_for_member, directory_cut

DAY = 86_400


@dataclass(frozen=True, slots=True)
class NewWorkspace:
    """What `plan_create_workspace` decided: ids for the app to name, operations to sign from the genesis on."""

    operations: list[RosterOperation]
    member: MemberId
    group: GroupId
    roles: dict[str, RoleId]


def plan_create_workspace(identity: Identity, device: DeviceKey) -> NewWorkspace:
    """The founder (an owner), the built-in roles, and a first group in which the founder is Team Admin."""
    member = os.urandom(ID_SIZE)
    group = os.urandom(ID_SIZE)
    roles = {template.key: os.urandom(ID_SIZE) for template in BUILT_IN_ROLES}
    certificate = identity.certify(NO_HASH, member, device.public)
    operations: list[RosterOperation] = [Genesis(os.urandom(32), member, identity.public, certificate)]
    operations += [
        RoleDefine(roles[template.key], list(template.accesses), template.permissions, [])
        for template in BUILT_IN_ROLES
    ]
    operations.append(GroupCreate(group, [MemberGrant(member, roles[TEAM_ADMIN.key])]))
    return NewWorkspace(operations, member, group, roles)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation to sign, and the token that goes into the link. `expires` is in Unix seconds."""

    operations: list[RosterOperation]
    invitation: InvitationId
    member: MemberId
    token: Token
    expires: int


def plan_invite(
    grants: Sequence[tuple[GroupId, RoleId]],
    now: int,
    days: int = 14,
    standing: Standing = Standing.MEMBER,
) -> NewInvitation:
    """Mint a member and a token for her; raises ValueError for a term outside 1 to `MAX_INVITATION_DAYS` days."""
    if not 1 <= days <= MAX_INVITATION_DAYS:
        raise ValueError(f"an invitation is open for 1 to {MAX_INVITATION_DAYS} days")
    token = Token.generate()
    invitation, member = os.urandom(ID_SIZE), os.urandom(ID_SIZE)
    expires = now + days * DAY
    operation = Invite(
        invitation,
        member,
        token.public,
        standing,
        [RoleGrant(group, role) for group, role in grants],
        expires,
    )
    return NewInvitation([operation], invitation, member, token, expires)


def plan_join(
    workspace: WorkspaceId,
    invitation: InvitationId,
    member: MemberId,
    token: Token,
    identity: Identity,
    device: DeviceKey,
) -> list[RosterOperation]:
    """The invitee's `join`, signed with the token over workspace, invitation and her keys."""
    certificate = identity.certify(workspace, member, device.public)
    signature = token.sign_join(workspace, invitation, identity.public, device.public)
    return [Join(invitation, identity.public, certificate, signature)]


def plan_expire(invitation: InvitationId) -> list[RosterOperation]:
    """Withdraw an invitation; a join that was not confirmed dies with it."""
    return [Expired(invitation)]


def plan_remove(state: RosterState, heads: Heads, member: MemberId) -> list[RosterOperation]:
    """Remove a member for good, with a cut for every log that he may write."""
    return [MemberRemove(member, cuts_for_member(state, heads, member))]


def plan_leave(state: RosterState, heads: Heads, member: MemberId) -> list[RosterOperation]:
    """The member's own farewell."""
    return [MemberLeave(cuts_for_member(state, heads, member))]


def plan_suspend(
    state: RosterState, heads: Heads, member: MemberId, suspended: bool
) -> list[RosterOperation]:
    """Suspend a member (his keys stop opening what is new), or reinstate him."""
    cuts = cuts_for_member(state, heads, member) if suspended else []
    return [MemberSuspend(member, suspended, cuts)]


def plan_standing(
    state: RosterState, heads: Heads, member: MemberId, standing: Standing
) -> list[RosterOperation]:
    """Make a member an owner, an admin, or neither."""
    assume(state, [SetStanding(member, standing, [])])
    lowered = standing < state.members[member].standing
    return [SetStanding(member, standing, directory_cut(heads) if lowered else [])]


def plan_device_add(member: MemberId, certificate: DeviceCertificate) -> list[RosterOperation]:
    """A new computer; signed by itself (its certificate is the identity's) or by another device of the member."""
    return [DeviceAdd(member, certificate)]


def plan_device_revoke(
    state: RosterState, heads: Heads, device: DeviceId, rekey: Rekey | None = None
) -> list[RosterOperation]:
    """Revoke a lost device, with cuts; `rekey` (see `plan_rekey`) closes what the thief's keys would still open."""
    member = state.devices[device].member
    revoke = DeviceRevoke(device, cuts_for_member(state, heads, member))
    return [revoke] if rekey is None else [revoke, rekey]


def plan_rekey(workspace: WorkspaceId, member: MemberId, present: Identity) -> tuple[Rekey, Identity]:
    """A new encryption key under the same signing key: the operation, and the identity for the new bundle."""
    renewed = present.with_new_encryption()
    signature = present.sign_rekey(workspace, member, renewed.public)
    return Rekey(member, renewed.public, signature, b"", b""), renewed
