"""Make requirements.lock from pyproject.toml: `python3 dev.py lock`.

One file for all systems and all extras, each library with the hashes of its wheels, and no word of where they
come from (docs/decisions/0001-a-lock-without-hosts.md). Versions stay as they are unless `--upgrade` is given or
pyproject.toml asks for others. A second file holds the part that the server's image installs.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tools.console import ROOT, say
from tools.traces import traces_in

LOCK = ROOT / "requirements.lock"
SERVER_LOCK = ROOT / "packaging" / "server" / "requirements.lock"
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"),
    *("--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate", "--quiet"),
]


class LockError(Exception):
    """No lock could be made; uv, or the text, says why."""


def make(target: Path, extras: list[str], start: bytes) -> str:
    """Make one lock file. uv keeps the versions that it finds in its output file, which therefore begins as `start`.

    Returns its text. Raises LockError, and leaves the file as it was, where uv fails or the new text names a host.
    """
    fresh = target.with_suffix(".new")
    fresh.write_bytes(start)
    try:
        done = subprocess.run([*COMPILE, *extras, "-o", str(fresh)], cwd=ROOT, check=False)
        if done.returncode != 0:
            raise LockError("uv could not resolve the requirements")
        text = fresh.read_text(encoding="utf-8")
        if traces_in(text, ()) or "://" in text:
            raise LockError(f"the new {target.name} names a host or an index")
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return text


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py lock", description="Make requirements.lock again.")
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows"
    )
    options = parser.parse_args()
    try:
        text = make(LOCK, ["--all-extras"], b"" if options.upgrade else LOCK.read_bytes())
        make(SERVER_LOCK, ["--extra", "server", "--extra", "postgres"], LOCK.read_bytes())
    except LockError as error:
        say(f"Left as it was: {error}.")
        return 1
    say(f"requirements.lock: {text.count('==')} libraries. The next command of dev.py installs them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
