"""A server that writes numbers which no honest one writes: typed errors or nothing, and the desk as it was (A43)."""

from __future__ import annotations

from contextlib import suppress

import pytest

from protocol import wire
from protocol.ids import Compartment
from protocol.signing import key_id
from tests.support.desks import World
from vault.exchange import VaultError

pytestmark = [pytest.mark.hostile, pytest.mark.A43]

NUMBERS = [-1, 0, 1 << 53, (1 << 63) - 1, 1 << 63, (1 << 64) - 1, -(1 << 63)]


def page(**changes: object) -> wire.PullPage:
    made = {"roster_first": 0, "roster": [], "wraps": [], "commits": [], "cursor": 0, "more": False}
    made.update(changes)
    return wire.PullPage(**made)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", NUMBERS)
def test_A43_cursor(world: World, number: int) -> None:
    world.ann.add("person", name="Zoe")
    world.ann.sync()
    before = world.ann.exchange.log_ends(), world.ann.exchange.roster_head(), world.ann.exchange.cursor()
    with pytest.raises(VaultError):
        world.ann.exchange.accept(page(cursor=number))
    assert (
        world.ann.exchange.log_ends(),
        world.ann.exchange.roster_head(),
        world.ann.exchange.cursor(),
    ) == before
    world.ann.add("person", name="Goes on")
    world.ann.sync()


@pytest.mark.parametrize("number", NUMBERS)
def test_A43_position_of_a_commit(world: World, number: int) -> None:
    person = world.ann.add("person", name="Zoe")
    world.ann.sync()
    ends = world.ann.exchange.log_ends()
    commit = world.relay.logs[person.log].commits[-1]
    placed = wire.PlacedCommit(person.log.encode(), number, commit)
    accepted = world.ann.exchange.accept(page(commits=[placed], cursor=world.ann.exchange.cursor()))
    assert accepted.stopped or accepted.gaps
    assert world.ann.exchange.log_ends() == ends


@pytest.mark.parametrize("number", NUMBERS)
def test_A43_generation_of_a_wrap(world: World, number: int) -> None:
    ann = world.ann
    log = ann.home(Compartment.CONTACTS)
    wrap = wire.Wrap(log.encode(), number, key_id(ann.vault.own.private[-1].public), bytes(1_168))
    ann.exchange.accept(page(wraps=[wrap], cursor=ann.exchange.cursor()))
    ann.add("person", name="Goes on")
    ann.sync()
    assert ann.exchange.stopped() == []


@pytest.mark.parametrize("number", NUMBERS)
def test_A43_first_of_a_roster_page_and_of_a_log_page(world: World, number: int) -> None:
    ann = world.ann
    person = ann.add("person", name="Zoe")
    ann.sync()
    head, ends = ann.exchange.roster_head(), ann.exchange.log_ends()
    lie = page(roster_first=number, roster=world.relay.entries[-2:], cursor=ann.exchange.cursor())
    with pytest.raises(VaultError):
        ann.exchange.accept(lie)
    log_page = wire.LogPage(number, world.relay.logs[person.log].commits[-1:], number)
    accepted = ann.exchange.accept_log(person.log, log_page)
    assert accepted.stopped or accepted.gaps
    assert (ann.exchange.roster_head(), ann.exchange.log_ends()) == (head, ends)


@pytest.mark.parametrize("number", NUMBERS)
def test_A43_numbers_in_the_reply_to_a_push(world: World, number: int) -> None:
    """Whatever the reply says: the edit waits, or is in the log, and nothing of the past has changed."""
    ann = world.ann
    person = ann.add("person", name="Zoe")
    ann.sync()
    ann.put(person, name="Zoe Smith")
    push = ann.exchange.next_push(10, 1 << 20)
    assert push is not None
    cursor = ann.exchange.cursor()
    placement = wire.Placement(person.log.encode(), number, bytes(32))
    for reply in (wire.PushReply([placement], cursor, number), wire.PushReply([placement], number, cursor)):
        with suppress(VaultError):
            ann.exchange.accept_push(push, reply)
    assert ann.field(person, "name") == "Zoe Smith"
    with ann.vault.store.read() as tx:
        assert ann.exchange.desk.outbox.count(tx) == 1


@pytest.mark.parametrize("number", NUMBERS)
def test_A43_numbers_in_the_heads(world: World, number: int) -> None:
    ann = world.ann
    person = ann.add("person", name="Zoe")
    ann.sync()
    honest = world.relay.heads(ann.member)
    logs = [wire.LogHead(person.log.encode(), number, bytes(32), number)]
    for lie in (
        wire.Heads(number, honest.roster_hash, honest.logs),
        wire.Heads(honest.roster_position, honest.roster_hash, logs),
    ):
        with suppress(VaultError):
            ann.exchange.accept_heads(lie)
            ann.exchange.headers_wanted(lie)
    ann.sync()
    assert ann.field(person, "name") == "Zoe"
