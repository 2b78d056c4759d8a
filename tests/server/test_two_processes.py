"""Two server processes on one PostgreSQL: one order of everything, no caches that lag, and either may be killed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from protocol import wire
from protocol.commit import Commit
from protocol.ids import Standing
from protocol.roster import Cut, Invite, MemberRemove
from protocol.wire import ErrorCode, Route
from tests.protocol.world import MANAGER, Key, Person, invitation_id
from tests.server.client import Client, Refused, Writer
from tests.server.conftest import CONTACTS, SALES, Team, found_team
from tests.server.test_events import listening
from tests.server.test_push import refuses
from tests.server.test_serving import run
from tests.support.postgres import RunningPostgres
from tests.support.server import RunningServer

PASSWORD = "word-that-is-nowhere"
EACH = 40


class DatabaseServer(RunningServer):
    """A server whose storage is the database that a file names."""

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder, "--door-rate", "100000")
        self.url_file = folder / "url"
        self.url_file.touch(0o600)
        self.url_file.write_text(url.replace("postgres:@", f"postgres:{PASSWORD}@"), encoding="utf-8")

    def place(self) -> list[str]:
        return ["--database-url-file", str(self.url_file)]


@dataclass
class Pair:
    """Two processes, and the database under both."""

    url: str
    first: DatabaseServer
    second: DatabaseServer

    def other(self, client: Client) -> Client:
        """The same session at the second process."""
        made = Client(self.second.origin, client.handle)
        made.token = client.token
        return made


@pytest.fixture(scope="module")
def pair(postgres: RunningPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    url = postgres.database()
    with ExitStack() as stack:
        servers = [DatabaseServer(tmp_path_factory.mktemp(name), url) for name in ("first", "second")]
        for server in servers:
            stack.callback(server.close)
            server.start()
        yield Pair(url, *servers)
        for server in servers:
            assert server.errors() == ""
            assert PASSWORD not in server.journal.read_text(encoding="utf-8")


@pytest.fixture
def team(pair: Pair) -> Iterator[Team]:
    made = found_team(pair.first.origin)
    yield made
    made.close()


def at_once(*works: Callable[[], None]) -> None:
    """Run each on a thread of its own; raises what one of them raises."""
    barrier = threading.Barrier(len(works))

    def run_one(work: Callable[[], None]) -> None:
        barrier.wait(60)
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run_one, work) for work in works]:
            done.result()


def independent(writer: Writer, device: Key, count: int) -> list[Commit]:
    """Commits of a device that sees nothing of what others write meanwhile."""
    return writer.chain_of(device, count)


def positions(client: Client, team: Team, log: bytes) -> dict[int, Commit]:
    """Every commit of a log by its place; fails where a place is given twice."""
    found: dict[int, Commit] = {}
    for placed in client.pull_all(team.world):
        if placed.log == log:
            assert placed.position not in found
            found[placed.position] = placed.commit
    return found


def test_pushes_through_both_are_one_order(pair: Pair, team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = team.start_log()
    theirs = pair.other(ben)
    mine = independent(writer, team.world.ann.device, EACH)
    his = independent(writer, person.device, EACH)
    placed: dict[int, Commit] = {}

    def push_all(client: Client, commits: list[Commit]) -> Callable[[], None]:
        def work() -> None:
            for commit in commits:
                [placement] = client.push(team.world, commit).placements
                assert placed.setdefault(placement.position, commit) is commit

        return work

    at_once(push_all(team.ann, mine), push_all(theirs, his))
    everything = positions(team.ann, team, CONTACTS.encode())
    assert everything == positions(theirs, team, CONTACTS.encode())
    assert sorted(everything) == list(range(1, 2 * EACH + 2))
    assert {place: everything[place] for place in placed} == placed
    assert team.ann.heads(team.world).logs == theirs.heads(team.world).logs
    assert team.ann.pull(team.world).cursor == theirs.pull(team.world).cursor
    theirs.close()


def test_of_two_roster_appends_one_wins(pair: Pair, team: Team) -> None:
    second = pair.other(team.ann)
    for number in range(10):
        head = team.world.state.head
        entries = []
        for side in "ab":
            person = Person(f"{side}{number}-{team.world.ann.name}")
            token = Key("token", person.name)
            entries.append(
                team.world.entry(
                    Invite(invitation_id(person), person.id, token.public, Standing.MEMBER, [], 1 << 32)
                )
            )
        taken: list[object] = []

        def append(client: Client, entry: object, head: bytes = head, taken: list[object] = taken) -> None:
            try:
                client.append_roster(team.world, entry, head=head)
            except Refused as refused:
                assert refused.code == ErrorCode.ROSTER_MOVED
            else:
                taken.append(entry)

        at_once(
            lambda entries=entries: append(team.ann, entries[0]),  # type: ignore[misc]
            lambda entries=entries: append(second, entries[1]),  # type: ignore[misc]
        )
        [winner] = taken
        team.world.history.append(winner)  # type: ignore[arg-type]
        for client in (team.ann, second):
            assert client.heads(team.world).roster_hash == team.world.state.head
    page = second.ask("GET", second.path(Route.ROSTER, team.world) + "?from=1", wire.RosterPage)
    assert page.entries == list(team.world.history.entries())
    second.close()


def test_each_follows_what_the_other_took(pair: Pair, team: Team) -> None:
    """By turns: every commit follows one that the other process has stored."""
    second = pair.other(team.ann)
    writer = team.start_log()
    device = team.world.ann.device
    for number in range(20):
        commit = writer.make(device)
        reply = (team.ann, second)[number % 2].push(team.world, commit)
        writer.took(commit)
        [placement] = reply.placements
        assert (placement.position, placement.chain) == (writer.state.position, writer.state.chain)
        again = (second, team.ann)[number % 2].push(team.world, commit)  # the reply was lost, say
        assert again.placements == reply.placements
    second.close()


@pytest.mark.hostile
def test_a_removal_at_one_binds_the_other_at_once(pair: Pair, team: Team) -> None:
    person, ben = team.admit("ben", MANAGER)
    writer = team.start_log()
    theirs = pair.other(ben)
    assert theirs.log(team.world, CONTACTS).head_position == 1
    with listening(theirs, team) as stream:
        stream.next()
        team.do(MemberRemove(person.id, [Cut(CONTACTS.encode(), 1, writer.state.chain)]))
        with refuses(403, ErrorCode.FORBIDDEN):
            theirs.log(team.world, CONTACTS)
        with refuses(403, ErrorCode.FORBIDDEN):
            theirs.push(team.world, writer.make(person.device))
        assert stream.next() is None
    theirs.close()


def test_events_reach_the_clients_of_the_other(pair: Pair, team: Team) -> None:
    second = pair.other(team.ann)
    writer = team.start_log()
    with listening(team.ann, team) as here, listening(second, team) as there:
        here.next()
        there.next()
        for client in (team.ann, second):
            commit = writer.make(team.world.ann.device)
            cursor = client.push(team.world, commit).cursor
            writer.took(commit)
            here.until(cursor)
            there.until(cursor)
    second.close()


@pytest.mark.hostile
def test_a_session_that_ends_at_one_ends_at_the_other(pair: Pair, team: Team) -> None:
    second = pair.other(team.ann)
    with listening(second, team) as stream:
        stream.next()
        team.ann.ask("POST", Route.LOGOUT, wire.Done, wire.Done())
        assert stream.next() is None
    with refuses(401, ErrorCode.UNAUTHENTICATED):
        second.heads(team.world)
    second.close()


def test_the_database_cuts_all_connections(pair: Pair, team: Team) -> None:
    """As when it is restarted: requests that were under way fail, then all goes on, news too."""
    import psycopg

    second = pair.other(team.ann)
    writer = team.start_log()
    with psycopg.connect(pair.url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    commit = writer.make(team.world.ann.device)
    for client in (team.ann, second):
        for _ in range(40):  # a dead connection of the pool costs one request
            try:
                client.push(team.world, commit)
            except Refused as refused:
                assert refused.status == 500
            else:
                break
        else:
            raise AssertionError("it did not come back")
    writer.took(commit)
    assert sorted(positions(second, team, CONTACTS.encode())) == [1, 2]
    with listening(second, team) as stream:
        stream.next()
        stream.until(team.ann.push(team.world, writer.make(team.world.ann.device)).cursor)
    second.close()


class Pusher(threading.Thread):
    """Pushes one commit after the other until its server is gone; keeps what was acknowledged."""

    def __init__(self, team: Team, client: Client, commits: list[Commit]) -> None:
        super().__init__()
        self.team, self.client, self.commits = team, client, commits
        self.acknowledged: dict[int, Commit] = {}
        self.enough = threading.Event()
        self.refused: Refused | None = None

    def run(self) -> None:
        try:
            for commit in self.commits:
                [placement] = self.client.push(self.team.world, commit).placements
                self.acknowledged[placement.position] = commit
                if len(self.acknowledged) == 5:
                    self.enough.set()
        except requests.RequestException:
            pass  # killed
        except Refused as refused:
            self.refused = refused
        finally:
            self.enough.set()


@pytest.mark.slow
def test_kill_one_process_during_appends(pair: Pair, team: Team) -> None:
    """Nothing that either acknowledged is lost, the other goes on, and the first comes back to the same state."""
    person, ben = team.admit("ben", MANAGER)
    theirs = pair.other(ben)
    writer = team.start_log(SALES)
    mine = independent(writer, team.world.ann.device, 400)
    his = independent(writer, person.device, 400)
    acknowledged: dict[int, Commit] = {}
    for _ in range(4):
        doomed = Pusher(team, team.ann, mine)
        surviving = Pusher(team, theirs, his[:60])
        doomed.start()
        surviving.start()
        assert doomed.enough.wait(60)
        pair.first.kill()
        doomed.join(60)
        surviving.join(60)
        assert (doomed.refused, surviving.refused) == (None, None)
        assert len(surviving.acknowledged) == 60
        acknowledged |= doomed.acknowledged | surviving.acknowledged
        stored = positions(theirs, team, SALES.encode())
        assert sorted(stored) == list(range(1, len(stored) + 1))
        assert {place: stored[place] for place in acknowledged} == acknowledged
        pair.first.start()
        assert positions(team.ann, team, SALES.encode()) == stored
        mine = [commit for commit in mine if commit not in stored.values()]
        his = his[60:]
    theirs.close()


def test_status_and_migrate(pair: Pair, team: Team) -> None:
    place = pair.first.place()
    status = run("status", *place, "--json")
    assert status.returncode == 0, status.stderr
    assert team.world.workspace.hex()[:8] in status.stdout
    migrated = run("migrate", *place)
    assert migrated.returncode == 0
    assert "of this version" in migrated.stdout
