"""The plan of an owner who drops a branch: everything that it took away, as ordinary entries of the branch that stays.

Whatever can be done again is done again; what only somebody else can sign (his new identity keys) is made safe by
suspending him. Whether something is left, `unrepeated` says about the state after the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from protocol.fold_cuts import cuts_of
from protocol.ids import NO_HASH, LogId, MemberId
from protocol.roster import (
    Cut,
    DeviceRevoke,
    Expired,
    GroupArchive,
    MemberRemove,
    MemberSuspend,
    Policy,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
    SetStanding,
)
from protocol.state import GONE, InvitationStatus, MemberStatus, RosterState
from vault.roster.assume import assume
from vault.roster.branches import (
    OPEN,
    Branches,
    cuts_due,
    cuts_missing,
    granted_by_them,
    holds_retired_key,
    is_let_in,
)
from vault.roster.cuts import Heads, LogEnd, cuts_between, cuts_for_member, directory_cut

ChainAt = Callable[[bytes, int], bytes]
"""The chain hash of a log (33 bytes) at a position that both branches have."""


def ends_to_repeat(branches: Branches, heads: Heads, chain_at: ChainAt) -> Heads:
    """Where cuts of the plan lie: at the kept branch's heads; where the pasts differ, at the last common position;
    and never behind what the dropped branch has cut."""
    ends = {log: LogEnd(common, chain_at(log.encode(), common)) for log, common in branches.common.items()}
    found = {**heads, **ends}
    for due in cuts_due(branches):
        known = found.setdefault(due.log, LogEnd(0, NO_HASH))  # nobody has begun it there
        if due.position < known.position:
            found[due.log] = LogEnd(due.position, chain_at(due.log.encode(), due.position))
    return found


def plan_repeat(
    branches: Branches, ends: Heads, author: MemberId, rekey: Rekey | None = None
) -> list[RosterOperation]:
    """Operations for the kept branch; `ends` from `ends_to_repeat`. `rekey`: the author's own of the dropped branch,
    where he made one. Raises Refused where the rules do not allow one of them to any owner."""
    return _Plan(branches, ends, author, rekey).operations()


class _Plan:
    def __init__(self, branches: Branches, ends: Heads, author: MemberId, rekey: Rekey | None) -> None:
        self._branches = branches
        self._ends = ends
        self._author = author
        self._rekey = rekey
        self._state = branches.kept
        self._made: list[RosterOperation] = []

    def operations(self) -> list[RosterOperation]:
        for step in (
            self._people,
            self._devices,
            self._invitations,
            self._roles,
            self._places,
            self._policies,
        ):
            for operation in step():
                self._add(operation)
        self._cuts_left()
        return self._made

    def _add(self, operation: RosterOperation) -> None:
        self._state = assume(self._state, [operation])
        self._made.append(operation)

    def _cuts(self, member: MemberId) -> list[Cut]:
        return cuts_for_member(self._state, self._ends, member)

    def _between(self, operation: RosterOperation) -> list[Cut]:
        return cuts_between(self._state, assume(self._state, [operation]), self._ends)

    def _people(self) -> Iterator[RosterOperation]:
        fork, dropped = self._branches.fork, self._branches.dropped
        found = self._branches.let_in
        guests, raised = found.guests, found.raised
        for member in self._branches.kept.members.values():
            other, before = dropped.members.get(member.id), fork.members.get(member.id)
            if member.id in guests and is_let_in(self._state, self._state.members[member.id]):
                yield from self._send_away(member.id)
                continue
            if other is None or member.status in GONE:
                continue
            if other.status in GONE:
                yield MemberRemove(member.id, self._cuts(member.id))
                continue
            lowered = before is not None and other.standing < before.standing
            if (lowered or member.id in raised) and member.standing > other.standing:
                yield SetStanding(member.id, other.standing, directory_cut(self._ends))
            if other.status is MemberStatus.SUSPENDED and member.active:
                yield MemberSuspend(member.id, True, self._cuts(member.id))
            elif member.active and other.active and holds_retired_key(self._branches, member):
                if member.id != self._author:
                    yield MemberSuspend(member.id, True, self._cuts(member.id))
                elif self._rekey is not None:
                    yield self._rekey

    def _send_away(self, guest: MemberId) -> Iterator[RosterOperation]:
        if self._state.members[guest].status in (MemberStatus.ACTIVE, MemberStatus.SUSPENDED):
            yield MemberRemove(guest, self._cuts(guest))
            return
        for invitation in list(self._state.invitations.values()):
            if invitation.member == guest and invitation.status in OPEN:
                yield Expired(invitation.id)

    def _devices(self) -> Iterator[RosterOperation]:
        for device in self._branches.dropped.devices.values():
            known = self._state.devices.get(device.id)
            if known is None or known.revoked or self._state.members[device.member].status in GONE:
                continue
            if device.revoked:
                yield DeviceRevoke(device.id, self._cuts(device.member))

    def _invitations(self) -> Iterator[RosterOperation]:
        for invitation in self._branches.dropped.invitations.values():
            known = self._state.invitations.get(invitation.id)
            if known is None or self._state.members[known.member].status in GONE:
                continue
            if invitation.status is InvitationStatus.EXPIRED and known.status in OPEN:
                yield Expired(invitation.id)

    def _roles(self) -> Iterator[RosterOperation]:
        fork, dropped = self._branches.fork, self._branches.dropped
        for role in dropped.roles.values():
            known = self._state.roles.get(role.id)
            if known is None or known == role or fork.roles.get(role.id) == role:
                continue
            wanted = RoleDefine(role.id, list(role.accesses), role.permissions, [])
            yield RoleDefine(role.id, list(role.accesses), role.permissions, self._between(wanted))

    def _places(self) -> Iterator[RosterOperation]:
        """Grants, the tree, groups."""
        fork, dropped = self._branches.fork, self._branches.dropped
        for (member, group), roles in list(fork.grants.items()):
            if self._state.members[member].status in GONE:
                continue
            lost = roles - dropped.grants.get((member, group), frozenset())
            for role in sorted(lost & self._state.grants.get((member, group), frozenset())):
                yield Revoke(member, group, role, self._between(Revoke(member, group, role, [])))
        for member, group, role in granted_by_them(self._branches, self._branches.let_in):
            if self._state.members[member].status not in GONE:
                yield Revoke(member, group, role, self._between(Revoke(member, group, role, [])))
        for member_id, before in fork.members.items():
            other, known = dropped.members.get(member_id), self._state.members.get(member_id)
            if other is None or known is None or known.status in GONE or other.status in GONE:
                continue
            if other.manager != before.manager and known.manager != other.manager:
                moved = ReportsTo(member_id, other.manager, [])
                yield ReportsTo(member_id, other.manager, self._between(moved))
        for group_id, archived in dropped.groups.items():
            place = self._state.groups.get(group_id)
            if archived.archived and place is not None and not place.archived:
                yield GroupArchive(group_id, True, self._between(GroupArchive(group_id, True, [])))

    def _policies(self) -> Iterator[RosterOperation]:
        fork, dropped, state = self._branches.fork, self._branches.dropped, self._state
        before, after, now = fork.policies, dropped.policies, state.policies
        if before.managers_read_reports and not after.managers_read_reports and now.managers_read_reports:
            yield Policy("managers-read-reports", 0, b"", b"")
        if before.support_allowed and not after.support_allowed and now.support_allowed:
            yield Policy("support-allowed", 0, b"", b"")
        if after.second_factor > before.second_factor and now.second_factor < after.second_factor:
            yield Policy("second-factor", after.second_factor, b"", b"")
        if state.format_version < dropped.format_version:
            yield Policy("format-version", dropped.format_version, b"", b"")

    def _cuts_left(self) -> None:
        """Somebody was cut off and let in again: so he is here, with nothing of his own lost but what lies behind
        the cut. A cut needs an entry that takes something away, so he is suspended for the length of one entry."""
        devices = self._branches.kept.devices
        left = {
            devices[cut.device].member
            for cut in cuts_missing(self._branches)
            if not any(
                self._cuts_it(operation, devices[cut.device].member, cut.log) for operation in self._made
            )
        }
        for member in sorted(left):
            if self._state.members[member].active and member != self._author:
                self._add(MemberSuspend(member, True, self._cuts(member)))
                self._add(MemberSuspend(member, False, []))

    @staticmethod
    def _cuts_it(operation: RosterOperation, member: MemberId, log: LogId) -> bool:
        subject = getattr(operation, "member", member)
        return subject == member and any(cut.log == log.encode() for cut in cuts_of(operation))


def state_after(branches: Branches, kept: RosterState) -> Branches:
    """The same branches, the kept one at a later state."""
    return Branches(branches.fork, branches.dropped, kept, branches.common)
