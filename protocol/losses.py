"""What a roster entry took away, in a form that answers "is this log stale?" without the states around it.

An entry takes a log from a member who could read it before and cannot after, or takes a key from him: a device of
his is revoked, or he is re-keyed, and then every log that he could read is touched. `loss_of` compares the two
states once, when the entry is appended; the answer is small and is kept for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from protocol.ids import GROUP_COMPARTMENTS, Compartment, GroupId, Level, LogId, MemberId, RoleId
from protocol.reading import descendants, levels, managers
from protocol.roster import (
    DeviceRevoke,
    Expired,
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
from protocol.state import RosterState, Support

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
    if person.support is not None:
        return _support_reading(state, person.support)
    below = _below(state, member)
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


def _below(state: RosterState, member: MemberId) -> Owners:
    """The owners of the own logs that own reach lets `member` read."""
    below: Owners = frozenset({member})
    return below | descendants(state, member) if state.policies.managers_read_reports else below


def _support_reading(state: RosterState, support: Support) -> Reading:
    if not state.policies.support_allowed:
        return Reading()
    wide = {(support.group, compartment) for compartment in support.compartments}
    served_by = state.policies.catalogue_of.get(support.group)
    if served_by is not None and Compartment.CATALOGUE in support.compartments:
        wide.add((served_by, Compartment.CATALOGUE))
    return Reading(True, frozenset(wide))


@dataclass(slots=True)
class Loss:
    """Logs that an entry at `position` made stale. In `wide`, every log of the place but the own logs of the owners
    kept; in `own`, the own logs of these owners.

    A place stands for own logs too that nobody could have yet. That calls no log stale by mistake: a rotate names a
    position at which its log exists (SPEC, C7), a log that exists never ceases to, and only what comes after that
    position is asked about.
    """

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
            self.add_wide(place, after.own.get(place, NOBODY))
        for place, owners in before.own.items():
            if place not in after.wide:
                lost = owners - after.own.get(place, NOBODY)
                if lost:
                    self.own[place] = self.own.get(place, NOBODY) | lost

    def add_wide(self, place: Place, kept: Owners) -> None:
        self.wide[place] = self.wide.get(place, kept) & kept

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
        case RoleDefine(role=role):
            _add_role(loss, before, after, role)
        case _:
            for member in _concerned(before, after, operation):
                loss.add(reading_of(before, member), reading_of(after, member))
    return None if loss.empty else loss


def _concerned(before: RosterState, after: RosterState, operation: RosterOperation) -> Iterable[MemberId]:
    """Whoever may read less after the operation: more than these do no harm, fewer would."""
    match operation:
        case MemberRemove(member=member) | MemberSuspend(member=member) | Revoke(member=member):
            return [member]
        case MemberLeave():  # its author is the only one whose status the entry changes
            return [m for m, person in before.members.items() if person.active != after.members[m].active]
        case Expired(invitation=invitation):
            return [before.invitations[invitation].member]
        case ReportsTo(member=member):
            return managers(before, member)
        case Policy(key="catalogue-of", group=group):
            return before.supports.union(before.grants.of_group(group))
        case Policy(key="managers-read-reports"):
            return before.reports.keys()
        case Policy(key="support-allowed"):
            return before.supports
        case _:
            return ()


def _add_role(loss: Loss, before: RosterState, after: RosterState, role: RoleId) -> None:
    """What the holders of a redefined role read less: the same for all who have the same roles in a group."""
    if role not in before.roles or before.roles[role].accesses == after.roles[role].accesses:
        return
    lost: dict[frozenset[RoleId], _Lost] = {}
    below: dict[MemberId, Owners] = {}  # the tree stays as it is
    for group in before.groups:
        for member, roles in before.grants.of_group(group).items():
            if role not in roles or not before.members[member].active:
                continue
            changes = lost.get(roles)
            if changes is None:
                changes = lost[roles] = _lost_by_roles(before, after, roles)
            if (changes.wide or changes.own) and member not in below:
                below[member] = _below(before, member)
            for compartment, keeps in changes.wide:
                loss.add_wide((group, compartment), below[member] if keeps else NOBODY)
            for compartment in changes.own:
                place = (group, compartment)
                loss.own[place] = loss.own.get(place, NOBODY) | below[member]


@dataclass(frozen=True, slots=True)
class _Lost:
    """Compartments where group reach was lost (and whether own reach is left), and where own reach was."""

    wide: tuple[tuple[Compartment, bool], ...]
    own: tuple[Compartment, ...]


def _lost_by_roles(before: RosterState, after: RosterState, roles: frozenset[RoleId]) -> _Lost:
    wide: list[tuple[Compartment, bool]] = []
    own: list[Compartment] = []
    for compartment in GROUP_COMPARTMENTS[1:]:
        had, has = (
            [
                any(state.roles[role].best[compartment][reach] >= Level.READ for role in roles)
                for reach in (0, 1)
            ]
            for state in (before, after)
        )
        if had[1] and not has[1]:
            wide.append((compartment, has[0]))
        elif had[0] and not has[0]:
            own.append(compartment)
    return _Lost(tuple(wide), tuple(own))
