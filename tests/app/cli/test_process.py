"""The program as a process of its own, with nothing made cheap: how scripts really run it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import Exit
from tests.app.cli.person import PASSWORD
from tests.support.server import RunningServer
from tools.console import ROOT

pytestmark = pytest.mark.slow


def tacit(folder: Path, *words: str, descriptor: int | None = None) -> subprocess.Popen[str]:
    given = ["--profile", str(folder / "profile"), "--secret-key-file", str(folder / "key"), *words]
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    environment.pop("TACIT_PASSWORD", None)
    if descriptor is None:
        environment["TACIT_PASSWORD"] = PASSWORD
    else:
        given += ["--password-fd", str(descriptor)]
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *given],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        pass_fds=() if descriptor is None else (descriptor,),
    )


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_script_makes_a_workspace_and_reads_it_back(server: RunningServer, tmp_path: Path) -> None:
    words = (
        "--server",
        server.origin,
        "--handle",
        f"proc-{tmp_path.name}",
        "--name",
        "P",
        "--workspace",
        "W",
    )
    reading, writing = os.pipe()
    os.write(writing, f"{PASSWORD}\n".encode())
    os.close(writing)
    process = tacit(tmp_path, "init", *words, "--json", descriptor=reading)
    os.close(reading)
    code, out, err = ended(process)
    assert (code, err) == (0, "")
    assert json.loads(out)["member"] is True
    code, out, err = ended(tacit(tmp_path, "status", "--json"))
    assert (code, err) == (0, "")
    assert json.loads(out)["deals"] == 0


def test_an_expected_error_has_no_traceback(tmp_path: Path) -> None:
    code, out, err = ended(tacit(tmp_path, "status"))
    assert code == Exit.PROFILE
    assert out == ""
    assert err.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_is_clean(server: RunningServer, tmp_path: Path) -> None:
    """Interrupted while it tries again and again to reach a server that is not there."""
    words = ("--server", server.origin, "--handle", f"int-{tmp_path.name}", "--name", "P", "--workspace", "W")
    assert ended(tacit(tmp_path, "init", *words))[0] == 0
    server.stop()
    try:
        process = tacit(tmp_path, "add", "company", "--set", "name=Kept")
        assert ended(process)[0] == 0
        process = tacit(tmp_path, "sync", "--timeout", "600")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(6)  # it goes on trying
        process.send_signal(signal.SIGINT)
        code, out, err = ended(process)
    finally:
        server.start()
    assert code == Exit.CANCELLED
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "Stopped: You stopped it. What was done until then is kept."
    code, out, _ = ended(tacit(tmp_path, "status", "--json"))
    assert json.loads(out)["pending"] == 1


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    process = tacit(tmp_path, "profiles", "--json")
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
