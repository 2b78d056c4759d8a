"""Two branches of a roster: what the one to be dropped took away, and whether the one that stays takes it away as well.

A server that came back from a backup, or that lies, can show a past in which a removed colleague was never removed. So
an owner's `adopt` counts at a desk that holds the other branch only if everything that branch took from somebody is
taken from him on the branch that stays, before the `adopt` (SPEC, Adopt). What is compared are states, not entries:
what was taken and given back within the branch need not be taken again. Cut-offs are compared one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from protocol.access import level, logs_of, permissions
from protocol.ids import SIGNATURE_HELD, DeviceId, GroupId, Level, LogId, MemberId, RoleId
from protocol.reading import log_exists
from protocol.roster import EntryBody
from protocol.signing import key_id
from protocol.state import GONE, InvitationStatus, Member, MemberStatus, RosterState
from vault.roster.strangers import LetIn, let_in

OPEN = frozenset({InvitationStatus.OPEN, InvitationStatus.JOINED, InvitationStatus.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Branches:
    """`fork`: the newest state that both have; `dropped`, `kept`: the heads. `common`: the newest position that both
    have of each log whose pasts differ."""

    fork: RosterState
    dropped: RosterState
    kept: RosterState
    common: Mapping[LogId, int] = field(default_factory=dict)
    acts: Sequence[EntryBody] = ()

    @property
    def let_in(self) -> LetIn:
        return let_in(self.fork, self.dropped, self.kept, self.acts)


@dataclass(frozen=True, slots=True)
class CutOff:
    """`device`'s commits on `log` end at `position` at the latest."""

    device: DeviceId
    log: LogId
    position: int


def unrepeated(branches: Branches) -> list[str]:
    """What the dropped branch took away and the kept one does not: stable words, each with the id (hex) that it is
    about. Empty where the branch may be dropped."""
    found = [
        *_people(branches),
        *_invitations(branches),
        *_access(branches),
        *_rules(branches),
        *_strangers(branches),
        *(f"cut {cut.device.hex()}" for cut in cuts_missing(branches)),
    ]
    return sorted(set(found))


def _people(branches: Branches) -> Iterator[str]:
    fork, dropped, kept = branches.fork, branches.dropped, branches.kept
    for member in kept.members.values():
        other = dropped.members.get(member.id)
        if other is None:
            continue
        if other.status in GONE and member.status not in GONE:
            yield f"removal {member.id.hex()}"
        elif other.status is MemberStatus.SUSPENDED and member.active:
            yield f"suspension {member.id.hex()}"
        if member.active and other.active and holds_retired_key(branches, member):
            yield f"re-key {member.id.hex()}"
        before = fork.members.get(member.id)
        if before is not None and other.standing < before.standing and member.standing > other.standing:
            yield f"standing {member.id.hex()}"
    for device in dropped.devices.values():
        known = kept.devices.get(device.id)
        if device.revoked and known is not None and not known.revoked:
            yield f"revocation {device.id.hex()}"


def holds_retired_key(branches: Branches, member: Member) -> bool:
    """Whether `member`, of the kept branch, has identity keys that the dropped one has replaced."""
    newer = branches.dropped.members[member.id].identity
    if member.identity is None or newer is None or newer == member.identity:
        return False
    known = branches.dropped.keys
    retired = member.identity.encryption != newer.encryption and key_id(member.identity.encryption) in known
    return retired or (member.identity.signing != newer.signing and member.identity.signing in known)


def _invitations(branches: Branches) -> Iterator[str]:
    for invitation in branches.kept.invitations.values():
        other = branches.dropped.invitations.get(invitation.id)
        if branches.kept.members[invitation.member].status in GONE or invitation.status not in OPEN:
            continue
        if other is not None and other.status is InvitationStatus.EXPIRED:
            yield f"invitation {invitation.id.hex()}"


def _access(branches: Branches) -> Iterator[str]:
    """Reading, writing, and permissions held by signature, of whoever is active by both heads."""
    fork, dropped, kept = branches.fork, branches.dropped, branches.kept
    for member in kept.members.values():
        if not (member.active and _active(dropped, member.id)):
            continue
        if not _active(fork, member.id):
            if _loses_a_role(branches, member.id):
                yield f"role {member.id.hex()}"
            continue
        had = logs_of(fork, member.id)
        if (had - logs_of(dropped, member.id)) & logs_of(kept, member.id):
            yield f"reading {member.id.hex()}"
        written = [log for log in had & logs_of(kept, member.id) if _writes(fork, member.id, log)]
        if any(_writes(kept, member.id, log) and not _writes(dropped, member.id, log) for log in written):
            yield f"writing {member.id.hex()}"
        for group in {log.group for log in had}:
            lost_permissions = permissions(fork, member.id, group) & ~permissions(dropped, member.id, group)
            if lost_permissions & SIGNATURE_HELD & permissions(kept, member.id, group):
                yield f"permission {member.id.hex()}"
                break


