"""Kill -9 while commits are being appended: what was acknowledged is there, once, and nothing is half there."""

from __future__ import annotations

import random
import sqlite3
import threading
from contextlib import closing

import pytest
import requests

from protocol.wire import ErrorCode
from tests.server.client import Client, Refused, Writer
from tests.server.conftest import CONTACTS, SALES, Team, found_team
from tests.support.server import RunningServer, running_server

ROUNDS = 20


class Pusher(threading.Thread):
    """Pushes pairs of commits to two logs until the server is gone; keeps what was acknowledged."""

    def __init__(self, team: Team, contacts: Writer, sales: Writer) -> None:
        super().__init__()
        self.team, self.contacts, self.sales = team, contacts, sales
        self.acknowledged = 0
        self.busy = threading.Event()
        self.failed: Exception | None = None

    def run(self) -> None:
        client = Client(self.team.origin, self.team.ann.handle)
        client.token = self.team.ann.token
        device = self.team.world.ann.device
        try:
            while True:
                pair = self.contacts.make(device), self.sales.make(device)
                client.push(self.team.world, *pair)
                self.contacts.took(pair[0])
                self.sales.took(pair[1])
                self.acknowledged += 1
                if self.acknowledged == 3:
                    self.busy.set()
        except requests.RequestException:
            pass  # killed
        except Refused as refused:
            self.failed = refused
        finally:
            self.busy.set()
            client.close()


def catch_up(team: Team, writer: Writer) -> int:
    """Take what the server has beyond what was acknowledged; every commit must follow. How many those were."""
    page = team.ann.log(team.world, writer.log, writer.state.position + 1)
    writer.took(*page.commits)
    heads = {head.log: head for head in team.ann.heads(team.world).logs}
    head = heads[writer.log.encode()]
    assert (head.position, head.chain) == (writer.state.position, writer.state.chain)
    return len(page.commits)


@pytest.mark.slow
def test_kill_during_append(tmp_path_factory: pytest.TempPathFactory) -> None:
    chance = random.Random(7)
    with running_server(tmp_path_factory.mktemp("kill")) as server:
        team = found_team(server.origin)
        contacts, sales = team.start_log(CONTACTS), team.start_log(SALES)
        acknowledged = 0
        for _ in range(ROUNDS):
            pusher = Pusher(team, contacts, sales)
            pusher.start()
            assert pusher.busy.wait(60)
            threading.Event().wait(chance.random() / 20)  # a random moment, not a condition
            server.kill()
            pusher.join(60)
            assert pusher.failed is None
            acknowledged += pusher.acknowledged
            server.start()
            beyond = catch_up(team, contacts), catch_up(team, sales)
            assert beyond in ((0, 0), (1, 1))  # stored, but the reply was lost: both logs or none
        assert contacts.state.position >= acknowledged + 1
        pulled = [p for p in team.ann.pull_all(team.world) if p.log == CONTACTS.encode()]
        assert [p.position for p in pulled] == list(range(1, contacts.state.position + 1))
        check_files(server)
        team.close()


def check_files(server: RunningServer) -> None:
    server.stop()
    for path in server.data.rglob("*.db"):
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_lost_reply_is_found_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The same bytes after the kill: the old place where they were stored, a new one where they were not."""
    with running_server(tmp_path_factory.mktemp("lost")) as server:
        team = found_team(server.origin)
        writer = team.start_log()
        commits = writer.chain_of(team.world.ann.device, 2)
        first = team.ann.push(team.world, commits[0])
        server.kill()
        server.start()
        both = team.ann.push(team.world, *commits)
        assert both.placements[0] == first.placements[0]
        assert [p.position for p in both.placements] == [2, 3]
        with pytest.raises(Refused, check=lambda e: e.code == ErrorCode.LOG_MOVED):
            team.ann.push(team.world, writer.make(team.world.ann.device))
        team.close()


def test_sessions_and_roster_outlive_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running_server(tmp_path_factory.mktemp("restart")) as server:
        team = found_team(server.origin)
        _, ben = team.admit("ben")
        server.restart()
        assert ben.heads(team.world).roster_hash == team.world.state.head
        team.admit("cy")
        assert team.ann.heads(team.world).roster_position == team.world.state.position
        team.close()
