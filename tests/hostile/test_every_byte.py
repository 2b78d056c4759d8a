"""Every outer byte of what a desk is handed, flipped in turn (A06): commits, entries of the roster, wraps, heads,
replies to a push, bundles. (Headers and entries by themselves: `tests/protocol`.)"""

from __future__ import annotations

from functools import partial

import msgspec
import pytest

from protocol import wire
from protocol.codec import decode, encode
from protocol.errors import FormatError
from protocol.roster import Entry
from protocol.wire import PlacedCommit
from tests.hostile.harness import HostileOffice, flipped, snapshot
from vault.exchange import TrustError
from vault.keys import Bundle, OpenFailed

pytestmark = [pytest.mark.hostile, pytest.mark.A06]

replace = msgspec.structs.replace


@pytest.mark.A10
@pytest.mark.parametrize("part", ["header", "signature", "body"])
def test_A06_a_commit(hostile: HostileOffice, part: str) -> None:
    hostile.news(1)
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    first = honest.commits[0]
    good = getattr(first.commit, part)
    before = snapshot(ben)
    for at in range(len(good)):
        bent = msgspec.structs.replace(first.commit, **{part: flipped(good, at, at % 8)})
        placed = PlacedCommit(first.log, first.position, bent)
        page = wire.PullPage(0, [], [], [placed], ben.exchange.cursor(), False)
        accepted = ben.exchange.accept(page)
        assert accepted.stopped or accepted.gaps, at
        for stop in accepted.stopped:
            hostile.assert_in_words(stop.error)
            assert isinstance(stop.error, TrustError)
            ben.exchange.resume(stop.log)
    assert snapshot(ben) == before
    hostile.heal(ben)


def test_A06_an_entry_of_the_roster(hostile: HostileOffice) -> None:
    hostile.world.invite("dee")
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    [entry] = honest.roster
    bent = [Entry(flipped(entry.body, at, at % 8), entry.signature) for at in range(len(entry.body))]
    bent += [Entry(entry.body, flipped(entry.signature, at, at % 8)) for at in range(64)]
    for one in bent:
        page = replace(honest, roster=[one])
        [error] = hostile.lie(ben, partial(ben.exchange.accept, page)).errors
        assert isinstance(error, TrustError)
    hostile.heal(ben)


@pytest.mark.A10
def test_A06_a_wrap(hostile: HostileOffice) -> None:
    """Log, generation, recipient and every byte of what is sealed: no key comes of it, and nothing stops."""
    new = hostile.world.second_computer(hostile.ben)
    rows = hostile.page(new).wraps
    row = next(one for one in rows if one.log == hostile.person.log.encode())
    lies = [replace(row, sealed=flipped(row.sealed, at, at % 8)) for at in range(0, len(row.sealed), 3)]
    lies += [replace(row, log=flipped(row.log, at)) for at in range(len(row.log))]
    lies += [replace(row, recipient=flipped(row.recipient, at)) for at in range(len(row.recipient))]
    lies += [replace(row, generation=number) for number in (0, 2, 3, 1 << 40)]
    lies += [replace(row, sealed=row.sealed[:-1]), replace(row, sealed=row.sealed + b"\0")]
    before = snapshot(new)
    for start in range(0, len(lies), 40):
        page = wire.PullPage(0, [], lies[start : start + 40], [], new.exchange.cursor(), False)
        assert not hostile.lie(new, partial(new.exchange.accept, page)).errors
    assert snapshot(new) == before
    hostile.ann.sync()
    hostile.heal(new)
    assert new.field(hostile.person, "name") == hostile.ann.field(hostile.person, "name")


def test_A06_heads(hostile: HostileOffice) -> None:
    ben = hostile.ben
    honest = hostile.relay.heads(ben.member)
    for at in range(32):
        lie = replace(honest, roster_hash=flipped(honest.roster_hash, at))
        assert hostile.lie(ben, partial(ben.exchange.accept_heads, lie)).errors
        for number, head in enumerate(honest.logs):
            bent = replace(head, chain=flipped(head.chain, at))
            lie = replace(honest, logs=[*honest.logs[:number], bent, *honest.logs[number + 1 :]])
            assert hostile.lie(ben, partial(ben.exchange.accept_heads, lie)).errors


@pytest.mark.A42
def test_A06_the_reply_to_a_push(hostile: HostileOffice) -> None:
    """The chain in it: the edit stays on the desk and is in the log once."""
    ann = hostile.ann
    name = hostile.canary()
    ann.put(hostile.person, name=name)
    push = ann.exchange.next_push(10, 1 << 20)
    assert push is not None
    honest = hostile.relay.push(push)
    for at in range(32):
        [placed] = honest.placements
        lie = replace(honest, placements=[replace(placed, chain=flipped(placed.chain, at))])
        [error] = hostile.lie(ann, partial(ann.exchange.accept_push, push, lie)).errors
        assert isinstance(error, TrustError)
    ann.exchange.accept_push(push, honest)
    hostile.heal(ann, hostile.ben)
    assert hostile.ben.field(hostile.person, "name") == name


@pytest.mark.A10
@pytest.mark.A18
def test_A06_the_bundle(hostile: HostileOffice) -> None:
    account = hostile.ann.account
    sealed = account.bundle.sealed
    for at in range(len(sealed)):
        with pytest.raises(OpenFailed):
            Bundle.open(
                flipped(sealed, at, at % 8),
                account.derived.unlock_key,
                account.handle,
                account.bundle.version,
            )


@pytest.mark.A16
def test_A06_a_reply_as_a_whole(hostile: HostileOffice) -> None:
    """Every byte of an encoded page: no page, or one that a desk refuses, asks about, or takes for what it is."""
    hostile.news(1)
    ben, honest = hostile.ben, hostile.page(hostile.ben)
    one = replace(honest, commits=honest.commits[:1], cursor=ben.exchange.cursor())
    encoded = encode(one)
    refused = taken = 0
    for at in range(0, len(encoded), 2):
        try:
            page = decode(flipped(encoded, at, at % 8), wire.PullPage, 1 << 20)
        except FormatError:
            refused += 1
            continue
        act = partial(ben.exchange.accept, replace(page, cursor=one.cursor))
        outcome = hostile.lie(ben, act, unmoved=False)
        for stop in ben.exchange.stopped():
            ben.exchange.resume(stop.log)
        taken += not outcome.noticed
    assert refused > 3
    # Nothing authenticates the cursor, the flag for more and the number of a first entry that is not there.
    assert taken <= 8
    hostile.heal(ben)
