"""Which members' access can differ between two states of a roster: found from what differs, without asking everybody.

States share what an entry did not touch, so the comparison costs what changed, not members times groups. What is
named here may turn out the same; what is not named is the same. Previews and cuts look only there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from protocol.ids import GroupId, MemberId, RoleId
from protocol.reading import descendants, managers
from protocol.state import Member, RosterState


@dataclass(frozen=True, slots=True)
class Touched:
    """`in_group`: members whose access to the logs of a group can differ, shared and own. `above`: for the owner of
    own logs, the managers whose access to these can differ. `present`: members who came, went or were suspended."""

    in_group: Mapping[GroupId, set[MemberId]] = field(default_factory=lambda: defaultdict(set))
    above: Mapping[MemberId, set[MemberId]] = field(default_factory=lambda: defaultdict(set))
    present: set[MemberId] = field(default_factory=set)

    def pairs(self) -> list[tuple[MemberId, GroupId]]:
        """(member, group), sorted."""
        return sorted((member, group) for group, members in self.in_group.items() for member in members)

    def trees(self) -> list[tuple[MemberId, MemberId]]:
        """(manager, report), sorted."""
        return sorted((manager, report) for report, managers in self.above.items() for manager in managers)


def touched(before: RosterState, after: RosterState) -> Touched:
    """See the module."""
    found = Touched()
    members = _members(before, after)
    found.present.update(member for member in members if _counts(before, member) != _counts(after, member))
    if before.policies.support_allowed is not after.policies.support_allowed:
        found.present.update(before.supports | after.supports)
    for member in found.present:
        for state in (before, after):
            _add(found, state, member, _groups_of(state, member))
    for group in _differing(before.groups, after.groups):
        for state in (before, after):
            for member in state.grants.of_group(group):
                _add(found, state, member, [group])
            _add_served(found, state, group)
    for group, member in _grants(before, after, _differing(before.roles, after.roles)):
        for state in (before, after):
            _add(found, state, member, [group])
    for group in _differing(before.policies.catalogue_of, after.policies.catalogue_of):
        for state in (before, after):
            serving = state.policies.catalogue_of.get(group)
            if serving is not None:
                found.in_group[serving].update(state.grants.of_group(group))
    _trees(found, before, after, members)
    return found


def _members(before: RosterState, after: RosterState) -> set[MemberId]:
    """Members who are another object than before: whatever it is that changed about them."""
    if before.members is after.members:
        return set()
    return {
        member for member, person in after.members.items() if before.members.get(member) is not person
    } | (before.members.keys() - after.members.keys())


def _counts(state: RosterState, member: MemberId) -> object:
    """What of a member his access hangs on, beside his grants and his place in the tree."""
    person = state.members.get(member)
    return None if person is None else (person.active, person.support)


def _groups_of(state: RosterState, member: MemberId) -> Iterator[GroupId]:
    person: Member | None = state.members.get(member)
    for group, _ in state.grants.groups_of(member):
        yield group
    if person is not None and person.support is not None:
        yield person.support.group


def _add(found: Touched, state: RosterState, member: MemberId, groups: Iterable[GroupId]) -> None:
    """The member in these groups, and in those whose catalogues serve them."""
    for group in groups:
        found.in_group[group].add(member)
        serving = state.policies.catalogue_of.get(group)
        if serving is not None:
            found.in_group[serving].add(member)


def _add_served(found: Touched, state: RosterState, group: GroupId) -> None:
    """Whoever reads the catalogue of `group` from another one."""
    for served, serving in state.policies.catalogue_of.items():
        if serving == group:
            found.in_group[group].update(state.grants.of_group(served))


def _differing(before: Mapping[bytes, object], after: Mapping[bytes, object]) -> set[bytes]:
    """Keys whose values are not the same."""
    if before is after:
        return set()
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _grants(
    before: RosterState, after: RosterState, roles: set[RoleId]
) -> Iterator[tuple[GroupId, MemberId]]:
    """(group, member) whose roles there, or own logs, are others than before, or one of whose roles is."""
    for group in before.groups.keys() | after.groups.keys():
        for had, has in (
            (before.grants.of_group(group), after.grants.of_group(group)),
            (before.own.of_group(group), after.own.of_group(group)),
        ):
            if had is not has:
                for member in had.keys() | has.keys():
                    if had.get(member) != has.get(member):
                        yield group, member
        if roles:
            for state in (before, after):
                for member, held in state.grants.of_group(group).items():
                    if not roles.isdisjoint(held):
                        yield group, member


def _trees(found: Touched, before: RosterState, after: RosterState, members: set[MemberId]) -> None:
    """Managers who may gain or lose the own logs of those below them."""
    policy = before.policies.managers_read_reports, after.policies.managers_read_reports
    if not any(policy):
        return
    if policy[0] is not policy[1]:
        for state in (before, after):
            for report in state.members:
                found.above[report].update(managers(state, report))
        return
    changed = {member for group in found.in_group.values() for member in group} | found.present
    moved = {one for one in members if _above(before, one) != _above(after, one)}
    for state in (before, after):
        for member in moved:  # everybody below moves with him
            for report in (member, *descendants(state, member)):
                for each in (before, after):
                    found.above[report].update(managers(each, report))
        for member in changed:
            for report in descendants(state, member):
                found.above[report].add(member)
            found.above[member].update(managers(state, member))


def _above(state: RosterState, member: MemberId) -> bytes | None:
    person = state.members.get(member)
    return None if person is None else person.manager
