"""A real server in a process of its own, on loopback, for the tests of any package.

    with running_server(tmp_path) as server:
        ... server.origin, server.kill(), server.start(), server.stored_bytes() ...

`start` returns when the server says that it listens; nothing sleeps. After a stop or a kill it comes back on the
port that it had. With `tap`, clients go through a recording relay and `traffic()` is what went over the wire.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tools.wiretap import Wiretap

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 30.0


class RunningServer:
    """`folder` holds the server's data (`data`), its journal, and, with `tap`, the recorded traffic."""

    def __init__(self, folder: Path, *options: str, tap: bool = False, signup: str = "open") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.data = folder / "data"
        self.journal = folder / "journal.log"
        self.port = 0
        self._tap = Wiretap(folder / "traffic") if tap else None
        self._options = [*options, "--signup", signup]
        if self._tap is not None:
            self._options += ["--origin", self._tap.origin]
        self._scheme = "https" if "--tls-cert" in options else "http"
        self._process: subprocess.Popen[str] | None = None

    def place(self) -> list[str]:
        """The options that say where it keeps everything."""
        return ["--data", str(self.data)]

    @property
    def origin(self) -> str:
        """Where clients connect to."""
        if self._tap is not None:
            return self._tap.origin
        return f"{self._scheme}://127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int:
        assert self._process is not None, "not running"
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, and wait until it listens."""
        assert not self.running
        command = [sys.executable, "-m", "server", "serve", *self.place()]
        command += ["--listen", f"127.0.0.1:{self.port}", "--journal", str(self.journal), *self._options]
        with (self.folder / "errors.log").open("a") as errors:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, "PYTHONWARNINGS": "default"},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        line = self._first_line(self._process)
        assert line.startswith("listening on "), f"the server said {line!r}: {self.errors()}"
        self.port = int(line.rsplit(":", 1)[1])
        if self._tap is not None:
            self._tap.connect_to(self.port)

    @staticmethod
    def _first_line(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        stream = process.stdout
        threading.Thread(target=lambda: lines.put(stream.readline()), daemon=True).start()
        try:
            return lines.get(timeout=START_SECONDS).strip()
        except queue.Empty:
            process.kill()
            raise AssertionError("the server did not say in time that it listens") from None

    def stop(self) -> int:
        """SIGTERM; waits for the end and gives its exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._ended()

    def kill(self) -> None:
        """As `kill -9`, or a power cut."""
        assert self._process is not None
        self._process.kill()
        self._ended()

    def restart(self) -> None:
        self.stop()
        self.start()

    def _ended(self) -> int:
        assert self._process is not None
        process, self._process = self._process, None
        try:
            code = process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError("the server did not end") from None
        finally:
            if process.stdout is not None:
                process.stdout.close()
        return code

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._ended()
        if self._tap is not None:
            self._tap.close()

    def journal_entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.journal.read_text(encoding="utf-8").splitlines()]

    def errors(self) -> str:
        """What it wrote to standard error; nothing, as a rule."""
        return (self.folder / "errors.log").read_text(encoding="utf-8")

    def stored_files(self) -> list[Path]:
        """Every file that the server has written, its journal included."""
        return [*sorted(path for path in self.data.rglob("*") if path.is_file()), self.journal]

    def stored_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.stored_files())

    def cut_connections(self) -> None:
        """Break the connections of all clients, as a bad network does; needs `tap`."""
        assert self._tap is not None
        self._tap.cut()

    def traffic(self) -> bytes:
        """All bytes of both directions so far; needs `tap`."""
        assert self._tap is not None
        return b"".join(path.read_bytes() for path in self._tap.recorded())


@contextmanager
def running_server(
    folder: Path, *options: str, tap: bool = False, signup: str = "open"
) -> Iterator[RunningServer]:
    """A server for the length of a block; `options` go to `python -m server serve`."""
    server = RunningServer(folder, *options, tap=tap, signup=signup)
    try:
        server.start()
        yield server
    finally:
        server.close()