def _loses_a_role(branches: Branches, member: MemberId) -> bool:
    """For whoever was invited or suspended at the fork, and so read nothing there: whether a role that was meant for
    him was taken from him, or made to allow less, on the dropped branch alone."""
    fork, dropped, kept = branches.fork, branches.dropped, branches.kept
    for (holder, group), roles in fork.grants.items():
        for role in roles & kept.grants.get((holder, group), frozenset()) if holder == member else ():
            if role not in dropped.grants.get((holder, group), frozenset()):
                return True
            before, after, now = fork.roles[role], dropped.roles[role], kept.roles[role]
            had = {*before.accesses} - {*after.accesses}
            may = before.permissions & ~after.permissions & SIGNATURE_HELD
            if had & {*now.accesses} or may & now.permissions:
                return True
    return False


def _strangers(branches: Branches) -> Iterator[str]:
    found, kept, dropped = branches.let_in, branches.kept, branches.dropped
    for member in kept.members.values():
        if member.id in found.guests and is_let_in(kept, member):
            yield f"guest {member.id.hex()}"
        elif member.id in found.raised and member.status not in GONE:
            other = dropped.members.get(member.id)
            if other is not None and member.standing > other.standing:
                yield f"raised {member.id.hex()}"
    for holder, _, _ in granted_by_them(branches, found):
        yield f"granted {holder.hex()}"


def is_let_in(kept: RosterState, guest: Member) -> bool:
    """Whether a guest is a member, or can still become one."""
    if guest.status in GONE:
        return False
    open_ones = [one for one in kept.invitations.values() if one.member == guest.id and one.status in OPEN]
    return guest.status in (MemberStatus.ACTIVE, MemberStatus.SUSPENDED) or bool(open_ones)


def granted_by_them(branches: Branches, found: LetIn) -> list[tuple[MemberId, GroupId, RoleId]]:
    """The roles that members, guests aside, have by such an entry alone."""
    kept, dropped, none = branches.kept, branches.dropped, frozenset[RoleId]()
    return [
        (holder, group, role)
        for holder, group, role in sorted(found.grants)
        if holder not in found.guests
        and kept.members[holder].status not in GONE
        and role in kept.grants.get((holder, group), none)
        and role not in dropped.grants.get((holder, group), none)
    ]


def _active(state: RosterState, member: MemberId) -> bool:
    found = state.members.get(member)
    return found is not None and found.active


def _writes(state: RosterState, member: MemberId, log: LogId) -> bool:
    return level(state, member, log) is Level.WRITE


def _rules(branches: Branches) -> Iterator[str]:
    fork, dropped, kept = branches.fork, branches.dropped, branches.kept
    for group in dropped.groups.values():
        known = kept.groups.get(group.id)
        if group.archived and known is not None and not known.archived:
            yield f"archive {group.id.hex()}"
    if kept.format_version < dropped.format_version:
        yield "policy format-version"
    before, after, now = fork.policies, dropped.policies, kept.policies
    if before.support_allowed and not after.support_allowed and now.support_allowed:
        yield "policy support-allowed"
    if after.second_factor > before.second_factor and now.second_factor < after.second_factor:
        yield "policy second-factor"


def cuts_due(branches: Branches) -> list[CutOff]:
    """The cut-offs that the dropped branch made, where the kept one has the device and the log: at the position
    named, or at the end of what both have of the log where that comes before it."""
    found = []
    for device, logs in branches.dropped.cuts.items():
        if device not in branches.kept.devices:
            continue
        for log, made in logs.items():
            new = [cut.position for cut in made if cut.entry > branches.fork.position]
            if new and log_exists(branches.kept, log):
                ends = min(min(new), branches.common.get(log, min(new)))
                found.append(CutOff(device, log, ends))
    return found


def cuts_missing(branches: Branches) -> list[CutOff]:
    """Those that the kept branch does not make after the fork."""
    missing = []
    for due in cuts_due(branches):
        made = branches.kept.cuts.get(due.device, {}).get(due.log, ())
        after = [cut.position for cut in made if cut.entry > branches.fork.position]
        if not any(position <= due.position for position in after):
            missing.append(due)
    return missing
