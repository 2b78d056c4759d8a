"""One person's computer: a profile folder of its own, and `tacit` run as a process of its own for each command."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

Json = dict[str, "Json | list[Json] | str | int | float | bool | None"]


class CommandFailed(RuntimeError):
    """A command of the story ended with an error; the text is what it printed for people."""


class DeskProcess:
    """Runs `python -m app.cli` for one person. The password goes through the environment of that process only."""

    def __init__(self, folder: Path, handle: str) -> None:
        self.handle = handle
        self.profile = folder / handle / "profile"
        self.key_file = folder / handle / "secret-key"
        self.kit = folder / handle / "kit.pdf"
        self.password = secrets.token_urlsafe(18)
        self.seconds = 0.0
        self.profile.parent.mkdir(parents=True, exist_ok=True)

    def run(self, *words: str, timeout: float = 900.0) -> Json:
        """Run one command with `--json`; gives what it printed. Raises CommandFailed."""
        command = [
            sys.executable,
            "-m",
            "app.cli",
            "--profile",
            str(self.profile),
            "--secret-key-file",
            str(self.key_file),
            "--json",
            *words,
        ]
        environment = {**os.environ, "TACIT_PASSWORD": self.password, "PYTHONWARNINGS": "default"}
        began = time.monotonic()
        done = subprocess.run(  # our own program
            command,
            capture_output=True,
            env=environment,
            timeout=timeout,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        self.seconds = time.monotonic() - began
        if done.returncode != 0:
            printed = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise CommandFailed(f"{self.handle}: tacit {words[0]} ended with {done.returncode}: {printed}")
        return cast(Json, json.loads(done.stdout))
