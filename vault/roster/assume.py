"""The roster as it would be after operations that nobody has signed yet: for cuts, previews and the dialog.

The rules of the fold itself are applied, as if an owner had signed; whether the real author may do it is judged
when the operations are signed. Position and head stay those of `state`.
"""

from __future__ import annotations

from collections.abc import Sequence

from protocol.codes import RosterCode
from protocol.errors import ProtocolError
from protocol.fold_author import Author
from protocol.fold_grants import with_grant
from protocol.fold_groups import grant, group_archive, group_create, policy, reports_to, revoke, role_define
from protocol.fold_keys import device_revoke
from protocol.fold_members import confirm, expired, invite, leave, remove, set_standing, suspend
from protocol.ids import NO_ID, DeviceId, Standing
from protocol.roster import (
    Confirm,
    DeviceRevoke,
    Expired,
    Grant,
    GroupArchive,
    GroupCreate,
    Invite,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Policy,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
    SetStanding,
)
from protocol.signing import verified_before
from protocol.state import Device, Member, RosterState
from vault.roster.errors import Refused


def assume(
    state: RosterState,
    operations: Sequence[RosterOperation],
    leaving: Member | None = None,
    author: Author | None = None,
) -> RosterState:
    """The state after `operations`; `leaving` is the author of a `MemberLeave`. With `author`, he is judged too, not
    assumed to be an owner. Operations that change nobody's access (a device added, new keys) change nothing here.
    Raises Refused where the fold would."""
    try:
        for operation in operations:
            state = _assume(state, operation, leaving, author)
    except ProtocolError as error:
        raise Refused(str(error), error.code) from None
    return state


def _owner(state: RosterState) -> Author:
    """Some active owner (the fold keeps one), at no device."""
    owner = next(
        member for member in state.members.values() if member.active and member.standing is Standing.OWNER
    )
    return Author(Device(NO_ID, owner.id, b"", False, 0), owner)


def judge(state: RosterState, operations: Sequence[RosterOperation], device: DeviceId) -> None:
    """Whether the holder of `device` may do this now, before anything is signed. Raises Refused where not."""
    found = state.device_of(device)
    if found is None or found[0].revoked or not found[1].active:
        raise Refused("the author is not in the roster", RosterCode.AUTHOR_INACTIVE)
    for operation in operations:
        author = Author(found[0], state.members[found[1].id])
        state = assume(state, [operation], author.member, author)


def _assume(
    state: RosterState, operation: RosterOperation, leaving: Member | None, judged: Author | None
) -> RosterState:
    author = judged or _owner(state)
    match operation:
        case Invite():
            return invite(state, author, operation)
        case Confirm():
            return confirm(state, author, operation)
        case Expired():
            return expired(state, author, operation)
        case MemberRemove():
            return remove(state, author, operation)
        case MemberLeave() if leaving is not None:
            return leave(state, Author(author.device, leaving))
        case MemberSuspend():
            return suspend(state, author, operation)
        case SetStanding():
            return set_standing(state, author, operation)
        case DeviceRevoke():
            return device_revoke(state, author, operation)
        case RoleDefine():
            return role_define(state, author, operation)
        case GroupCreate():
            return group_create(state, author, operation)
        case GroupArchive():
            return group_archive(state, author, operation)
        case Grant() if judged is not None:
            return grant(state, author, operation, state.head, verified_before)
        case Grant():
            return with_grant(state, operation.member, operation.group, operation.role)
        case Revoke():
            return revoke(state, author, operation)
        case ReportsTo():
            return reports_to(state, author, operation)
        case Policy():
            return policy(state, author, operation)
        case _:
            return state
