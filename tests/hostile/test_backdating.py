"""Whoever lost a right writes as if it were before, with the server's help (A29): on logs that are busy, quiet, or
were never begun; and heads that the roster names, however late a desk comes to them (A33)."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.admission import LogState
from protocol.commit import Commit
from protocol.ids import Compartment, LogId
from protocol.operations import Body, Put, encode_body
from tests.support.desks import Desk, World
from tests.support.lies import aside_reasons, forged, slip_in
from tests.support.relay import RelayLog
from vault.exchange import Forked
from vault.exchange.sealing import LogSigner
from vault.roster import LogEnd, plan_change_role, plan_device_revoke, plan_remove, plan_suspend

pytestmark = [pytest.mark.hostile]


def begin(desk: Desk, log: LogId) -> list[Commit]:
    """The first two commits of a log that nobody has begun, as this desk signs them now."""
    signer = LogSigner(desk.vault.own, desk.vault.roster, LogState.empty(log), {})
    rotate, wraps, _ = signer.rotate()
    desk.world.relay.wraps += wraps
    put = Put("deal", b"d" * 16, {"title": "Backdated"}, 0)
    return [rotate, signer.data(encode_body(Body(bytes(range(16)), 1, 1, 0, [put])))]


def order(world: World, log: LogId, commits: list[Commit]) -> None:
    """The server takes them without looking, keys and all."""
    world.relay.logs.setdefault(log, RelayLog(LogState.empty(log)))
    for commit in commits:
        slip_in(world, log, commit)


def take_away(world: World, how: str, desk: Desk) -> None:
    world.ann.check_heads()
    state, ends = world.ann.vault.roster, world.ann.exchange.ends_to_cut()
    plans = {
        "remove": lambda: plan_remove(state, ends, desk.member),
        "suspend": lambda: plan_suspend(state, ends, desk.member, True),
        "role": lambda: plan_change_role(state, ends, desk.member, world.group, world.roles["read-only"]),
        "device": lambda: plan_device_revoke(state, ends, desk.vault.device),
    }
    world.ann.change_roster(plans[how]())


@pytest.mark.A29
@pytest.mark.parametrize("how", ["remove", "suspend", "role", "device"])
def test_A29_a_log_that_was_never_begun_is_not_begun_in_the_past(world: World, how: str) -> None:
    """Dee never wrote a deal. After her removal she and the server begin her own log, dated before."""
    dee = world.member("dee", "sales-rep")
    ben = world.member("ben", "manager")
    dee.sync()
    log = dee.home(Compartment.SALES)
    assert log.is_own and log not in world.relay.logs
    backdated = begin(dee, log)
    take_away(world, how, dee)
    order(world, log, backdated)
    for desk in (world.ann, ben):
        for wrap in world.relay.wraps:
            if wrap.log == log.encode():
                desk.exchange.accept(wire.PullPage(0, [], [wrap], [], desk.exchange.cursor(), False))
        desk.pull()
        desk.check_heads()
        assert desk.vault.search.search("Backdated") == []
        assert "cut-off" in aside_reasons(desk)
        assert desk.exchange.stopped() == []


@pytest.mark.A29
@pytest.mark.parametrize("how", ["remove", "suspend", "role", "device"])
def test_A29_a_quiet_log_takes_nothing_from_the_past(world: World, how: str) -> None:
    world.ann.add("deal", title="Roof")
    world.ann.sync()
    dee, ben = world.member("dee", "manager"), world.member("ben", "manager")
    log = dee.home(Compartment.SALES)
    backdated = forged(dee, log, operations=[Put("deal", b"d" * 16, {"title": "Backdated"}, 0)])
    take_away(world, how, dee)
    slip_in(world, log, backdated)
    for desk in (world.ann, ben):
        desk.pull()
        assert desk.vault.search.search("Backdated") == []
        assert aside_reasons(desk) == {"cut-off"}
    ben.add("deal", title="Goes on")
    world.sync_all()
    assert world.ann.vault.search.search("Goes on")


@pytest.mark.A29
def test_who_comes_back_writes_where_he_had_not_begun(world: World) -> None:
    """A cut at 0 binds what names the roster before it, and nothing after."""
    dee = world.member("dee", "sales-rep")
    take_away(world, "suspend", dee)
    dee.pull()
    world.ann.change_roster(plan_suspend(world.ann.vault.roster, {}, dee.member, False))
    deal = dee.add("deal", title="Back again")
    world.sync_all()
    assert world.ann.field(deal, "title") == "Back again"
    assert aside_reasons(world.ann) == set()


@pytest.mark.A33
def test_A33_a_head_that_the_roster_named_holds_for_who_comes_there_later(world: World) -> None:
    """Ben is behind when a removal names a head that is not on the branch which he is given afterwards."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    ben.sync()
    for number in range(3):
        world.ann.put(person, name=f"Zoe {number}")
        world.ann.sync()
    head = world.relay.logs[person.log].state.position
    ends = {**world.ann.exchange.ends_to_cut(), person.log: LogEnd(head, bytes(range(32)))}
    append = world.ann.exchange.sign_roster(plan_remove(world.ann.vault.roster, ends, dee.member))
    world.relay.append_roster(append)
    roster = wire.PullPage(
        world.relay.history.head.position, world.relay.entries[-1:], [], [], ben.exchange.cursor(), False
    )
    accepted = ben.exchange.accept(roster)
    assert accepted.roster and not accepted.stopped
    ben.reopen()
    ben.pull()
    stopped = ben.exchange.stopped()
    assert [(stop.log, type(stop.error)) for stop in stopped] == [(person.log, Forked)]
    assert ben.exchange.log_ends()[person.log].position == head - 1
    assert ben.field(person, "name") == "Zoe 1"


@pytest.mark.A33
def test_heads_that_are_right_are_forgotten_when_they_are_reached(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    ben.sync()
    world.ann.put(person, name="Zoe 1")
    world.ann.sync()
    world.ann.remove(dee.member)
    entry = world.relay.entries[-1:]
    ben.exchange.accept(wire.PullPage(len(world.relay.entries), entry, [], [], ben.exchange.cursor(), False))
    name = f"named/{person.log.encode().hex()}"
    with ben.vault.store.read() as tx:
        assert ben.exchange.desk.logs.get(tx, name) is not None
    ben.sync()
    with ben.vault.store.read() as tx:
        assert ben.exchange.desk.logs.get(tx, name) is None
    assert ben.exchange.stopped() == [] and ben.field(person, "name") == "Zoe 1"


def test_the_lies_above_are_well_formed(world: World) -> None:
    """What the backdated commits of an unbegun log are refused for is the cut, and nothing else."""
    dee = world.member("dee", "sales-rep")
    log = dee.home(Compartment.SALES)
    order(world, log, begin(dee, log))
    world.ann.pull()
    assert aside_reasons(world.ann) <= {"waiting"}
    assert world.ann.exchange.stopped() == []
