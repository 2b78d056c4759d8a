"""Pushing: lost replies, races, crashes between storing and sending. Nothing is lost and nothing doubled."""

from __future__ import annotations

import pytest

from protocol import wire
from protocol.commit import Kind, parse_header
from protocol.ids import Compartment
from protocol.wire import ErrorCode
from tests.support.desks import Desk, World
from tests.support.lies import kinds
from tests.support.relay import Refused
from vault.exchange import Forked, LogBroken
from vault.exchange.exchange import KEEP_ROUND
from vault.store import RecordKey


def next_push(desk: Desk) -> wire.Push:
    push = desk.exchange.next_push(100, 1 << 22)
    assert push is not None
    return push


def writes(world: World, key: RecordKey) -> int:
    """How many entries the history of a record has at Ann's desk."""
    return len(world.ann.vault.history.history(key))


def test_lost_reply_sends_the_same_bytes(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    push = next_push(world.ann)
    world.relay.push(push)  # the reply is lost
    again = next_push(world.ann)
    assert again == push
    world.ann.exchange.accept_push(again, world.relay.push(again))
    assert world.ann.exchange.next_push(100, 1 << 22) is None
    world.ann.sync()
    assert len(world.relay.logs[person.log].commits) == 2
    assert writes(world, person) == 1


def test_lost_reply_found_by_pull(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.relay.push(next_push(world.ann))
    world.ann.pull()
    assert not world.ann.shown(person).pending
    assert world.ann.exchange.next_push(100, 1 << 22) is None


@pytest.mark.hostile
@pytest.mark.A42
def test_crash_between_storing_and_sending(world: World) -> None:
    """A42: the bytes that were stored are sent after the restart, and no others."""
    person = world.ann.add("person", name="Zoe")
    push = next_push(world.ann)
    world.ann.reopen()
    assert next_push(world.ann) == push
    world.ann.sync()
    assert world.ann.field(person, "name") == "Zoe"
    assert len(world.relay.logs[person.log].commits) == 2


def test_crash_after_the_server_took_it(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.relay.push(next_push(world.ann))
    world.ann.reopen()
    world.ann.put(person, phone="1")
    world.ann.sync()
    assert len(world.relay.logs[person.log].commits) == 3
    assert writes(world, person) == 2


def test_race_of_two_desks_on_one_log(world: World) -> None:
    """Commits at the same head do not exclude each other: only the roster must be the newest."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    world.ann.put(person, name="Ann's")
    ben.put(person, phone="Ben's")
    one, two = next_push(world.ann), next_push(ben)
    ben.exchange.accept_push(two, world.relay.push(two))
    world.ann.exchange.accept_push(one, world.relay.push(one))
    assert world.ann.shown(person).pending  # Ben's came first: left to the pull
    world.sync_all()
    for desk in (world.ann, ben):
        assert (desk.field(person, "name"), desk.field(person, "phone")) == ("Ann's", "Ben's")
        assert not desk.shown(person).pending


def test_race_to_rotate_keeps_one(world: World) -> None:
    """Two desks start the same log at once: one rotate wins, the other is dropped and its edit signed again."""
    ben = world.member("ben")
    mine, his = world.ann.add("person", name="Ann's"), ben.add("person", name="Ben's")
    one, two = next_push(world.ann), next_push(ben)
    assert [parse_header(commit.header).kind for commit in two.commits] == [Kind.ROTATE, Kind.DATA]
    world.ann.exchange.accept_push(one, world.relay.push(one))
    with pytest.raises(Refused) as refusal:
        world.relay.push(two)
    ben.exchange.push_refused(two, refusal.value.code)
    world.sync_all()
    assert kinds(world, mine.log) == [Kind.ROTATE, Kind.DATA, Kind.DATA]
    for desk in (world.ann, ben):
        assert (desk.field(mine, "name"), desk.field(his, "name")) == ("Ann's", "Ben's")


def test_roster_moved_is_signed_again_with_the_same_counter(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    ben.put(person, name="Zoe 2")
    ben.put(person, phone="2")
    push = next_push(ben)
    world.invite("cy")  # the roster moves
    with pytest.raises(Refused) as refusal:
        world.relay.push(push)
    assert refusal.value.code == ErrorCode.ROSTER_MOVED
    ben.exchange.push_refused(push, refusal.value.code)
    ben.pull()
    again = next_push(ben)
    counters = [parse_header(commit.header).counter for commit in again.commits]
    assert counters == [parse_header(commit.header).counter for commit in push.commits] == [1, 2]
    assert again != push
    ben.sync()
    world.ann.sync()
    assert (world.ann.field(person, "name"), world.ann.field(person, "phone")) == ("Zoe 2", "2")
    assert writes(world, person) == 3


def test_removal_during_a_push_puts_a_rotate_first(world: World) -> None:
    """The copies of the earlier round are void: a rotate now stands where the first of them stood."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben, dee = world.member("ben"), world.member("dee")
    ben.put(person, name="Zoe 2")
    push = next_push(ben)
    world.ann.remove(dee.member)
    with pytest.raises(Refused) as refusal:
        world.relay.push(push)
    ben.exchange.push_refused(push, refusal.value.code)
    ben.sync()
    world.ann.sync()
    assert kinds(world, person.log)[-2:] == [Kind.ROTATE, Kind.DATA]
    assert world.ann.field(person, "name") == "Zoe 2"
    assert writes(world, person) == 2


def test_refused_copy_that_is_taken_all_the_same(world: World) -> None:
    """A server that refuses a round and orders it later neither loses nor doubles an edit: the edit ends with
    whichever copy is read back."""
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    ben.put(person, name="Zoe 2")
    ben.put(person, phone="2")
    first = next_push(ben)
    ben.exchange.push_refused(first, ErrorCode.LOG_MOVED)
    second = next_push(ben)
    assert second != first
    world.relay.push(wire.Push(first.commits[:1], []))  # only the first commit of the refused round
    with pytest.raises(Refused) as refusal:
        world.relay.push(second)
    ben.exchange.push_refused(second, refusal.value.code)
    ben.sync()
    world.ann.sync()
    assert (world.ann.field(person, "name"), world.ann.field(person, "phone")) == ("Zoe 2", "2")
    assert writes(world, person) == 3
    assert not ben.shown(person).pending


def test_action_over_two_logs_is_one_push(world: World) -> None:
    with world.ann.vault.editor.action() as action:
        person = action.create("person", world.ann.home(_contacts()), {"name": "Zoe"})
        deal = action.create("deal", world.ann.home(_sales()), {"title": "Roof"})
    push = next_push(world.ann)
    logs = {parse_header(commit.header).log_id for commit in push.commits}
    assert logs == {person.log, deal.log}
    world.ann.sync()
    assert not world.ann.shown(deal).pending


def _contacts() -> Compartment:
    return Compartment.CONTACTS


def _sales() -> Compartment:
    return Compartment.SALES


def test_many_edits_go_in_rounds_of_the_size_asked_for(world: World) -> None:
    for number in range(25):
        world.ann.add("person", name=f"Person {number}")
    rounds = 0
    while (push := world.ann.exchange.next_push(10, 1 << 22)) is not None:
        assert len(push.commits) <= 10
        world.ann.exchange.accept_push(push, world.relay.push(push))
        rounds += 1
    assert rounds == 3
    assert len(world.relay.logs[world.ann.home(_contacts())].commits) == 26


def test_trouble_at_the_server_keeps_the_round(world: World) -> None:
    world.ann.add("person", name="Zoe")
    push = next_push(world.ann)
    for code in KEEP_ROUND:
        world.ann.exchange.push_refused(push, code)
        assert next_push(world.ann) == push


def test_edits_of_a_former_writer_wait_and_are_shown(world: World) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    dee = world.member("dee")
    world.ann.remove(dee.member)
    dee.put(person, name="Too late")
    dee.sync()
    assert dee.exchange.blocked() == [(person.log, "not-writer")]
    assert dee.exchange.next_push(100, 1 << 22) is None


def test_reply_that_does_not_fit_is_refused(world: World) -> None:
    """A server that places commits elsewhere, or not all of them, or on another chain, is not believed."""
    person, deal = world.ann.add("person", name="Zoe"), world.ann.add("deal", title="Roof")
    push = next_push(world.ann)
    reply = world.relay.push(push)
    before = world.ann.exchange.log_ends()
    elsewhere = [
        wire.Placement(deal.log.encode(), placement.position, placement.chain)
        for placement in reply.placements
    ]
    other_chain = [
        wire.Placement(placement.log, placement.position, bytes(32)) for placement in reply.placements
    ]
    lies: list[tuple[list[wire.Placement], type[Exception]]] = [
        (reply.placements[:-1], LogBroken),
        (elsewhere, LogBroken),
        (other_chain, Forked),
    ]
    for placements, error in lies:
        with pytest.raises(error):
            world.ann.exchange.accept_push(
                push, wire.PushReply(placements, reply.cursor_before, reply.cursor)
            )
        assert world.ann.exchange.log_ends() == before
    world.ann.exchange.accept_push(push, reply)
    assert not world.ann.shown(person).pending
