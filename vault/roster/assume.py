"""The roster as it would be after operations that nobody has signed yet: for cuts, previews and the dialog.

The rules of the fold itself are applied, as if an owner had signed; whether the real author may do it is judged
when the operations are signed. Position and head stay those of `state`.
"""

from __future__ import annotations

from collections.abc import Sequence

from protocol.codes import RosterCode
from protocol.errors import ProtocolError
from protocol.fold import operate
from protocol.fold_author import Author, Place
from protocol.fold_grants import with_grant
from protocol.fold_members import leave
from protocol.ids import NO_HASH, NO_ID, DeviceId, Standing
from protocol.roster import (
    Adopt,
    DeviceAdd,
    Genesis,
    Grant,
    Join,
    MemberLeave,
    RecoveryEnrol,
    RecoveryRelease,
    Rekey,
    RosterOperation,
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
        case Genesis() | Join() | DeviceAdd() | Rekey() | RecoveryEnrol() | RecoveryRelease() | Adopt():
            return state
        case MemberLeave():
            return state if leaving is None else leave(state, Author(author.device, leaving))
        case Grant() if judged is None:  # to whomever, cosigned or not
            return with_grant(state, operation.member, operation.group, operation.role)
        case _:
            place = Place(state.position + 1, state.head, NO_HASH)
            return operate(state, author, operation, place, verified_before)
