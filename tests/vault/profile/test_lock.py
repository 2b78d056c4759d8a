"""The process lock, with real processes: one that holds it, one that is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vault.profile import ProfileBusy
from vault.profile.lock import ProcessLock

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys
from pathlib import Path
from vault.profile.lock import ProcessLock
lock = ProcessLock(Path(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()
    process.wait()


def test_taken_and_given_back(tmp_path: Path) -> None:
    one, two = ProcessLock(tmp_path / "lock"), ProcessLock(tmp_path / "lock")
    one.acquire()
    held = [one.held]
    for other in (one, two):
        with pytest.raises(ProfileBusy):
            other.acquire()
    one.release()
    one.release()
    assert [*held, one.held] == [True, False]
    two.acquire()
    two.release()


def test_another_process_is_turned_away_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    process = holder(path)
    lock = ProcessLock(path)
    try:
        with pytest.raises(ProfileBusy):
            lock.acquire()
        assert not lock.held
    finally:
        end(process)
    lock.acquire()
    lock.release()


@pytest.mark.A42
def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    process = holder(path)
    process.kill()
    end(process)
    assert path.exists()
    lock = ProcessLock(path)
    lock.acquire()
    lock.release()
