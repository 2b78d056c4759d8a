"""Random roster histories: whatever people try, the fold stays what it promises to be."""

from __future__ import annotations

import itertools
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import (
    DeviceRevoke,
    Expired,
    Grant,
    GroupArchive,
    GroupCreate,
    IdentityKeys,
    Invite,
    Level,
    LogId,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Namespace,
    Policy,
    ProtocolError,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterHistory,
    RosterOperation,
    RosterState,
    SetStanding,
    Standing,
    all_logs,
    apply,
    cut_position,
    is_stale,
    level,
    log_exists,
    logs_of,
    readers,
    start,
    writers,
)
from protocol import history as history_module
from tests.protocol.world import (
    LEAD,
    MANAGER,
    NORTH,
    READER,
    REP,
    ROLES,
    SOUTH,
    Key,
    Person,
    World,
    body_of,
    cut,
    invitation_id,
)

T = TypeVar("T")
NAMES = ("ann", "ben", "cy", "dee", "eve")


class Players:
    """Draws what somebody tries next. Most of it is allowed; the rest must be refused without a trace."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.world = World()
        self.people = {"ann": self.world.ann}
        for role in ROLES.values():
            self.world.do(role)
        for name in NAMES[1:]:
            if self.flag():
                self.people[name] = self.world.admit(name, self.pick([*Standing]))
            else:
                self.people[name] = Person(name)

    def pick(self, items: list[T]) -> T:
        return self.data.draw(st.sampled_from(items))

    def flag(self) -> bool:
        return self.data.draw(st.booleans())

    def person(self) -> Person:
        return self.pick(list(self.people.values()))

    def step(self) -> None:
        """One try: judged by the history, in one way or the other."""
        operation, by = self.operation()
        before = self.world.state
        try:
            self.world.do(operation, by)
        except ProtocolError:
            assert self.world.state is before

    def operation(self) -> tuple[RosterOperation, Person]:
        by, target = self.person(), self.person()
        role, group = self.pick([*ROLES]), self.pick([NORTH, SOUTH])
        cuts = [cut(LogId(NORTH, self.pick([*ROLES_COMPARTMENTS])), 3)] if self.flag() else []
        match self.data.draw(st.integers(0, 16)):
            case 0:
                return Grant(target.id, group, role, b"", b""), by
            case 1:
                return Revoke(target.id, group, role, cuts), by
            case 2:
                return GroupCreate(group, [MemberGrant(target.id, role)]), by
            case 3:
                return MemberSuspend(target.id, self.flag(), cuts), by
            case 4:
                return MemberRemove(target.id, cuts), by
            case 5:
                return ReportsTo(target.id, self.pick([bytes(16), self.person().id]), cuts), by
            case 6:
                definition = ROLES[self.pick([*ROLES])]
                return RoleDefine(role, definition.accesses, definition.permissions, cuts), by
            case 7:
                return Policy("managers-read-reports", int(self.flag()), b"", b""), by
            case 8:
                return Policy("catalogue-of", 0, group, self.pick([b"", NORTH, SOUTH])), by
            case 9:
                return GroupArchive(group, self.flag(), cuts), by
            case 10:
                return SetStanding(target.id, self.pick([*Standing]), []), by
            case 11:
                return DeviceRevoke(target.device.id, cuts), by
            case 12:
                token = Key("token", target.name)
                return Invite(invitation_id(target), target.id, token.public, Standing.MEMBER, [], 9), by
            case 13:
                return self.world.join_operation(target, Key("token", target.name)), target
            case 14:
                return Expired(invitation_id(target)), by
            case 15:
                number = self.data.draw(st.integers(2, 40))
                keys = IdentityKeys(by.keys.signing, Person(by.name, number).keys.encryption)
                message = self.world.rekey_bytes(by, keys)
                return Rekey(by.id, keys, by.identity.sign(Namespace.REKEY, message), b"", b""), by
            case _:
                return MemberLeave([]), by


ROLES_COMPARTMENTS = sorted({access.compartment for role in ROLES.values() for access in role.accesses})


def _states(history: RosterHistory) -> list[RosterState]:
    entries = list(history.entries())
    states = [start(entries[0])]
    for entry in entries[1:]:
        states.append(apply(states[-1], entry))
    return states


@settings(max_examples=40)
@given(st.data(), st.integers(1, 30))
def test_any_history(data: st.DataObject, steps: int) -> None:
    players = Players(data)
    for _ in range(steps):
        players.step()
    history, states = players.world.history, _states(players.world.history)
    _folds_the_same_from_entries_and_checkpoints(history, states)
    _staleness_is_what_its_definition_says(history, states, data)
    for state in states[-3:]:
        _access_is_consistent(state)
    for before, after in itertools.pairwise(states):
        _access_is_monotone(before, after, body_of(history.entry(after.position)).operation)
        _somebody_owns_the_workspace(after)


def _folds_the_same_from_entries_and_checkpoints(history: RosterHistory, states: list[RosterState]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history_module, "SPACING", 5)
        patch.setattr(history_module, "RECENT", 2)
        again = RosterHistory.of_verified(history.entries())
        for state in [*states, *reversed(states)]:
            assert again.at(state.position) == state
        assert again.head == history.head


def _staleness_is_what_its_definition_says(
    history: RosterHistory, states: list[RosterState], data: st.DataObject
) -> None:
    """Compared with the long way: readers before and after each entry. A log that was rotated could exist by then."""
    begin = data.draw(st.integers(1, len(states)))
    for log in all_logs(states[-1]):
        if not log_exists(states[begin - 1], log):
            continue
        expected = False
        for before, after in zip(states[begin - 1 :], states[begin:], strict=False):
            had = readers(before, log)
            match body_of(history.entry(after.position)).operation:
                case DeviceRevoke(device=device):
                    expected |= before.devices[device].member in had
                case Rekey(member=member):
                    expected |= member in had
                case _:
                    expected |= bool(had - readers(after, log))
            assert is_stale(history, log, begin, after.position) == expected


def _access_is_consistent(state: RosterState) -> None:
    logs = list(all_logs(state))
    for log in logs:
        assert writers(state, log) <= readers(state, log)
    for member in state.members:
        assert logs_of(state, member) == {log for log in logs if member in readers(state, log)}


def _access_is_monotone(before: RosterState, after: RosterState, operation: RosterOperation) -> None:
    """A grant takes nothing from anybody; a revocation, a removal or a suspension gives nothing to anybody."""
    for log in all_logs(before):
        if isinstance(operation, Grant | Invite):
            assert readers(before, log) <= readers(after, log)
            assert writers(before, log) <= writers(after, log)
        elif isinstance(operation, Revoke | MemberRemove | MemberLeave | DeviceRevoke):
            assert readers(after, log) <= readers(before, log)
            assert writers(after, log) <= writers(before, log)
    if isinstance(operation, MemberRemove):
        assert not logs_of(after, operation.member)


def _somebody_owns_the_workspace(state: RosterState) -> None:
    assert any(m.active and m.standing is Standing.OWNER for m in state.members.values())


@settings(max_examples=60)
@given(st.lists(st.sampled_from([REP, READER, LEAD, MANAGER]), unique=True, max_size=4))
def test_roles_only_add(roles: list[bytes]) -> None:
    """A member with more roles has at least the level that he had with fewer, on every log."""
    world = World()
    world.group()
    ben = world.admit("ben")
    levels: dict[LogId, Level] = {}
    for role in roles:
        world.grant(ben, role)
        for log in all_logs(world.state):
            now = level(world.state, ben.id, log)
            assert now >= levels.get(log, Level.NONE)
            levels[log] = now


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=5), st.integers(0, 60))
def test_the_nearest_cut_that_binds(cuts: list[tuple[int, int]], named: int) -> None:
    from dataclasses import replace

    from protocol import CutMade

    world, log = World(), LogId(NORTH, ROLES_COMPARTMENTS[-1])
    made = tuple(CutMade(position, entry) for position, entry in cuts)
    state = replace(world.state, cuts={world.ann.device.id: {log: made}})
    binding = [position for position, entry in cuts if entry > named]
    assert cut_position(state, log, world.ann.device.id, named) == (min(binding) if binding else None)
