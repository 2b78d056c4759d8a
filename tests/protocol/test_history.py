"""The roster's past, and which logs an entry makes stale."""

from __future__ import annotations

import pytest

from protocol import (
    DIRECTORY_LOG,
    Compartment,
    DeviceRevoke,
    FormatError,
    GroupArchive,
    GroupCreate,
    IdentityKeys,
    LogId,
    MemberGrant,
    MemberLeave,
    MemberRemove,
    MemberSuspend,
    Namespace,
    Permission,
    Policy,
    Rekey,
    ReportsTo,
    Revoke,
    RoleDefine,
    RosterHistory,
    RosterOperation,
    RosterRefused,
    SetStanding,
    SignatureInvalid,
    Standing,
    all_logs,
    apply,
    is_stale,
    start,
)
from protocol import history as history_module
from tests.protocol.world import LEAD, MANAGER, NORTH, READER, REP, ROLES, SOUTH, Person, World, refused

C = Compartment


@pytest.fixture
def world() -> World:
    world = World()
    world.group()
    for name, role in (("ben", REP), ("cy", READER), ("dee", LEAD)):
        world.grant(world.admit(name), role)
    return world


def _stale(world: World, operation: RosterOperation, by: Person | None = None) -> set[LogId]:
    before = world.state.position
    logs = list(all_logs(world.state))
    world.do(operation, by)
    return {log for log in logs if is_stale(world.history, log, before, world.state.position)}


def _own(person: Person, compartment: Compartment = C.SALES) -> LogId:
    return LogId(NORTH, compartment, person.id)


def test_every_position_is_what_the_fold_gives(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history_module, "SPACING", 4)
    monkeypatch.setattr(history_module, "RECENT", 2)
    history = RosterHistory(world.history.entries())
    states = [start(world.genesis)]
    for entry in list(history.entries())[1:]:
        states.append(apply(states[-1], entry))
    for position in [*range(1, history.position + 1), *range(history.position, 0, -1), 7, 3, 7]:
        assert history.at(position) == states[position - 1]
        assert history.hash_at(position) == states[position - 1].head == history.entry(position).hash
    assert history.hash_at(0) == bytes(32)


def test_positions_outside_are_refused(world: World) -> None:
    for position in (0, world.state.position + 1):
        with refused("roster-range", FormatError):
            world.history.at(position)
        with refused("roster-range", FormatError):
            world.history.entry(position)
    with refused("roster-range", FormatError):
        world.history.hash_at(world.state.position + 1)
    with refused("roster-empty", FormatError):
        _ = RosterHistory().head


def test_a_refused_entry_changes_nothing(world: World) -> None:
    before, position = world.state, world.history.position
    with pytest.raises(RosterRefused):
        world.do(MemberRemove(world.ann.id, []))
    assert world.history.head is before
    assert world.history.position == position


def test_verified_entries_are_not_verified_again(world: World) -> None:
    entries = list(world.history.entries())
    again = RosterHistory.of_verified(entries)
    assert again.head == world.state
    entry = world.entry(Policy("managers-read-reports", 1, b"", b""))
    with pytest.raises(SignatureInvalid):
        again.append(type(entry)(entry.body, bytes(64)))


@pytest.mark.A28
@pytest.mark.A31
def test_a_removal_makes_stale_all_that_he_read_and_nothing_else(world: World) -> None:
    ben = world.people["ben"]
    expected = {
        DIRECTORY_LOG,
        LogId(NORTH, C.CATALOGUE),
        LogId(NORTH, C.CONTACTS),
        _own(ben),
        _own(ben, C.MARGINS),
    }
    assert _stale(world, MemberRemove(ben.id, [])) == expected


def test_leaving_and_suspension_do_the_same(world: World) -> None:
    ben = world.people["ben"]
    assert _own(ben) in _stale(world, MemberSuspend(ben.id, True, []))
    assert not _stale(world, MemberSuspend(ben.id, False, []))
    assert _own(ben) in _stale(world, MemberLeave([]), ben)


def test_removing_one_who_is_suspended_takes_nothing_more(world: World) -> None:
    ben = world.people["ben"]
    world.do(MemberSuspend(ben.id, True, []))
    assert not _stale(world, MemberRemove(ben.id, []))


