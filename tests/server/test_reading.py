"""Pulling, heads, pages of a log, headers, wraps: who gets what."""

from __future__ import annotations

import os

import pytest

from protocol import wire
from protocol.commit import Kind, parse_header
from protocol.ids import Compartment, LogId
from protocol.limits import MAX_PAGE_BYTES, WRAP_SIZE
from protocol.roster import Cut, Grant, Revoke
from protocol.signing import key_id
from protocol.wire import ErrorCode, Route
from tests.protocol.world import LEAD, NORTH, READER, REP
from tests.server.client import Client, Writer
from tests.server.conftest import CONTACTS, SALES, Team, found_team
from tests.server.test_push import refuses


def add_wraps(team: Team, client: Client, *wraps: wire.Wrap) -> None:
    client.ask("POST", client.path(Route.WRAPS, team.world), wire.Done, wire.AddWraps(list(wraps)))


def recipients(team: Team, client: Client, log: LogId, generation: int = 1) -> list[bytes]:
    path = client.path(Route.WRAPS, team.world) + f"?log={log.encode().hex()}&generation={generation}"
    return client.ask("GET", path, wire.WrapList).recipients


def test_a_pull_has_roster_wraps_and_commits(team: Team) -> None:
    writer = team.start_log()
    commit = writer.make(team.world.ann.device)
    team.ann.push(team.world, commit)
    page = team.ann.pull(team.world)
    assert page.roster == list(team.world.history.entries())
    assert page.roster_first == 1
    assert [(w.generation, w.recipient) for w in page.wraps] == [(1, key_id(team.world.ann.keys.encryption))]
    assert [p.position for p in page.commits] == [1, 2]
    assert not page.more
    after = team.ann.pull(team.world, page.cursor)
    assert (after.roster, after.wraps, after.commits, after.cursor) == ([], [], [], page.cursor)


def test_pages_cover_everything_once(team: Team) -> None:
    writer = team.start_log()
    device = team.world.ann.device
    for _ in range(3):
        commits = writer.chain_of(device, 4, size=700_000)
        team.ann.push(team.world, *commits)
        writer.took(*commits)
    cursor = 0
    pages: list[wire.PullPage] = []
    while not pages or pages[-1].more:
        pages.append(team.ann.pull(team.world, cursor))
        assert pages[-1].cursor > cursor
        cursor = pages[-1].cursor
        assert sum(len(p.commit.body) for p in pages[-1].commits) <= MAX_PAGE_BYTES
    assert len(pages) >= 3
    assert [p.position for page in pages for p in page.commits] == list(range(1, 14))


def test_pages_are_bounded_in_items(team: Team) -> None:
    writer = team.start_log()
    for _ in range(5):
        commits = writer.chain_of(team.world.ann.device, 250)
        team.ann.push(team.world, *commits)
        writer.took(*commits)
    page = team.ann.pull(team.world)
    assert len(page.commits) == 1_000
    assert page.more
    rest = team.ann.pull(team.world, page.cursor)
    assert [p.position for p in page.commits + rest.commits] == list(range(1, 1_252))
    assert len(team.ann.log(team.world, CONTACTS, 2).commits) == 1_000
    assert team.ann.log(team.world, CONTACTS, 1_200).head_position == 1_251


@pytest.mark.hostile
def test_only_logs_that_the_member_may_read_now(team: Team) -> None:
    team.start_log(CONTACTS)
    team.start_log(SALES)
    rep, ben = team.admit("ben", REP)
    assert {p.log for p in ben.pull(team.world).commits} == {CONTACTS.encode()}
    assert {head.log for head in ben.heads(team.world).logs} == {CONTACTS.encode()}
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.log(team.world, SALES)
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.headers(team.world, SALES)
    with refuses(403, ErrorCode.FORBIDDEN):
        recipients(team, ben, SALES)
    cut = Cut(CONTACTS.encode(), 1, team.ann.heads(team.world).logs[0].chain)
    team.do(Revoke(rep.id, NORTH, REP, [cut]))
    page = ben.pull(team.world)
    assert page.commits == []
    assert page.cursor == team.ann.pull(team.world).cursor


def test_a_log_that_became_readable_is_fetched_from_its_beginning(team: Team) -> None:
    writer = team.start_log(SALES)
    person, ben = team.admit("ben", LEAD)
    cursor = ben.pull(team.world).cursor
    team.do(Grant(person.id, NORTH, READER, b"", b""))
    assert ben.pull(team.world, cursor).commits == []
    page = ben.log(team.world, SALES)
    assert (page.first, len(page.commits), page.head_position) == (1, 1, writer.state.position)


def test_admins_follow_headers_and_heads_of_all_logs(team: Team) -> None:
    person, ben = team.admit("ben", REP)
    own = LogId(NORTH, Compartment.SALES, person.id)
    writer = Writer(team.world, own)
    rotate = writer.make(person.device, Kind.ROTATE)
    ben.push(team.world, rotate, wraps=writer.wraps())
    assert own.encode() in {head.log for head in team.ann.heads(team.world).logs}
    page = team.ann.headers(team.world, own)
    assert [parse_header(h.header).kind for h in page.headers] == [Kind.ROTATE]
    assert page.head_position == 1
    _, cy = team.admit("cy", REP)
    with refuses(403, ErrorCode.FORBIDDEN):
        cy.headers(team.world, own)
    with refuses(403, ErrorCode.FORBIDDEN):
        cy.log(team.world, own)


