"""Many clients at once on one workspace, for a while: no errors, nothing lost, memory that does not grow.

`TACIT_SOAK_SECONDS` makes it longer (default 4).
"""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import pytest

from protocol import wire
from protocol.commit import Kind
from protocol.ids import Compartment, LogId
from tests.protocol.world import NORTH, REP, Person
from tests.server.client import Client, Writer
from tests.server.conftest import CONTACTS, Team, found_team
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.slow
SECONDS = float(os.environ.get("TACIT_SOAK_SECONDS", "4"))
PEOPLE = 20
MIB = 1 << 20


def memory(server: RunningServer) -> int:
    """Bytes in memory now; 0 where the system does not tell."""
    status = Path(f"/proc/{server.process_id}/status")
    if not status.is_file():
        return 0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) << 10


class Desk:
    """One client: pushes to the shared log and to his own, pulls what is new, now and then all of it."""

    def __init__(self, team: Team, person: Person, client: Client, shared: Writer) -> None:
        self.team, self.person, self.client = team, person, client
        self.shared = Writer(team.world, CONTACTS)
        self.shared.state = shared.state
        self.own = Writer(team.world, LogId(NORTH, Compartment.SALES, person.id))
        self.cursor = 0
        self.commits = 0
        self.pulled = 0
        self.took: list[float] = []

    def begin(self) -> None:
        rotate = self.own.make(self.person.device, Kind.ROTATE)
        self.client.push(self.team.world, rotate, wraps=self.own.wraps())
        self.own.took(rotate)

    def work(self, until: float) -> None:
        world, device = self.team.world, self.person.device
        seen = self.shared.state
        while time.monotonic() < until:
            begun = time.perf_counter()
            one = self.shared.make(device, seen_position=seen.position, seen_chain=seen.chain)
            two = self.own.make(device, body=os.urandom(2_000))
            self.client.push(world, one, two)
            self.took.append(time.perf_counter() - begun)
            self.shared.took(one)  # his own counter; the places are the server's
            self.own.took(two)
            self.commits += 2
            page = self.client.pull(world, self.cursor)
            self.cursor = page.cursor
            self.pulled += len(page.commits)


def test_soak(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running_server(tmp_path, "--door-rate", "10000", "--session-rate", "1000000") as server:
        team = found_team(server.origin)
        shared = team.start_log()
        people = [team.admit(f"p{number}", REP) for number in range(PEOPLE)]
        desks = [Desk(team, person, client, shared) for person, client in people]
        for desk in desks:
            desk.begin()
        before = memory(server)
        most = [before]
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.2):
                most.append(memory(server))

        watcher = threading.Thread(target=watch)
        watcher.start()
        until = time.monotonic() + SECONDS
        with ThreadPoolExecutor(PEOPLE) as pool:
            for done in [pool.submit(desk.work, until) for desk in desks]:
                done.result()
        over.set()
        watcher.join()
        commits = sum(desk.commits for desk in desks)
        placed = _all(team.ann, team)
        assert [p.position for p in placed] == list(range(1, commits // 2 + 2))
        statuses = {entry["status"] for entry in server.journal_entries() if entry["event"] == "request"}
        assert statuses == {200}
        assert server.errors() == ""
        assert max(most) - before < 300 * MIB
        times = sorted(took for desk in desks for took in desk.took)
        with capsys.disabled():
            sys.stdout.write(
                f"\n{PEOPLE} clients, {SECONDS:.0f} s: {commits} commits, {sum(d.pulled for d in desks)} pulled, "
                f"push {median(times) * 1000:.0f} ms median, {times[int(len(times) * 0.99)] * 1000:.0f} ms p99; "
                f"memory {before // MIB} to at most {max(most) // MIB} MiB\n"
            )
        assert server.stop() == 0
        team.close()


def _all(client: Client, team: Team) -> list[wire.PlacedCommit]:
    return [placed for placed in client.pull_all(team.world) if placed.log == CONTACTS.encode()]