@pytest.mark.A47
def test_a_revoked_device_and_a_rekey_touch_all_that_the_member_reads(world: World) -> None:
    ben = world.people["ben"]
    second = world.add_device(ben, 2)
    keys = IdentityKeys(ben.keys.signing, Person("ben", 2).keys.encryption)
    signature = ben.identity.sign(Namespace.REKEY, world.rekey_bytes(ben, keys))
    first = _stale(world, DeviceRevoke(second.id, []))
    assert first == _stale(world, Rekey(ben.id, keys, signature, b"", b""), ben)
    assert {DIRECTORY_LOG, _own(ben), LogId(NORTH, C.CONTACTS)} <= first
    assert LogId(NORTH, C.SALES) not in first


def test_a_revoked_grant(world: World) -> None:
    cy = world.people["cy"]
    stale = _stale(world, Revoke(cy.id, NORTH, READER, []))
    assert {LogId(NORTH, C.SALES), LogId(NORTH, C.CONTACTS), _own(world.people["ben"])} <= stale
    assert DIRECTORY_LOG not in stale
    assert LogId(NORTH, C.MARGINS) not in stale


def test_a_revoked_grant_that_another_role_still_gives(world: World) -> None:
    cy = world.people["cy"]
    world.grant(cy, MANAGER)
    assert not _stale(world, Revoke(cy.id, NORTH, READER, []))


def test_from_group_reach_to_own_reach(world: World) -> None:
    """Shared and colleagues' logs become stale, his own does not: he still reads it."""
    ben = world.people["ben"]
    eve = world.admit("eve")
    world.grant(eve, REP)
    world.grant(ben, READER)
    stale = _stale(world, Revoke(ben.id, NORTH, READER, []))
    assert _own(ben) not in stale
    assert {LogId(NORTH, C.SALES), _own(eve)} <= stale


def test_a_role_redefined(world: World) -> None:
    ben = world.people["ben"]
    narrower = RoleDefine(REP, ROLES[REP].accesses[:2], ROLES[REP].permissions, [])
    assert _stale(world, narrower) == {_own(ben, C.MARGINS)}
    assert not _stale(world, ROLES[REP])


def test_a_role_narrowed_for_several(world: World) -> None:
    """Each of the two keeps his own log and loses the other's: both are stale."""
    ben, eve = world.people["ben"], world.admit("eve")
    world.grant(eve, REP)
    world.do(Revoke(world.people["cy"].id, NORTH, READER, []))
    for person in (ben, eve):
        world.grant(person, READER)
    assert {_own(ben), _own(eve)} <= _stale(world, RoleDefine(READER, [], Permission(0), []))


def test_the_tree_and_its_policy(world: World) -> None:
    ben, dee = world.people["ben"], world.people["dee"]
    on, off = (Policy("managers-read-reports", value, b"", b"") for value in (1, 0))
    assert not _stale(world, on)
    assert not _stale(world, ReportsTo(ben.id, dee.id, []))
    assert _stale(world, off) == {_own(ben)}
    assert not _stale(world, on)
    assert _stale(world, ReportsTo(ben.id, bytes(16), [])) == {_own(ben)}


def test_a_catalogue_taken_back(world: World) -> None:
    dee = world.people["dee"]
    world.do(GroupCreate(SOUTH, [MemberGrant(dee.id, REP), MemberGrant(world.admit("eve").id, REP)]))
    assert not _stale(world, Policy("catalogue-of", 0, SOUTH, NORTH))
    assert _stale(world, Policy("catalogue-of", 0, SOUTH, b"")) == {LogId(NORTH, C.CATALOGUE)}


def test_what_takes_nothing_from_readers(world: World) -> None:
    ben = world.people["ben"]
    assert not _stale(world, GroupArchive(NORTH, True, []))
    assert not _stale(world, SetStanding(ben.id, Standing.ADMIN, []))
    assert not _stale(world, SetStanding(ben.id, Standing.MEMBER, []))


def test_staleness_has_a_beginning_and_an_end(world: World) -> None:
    ben = world.people["ben"]
    before = world.state.position
    world.do(MemberRemove(ben.id, []))
    after = world.state.position
    world.do(Policy("managers-read-reports", 1, b"", b""))
    assert not is_stale(world.history, _own(ben), before, before)
    assert is_stale(world.history, _own(ben), before, after)
    assert is_stale(world.history, _own(ben), before, after + 1)
    assert not is_stale(world.history, _own(ben), after, after + 1)
