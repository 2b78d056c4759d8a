"""Run the checks and the tests: `python3 dev.py test`.

Two rounds of pytest: all that does without a screen, on two processes; then the tests marked `display`, in a
real window system (Xvfb on Linux, the desktop elsewhere). What is no option of this command goes to pytest.

With `--hostile` the attacks alone: then a table of the rows of docs/attacks.md, which is also written to
build/hostile.json, and the table of mutations (`tools.mutations`, build/mutations.json). A row that nothing plays and
a check that nothing misses are failures.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tools import hostile, mutations
from tools.attack_outcomes import VARIABLE as OUTCOMES
from tools.check import check
from tools.console import ROOT, say
from tools.xvfb import available, xvfb

BUILD = ROOT / "build"
NOTHING_COLLECTED = 5  # pytest's exit code; well where the other round found tests


def marks(*, quick: bool, hostile: bool, display: bool) -> str:
    """The expression for pytest's -m: `quick` leaves the slow tests out, `hostile` takes attacks alone."""
    words = ["display" if display else "not display"]
    if quick:
        words.append("not slow")
    if hostile:
        words.append("hostile")
    return " and ".join(words)


def pytest(expression: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest in the repository's root. Returns its exit code."""
    command = [sys.executable, "-m", "pytest", "-m", expression, *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=False).returncode


def on_display(expression: str, arguments: list[str], environment: dict[str, str]) -> int:
    """The second round. Where Linux has no Xvfb it is left out, said aloud."""
    if not sys.platform.startswith("linux"):
        return pytest(expression, arguments, environment)
    if not available():
        say("Tests marked `display` are left out: Xvfb is not installed (Debian: apt-get install xvfb).")
        return NOTHING_COLLECTED
    with xvfb() as display:
        return pytest(expression, arguments, {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"} | environment)


def _reports() -> list[Path]:
    """Where the two rounds write what became of the attacks; nothing of an earlier run is left there."""
    BUILD.mkdir(exist_ok=True)
    paths = [BUILD / f"attacks-{number}.json" for number in (1, 2)]
    for path in paths:
        path.unlink(missing_ok=True)
    return paths


def _to(reports: list[Path], number: int) -> dict[str, str]:
    """The environment that makes a round report; nothing where no report is wanted."""
    if not reports:
        return {}
    return {OUTCOMES: str(reports[number]), "PYTEST_PLUGINS": "tools.attack_outcomes"}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python3 dev.py test",
        description="Run all checks and all tests. Other arguments go to pytest: -k import, -x, tests/vault",
    )
    parser.add_argument("--quick", action="store_true", help="leave out the tests marked slow")
    parser.add_argument("--hostile", action="store_true", help="only the attacks, quick and slow")
    parser.add_argument("--no-mutations", action="store_true", help="with --hostile: the attacks only")
    parser.add_argument("--no-check", action="store_true", help="leave out style, types and layers")
    parser.add_argument("--jobs", default="2", metavar="N", help="processes of the first round (default: 2)")
    options, arguments = parser.parse_known_args()
    begun = time.monotonic()
    checked = options.no_check or check()
    plain = marks(quick=options.quick, hostile=options.hostile, display=False)
    display = marks(quick=options.quick, hostile=options.hostile, display=True)
    reports = _reports() if options.hostile else []
    first = pytest(
        plain, ["-n", options.jobs, *arguments], {"QT_QPA_PLATFORM": "offscreen"} | _to(reports, 0)
    )
    second = on_display(display, arguments, _to(reports, 1))
    tested = {first, second} <= {0, NOTHING_COLLECTED} and 0 in (first, second)
    words = [] if checked else ["the checks found something"]
    if options.hostile:
        whole = not arguments and not options.quick
        words += hostile.report(reports, BUILD / "hostile.json", whole=whole)
        if not options.no_mutations and mutations.main(["--jobs", options.jobs]) != 0:
            words.append("checks that no test misses")
    if not tested:
        words.append("no test matched" if {first, second} == {NOTHING_COLLECTED} else "tests failed")
    say(f"{'FAILED: ' + ', '.join(words) if words else 'All is well'} ({time.monotonic() - begun:.0f} s)")
    return 1 if words else 0


if __name__ == "__main__":
    sys.exit(main())