def test_wraps_for_a_later_reader(team: Team) -> None:
    team.start_log()
    person, ben = team.admit("ben", READER)
    mine = key_id(person.keys.encryption)
    assert mine not in recipients(team, team.ann, CONTACTS)
    cursor = ben.pull(team.world).cursor
    wrap = wire.Wrap(CONTACTS.encode(), 1, mine, os.urandom(WRAP_SIZE))
    add_wraps(team, team.ann, wrap)
    assert ben.pull(team.world, cursor).wraps == [wrap]
    assert mine in recipients(team, ben, CONTACTS)
    again = team.ann.pull(team.world).cursor
    add_wraps(team, team.ann, wire.Wrap(CONTACTS.encode(), 1, mine, os.urandom(WRAP_SIZE)))
    assert team.ann.pull(team.world).cursor == again  # this sealer's row is there already
    add_wraps(team, ben, wire.Wrap(CONTACTS.encode(), 1, mine, os.urandom(WRAP_SIZE)))
    assert len(ben.pull(team.world, cursor).wraps) == 2  # rows are per sealer


@pytest.mark.hostile
def test_wraps_are_refused(team: Team) -> None:
    team.start_log()
    person, ben = team.admit("ben")
    mine, anns = key_id(person.keys.encryption), key_id(team.world.ann.keys.encryption)
    good = wire.Wrap(CONTACTS.encode(), 1, anns, os.urandom(WRAP_SIZE))
    with refuses(403, ErrorCode.FORBIDDEN):  # by somebody who does not read the log
        add_wraps(team, ben, good)
    with refuses(403, ErrorCode.FORBIDDEN):  # for somebody who does not
        add_wraps(team, team.ann, wire.Wrap(CONTACTS.encode(), 1, mine, os.urandom(WRAP_SIZE)))
    with refuses(400, ErrorCode.MALFORMED):  # a generation that is not there
        add_wraps(team, team.ann, wire.Wrap(CONTACTS.encode(), 2, anns, os.urandom(WRAP_SIZE)))
    with refuses(400, ErrorCode.MALFORMED):
        add_wraps(team, team.ann, wire.Wrap(CONTACTS.encode(), 1, anns, b"short"))


@pytest.mark.hostile
def test_another_workspaces_ids(team: Team) -> None:
    other = found_team(team.origin)
    writer = other.start_log()
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.pull(other.world)
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.log(other.world, CONTACTS)
    with refuses(404, ErrorCode.NOT_FOUND):
        team.ann.push(other.world, writer.make(other.world.ann.device))
    with refuses(422, "workspace"):  # a commit for the one pushed to the other
        other.ann.push(
            other.world,
            Writer(team.world, CONTACTS).make(team.world.ann.device, Kind.ROTATE),
            wraps=Writer(other.world, CONTACTS).wraps(),
        )
    other.close()


def test_a_cursor_from_before_a_restored_backup(team: Team) -> None:
    newest = team.ann.pull(team.world).cursor
    page = team.ann.pull(team.world, newest + 1_000)
    assert (page.cursor, page.more, page.roster) == (newest, False, [])


def test_files(team: Team) -> None:
    _, ben = team.admit("ben", READER)
    team.start_log()
    file, chunk = os.urandom(16), os.urandom(5_000)
    path = team.ann.chunk_path(team.world, CONTACTS, file, 0)
    for _ in range(2):  # idempotent
        team.ann.ask("PUT", path, wire.Done, chunk)
    with refuses(409, ErrorCode.LOG_MOVED):
        team.ann.ask("PUT", path, wire.Done, chunk[:-1])
    assert ben.content("GET", path) == chunk
    team.ann.ask("PUT", team.ann.chunk_path(team.world, CONTACTS, file, 7), wire.Done, chunk)
    state = path.rsplit("/", 1)[0]
    assert ben.ask("GET", state, wire.FileState).chunks == [0, 7]
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.ask("PUT", ben.chunk_path(team.world, CONTACTS, file, 1), wire.Done, chunk)
    with refuses(403, ErrorCode.FORBIDDEN):
        ben.content("GET", ben.chunk_path(team.world, LogId(NORTH, Compartment.DOCUMENTS), file, 0))
    with refuses(404, ErrorCode.NOT_FOUND):
        ben.content("GET", ben.chunk_path(team.world, CONTACTS, file, 3))
    with refuses(400, ErrorCode.MALFORMED):
        team.ann.ask("PUT", team.ann.chunk_path(team.world, CONTACTS, file, 4096), wire.Done, chunk)
    with refuses(413, ErrorCode.TOO_LARGE):
        team.ann.ask("PUT", team.ann.chunk_path(team.world, CONTACTS, file, 2), wire.Done, bytes(1 << 21))
