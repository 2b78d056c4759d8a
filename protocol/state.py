"""What a roster folds to: an immutable picture of members, devices, roles, groups and grants at one position.

States share what an entry did not touch (copy on write). Nothing here decides anything: `protocol/fold*.py` makes
the next state, `protocol/access.py` answers who reads and writes.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar, overload

from protocol.ids import (
    NO_ID,
    Compartment,
    DeviceId,
    GroupId,
    InvitationId,
    Level,
    LogId,
    MemberId,
    Permission,
    Reach,
    RoleId,
    Standing,
    WorkspaceId,
)
from protocol.roster import Access, IdentityKeys

T = TypeVar("T")
D = TypeVar("D")
K = TypeVar("K")
V = TypeVar("V")


class MemberStatus(enum.Enum):
    """Where a member stands: invited, joined (not yet confirmed), active, suspended, or gone (id never reused)."""

    INVITED = "invited"
    JOINED = "joined"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"
    REMOVED = "removed"


GONE = frozenset({MemberStatus.LEFT, MemberStatus.REMOVED})


class InvitationStatus(enum.Enum):
    OPEN = "open"
    JOINED = "joined"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"  # withdrawn, expired, or dead with its author's right to make it


@dataclass(frozen=True, slots=True)
class Release:
    """A trustee gave his share to the request with this digest, by the entry at `position`."""

    trustee: MemberId
    request: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Recovery:
    """A member's present enrolment, made by the entry at `enrolled_at` with the hash `enrolment`. `trustees` are
    (member, share digest), ascending by member."""

    threshold: int
    trustees: tuple[tuple[MemberId, bytes], ...]
    enrolled_at: int
    enrolment: bytes
    releases: tuple[Release, ...] = ()

    def is_trustee(self, member: MemberId) -> bool:
        return any(trustee == member for trustee, _ in self.trustees)


@dataclass(frozen=True, slots=True)
class Support:
    """What a support member reads, and until when (Unix seconds; clients judge it, the fold does not)."""

    group: GroupId
    compartments: frozenset[Compartment]
    until: int


@dataclass(frozen=True, slots=True)
class Member:
    """`identity` is None until he joins; `manager` is 16 zero bytes for nobody; `devices` are all he ever had.
    `recovery` is his present enrolment; `support` is given for support members, and then they have nothing else."""

    id: MemberId
    standing: Standing
    status: MemberStatus
    identity: IdentityKeys | None
    manager: MemberId
    revoked_devices: int
    devices: frozenset[DeviceId] = frozenset()
    recovery: Recovery | None = None
    support: Support | None = None

    @property
    def active(self) -> bool:
        return self.status is MemberStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class Device:
    """`added_at` is the position of the entry that certified it."""

    id: DeviceId
    member: MemberId
    signing: bytes
    revoked: bool
    added_at: int


NO_LEVELS = (Level.NONE, Level.NONE)


@dataclass(frozen=True, slots=True)
class Role:
    """`best` has, for each compartment, the best level with any reach and the best with group reach."""

    id: RoleId
    accesses: tuple[Access, ...]
    permissions: Permission
    best: tuple[tuple[Level, Level], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        best = [NO_LEVELS] * len(Compartment)
        for access in self.accesses:
            anywhere, shared = best[access.compartment]
            if access.reach is Reach.GROUP:
                shared = max(shared, access.level)
            best[access.compartment] = (max(anywhere, access.level), shared)
        object.__setattr__(self, "best", tuple(best))

    def level(self, compartment: Compartment, reach: Reach) -> Level:
        """The level that this role gives with exactly this reach."""
        for access in self.accesses:
            if access.compartment is compartment and access.reach is reach:
                return access.level
        return Level.NONE


@dataclass(frozen=True, slots=True)
class Group:
    """A `small` group has at most two members, whom its `creator` (else 16 zero bytes) or an owner chooses."""

    id: GroupId
    archived: bool
    small: bool = False
    creator: MemberId = NO_ID


@dataclass(frozen=True, slots=True)
class Invitation:
    """`author` and `device` made it; `member` is the id minted for the invitee; `expires` is in Unix seconds."""

    id: InvitationId
    member: MemberId
    token_key: bytes
    expires: int
    author: MemberId
    status: InvitationStatus
    standing: Standing = Standing.MEMBER
    device: DeviceId = b""


@dataclass(frozen=True, slots=True)
class Policies:
    """`catalogue_of` names, for a group, the other group whose catalogue serves it. `second_factor`: 0 nobody must
    have one, 1 admins and owners, 2 everybody."""

    managers_read_reports: bool = False
    catalogue_of: Mapping[GroupId, GroupId] = field(default_factory=dict)
    support_allowed: bool = False
    second_factor: int = 0


@dataclass(frozen=True, slots=True)
class CutMade:
    """A cut-off: the log position it ends at, and the roster position of the entry that made it."""

    position: int
    entry: int


CHUNK = 64


@dataclass(frozen=True, slots=True)
class Past:
    """The hashes of all entries so far, in full chunks of `CHUNK` and a rest, so that states share nearly all."""

    chunks: tuple[tuple[bytes, ...], ...] = ()
    rest: tuple[bytes, ...] = ()

    def __len__(self) -> int:
        return len(self.chunks) * CHUNK + len(self.rest)

    def at(self, position: int) -> bytes | None:
        """The hash of the entry at `position` (from 1); None where there is none."""
        if not 1 <= position <= len(self):
            return None
        chunk, offset = divmod(position - 1, CHUNK)
        return self.chunks[chunk][offset] if chunk < len(self.chunks) else self.rest[offset]

    def grown(self, entry_hash: bytes) -> Past:
        rest = (*self.rest, entry_hash)
        return Past((*self.chunks, rest), ()) if len(rest) == CHUNK else Past(self.chunks, rest)


class ByGroup(Mapping[tuple[MemberId, GroupId], frozenset[T]]):
    """An immutable mapping of (member, group) to a set, kept by group and by member, so that neither a group nor a
    member is listed by a scan of all."""

    __slots__ = ("_groups", "_members")

    def __init__(
        self,
        groups: Mapping[GroupId, Mapping[MemberId, frozenset[T]]] | None = None,
        members: Mapping[MemberId, Mapping[GroupId, frozenset[T]]] | None = None,
    ) -> None:
        """Both say the same; they are made by `replaced`."""
        self._groups: Mapping[GroupId, Mapping[MemberId, frozenset[T]]] = {} if groups is None else groups
        self._members: Mapping[MemberId, Mapping[GroupId, frozenset[T]]] = {} if members is None else members

    def __getitem__(self, key: tuple[MemberId, GroupId]) -> frozenset[T]:
        return self._groups[key[1]][key[0]]

    @overload
    def get(self, key: tuple[MemberId, GroupId], /) -> frozenset[T] | None: ...
    @overload
    def get(self, key: tuple[MemberId, GroupId], /, default: frozenset[T] | D) -> frozenset[T] | D: ...
    def get(self, key: tuple[MemberId, GroupId], /, default: object = None) -> object:
        group = self._groups.get(key[1])
        return default if group is None else group.get(key[0], default)

    def __iter__(self) -> Iterator[tuple[MemberId, GroupId]]:
        return ((member, group) for group, members in self._groups.items() for member in members)

    def __len__(self) -> int:
        return sum(len(members) for members in self._groups.values())

    def of_group(self, group: GroupId) -> Mapping[MemberId, frozenset[T]]:
        """The members of a group with their sets; empty for a group that has none."""
        return self._groups.get(group, {})

    def of_member(self, member: MemberId) -> Mapping[GroupId, frozenset[T]]:
        """The groups where the member has a set, with it; empty for a member who has none."""
        return self._members.get(member, {})

    def groups_of(self, member: MemberId) -> Iterator[tuple[GroupId, frozenset[T]]]:
        """The groups where the member has a set, with it."""
        yield from self.of_member(member).items()

    def replaced(self, group: GroupId, changes: Mapping[MemberId, frozenset[T]]) -> ByGroup[T]:
        """A copy where these members of one group have these sets; an empty set takes the member out."""
        inside = dict(self._groups.get(group, {}))
        members = dict(self._members)
        for member, values in changes.items():
            groups = dict(members.get(member, {}))
            if values:
                inside[member] = groups[group] = values
            else:
                inside.pop(member, None)
                groups.pop(group, None)
            members[member] = groups
        return ByGroup({**self._groups, group: inside}, members)


def with_item(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """A copy of `mapping` with one item set."""
    copy = dict(mapping)
    copy[key] = value
    return copy


@dataclass(frozen=True, slots=True, eq=False)
class RosterState:
    """The workspace as of roster `position`, whose entry has the hash `head`.

    `keys` maps every identity key ever used (signing keys and key ids, 32 bytes) to its member; `own` holds for
    each (member, group) the compartments in which he ever had own reach, and so an own log. `cuts` maps a device
    and a log to the cut-offs made there (SPEC, R6). `supports` are all support members there ever were; `reports`
    maps members to those directly below them; `past` has the hashes of all entries. Both follow from the rest.
    `memo` is a cache of answers of `protocol.access`: it belongs to this one state and is no part of its value.
    """

    workspace: WorkspaceId
    position: int
    head: bytes
    members: Mapping[MemberId, Member]
    devices: Mapping[DeviceId, Device]
    roles: Mapping[RoleId, Role] = field(default_factory=dict)
    groups: Mapping[GroupId, Group] = field(default_factory=dict)
    grants: ByGroup[RoleId] = field(default_factory=ByGroup)
    invitations: Mapping[InvitationId, Invitation] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)
    format_version: int = 1
    cuts: Mapping[DeviceId, Mapping[LogId, tuple[CutMade, ...]]] = field(default_factory=dict)
    own: ByGroup[Compartment] = field(default_factory=ByGroup)
    keys: Mapping[bytes, MemberId] = field(default_factory=dict)
    supports: frozenset[MemberId] = frozenset()
    reports: Mapping[MemberId, frozenset[MemberId]] = field(default_factory=dict)
    past: Past = field(default_factory=Past)
    memo: dict[object, object] = field(default_factory=dict, init=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RosterState):
            return NotImplemented
        return self._value() == other._value()

    def __hash__(self) -> int:
        return hash((self.workspace, self.position, self.head))

    def _value(self) -> tuple[object, ...]:
        return (
            self.workspace, self.position, self.head, self.members, self.devices, self.roles, self.groups,
            self.grants, self.invitations, self.policies, self.format_version, self.cuts, self.own, self.keys,
            self.supports,
        )  # fmt: skip

    def device_of(self, device: DeviceId) -> tuple[Device, Member] | None:
        """The device and its member, or None for a device that the roster does not know."""
        found = self.devices.get(device)
        return None if found is None else (found, self.members[found.member])
