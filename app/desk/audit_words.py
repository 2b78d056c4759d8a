"""The roster in words: what each signed entry did, as "invited Ben Brouwer as Sales rep of West".

`RosterStory` is told the entries in their order and keeps no more of them than the next ones refer to (who an
invitation or a computer belongs to, who was what before). Names are those of today: the roster itself has none.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.crm.words import count
from app.desk.access_words import COMPARTMENT_WORDS, join_words
from app.desk.audit_line import AuditKind
from protocol.ids import NO_ID, Compartment, DeviceId, GroupId, InvitationId, MemberId, RoleId, Standing
from protocol.roster import (
    Adopt,
    Confirm,
    DeviceAdd,
    DeviceRevoke,
    EntryBody,
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

Named = Callable[[str, bytes], str]
"""(kind, id) -> name, as `app.desk.directory.Directory.name`."""

_STANDINGS = {Standing.OWNER: "an owner", Standing.ADMIN: "an admin", Standing.MEMBER: "a member"}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry told: `author` and `about` are members (None where there is no such person)."""

    author: MemberId | None
    about: MemberId | None
    kind: AuditKind
    words: str


@dataclass(slots=True)
class _Invited:
    member: MemberId
    expires: int
    support: bool
    confirmed: bool = False


def device_name(device: DeviceId) -> str:
    """Devices have no names in the roster: the server would read them."""
    return f"computer {device.hex()[:4].upper()}-{device.hex()[4:8].upper()}"


def day(at: int) -> str:
    """ "3 Mar 2026, 18:00", in this computer's time zone."""
    when = time.localtime(at)
    return f"{when.tm_mday} {time.strftime('%b %Y, %H:%M', when)}"


