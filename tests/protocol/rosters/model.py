"""The rules a second time, as plainly as they can be said: what entries that were taken make of a team, and who may
read and write which log. Nothing of `protocol.access`, `protocol.reading` or the fold is used here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocol.ids import NO_ID, Compartment, Level, LogId, Permission, Reach, Standing
from protocol.roster import (
    Adopt,
    Confirm,
    DeviceAdd,
    DeviceRevoke,
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
from protocol.signing import device_id

IN, WAITING, OUT = "in", "waiting", "out"


@dataclass
class Invited:
    member: bytes
    author: bytes
    device: bytes
    needs: Standing
    open: bool = True


@dataclass
class Model:
    """`joined` has those who came by an invitation and are not confirmed; `ever_own` every own log there ever was."""

    standing: dict[bytes, Standing] = field(default_factory=dict)
    status: dict[bytes, str] = field(default_factory=dict)
    manager: dict[bytes, bytes] = field(default_factory=dict)
    support: dict[bytes, tuple[bytes, frozenset[Compartment]]] = field(default_factory=dict)
    device_of: dict[bytes, bytes] = field(default_factory=dict)
    revoked: frozenset[bytes] = frozenset()
    keys: dict[bytes, bytes] = field(default_factory=dict)
    roles: dict[bytes, RoleDefine] = field(default_factory=dict)
    archived: dict[bytes, bool] = field(default_factory=dict)
    held: frozenset[tuple[bytes, bytes, bytes]] = frozenset()  # member, group, role
    ever_own: frozenset[LogId] = frozenset()
    invited: dict[bytes, Invited] = field(default_factory=dict)
    managers_read: bool = False
    support_allowed: bool = False
    served_by: dict[bytes, bytes] = field(default_factory=dict)

    def copy(self) -> Model:
        return Model(
            dict(self.standing), dict(self.status), dict(self.manager), dict(self.support),
            dict(self.device_of), self.revoked, dict(self.keys), dict(self.roles), dict(self.archived),
            self.held, self.ever_own, dict(self.invited), self.managers_read, self.support_allowed,
            dict(self.served_by),
        )  # fmt: skip

    # what entries do

    def after(self, author: bytes, operation: RosterOperation) -> Model:
        """The team after an entry that was taken; `author` is a device."""
        new = self.copy()
        new._do(author, operation)
        new._own_logs()
        return new

    def _do(self, author: bytes, operation: RosterOperation) -> None:
        match operation:
            case Genesis():
                self._mint(operation.member, Standing.OWNER, IN)
                self._device(operation.member, operation.device.signing)
                self.keys[operation.member] = operation.identity.encryption
            case Invite():
                self._mint(operation.member, operation.standing, WAITING)
                needs = Standing.ADMIN if operation.standing is Standing.MEMBER else Standing.OWNER
                self._invite(operation.invitation, operation.member, author, needs)
                for grant in operation.grants:
                    self.held |= {(operation.member, grant.group, grant.role)}
            case SupportGrant():
                self._mint(operation.member, Standing.MEMBER, WAITING)
                self._invite(operation.invitation, operation.member, author, Standing.OWNER)
                self.support[operation.member] = (operation.group, frozenset(operation.compartments))
            case Join():
                member = self.invited[operation.invitation].member
                self._device(member, operation.device.signing)
                self.keys[member] = operation.identity.encryption
            case Confirm():
                invited = self.invited[operation.invitation]
                self.invited[operation.invitation] = Invited(
                    invited.member, invited.author, invited.device, invited.needs, False
                )
                self.status[invited.member] = IN
            case Expired():
                self._close(operation.invitation)
            case MemberRemove():
                self.status[operation.member] = OUT
                for invitation, invited in list(self.invited.items()):
                    if invited.member == operation.member and invited.open:
                        self._close(invitation)
            case MemberLeave():
                self.status[self.device_of[author]] = OUT
            case MemberSuspend():
                self.status[operation.member] = WAITING if operation.suspended else IN
            case SetStanding():
                self.standing[operation.member] = operation.standing
            case DeviceAdd():
                self._device(operation.member, operation.device.signing)
            case DeviceRevoke():
                self.revoked |= {operation.device}
            case Rekey():
                self.keys[operation.member] = operation.identity.encryption
            case _:
                self._do_access(operation)
        if isinstance(operation, MemberRemove | MemberLeave | MemberSuspend | SetStanding | DeviceRevoke):
            self._invitations_die()

    def _do_access(self, operation: RosterOperation) -> None:
        match operation:
            case RoleDefine():
                self.roles[operation.role] = operation
            case GroupCreate():
                self.archived[operation.group] = False
                self.held |= {(grant.member, operation.group, grant.role) for grant in operation.grants}
            case GroupArchive():
                self.archived[operation.group] = operation.archived
            case Grant():
                self.held |= {(operation.member, operation.group, operation.role)}
            case Revoke():
                self.held -= {(operation.member, operation.group, operation.role)}
            case ReportsTo():
                self.manager[operation.member] = operation.manager
            case Policy(key="managers-read-reports", value=value):
                self.managers_read = bool(value)
            case Policy(key="support-allowed", value=value):
                self.support_allowed = bool(value)
            case Policy(key="catalogue-of", group=group, other=other):
                self.served_by.pop(group, None)
                if other:
                    self.served_by[group] = other
            case Policy() | RecoveryEnrol() | RecoveryRelease() | Adopt():
                pass  # nobody's access
            case _:
                raise AssertionError(operation)

    def _mint(self, member: bytes, standing: Standing, status: str) -> None:
        self.standing[member], self.status[member], self.manager[member] = standing, status, NO_ID

    def _invite(self, invitation: bytes, member: bytes, author: bytes, needs: Standing) -> None:
        self.invited[invitation] = Invited(member, self.device_of[author], author, needs)

    def _device(self, member: bytes, signing: bytes) -> None:
        self.device_of[device_id(signing)] = member

    def _close(self, invitation: bytes) -> None:
        invited = self.invited[invitation]
        self.invited[invitation] = Invited(
            invited.member, invited.author, invited.device, invited.needs, False
        )
        self.status[invited.member] = OUT

    def _invitations_die(self) -> None:
        for invitation, invited in list(self.invited.items()):
            able = self.status[invited.author] == IN and self.standing[invited.author] >= invited.needs
            if invited.open and (not able or invited.device in self.revoked):
                self._close(invitation)

    def _own_logs(self) -> None:
        self.ever_own |= {
            LogId(group, access.compartment, member)
            for member, group, role in self.held
            for access in self.roles[role].accesses
            if access.reach is Reach.OWN
        }

    # who may do what

    def logs(self) -> Iterator[LogId]:
        yield LogId(NO_ID, Compartment.DIRECTORY)
        for group in self.archived:
            for compartment in list(Compartment)[1:]:
                yield LogId(group, compartment)
        yield from self.ever_own

    def level(self, member: bytes, log: LogId) -> Level:
        """Section 4 of the design, sentence by sentence."""
        if self.status.get(member) != IN:
            return Level.NONE
        if log.compartment is not Compartment.DIRECTORY and log.group not in self.archived:
            return Level.NONE
        if log.owner != NO_ID and log not in self.ever_own:
            return Level.NONE
        if member in self.support:
            return Level.READ if self._support_reads(member, log) else Level.NONE
        if log.compartment is Compartment.DIRECTORY:
            return Level.WRITE
        best = Level.NONE
        for holder, group, role in self.held:
            if holder == member:
                best = max(best, self._by_role(member, group, self.roles[role], log))
        return min(best, Level.READ) if self.archived[log.group] else best

    def _support_reads(self, member: bytes, log: LogId) -> bool:
        group, compartments = self.support[member]
        if not self.support_allowed:
            return False
        if log.compartment is Compartment.DIRECTORY:
            return True
        of_group = log.group == group
        if log.compartment is Compartment.CATALOGUE:
            of_group = of_group or self.served_by.get(group) == log.group
        return of_group and log.compartment in compartments

    def _by_role(self, member: bytes, group: bytes, role: RoleDefine, log: LogId) -> Level:
        if log.compartment is Compartment.CATALOGUE:
            if group == log.group:
                manages = role.permissions & Permission.MANAGE_CATALOGUE
                return Level.WRITE if manages else Level.READ
            return Level.READ if self.served_by.get(group) == log.group else Level.NONE
        if group != log.group:
            return Level.NONE
        best = Level.NONE
        for access in role.accesses:
            if access.compartment is not log.compartment:
                continue
            of_all = access.reach is Reach.GROUP
            of_his_own = log.owner == member or (self.managers_read and self._is_above(member, log.owner))
            if of_all or (log.owner != NO_ID and of_his_own):
                best = max(best, access.level)
        return best

    def _is_above(self, manager: bytes, member: bytes) -> bool:
        above = self.manager.get(member, NO_ID)
        while above != NO_ID:
            if above == manager:
                return True
            above = self.manager[above]
        return False

    def readers(self, log: LogId) -> frozenset[bytes]:
        return frozenset(member for member in self.status if self.level(member, log) >= Level.READ)

    def writers(self, log: LogId) -> frozenset[bytes]:
        return frozenset(member for member in self.status if self.level(member, log) is Level.WRITE)
