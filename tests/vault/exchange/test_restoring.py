"""What a desk gives back to a server that shows less than it did: what it had from there, to the byte, and no more."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.commit import Commit
from protocol.ids import LogId
from protocol.signing import key_id
from tests.support.desks import Desk, World
from tests.support.lies import forged, slip_in
from vault.exchange import Forked, ServerRestored


def heads_at(world: World, desk: Desk, roster: int, **positions: int) -> wire.Heads:
    """What a server says that ends there; every log at `all`, or at 0."""
    relay = world.relay
    shown = []
    for log, held in relay.logs.items():
        position = min(positions.get("all", 0), held.state.position)
        if position:
            shown.append(wire.LogHead(log.encode(), position, held.chains[position - 1], 1))
    return wire.Heads(roster, relay.entries[roster - 1].hash, shown)


def given(desk: Desk, heads: wire.Heads) -> tuple[list[object], dict[LogId, dict[int, Commit]]]:
    entries: list[object] = []
    commits: dict[LogId, dict[int, Commit]] = {}
    for request in desk.exchange.restorer.requests(heads):
        entries += request.entries
        assert not request.wraps
        for placed in request.commits:
            commits.setdefault(LogId.decode(placed.log), {})[placed.position] = placed.commit
    return entries, commits


def filled(world: World) -> Desk:
    """Ben, who reads everything: records, edits, a rotate, garbage that was set aside."""
    ben, dee = world.member("ben"), world.member("dee")
    person = world.ann.add("person", name="Zoe")
    world.ann.add("deal", title="Cranes", amount=5)
    world.sync_all()
    slip_in(world, person.log, forged(dee, person.log, name=""))
    world.ann.remove(dee.member)
    world.ann.put(person, phone="1")
    ben.put(person, name="Zoë")
    world.sync_all()
    return ben


@pytest.mark.hostile
@pytest.mark.A50
@pytest.mark.parametrize("left", [0, 1, 2])
def test_A50_what_goes_back_is_what_came_to_the_byte(world: World, left: int) -> None:
    """Opened, set aside, rotates; after a lock as well. A server that only says it lost something learns nothing."""
    ben = filled(world)
    ben.reopen()
    roster = len(world.relay.entries) - 2
    entries, commits = given(ben, heads_at(world, ben, roster, all=left))
    assert entries == world.relay.entries[roster:]
    for log, held in world.relay.logs.items():
        if len(held.commits) > left:
            wanted = dict(enumerate(held.commits[left:], left + 1))
            assert commits[log] == wanted
    assert sum(map(len, commits.values())) >= 5


def test_nothing_goes_back_to_a_server_that_lost_nothing(world: World) -> None:
    ben = filled(world)
    assert list(ben.exchange.restorer.requests(world.relay.heads(ben.member))) == []


def test_a_server_of_another_past_gets_nothing(world: World) -> None:
    ben = filled(world)
    with pytest.raises(Forked):
        list(ben.exchange.restorer.requests(wire.Heads(3, b"x" * 32, [])))
    other = [wire.LogHead(log.encode(), 1, b"x" * 32, 1) for log in world.relay.logs]
    heads = world.relay.heads(ben.member)
    assert (
        list(ben.exchange.restorer.requests(wire.Heads(heads.roster_position, heads.roster_hash, other)))
        == []
    )


@pytest.mark.hostile
@pytest.mark.A31
def test_A31_no_wrap_is_made_for_whoever_is_gone(world: World) -> None:
    """However old the roster is that the server shows: readers are those of this desk's own."""
    ben = filled(world)
    dee = world.desks[2]
    gone = key_id(dee.vault.own.private[0].public)
    for log, generation in ben.exchange.restorer.wraps_to_check():
        made = ben.exchange.make_wraps(log, generation, []).wraps
        assert made and gone not in {wrap.recipient for wrap in made}


def test_it_is_told_and_the_stream_begins_again(world: World) -> None:
    ben = filled(world)
    accepted = ben.exchange.restorer.finished(7)
    assert [type(error) for error in accepted.noticed] == [ServerRestored]
    assert accepted.noticed[0].code == "brought-back:7"
    assert ben.exchange.cursor() == 0
    before = ben.exchange.log_ends()
    ben.sync()
    assert ben.exchange.log_ends() == before
    assert not ben.exchange.stopped()


def test_a_body_that_cannot_be_made_again_is_left_to_others(world: World) -> None:
    """As in a vault that opened it with a version that kept no salt."""
    ben = filled(world)
    with ben.vault.store.write() as tx:
        tx.execute("UPDATE commits SET salt = NULL WHERE position = 2")
    _, commits = given(ben, heads_at(world, ben, len(world.relay.entries)))
    person = max(world.relay.logs, key=lambda log: len(world.relay.logs[log].commits))
    assert 2 not in commits.get(person, {})
