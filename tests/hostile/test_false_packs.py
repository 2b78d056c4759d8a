"""Packs and countersignatures (A40, A48). No pack is loaded by this version: a commit of either kind is refused by the
server and stops its log at every desk; a new desk folds each log from its beginning, so that what a server hides from
it or adds for it is found, as it is by everybody else."""

from __future__ import annotations

from functools import partial

import msgspec
import pytest

from protocol import wire
from protocol.admission import check_header
from protocol.codec import encode
from protocol.codes import CommitCode
from protocol.commit import RESERVED_KINDS, Commit, Kind, parse_header
from protocol.errors import CommitRefused
from protocol.ids import LogId
from protocol.signing import Namespace
from protocol.wire import PlacedCommit
from tests.hostile.harness import EMPTY_BODY, HostileOffice, shown
from tests.support.desks import Desk
from tests.support.lies import signer
from tests.support.relay import Refused
from vault.exchange import Forked, LogBroken, TrustError

pytestmark = [pytest.mark.hostile, pytest.mark.A40, pytest.mark.A48]


def pack(desk: Desk, log: LogId, kind: Kind, detail: bytes = b"") -> Commit:
    """A commit of a reserved kind as a changed program would sign it; all else about it holds."""
    honest = signer(desk, log).data(b"\x95")
    header = msgspec.structs.replace(parse_header(honest.header), kind=kind, detail=detail)
    encoded = encode(header)
    return Commit(encoded, desk.vault.own.device.sign(Namespace.COMMIT, encoded), honest.body)


def test_packs_are_reserved() -> None:
    assert {Kind.PACK, Kind.COUNTERSIGN} <= RESERVED_KINDS


@pytest.mark.parametrize("kind", [Kind.PACK, Kind.COUNTERSIGN])
@pytest.mark.parametrize("detail", [b"", bytes(4), bytes(range(68))], ids=["none", "four", "long"])
def test_A48_a_pack_stops_the_log_at_every_desk(hostile: HostileOffice, kind: Kind, detail: bytes) -> None:
    """An owner's device signed it and the server shows it: to those who are there, and to a new computer alone."""
    log = hostile.person.log
    false = pack(hostile.ann, log, kind, detail)
    state = hostile.relay.logs[log].state
    with pytest.raises(CommitRefused) as refused:
        check_header(state, parse_header(false.header), false.signature, hostile.relay.history)
    assert refused.value.code == CommitCode.RESERVED
    for desk in (hostile.ben, hostile.ann):
        placed = PlacedCommit(log.encode(), state.position + 1, false)
        page = wire.PullPage(0, [], [], [placed], desk.exchange.cursor(), False)
        [error] = hostile.lie(desk, partial(desk.exchange.accept, page)).errors
        assert isinstance(error, LogBroken) and error.code == CommitCode.RESERVED
    new = hostile.world.second_computer(hostile.ben)
    honest = hostile.page(new)
    first = wire.PullPage(
        honest.roster_first,
        honest.roster,
        honest.wraps,
        [PlacedCommit(log.encode(), 1, false)],
        new.exchange.cursor(),
        False,
    )
    accepted = new.exchange.accept(first)
    assert [stop.error.code for stop in accepted.stopped] == [CommitCode.RESERVED]
    assert log not in new.exchange.log_ends() or new.exchange.log_ends()[log].position == 0
    hostile.heal(hostile.ann, hostile.ben, new)
    assert shown(new) == shown(hostile.ben)


@pytest.mark.parametrize("kind", [Kind.PACK, Kind.COUNTERSIGN])
def test_A40_no_server_takes_a_pack(hostile: HostileOffice, kind: Kind) -> None:
    """The relay of the tests stands on the header rules that the server stands on."""
    with pytest.raises(Refused):
        hostile.relay.push(wire.Push([pack(hostile.ann, hostile.person.log, kind)], []))


def test_A40_a_new_desk_folds_every_log_from_its_beginning(hostile: HostileOffice) -> None:
    hostile.news(2)
    new = hostile.world.second_computer(hostile.ben)
    hostile.heal(new)
    ends = {log: end for log, end in hostile.ben.exchange.log_ends().items() if end.position}
    assert len(ends) >= 4
    for log, end in ends.items():
        with new.vault.store.read() as tx:
            stored = list(new.exchange.desk.logs.commits(tx, log, 1))
            headers = list(new.exchange.desk.logs.headers(tx, log, 1, end.position))
        assert len(headers) == end.position
        assert {one.position for one in stored} <= set(range(1, end.position + 1))
    assert shown(new) == shown(hostile.ben)


