"""Why somebody may read a log: all reasons, and no access without one."""

from __future__ import annotations

import pytest

from protocol import (
    DIRECTORY_LOG,
    Compartment,
    GroupArchive,
    Level,
    LogId,
    MemberSuspend,
    Policy,
    Reach,
    Reason,
    ReasonKind,
    ReportsTo,
    all_logs,
    level,
    why,
)
from tests.protocol.world import LEAD, MANAGER, NORTH, READER, REP, SOUTH, World

C = Compartment
R = ReasonKind


@pytest.fixture
def world() -> World:
    """Ann manages both groups; Ben and Cy are reps of the north, Cy leads Ben; Dee reads the south."""
    world = World()
    world.group()
    world.group(SOUTH)
    for name, role, group in (("ben", REP, NORTH), ("cy", REP, NORTH), ("dee", READER, SOUTH)):
        world.grant(world.admit(name), role, group)
    world.do(ReportsTo(world.people["ben"].id, world.people["cy"].id, []))
    return world


def test_each_kind(world: World) -> None:
    ben, cy, dee = (world.people[name].id for name in ("ben", "cy", "dee"))
    own = LogId(NORTH, C.SALES, ben)
    assert why(world.state, ben, DIRECTORY_LOG) == [Reason(R.DIRECTORY, Level.WRITE)]
    assert why(world.state, ben, own) == [Reason(R.OWN, Level.WRITE, NORTH, REP, Reach.OWN)]
    assert why(world.state, world.ann.id, own) == [Reason(R.ROLE, Level.WRITE, NORTH, MANAGER)]
    assert why(world.state, cy, own) == []
    world.do(Policy("managers-read-reports", 1, b"", b""))
    assert why(world.state, cy, own) == [Reason(R.MANAGER, Level.WRITE, NORTH, REP, Reach.OWN, ben)]
    catalogue = LogId(NORTH, C.CATALOGUE)
    assert why(world.state, ben, catalogue) == [Reason(R.CATALOGUE, Level.READ, NORTH, REP)]
    assert why(world.state, world.ann.id, catalogue) == [Reason(R.CATALOGUE, Level.WRITE, NORTH, MANAGER)]
    assert why(world.state, dee, catalogue) == []
    world.do(Policy("catalogue-of", 0, SOUTH, NORTH))
    assert why(world.state, dee, catalogue) == [Reason(R.SERVED, Level.READ, SOUTH, READER)]
    sam = world.support("sam", NORTH, C.SALES).id
    assert why(world.state, sam, own) == [Reason(R.SUPPORT, Level.READ, NORTH)]
    assert why(world.state, sam, DIRECTORY_LOG) == [Reason(R.SUPPORT, Level.READ, NORTH)]
    assert why(world.state, sam, LogId(SOUTH, C.SALES)) == []


def test_all_roles_that_give_it_and_the_best_first(world: World) -> None:
    ben = world.people["ben"]
    world.grant(ben, READER)
    world.grant(ben, LEAD)
    reasons = why(world.state, ben.id, LogId(NORTH, C.SALES, ben.id))
    assert [(r.kind, r.role, r.level) for r in reasons] == [
        (R.OWN, REP, Level.WRITE),
        (R.OWN, LEAD, Level.READ),
        (R.ROLE, READER, Level.READ),
    ]


def test_no_reason_without_access_and_no_access_without_a_reason(world: World) -> None:
    world.do(Policy("managers-read-reports", 1, b"", b""))
    world.do(Policy("catalogue-of", 0, SOUTH, NORTH))
    world.support("sam", NORTH, C.CATALOGUE, C.SALES)
    world.do(MemberSuspend(world.people["dee"].id, True, []))
    world.do(GroupArchive(SOUTH, True, []))
    for log in all_logs(world.state):
        for member in world.state.members:
            best = max((reason.level for reason in why(world.state, member, log)), default=Level.NONE)
            assert best == level(world.state, member, log)
    assert why(world.state, b"nobody", DIRECTORY_LOG) == []
    assert why(world.state, world.ann.id, LogId(b"g" * 16, C.SALES)) == []
