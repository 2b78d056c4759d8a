"""Make requirements.lock from pyproject.toml: `python3 dev.py lock`.

One file for all systems and all extras, each library with the hashes of its wheels, and no word of where they
come from (docs/decisions/0001-a-lock-without-hosts.md). Versions stay as they are unless `--upgrade` is given
or pyproject.toml asks for others.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from tools.console import ROOT, say
from tools.traces import traces_in

LOCK = ROOT / "requirements.lock"
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--all-extras"),
    *("--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate", "--quiet"),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 dev.py lock", description="Make requirements.lock again.")
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows"
    )
    options = parser.parse_args()
    fresh = LOCK.with_suffix(".new")
    if not options.upgrade:
        fresh.write_bytes(LOCK.read_bytes())  # uv keeps the versions that it finds in its output file
    try:
        upgrade = ["--upgrade"] if options.upgrade else []
        done = subprocess.run([*COMPILE, *upgrade, "-o", str(fresh)], cwd=ROOT, check=False)
        if done.returncode != 0:
            return 1
        text = fresh.read_text(encoding="utf-8")
        if traces_in(text, ()) or "://" in text:
            say("The new lock names a host or an index; requirements.lock is left as it was.")
            return 1
        fresh.replace(LOCK)
    finally:
        fresh.unlink(missing_ok=True)
    say(f"requirements.lock: {text.count('==')} libraries. The next command of dev.py installs them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
