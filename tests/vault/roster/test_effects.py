"""What a preview and a cut look at, against everybody asked about everything: random teams, random changes."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from protocol.access import all_logs, level, permissions, readers
from protocol.ids import (
    GROUP_COMPARTMENTS,
    NO_ID,
    SIGNATURE_HELD,
    Compartment,
    GroupId,
    Level,
    LogId,
    MemberId,
    Permission,
    Reach,
)
from protocol.reading import log_exists, managers
from protocol.roster import (
    Access,
    Grant,
    GroupArchive,
    GroupCreate,
    MemberGrant,
    MemberRemove,
    MemberSuspend,
    Policy,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterOperation,
)
from protocol.state import RosterState
from tests.protocol.world import LEAD, MANAGER, NORTH, READER, REP, SOUTH, World, seeded
from vault.roster import Effect, LogEnd, Refused, assume, effects, rotated_logs
from vault.roster.cuts import cuts_between

CHAIN = bytes(range(32))
WEST = seeded("group", "west", size=16)
ROLES = (REP, MANAGER, READER, LEAD)
HISTORIES = 60
STEPS = 25


def team() -> RosterState:
    world = World()
    world.group(NORTH)
    world.group(SOUTH)
    for name in ("ben", "cy", "dee", "eva", "finn"):
        world.admit(name)
    world.do(Policy("managers-read-reports", 1, b"", b""))
    return world.state


def some_operation(state: RosterState, chance: random.Random) -> RosterOperation:
    members, groups = sorted(state.members), sorted(state.groups)
    member, group, role = chance.choice(members), chance.choice(groups), chance.choice(ROLES)
    makers: list[Callable[[], RosterOperation]] = [
        lambda: Grant(member, group, role, b"", b""),
        lambda: Grant(member, group, role, b"", b""),
        lambda: Revoke(member, group, role, []),
        lambda: ReportsTo(member, chance.choice([NO_ID, *members]), []),
        lambda: ReportsTo(member, chance.choice([NO_ID, *members]), []),
        lambda: GroupArchive(group, chance.random() < 0.5, []),
        lambda: MemberSuspend(member, chance.random() < 0.5, []),
        lambda: Policy("managers-read-reports", chance.randint(0, 1), b"", b""),
        lambda: Policy("catalogue-of", 0, group, chance.choice([b"", *groups])),
        lambda: some_role(role, chance),
        lambda: GroupCreate(chance.randbytes(16), [MemberGrant(member, role)]),
    ]
    if chance.random() < 0.03:
        return MemberRemove(member, [])
    return chance.choice(makers)()


def some_role(role: bytes, chance: random.Random) -> RoleDefine:
    may = Permission.DELETE if chance.random() < 0.5 else Permission(0)
    accesses = [
        Access(compartment, chance.choice([Level.READ, Level.WRITE]), reach)
        for compartment in GROUP_COMPARTMENTS[1:]
        for reach in Reach
        if chance.random() < 0.5
    ]
    return RoleDefine(role, accesses, may, [])


def asked_of_everybody(before: RosterState, after: RosterState) -> set[Effect]:
    """The definition: every member, every group, every compartment, and every manager of everybody."""

    def of(state: RosterState, member: MemberId, log: LogId) -> Level:
        known = member in state.members and log.group in state.groups
        return level(state, member, log) if known else Level.NONE

    found: set[Effect] = set()

    def compare(member: MemberId, group: GroupId, compartment: Compartment, owner: MemberId) -> None:
        shared, own = LogId(group, compartment), LogId(group, compartment, owner)
        alike = of(before, member, shared), of(after, member, shared)
        here = of(before, member, own), of(after, member, own)
        begins = owner != member and not log_exists(before, own) and alike == (here[1], here[1])
        if here[0] is not here[1] and here != alike and not begins:
            named = NO_ID if owner == member else owner
            found.add(Effect(member, group, compartment, Reach.OWN, *here, named))

    for group in {*before.groups, *after.groups}:
        for compartment in GROUP_COMPARTMENTS:
            for member in {*before.members, *after.members}:
                shared = LogId(group, compartment)
                had, has = of(before, member, shared), of(after, member, shared)
                if had is not has:
                    found.add(Effect(member, group, compartment, Reach.GROUP, had, has))
                if compartment is Compartment.CATALOGUE:
                    continue
                compare(member, group, compartment, member)
                policies = before.policies, after.policies
                if any(policy.managers_read_reports for policy in policies):
                    for above in {*managers(before, member), *managers(after, member)}:
                        compare(above, group, compartment, member)
    return found


def cut_logs(before: RosterState, after: RosterState) -> set[LogId]:
    """Where somebody loses writing, or a permission held by signature."""
    found = set()
    for log in all_logs(before):
        for member, person in before.members.items():
            if not person.active or level(before, member, log) is not Level.WRITE:
                continue
            lost = (permissions(before, member, log.group) & SIGNATURE_HELD) & ~permissions(
                after, member, log.group
            )
            if level(after, member, log) is not Level.WRITE or lost:
                found.add(log)
    return found


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_previews_and_cuts_find_what_asking_everybody_finds(seed: int) -> None:
    chance, state = random.Random(seed), team()
    for _ in range(STEPS):
        operation = some_operation(state, chance)
        try:
            after = assume(state, [operation])
        except Refused:
            continue
        shown = effects(state, [operation])
        assert len(shown) == len(set(shown))
        assert set(shown) == asked_of_everybody(state, after), operation
        heads = {log: LogEnd(3, CHAIN) for log in all_logs(state)}
        cut = {LogId.decode(one.log) for one in cuts_between(state, after, heads)}
        assert cut == cut_logs(state, after), operation
        closed = {log for log in all_logs(state) if readers(state, log) - readers(after, log)}
        assert set(rotated_logs(state, [operation], heads)) == closed, operation
        state = after


def test_a_change_of_nothing_touches_nothing() -> None:
    state = team()
    assert effects(state, []) == []
    assert rotated_logs(state, [], [LogId(NORTH, Compartment.SALES)]) == []
