"""What a roster entry took away, in a form that answers "is this log stale?" without the states around it.

An entry takes a log from a member who could read it before and cannot after, or takes a key from him: a device of
his is revoked, or he is re-keyed, and then every log that he could read is touched. `loss_of` compares the two
states once, when the entry is appended; the answer is small and is kept for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from protocol.ids import GROUP_COMPARTMENTS, Compartment, GroupId, Level, LogId, MemberId
from protocol.reading import descendants, levels, managers
from protocol.roster import (
    DeviceRevoke,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Policy,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
)
from protocol.state import RosterState

Place = tuple[GroupId, Compartment]
Owners = frozenset[MemberId]
NOBODY: Owners = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one member reads: the directory; places where he reads every log; own logs, by owner, elsewhere too."""

    directory: bool = False
    wide: frozenset[Place] = frozenset()
    own: Mapping[Place, Owners] = field(default_factory=dict)


def reading_of(state: RosterState, member: MemberId) -> Reading:
    """All that `member` reads, without listing logs."""
    person = state.members.get(member)
    if person is None or not person.active:
        return Reading()
    below: Owners = frozenset({member})
    if state.policies.managers_read_reports:
        below |= descendants(state, member)
    wide: set[Place] = set()
    own: dict[Place, Owners] = {}
    for group, _ in state.grants.groups_of(member):
        wide.add((group, Compartment.CATALOGUE))
        served_by = state.policies.catalogue_of.get(group)
        if served_by is not None:
            wide.add((served_by, Compartment.CATALOGUE))
        for compartment in GROUP_COMPARTMENTS[1:]:
            anywhere, shared = levels(state, member, group, compartment)
            if shared >= Level.READ:
                wide.add((group, compartment))
            elif anywhere >= Level.READ:
                own[(group, compartment)] = below
    return Reading(True, frozenset(wide), own)


@dataclass(slots=True)
class Loss:
    """Logs that an entry at `position` made stale. In `wide`, every log of the place but the own logs of the owners
    kept; in `own`, the own logs of these owners."""

    position: int
    directory: bool = False
    wide: dict[Place, Owners] = field(default_factory=dict)
    own: dict[Place, Owners] = field(default_factory=dict)

    def touches(self, log: LogId) -> bool:
        if log.compartment is Compartment.DIRECTORY:
            return self.directory
        place = (log.group, log.compartment)
        kept = self.wide.get(place)
        if kept is not None and log.owner not in kept:
            return True
        return log.owner in self.own.get(place, NOBODY)

    def add(self, before: Reading, after: Reading) -> None:
        """What one member read before and does not read after."""
        self.directory |= before.directory and not after.directory
        for place in before.wide - after.wide:
            kept = after.own.get(place, NOBODY)
            self.wide[place] = self.wide.get(place, kept) & kept
        for place, owners in before.own.items():
            if place not in after.wide:
                lost = owners - after.own.get(place, NOBODY)
                if lost:
                    self.own[place] = self.own.get(place, NOBODY) | lost

    @property
    def empty(self) -> bool:
        return not (self.directory or self.wide or self.own)


def loss_of(before: RosterState, after: RosterState, operation: RosterOperation) -> Loss | None:
    """What `operation`, which led from `before` to `after`, took away; None where nothing."""
    loss = Loss(after.position)
    match operation:
        case DeviceRevoke(device=device):
            loss.add(reading_of(before, before.devices[device].member), Reading())
        case Rekey(member=member):
            loss.add(reading_of(before, member), Reading())
        case (
            MemberLeave()
            | MemberRemove()
            | MemberSuspend()
            | Revoke()
            | RoleDefine()
            | ReportsTo()
            | Policy()
        ):
            for member in _concerned(before, after, operation):
                loss.add(reading_of(before, member), reading_of(after, member))
        case _:
            return None
    return None if loss.empty else loss


def _concerned(before: RosterState, after: RosterState, operation: RosterOperation) -> Iterable[MemberId]:
    """Whoever may read less after the operation: more than these do no harm, fewer would."""
    match operation:
        case MemberRemove(member=member) | MemberSuspend(member=member) | Revoke(member=member):
            return [member]
        case ReportsTo(member=member):
            return managers(before, member)
        case RoleDefine(role=role):
            if role not in before.roles or before.roles[role].accesses == after.roles[role].accesses:
                return []
            return {member for (member, _), roles in before.grants.items() if role in roles}
        case Policy(key="catalogue-of", group=group):
            return before.grants.of_group(group)
        case Policy(key="managers-read-reports"):
            return {member.manager for member in before.members.values()} & before.members.keys() | {
                above for member in before.members for above in managers(before, member)
            }
        case _:  # a member who leaves: the only one whose status the entry changes
            return [m for m, person in before.members.items() if person.active != after.members[m].active]
