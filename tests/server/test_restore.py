"""What a server takes back that it has lost, by the fold and the header rules alone, and what it does not."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from protocol import wire
from protocol.codec import encode
from protocol.commit import Commit, parse_header
from protocol.fold import parse_entry
from protocol.ids import Standing
from protocol.roster import Cut, DeviceAdd, Entry, MemberRemove, Policy, Revoke, SetStanding
from protocol.wire import ErrorCode, Route
from server.workspaces.holds import PACE_ENTRIES
from tests.protocol.world import MANAGER, NORTH, READER, Key, sign_body
from tests.server.client import Client, Refused, Writer
from tests.server.conftest import CONTACTS, Team
from tests.server.test_races import remove


def refuses(status: int, code: str) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda e: (e.status, e.code) == (status, code))


def restore(
    team: Team,
    client: Client,
    commits: list[tuple[int, Commit]],
    entries: int = 0,
    wraps: list[wire.Wrap] | None = None,
) -> None:
    """`commits` at their positions; the newest `entries` of the roster."""
    position = team.world.history.position
    lost = [team.world.history.entry(n) for n in range(position - entries + 1, position + 1)]
    placed = [wire.PlacedCommit(CONTACTS.encode(), at, commit) for at, commit in commits]
    wanted = wire.RestoreWorkspace(lost, placed, wraps or [])
    client.ask("POST", client.path(Route.RESTORE, team.world), wire.Done, wanted)


def lost_commits(writer: Writer, team: Team, count: int) -> list[tuple[int, Commit]]:
    """Commits that the server does not have."""
    made = []
    for _ in range(count):
        commit = writer.make(team.world.ann.device)
        writer.took(commit)
        made.append((writer.state.position, commit))
    return made


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_entries_and_commits_come_back_verbatim(team: Team) -> None:
    writer = team.start_log()
    older = lost_commits(writer, team, 2)
    team.world.do(Policy("managers-read-reports", 1, b"", b""))
    newer = lost_commits(writer, team, 1)
    with refuses(409, ErrorCode.ROSTER_MOVED):
        team.ann.push(team.world, newer[0][1])
    restore(team, team.ann, [*older, *newer], entries=1)
    heads = team.ann.heads(team.world)
    assert (heads.roster_position, heads.roster_hash) == (team.world.state.position, team.world.state.head)
    assert team.ann.log(team.world, CONTACTS).commits[1:] == [commit for _, commit in [*older, *newer]]
    cursor = team.ann.pull(team.world).cursor
    restore(team, team.ann, [*older, *newer], entries=1)
    assert team.ann.pull(team.world).cursor == cursor, "the same bytes at the same places are fine"


def test_a_held_place_is_never_overwritten_and_nothing_of_the_request_is_taken(team: Team) -> None:
    writer = team.start_log()
    other = Writer(team.world, CONTACTS)
    other.state = writer.state
    lost = lost_commits(writer, team, 3)
    first = other.make(team.world.ann.device)
    team.ann.push(team.world, first)
    with refuses(409, ErrorCode.LOG_MOVED):
        restore(team, team.ann, lost)
    assert team.ann.log(team.world, CONTACTS).commits[1:] == [first]


def test_what_lies_between_has_to_come_first(team: Team) -> None:
    writer = team.start_log()
    lost = lost_commits(writer, team, 3)
    with refuses(409, ErrorCode.LOG_MOVED):
        restore(team, team.ann, lost[1:])
    team.world.do(Policy("managers-read-reports", 1, b"", b""))
    team.world.do(Policy("second-factor", 1, b"", b""))
    wanted = wire.RestoreWorkspace([team.world.history.entry(team.world.history.position)], [], [])
    with refuses(409, ErrorCode.ROSTER_MOVED):
        team.ann.ask("POST", team.ann.path(Route.RESTORE, team.world), wire.Done, wanted)
    assert team.ann.heads(team.world).roster_position == team.world.state.position - 2


def test_a_reader_gives_back_what_he_may_not_write(team: Team) -> None:
    _, ben = team.admit("ben", READER)
    writer = team.start_log()
    restore(team, ben, lost_commits(writer, team, 2))
    assert team.ann.log(team.world, CONTACTS).head_position == 3


def test_nobody_else_gives_anything_back(team: Team) -> None:
    writer = team.start_log()
    _, outsider = team.admit("out")
    stranger = team.client("stranger")
    lost = lost_commits(writer, team, 1)
    with refuses(403, ErrorCode.FORBIDDEN):
        restore(team, outsider, lost)
    with refuses(404, ErrorCode.NOT_FOUND):
        restore(team, stranger, lost)


@pytest.mark.hostile
@pytest.mark.A50
def test_A50_what_nobody_signed_is_not_taken(team: Team) -> None:
    """A forged signature, and an entry that its author had no right to: the fold and the header rules hold here too."""
    ben, client = team.admit("ben", MANAGER)
    writer = team.start_log()
    commit = writer.make(team.world.ann.device)
    with pytest.raises(Refused):
        restore(team, client, [(2, Commit(commit.header, b"\x01" * 64, commit.body))])
    entry = team.world.entry(Policy("managers-read-reports", 1, b"", b""), ben)
    wanted = wire.RestoreWorkspace([entry], [], [])
    with pytest.raises(Refused):
        client.ask("POST", client.path(Route.RESTORE, team.world), wire.Done, wanted)


@pytest.mark.hostile
@pytest.mark.A29
def test_A29_an_admin_alone_does_not_cut_off_what_stands(team: Team) -> None:
    """By this way an entry need not name the present heads: but its own author, who is no owner, has to."""
    ben, client = team.admit("ben", MANAGER)
    dee, dees = team.admit("dee", MANAGER)
    team.do(SetStanding(ben.id, Standing.ADMIN, []))
    writer = team.start_log()
    start = writer.state
    commit = writer.make(dee.device)
    dees.push(team.world, commit)
    writer.took(commit)
    cut = Cut(CONTACTS.encode(), start.position, start.chain)
    team.world.do(MemberRemove(dee.id, [cut]), ben)
    with refuses(409, ErrorCode.LOG_MOVED):
        restore(team, client, [], entries=1)
    restore(team, team.ann, [], entries=1)
    assert team.ann.heads(team.world).roster_position == team.world.state.position


@pytest.mark.hostile
@pytest.mark.A29
def test_A29_a_member_alone_names_no_head_that_a_log_never_had(team: Team) -> None:
    """Every desk would stop that log when it comes there: whoever manages a group, and pretends that it was longer."""
    ben, client = team.admit("ben", MANAGER)
    dee, _ = team.admit("dee", MANAGER)
    writer = team.start_log()
    lost = lost_commits(writer, team, 1)
    false = Cut(CONTACTS.encode(), writer.state.position, bytes(31) + b"1")
    wanted = wire.RestoreWorkspace([team.world.entry(Revoke(dee.id, NORTH, MANAGER, [false]), ben)], [], [])
    with refuses(409, ErrorCode.LOG_MOVED):
        client.ask("POST", client.path(Route.RESTORE, team.world), wire.Done, wanted)
    true = Cut(CONTACTS.encode(), writer.state.position, writer.state.chain)
    team.world.do(Revoke(dee.id, NORTH, MANAGER, [true]), ben)
    with refuses(409, ErrorCode.LOG_MOVED):
        restore(team, client, [], entries=1)
    restore(team, client, lost)
    restore(team, client, [], entries=1)
    assert team.ann.heads(team.world).roster_position == team.world.state.position


@pytest.mark.hostile
@pytest.mark.A29
def test_A29_an_admin_and_a_friend_cut_off_nothing_that_stands_either(team: Team) -> None:
    """The friend may be the admin himself, whom he has invited under another name."""
    ben, client = team.admit("ben", MANAGER)
    _, friend = team.admit("friend")
    dee, dees = team.admit("dee", MANAGER)
    team.do(SetStanding(ben.id, Standing.ADMIN, []))
    writer = team.start_log()
    start = writer.state
    commit = writer.make(dee.device)
    dees.push(team.world, commit)
    writer.took(commit)
    log = CONTACTS.encode()
    late, false = Cut(log, start.position, start.chain), Cut(log, writer.state.position, bytes(31) + b"1")
    for cut in (late, false):
        wanted = wire.RestoreWorkspace([team.world.entry(MemberRemove(dee.id, [cut]), ben)], [], [])
        for bringer in (friend, client):
            with refuses(409, ErrorCode.LOG_MOVED):
                bringer.ask("POST", team.ann.path(Route.RESTORE, team.world), wire.Done, wanted)
    assert team.ann.heads(team.world).roster_position == team.world.state.position


@pytest.mark.hostile
@pytest.mark.A29
def test_A29_a_friend_does_not_put_a_removal_off(team: Team) -> None:
    """What somebody signs who is being removed waits too where another member brings it."""
    ben, _ = team.admit("ben", MANAGER)
    _, friend = team.admit("friend", READER)
    writer = team.start_log()
    taken = 0

    def one_more() -> None:
        nonlocal taken
        commit = writer.make(ben.device)
        try:
            restore(team, friend, [(writer.state.position + 1, commit)])
        except Refused as refused:
            assert refused.code == ErrorCode.RATE_LIMITED
        else:
            taken += 1
            writer.took(commit)

    assert remove(team, ben, one_more) == 2
    assert taken == 1


@pytest.mark.hostile
def test_nobody_fills_the_roster_with_a_friends_entries(team: Team) -> None:
    ben, _ = team.admit("ben")
    _, friend = team.admit("friend")
    entries = []
    for number in range(2, PACE_ENTRIES + 3):
        certificate = ben.certify(team.world.workspace, Key("device", ben.name, number))
        entries.append(team.world.entry(DeviceAdd(ben.id, certificate), ben))
        team.world.history.append(entries[-1])

    def bring(some: list[Entry]) -> None:
        wanted = wire.RestoreWorkspace(some, [], [])
        friend.ask("POST", friend.path(Route.RESTORE, team.world), wire.Done, wanted)

    bring(entries[:PACE_ENTRIES])
    with refuses(429, ErrorCode.RATE_LIMITED):
        bring(entries[PACE_ENTRIES:])


@pytest.mark.hostile
def test_numbers_that_make_no_sense_are_refused(team: Team) -> None:
    """Here a header names any roster position and any place: none of them is the server's own error."""
    writer = team.start_log()
    device = team.world.ann.device
    numbers = (0, 1, 2, 1 << 31, (1 << 53) - 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
    fields = ("generation", "counter", "seen_position", "roster_position", "version", "kind")
    right = writer.make(device)
    header = parse_header(right.header)
    for field, number in itertools.product(fields, numbers):
        if number != getattr(header, field):
            bent = writer.make(device, **{field: number})  # type: ignore[arg-type]  # that is the point
            assert _status(team, [(2, bent)], []) != 200, (field, number)
    for number in numbers:
        assert number == 2 or _status(team, [(number, right)], []) == 409
    assert _status(team, [(2, right)], []) == 200
    entry = team.world.entry(Policy("managers-read-reports", 1, b"", b""))
    body = parse_entry(entry)
    for number in numbers:
        bent_entry = sign_body(replace(body, position=number), device)
        assert _status(team, [], [bent_entry]) in (400, 409, 422)
    assert team.ann.heads(team.world).roster_position == team.world.state.position


def _status(team: Team, commits: list[tuple[int, Commit]], entries: list[Entry]) -> int:
    placed = [wire.PlacedCommit(CONTACTS.encode(), at, commit) for at, commit in commits]
    wanted = encode(wire.RestoreWorkspace(entries, placed, []))
    status = team.ann.raw("POST", team.ann.path(Route.RESTORE, team.world), wanted).status_code
    assert status < 500
    return status
