"""Killed at random moments, fifty times each: what was acknowledged to the user is on both desks, once (A42)."""

from __future__ import annotations

import collections
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.desk import Desk
from tests.support.real_desks import PASSWORD, Office, wait_until
from vault.profile import FileKeychain
from vault.store import Query

pytestmark = [pytest.mark.slow, pytest.mark.A42, pytest.mark.usefixtures("fast_kdf")]

KILLS = 50
ROOT = Path(__file__).resolve().parents[2]


class Scene:
    """Ann's and Ben's desks; Ann's is lent to a process that gets killed, and taken back."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder)
        self.ann = self.office.found()
        self.group = self.ann.team().groups[0].id
        self.folder = self.ann.profile.folder
        self.key_file = folder / "secret-key"
        FileKeychain(self.key_file).store(self.ann.profile.id, self.office.keychain.load(self.ann.profile.id))
        self.ben = self.office.join(self.ann, "ben", "Ben Brouwer")
        self.acknowledged: set[str] = set()
        self.reached: collections.Counter[str] = collections.Counter()

    def lend(self) -> None:
        self.office.desks.pop("ann").lock()

    def take_back(self) -> Desk:
        self.ann = self.office.open("ann")
        return self.ann

    def run_and_kill(self, mode: str, round_: int, longest: float, chance: random.Random) -> None:
        """Start a victim, wait until it is ready, kill it after a random time; note what it acknowledged."""
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.crash.victim",
                str(self.folder),
                str(self.key_file),
                mode,
                str(round_),
            ],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "TACIT_PASSWORD": PASSWORD},
        )
        ready = threading.Event()
        lines: list[str] = []
        assert process.stdout is not None
        reader = threading.Thread(target=_read, args=(process.stdout.fileno(), lines, ready))
        reader.start()
        assert ready.wait(60), "the victim never got ready"
        # A pause of random length is the experiment itself: the moment of the kill.
        time.sleep(chance.uniform(0, longest))
        process.send_signal(signal.SIGKILL)
        process.wait()
        reader.join()
        assert process.stdin is not None
        process.stdin.close()
        process.stdout.close()
        self.acknowledged |= {line.removeprefix("saved ") for line in lines if line.startswith("saved ")}
        self.reached["end" if "end" in lines else "killed"] += 1

    def check(self) -> None:
        """Everything acknowledged is on both desks, each once, and both desks have the same."""
        ann = self.take_back()
        assert ann.sync_now(120), ann.sync_state
        assert self.ben.sync_now(120), self.ben.sync_state
        wait_until(lambda: names(self.ben) == names(ann), 60)
        counted = names(self.ben)
        assert [name for name, count in counted.items() if count != 1] == []
        assert self.acknowledged <= set(counted)
        assert self.acknowledged, "nothing was acknowledged, so nothing was shown"
        assert self.reached["killed"] >= KILLS // 3, f"too few were killed while at work: {self.reached}"
        ann.vault.store.check()


def names(desk: Desk) -> collections.Counter[str]:
    return collections.Counter(str(record.fields["name"]) for record in desk.records.each(Query("company")))


def _read(descriptor: int, lines: list[str], ready: threading.Event) -> None:
    """Whole lines only: a line cut off by the kill was not acknowledged."""
    waiting = b""
    while piece := os.read(descriptor, 65536):
        waiting += piece
        *whole, waiting = waiting.split(b"\n")
        for line in whole:
            lines.append(line.decode())
            if line == b"ready":
                ready.set()
    ready.set()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.office.close()


@pytest.mark.parametrize(("mode", "longest"), [("import", 0.35), ("push", 0.12)])
def test_client_killed(scene: Scene, mode: str, longest: float) -> None:
    chance = random.Random(f"{mode} 1")
    scene.lend()
    for round_ in range(KILLS):
        scene.run_and_kill(mode, round_, longest, chance)
    scene.check()


def test_client_killed_while_pulling(scene: Scene) -> None:
    chance = random.Random("pull 1")
    scene.lend()
    for round_ in range(KILLS):
        with scene.ben.editor.action() as action:
            for number in range(400):
                name = f"Pulled {round_}-{number}"
                action.create("company", scene.ben.home_for("company", scene.group), {"name": name})
        scene.acknowledged |= {f"Pulled {round_}-{number}" for number in range(400)}
        assert scene.ben.sync_now(60), scene.ben.sync_state
        scene.run_and_kill("pull", round_, 0.15, chance)
    scene.check()


def test_server_killed_while_appending(scene: Scene) -> None:
    chance = random.Random("server 1")
    office = scene.office
    port = office.port
    for round_ in range(KILLS):
        for number in range(15):
            name = f"Kept {round_}-{number}"
            with scene.ann.editor.action() as action:
                action.create("company", scene.ann.home_for("company", scene.group), {"name": name})
            scene.acknowledged.add(name)
            if number == 7:
                time.sleep(chance.uniform(0, 0.05))  # the moment of the kill
                office.server.kill()
        office.server.start(port)
        scene.ann.wake()
        scene.ben.wake()
        scene.reached["killed"] += 1
    wait_until(lambda: scene.ann.sync_now(5) and scene.ann.pending() == 0, 120)
    scene.lend()
    scene.check()