class RosterStory:
    """Tell entries in the order of the chain, from the genesis on."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._devices: dict[DeviceId, MemberId] = {}
        self._invitations: dict[InvitationId, _Invited] = {}
        self._standings: dict[MemberId, Standing] = {}
        self._roles: set[RoleId] = set()

    def tell(self, body: EntryBody) -> Told:
        """The next entry. It has been judged before: what it refers to is known."""
        operation = body.operation
        self._learn(body)
        author = self._devices.get(body.author)
        kind, about, words = self._told(operation, author, body.time)
        return Told(author, about, kind, words)

    def _learn(self, body: EntryBody) -> None:
        operation = body.operation
        if isinstance(operation, Genesis):
            self._devices[body.author] = operation.member
            self._standings[operation.member] = Standing.OWNER
        elif isinstance(operation, Invite):
            self._invitations[operation.invitation] = _Invited(operation.member, operation.expires, False)
            self._standings[operation.member] = operation.standing
        elif isinstance(operation, SupportGrant):
            self._invitations[operation.invitation] = _Invited(operation.member, operation.expires, True)
        elif isinstance(operation, Join):
            self._devices[body.author] = self._invitations[operation.invitation].member
        elif isinstance(operation, DeviceAdd):
            self._devices.setdefault(device_id(operation.device.signing), operation.member)

    def _told(
        self, operation: RosterOperation, author: MemberId | None, at: int
    ) -> tuple[AuditKind, MemberId | None, str]:
        for tell in (self._of_people, self._of_access, self._of_keys, self._of_the_rest):
            found = tell(operation, author, at)
            if found is not None:
                return found
        return AuditKind.PEOPLE, None, "did something that this version cannot tell"

    def _of_people(
        self, operation: RosterOperation, author: MemberId | None, at: int
    ) -> tuple[AuditKind, MemberId | None, str] | None:
        people = AuditKind.PEOPLE
        if isinstance(operation, Genesis):
            return people, operation.member, "made the workspace"
        if isinstance(operation, Invite):
            return people, operation.member, self._invite(operation)
        if isinstance(operation, Join):
            member = self._invitations[operation.invitation].member
            return people, member, "joined with the invitation, and waits to be let in"
        if isinstance(operation, Confirm):
            return self._confirm(operation)
        if isinstance(operation, Expired):
            return self._expired(operation, at)
        if isinstance(operation, MemberRemove):
            return people, operation.member, f"removed {self._person(operation.member)}"
        if isinstance(operation, MemberLeave):
            return people, author, "left the workspace"
        if isinstance(operation, MemberSuspend):
            name = self._person(operation.member)
            words = f"suspended {name}" if operation.suspended else f"let {name} back in"
            return people, operation.member, words
        if isinstance(operation, SetStanding):
            before = self._standings.get(operation.member, Standing.MEMBER)
            self._standings[operation.member] = operation.standing
            words = f"made {self._person(operation.member)} {_STANDINGS[operation.standing]}"
            return people, operation.member, f"{words} (was {_STANDINGS[before]})"
        return None

    def _confirm(self, operation: Confirm) -> tuple[AuditKind, MemberId, str]:
        invited = self._invitations[operation.invitation]
        invited.confirmed = True
        kind = AuditKind.SUPPORT if invited.support else AuditKind.PEOPLE
        whom = (
            f"support ({self._person(invited.member)})" if invited.support else self._person(invited.member)
        )
        return kind, invited.member, f"let {whom} in"

    def _expired(self, operation: Expired, at: int) -> tuple[AuditKind, MemberId, str]:
        invited = self._invitations[operation.invitation]
        name = self._person(invited.member)
        if invited.support:
            return AuditKind.SUPPORT, invited.member, f"ended the access of support ({name})"
        why = ", which had run out" if at > invited.expires else ""
        return AuditKind.PEOPLE, invited.member, f"closed the invitation of {name}{why}"

    def _invite(self, operation: Invite) -> str:
        words = f"invited {self._person(operation.member)}"
        if operation.standing is not Standing.MEMBER:
            words += f" as {_STANDINGS[operation.standing]}"
        places = [f"{self._role(grant.role)} of {self._group(grant.group)}" for grant in operation.grants]
        if places:
            words += f" as {join_words(_few(places))}"
        return f"{words}, until {day(operation.expires)}"

    def _of_access(
        self, operation: RosterOperation, author: MemberId | None, at: int
    ) -> tuple[AuditKind, MemberId | None, str] | None:
        access = AuditKind.ACCESS
        if isinstance(operation, Grant):
            signed = ", with an owner’s signature" if operation.cosigner else ""
            role, group = self._role(operation.role), self._group(operation.group)
            return (
                access,
                operation.member,
                f"made {self._person(operation.member)} {role} of {group}{signed}",
            )
        if isinstance(operation, Revoke):
            role, group = self._role(operation.role), self._group(operation.group)
            name = self._person(operation.member)
            return access, operation.member, f"took the role {role} of {group} from {name}"
        if isinstance(operation, RoleDefine):
            known = operation.role in self._roles
            self._roles.add(operation.role)
            return access, None, f"{'changed' if known else 'defined'} the role {self._role(operation.role)}"
        if isinstance(operation, GroupCreate):
            return access, None, self._created(operation)
        if isinstance(operation, GroupArchive):
            verb = "archived" if operation.archived else "opened again"
            return access, None, f"{verb} the group {self._group(operation.group)}"
        if isinstance(operation, ReportsTo):
            name = self._person(operation.member)
            if operation.manager == NO_ID:
                return access, operation.member, f"let {name} report to nobody"
            return access, operation.member, f"let {name} report to {self._person(operation.manager)}"
        return None

    def _created(self, operation: GroupCreate) -> str:
        people = list(dict.fromkeys(self._person(grant.member) for grant in operation.grants))
        if operation.small:
            whom = "alone" if len(people) < 2 else f"of {join_words(people)}"
            return f"made a small group {whom}, for what is private or shared between two"
        return f"created the group {self._group(operation.group)} with {join_words(_few(people))}"

    def _of_keys(
        self, operation: RosterOperation, author: MemberId | None, at: int
    ) -> tuple[AuditKind, MemberId | None, str] | None:
        devices, recovery = AuditKind.DEVICES, AuditKind.RECOVERY
        if isinstance(operation, DeviceAdd):
            whose = "" if author == operation.member else f" of {self._person(operation.member)}"
            return (
                devices,
                operation.member,
                f"added the {device_name(device_id(operation.device.signing))}{whose}",
            )
        if isinstance(operation, DeviceRevoke):
            owner = self._devices.get(operation.device)
            whose = "" if owner in (None, author) else f" of {self._person(owner or NO_ID)}"
            return devices, owner, f"revoked the {device_name(operation.device)}{whose}"
        if isinstance(operation, Rekey):
            whose = "got" if author == operation.member else f"gave {self._person(operation.member)}"
            countersigned = ", countersigned by an admin" if operation.cosigner else ""
            return devices, operation.member, f"{whose} new keys{countersigned}"
        if isinstance(operation, RecoveryEnrol):
            if not operation.trustees:
                return recovery, operation.member, "withdrew the recovery by colleagues"
            names = join_words([self._person(trustee.member) for trustee in operation.trustees])
            total = len(operation.trustees)
            return (
                recovery,
                operation.member,
                f"enrolled recovery: {operation.threshold} of {total} ({names}) together can give the keys back",
            )
        if isinstance(operation, RecoveryRelease):
            name = self._person(operation.member)
            return recovery, operation.member, f"gave a share of the recovery of {name} to a request"
        return None

    def _of_the_rest(
        self, operation: RosterOperation, author: MemberId | None, at: int
    ) -> tuple[AuditKind, MemberId | None, str] | None:
        if isinstance(operation, SupportGrant):
            what = join_words([COMPARTMENT_WORDS[Compartment(one)] for one in operation.compartments])
            words = f"let support ({self._person(operation.member)}) read {what} of {self._group(operation.group)}"
            return AuditKind.SUPPORT, operation.member, f"{words} until {day(operation.until)}"
        if isinstance(operation, Policy):
            return self._policy(operation)
        if isinstance(operation, Adopt):
            parts = count(len(operation.branches), "place")
            return AuditKind.POLICIES, None, f"decided between two pasts, which differed in {parts}"
        return None

    def _policy(self, operation: Policy) -> tuple[AuditKind, MemberId | None, str]:
        on = bool(operation.value)
        if operation.key == "support-allowed":
            return AuditKind.SUPPORT, None, f"{'allowed' if on else 'forbade'} letting support in"
        if operation.key == "managers-read-reports":
            verb = "let managers read" if on else "no longer lets managers read"
            return AuditKind.POLICIES, None, f"{verb} the own records of those below them"
        if operation.key == "catalogue-of":
            group = self._group(operation.group)
            if operation.other in (b"", NO_ID):
                return AuditKind.POLICIES, None, f"gave {group} a catalogue of its own again"
            return (
                AuditKind.POLICIES,
                None,
                f"let {group} use the catalogue of {self._group(operation.other)}",
            )
        if operation.key == "second-factor":
            who = {0: "nobody", 1: "admins and owners", 2: "everybody"}.get(operation.value, "some")
            return AuditKind.POLICIES, None, f"decided that {who} must have a second factor"
        if operation.key == "format-version":
            return AuditKind.POLICIES, None, f"raised the format to version {operation.value}"
        return AuditKind.POLICIES, None, "set a policy that this version does not know"

    def _person(self, member: MemberId) -> str:
        return self._named("member", member)

    def _group(self, group: GroupId) -> str:
        return self._named("group", group)

    def _role(self, role: RoleId) -> str:
        return self._named("role", role)


def _few(words: Iterable[str], most: int = 4) -> list[str]:
    """At most so many, and how many more."""
    listed = list(words)
    return listed if len(listed) <= most + 1 else [*listed[:most], f"{len(listed) - most} more"]


__all__ = ["Named", "RosterStory", "Told", "day", "device_name"]
