"""A real server of one's own, on loopback, for "try it with sample data" and for demonstrations.

It is the same program that ops run, in a process of its own, listening on 127.0.0.1 at a port that the system
chooses. It ends with the process that started it.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from pathlib import Path

from app.desk.errors import ServerDidNotStart

START_SECONDS = 30.0


class EmbeddedServer:
    """Start with `start`, stop with `stop`; `origin` is where it listens."""

    def __init__(self, data: Path, *, journal: Path | None = None, origins: tuple[str, ...] = ()) -> None:
        """`origins`: addresses by which desks reach it, where something stands in between."""
        self._data = data
        self._origins = origins
        self._journal = journal or data / "journal.log"
        self._process: subprocess.Popen[bytes] | None = None
        self.origin = ""

    @property
    def process_id(self) -> int:
        return self._process.pid if self._process else 0

    def start(self, port: int = 0) -> str:
        """Start it and wait until it listens; gives its origin. Raises ServerDidNotStart."""
        self._data.mkdir(mode=0o700, parents=True, exist_ok=True)
        port_file = self._data / "port"
        port_file.unlink(missing_ok=True)
        command = [
            *_server_command(),
            "serve",
            "--data",
            str(self._data),
            "--listen",
            f"127.0.0.1:{port}",
            "--signup",
            "open",
            "--port-file",
            str(port_file),
            "--journal",
            str(self._journal),
            *(word for origin in self._origins for word in ("--origin", origin)),
        ]
        self._process = subprocess.Popen(  # our own program, our own arguments
            command,
            stdin=subprocess.PIPE,  # its end, however this process ends, is the server's (`tethered`)
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                status = self._process.returncode
                self.stop()
                raise ServerDidNotStart(f"the server ended with status {status}")
            with contextlib.suppress(FileNotFoundError, ValueError):
                self.origin = f"http://127.0.0.1:{int(port_file.read_text('ascii').strip())}"
                return self.origin
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
        self.stop()
        raise ServerDidNotStart(f"the server did not listen within {START_SECONDS:.0f} seconds")

    def stop(self) -> None:
        """End it, gracefully at first."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            _let_go(process)

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            _let_go(process)


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe that the server hangs on."""
    if process.stdin is not None:
        process.stdin.close()


def _server_command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, "--embedded-server"]
    return [sys.executable, "-m", "app.tethered"]