@pytest.mark.parametrize("at", range(1, 4))
def test_A40_what_is_hidden_from_a_new_desk_is_found(hostile: HostileOffice, at: int) -> None:
    """One commit left out of what a new computer is shown of a log, in the stream and in the log's own pages."""
    hostile.news(2)
    log = hostile.person.log
    new = hostile.world.second_computer(hostile.ben)
    honest = hostile.page(new)
    commits = [one for one in honest.commits if one.log != log.encode() or one.position != at]
    accepted = new.exchange.accept(msgspec.structs.replace(honest, commits=commits))
    assert [(gap.log, gap.from_position) for gap in accepted.gaps] == [(log, at)]
    page = hostile.relay.log(new.member, log, at + 1)
    closed = wire.LogPage(at, page.commits, page.head_position - 1)
    [error] = hostile.lie(new, lambda: new.exchange.accept_log(log, closed)).errors
    assert error.title
    hostile.heal(new)
    assert shown(new) == shown(hostile.ben)


@pytest.mark.parametrize("at", range(2, 5))
def test_A40_what_the_server_adds_for_a_new_desk_is_found(hostile: HostileOffice, at: int) -> None:
    """A commit without a signature, or one of another place, put between the others."""
    hostile.news(2)
    log = hostile.person.log
    newest = hostile.relay.logs[log].commits[-1]
    for false in (Commit(newest.header, bytes(64), newest.body), newest):
        if false is newest and at == 4:
            continue
        new = hostile.world.second_computer(hostile.ben)
        accepted = new.exchange.accept(_with(hostile.page(new), log, at, false))
        assert [stop.log for stop in accepted.stopped] == [log]
        assert new.exchange.log_ends()[log].position == at - 1
        hostile.heal(new)
        assert shown(new) == shown(hostile.ben)


@pytest.mark.A33
def test_A40_what_a_writer_adds_with_the_servers_help_is_a_fork(hostile: HostileOffice) -> None:
    """Ben signs a commit for the eyes of a new computer alone: the next commit of somebody else names another past,
    and where there is none yet, the heads of an honest server do."""
    log, ben = hostile.person.log, hostile.ben
    false = signer(ben, log).data(EMPTY_BODY)
    hostile.news(2)
    new = hostile.world.second_computer(ben)
    accepted = new.exchange.accept(_with(hostile.page(new), log, 3, false))
    assert [type(stop.error) for stop in accepted.stopped] == [Forked]
    alone = hostile.world.second_computer(ben)
    page = hostile.page(alone)
    shorter = [one for one in page.commits if one.log != log.encode() or one.position < 3]
    lie = [*shorter, PlacedCommit(log.encode(), 3, false)]
    alone.exchange.accept(msgspec.structs.replace(page, commits=lie, cursor=alone.exchange.cursor()))
    assert alone.exchange.stopped() == [] and alone.exchange.log_ends()[log].position == 3
    with pytest.raises(TrustError):
        _meet(hostile, alone, log)


def _meet(hostile: HostileOffice, desk: Desk, log: LogId) -> None:
    """The desk hears an honest server: heads, and what follows in the log."""
    for wanted in desk.exchange.accept_heads(hostile.relay.heads(desk.member)):
        page = hostile.relay.log(desk.member, wanted.log, wanted.from_position)
        for stop in desk.exchange.accept_log(wanted.log, page).stopped:
            raise stop.error


def _with(page: wire.PullPage, log: LogId, at: int, false: Commit) -> wire.PullPage:
    """The page with a commit more in the middle of a log."""
    commits = []
    for one in page.commits:
        if one.log == log.encode() and one.position == at:
            commits.append(PlacedCommit(one.log, at, false))
        shift = int(one.log == log.encode() and one.position >= at)
        commits.append(PlacedCommit(one.log, one.position + shift, one.commit))
    return msgspec.structs.replace(page, commits=commits)
