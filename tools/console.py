"""How the tools talk: one line per step with its time, and the whole output of a step that failed."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def say(text: str) -> None:
    """Print a line to standard error: standard output belongs to results that other programs read."""
    print(text, file=sys.stderr, flush=True)


def step(name: str, work: Callable[[], str]) -> bool:
    """Do a piece of work and tell how it went. `work` returns what is wrong, empty when all is well."""
    begun = time.monotonic()
    wrong = work()
    word = "FAILED" if wrong else "ok"
    say(f"  {name:<34} {word:<7} {time.monotonic() - begun:6.1f} s")
    if wrong:
        say("    " + "\n    ".join(wrong.rstrip().splitlines()))
    return not wrong


def output_of_failed(command: Sequence[str]) -> str:
    """Run a program in the repository's root. Returns its output where it failed, else nothing."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return (done.stdout + done.stderr).strip() or f"exit code {done.returncode}"


def tracked_files() -> list[Path]:
    """The files of the tree that git knows, as paths relative to the root; every file where there is no git.

    A source archive has no git directory; build folders and caches are then left out by their names.
    """
    try:
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        hidden = {".venv", "build", "dist", "out", "__pycache__"}
        every = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
        return sorted(p for p in every if not hidden & set(p.parts) and (ROOT / p).is_file())
    names = done.stdout.decode("utf-8").split("\0")
    return sorted(Path(name) for name in names if name and (ROOT / name).is_file())
