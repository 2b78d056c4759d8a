"""Lies: what a server, or a member with a changed program, can put on the wire."""

from __future__ import annotations

import msgspec

from protocol import wire
from protocol.admission import advance
from protocol.commit import Commit, Kind, parse_header
from protocol.ids import LogId
from protocol.operations import Body, Operation, Put, encode_body
from protocol.signing import key_id
from tests.support.desks import Desk, World
from tests.support.relay import CommitEvent, WrapEvent
from vault.exchange.sealing import LogSigner


def kinds(world: World, log: LogId) -> list[Kind]:
    return [parse_header(commit.header).kind for commit in world.relay.logs[log].commits]


def signer(desk: Desk, log: LogId) -> LogSigner:
    """What that desk's program signs with, at the heads that it knows."""
    exchange = desk.exchange.desk
    with desk.vault.store.read() as tx:
        state, keys = exchange.logs.log_state(tx, log), exchange.logs.keys(tx, log)
    return LogSigner(desk.vault.own, desk.vault.roster, state, keys)


def forged(desk: Desk, log: LogId, *, name: str = "", operations: list[Operation] | None = None) -> Commit:
    """A commit by that desk with any operations, whatever its own program would say to them."""
    made = operations or [Put("person", b"p" * 16, {"name": name}, 0)]
    return signer(desk, log).data(encode_body(Body(bytes(range(16)), 1, 1, 0, made)))


def slip_in(world: World, log: LogId, commit: Commit) -> None:
    """The server orders a commit without looking at it."""
    held = world.relay.logs[log]
    held.state = advance(held.state, parse_header(commit.header), commit.signature)
    held.commits.append(commit)
    held.chains.append(held.state.chain)
    world.relay.events.append(CommitEvent(log, held.state.position))


def stops(desk: Desk, page: wire.PullPage) -> None:
    """The page stops its log (or, where it names a roster to come, is left for later), with its state as it was;
    then the stop is undone for the next try."""
    before = desk.exchange.log_ends()
    accepted = desk.exchange.accept(page)
    assert accepted.stopped or accepted.gaps, "taken as if it were honest"
    assert desk.exchange.log_ends() == before
    with desk.exchange.desk.changing() as change:
        for stop in accepted.stopped:
            progress = change.admission.book.progress(stop.log)
            progress.stopped = progress.detail = ""
        desk.exchange.desk.set_gaps(change.tx, set())


def aside_reasons(desk: Desk) -> set[str]:
    """Why commits were set aside at that desk."""
    with desk.vault.store.read() as tx:
        return {commit.aside for commit in desk.exchange.desk.logs.commits_aside(tx)} - {"rotate"}


def my_key_id(desk: Desk) -> bytes:
    return key_id(desk.vault.own.private[-1].public)


def spoil_wraps(world: World, desk: Desk, sealed: bytes | None) -> None:
    """Every wrap for that desk is replaced (None: taken away), as a lying server or rotator would."""
    recipient = my_key_id(desk)
    events = []
    for event in world.relay.events:
        if isinstance(event, WrapEvent) and event.wrap.recipient == recipient:
            if sealed is None:
                continue
            event = WrapEvent(msgspec.structs.replace(event.wrap, sealed=sealed))
        events.append(event)
    world.relay.events[:] = events
