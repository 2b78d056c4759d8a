"""The embedded server lives as long as whoever started it, and no longer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil

from app.desk import EmbeddedServer
from app.desk.reach import check_server
from tests.support.real_desks import wait_until

ROOT = Path(__file__).resolve().parents[3]

STARTER = """
import sys
from pathlib import Path
from app.desk import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print(server.process_id, flush=True)
sys.stdin.read()
"""


def test_it_answers_stops_and_comes_back_at_its_port(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "server")
    origin = server.start()
    assert check_server(origin) == origin
    server.stop()
    assert server.start(int(origin.rpartition(":")[2])) == origin
    server.stop()


def test_it_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTER, str(tmp_path / "server")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        server = int(starter.stdout.readline())
        assert psutil.pid_exists(server)
        starter.kill()
    wait_until(lambda: not psutil.pid_exists(server) or _is_dead(server))


def _is_dead(process: int) -> bool:
    """A zombie, where nobody reaps orphans."""
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
