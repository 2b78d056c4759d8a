"""The table of mutations: each client check taken out in turn, and the tests that miss it.

    python -m tools.mutations [--only PREFIX,…] [--jobs 2] [--json FILE] [--list]

A check that no test misses is a failure of the run, and so is a mutant whose selection does not pass as it stands or
whose module no test imports.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.console import ROOT, say
from tools.mutants import REGISTRY, Mutant, RegistryError, load
from tools.mutating import FOLDER, REPORT, VARIABLE

MAX_FAIL = 5
"""A mutant is dead after so many failed tests; the count in the table ends there."""
SECONDS = 300.0
"""A mutant whose tests hang is stopped. It counts as noticed where one of them had failed by then: time alone says
more about the machine than about the check."""

BASELINE_SECONDS = 3_600.0
"""All selections together, with every check in place."""

STOPPED = -1_000
NOTICED, SURVIVED, BROKEN = "noticed", "SURVIVED", "BROKEN"


@dataclass(frozen=True)
class Result:
    """What became of one mutant. `failed`: node ids, at most MAX_FAIL."""

    id: str
    check: str
    attacks: Sequence[str]
    verdict: str
    failed: Sequence[str]
    seconds: float
    detail: str = ""


def _pytest(
    tests: Iterable[str], extra: Sequence[str], environment: dict[str, str], seconds: float = SECONDS
) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tools.mutating", "-p", "no:cacheprovider"]
    command += ["--no-header", "-m", "not slow and not display", *extra, *tests]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return STOPPED, "it did not end in time"
    return done.returncode, (done.stdout + done.stderr)[-3_000:]


def run_one(mutant: Mutant, registry: Path = REGISTRY) -> Result:
    """Run a mutant's selection against it; `registry` is the folder that it comes from."""
    begun = time.monotonic()
    try:
        mutant.applied(mutant.path.read_text("utf-8"))
    except (RegistryError, OSError) as error:
        return Result(mutant.id, mutant.check, mutant.attacks, BROKEN, [], 0.0, str(error))
    with tempfile.TemporaryDirectory(prefix="tacit-mutant-") as folder:
        report = Path(folder) / "report.json"
        environment = {VARIABLE: mutant.id, REPORT: str(report), FOLDER: str(registry)}
        code, output = _pytest(mutant.tests, [f"--maxfail={MAX_FAIL}", "-p", "no:randomly"], environment)
        found = json.loads(report.read_text("utf-8")) if report.is_file() else {}
    failed = [str(one) for one in found.get("failed", [])]
    if code == STOPPED:
        verdict, detail = (NOTICED if failed else BROKEN), output
    elif code == 0:
        verdict, detail = SURVIVED, ""
    elif code == 1 and failed:
        verdict, detail = NOTICED, ""
    else:
        verdict, detail = BROKEN, output
    if verdict != BROKEN and not found.get("imported"):
        verdict, detail = BROKEN, "none of its tests imports the module"
    seconds = time.monotonic() - begun
    return Result(mutant.id, mutant.check, mutant.attacks, verdict, failed, seconds, detail)


def passes_unchanged(mutants: Iterable[Mutant], jobs: int) -> bool:
    """Whether all that the mutants are judged by passes as the source stands: else a failure says nothing."""
    tests = sorted({test for mutant in mutants for test in mutant.tests})
    code, output = _pytest(tests, ["-n", str(jobs)] if jobs > 1 else [], {}, BASELINE_SECONDS)
    if code != 0:
        say(output)
    return code == 0


def shown(result: Result) -> str:
    """One line of the table."""
    first = result.failed[0].rpartition("::")[2] if result.failed else result.detail.strip()[-60:]
    count = f"{len(result.failed)}{'+' if len(result.failed) >= MAX_FAIL else ''}"
    return (
        f"  {result.id:<26} {'/'.join(result.attacks):<12} {result.check[:58]:<58} {count:>3} "
        f"{result.verdict:<9} {first[:60]}"
    )


def run(mutants: Sequence[Mutant], jobs: int = 2) -> list[Result]:
    """The results in the order of the registry; a line is said as each is known."""
    with ThreadPoolExecutor(jobs) as pool:
        results = []
        for result in pool.map(run_one, mutants):
            say(shown(result))
            results.append(result)
    return results


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.mutations", description=__doc__)
    parser.add_argument("--only", default="", metavar="PREFIXES", help="mutants whose id begins so")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default: 2)")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "mutations.json", metavar="FILE")
    parser.add_argument("--list", action="store_true", help="say what there is, and run nothing")
    parser.add_argument("--no-baseline", action="store_true", help="do not run the tests unchanged first")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    try:
        mutants = [one for one in load() if one.id.startswith(tuple(options.only.split(",")))]
    except RegistryError as error:
        say(f"FAILED: {error}")
        return 1
    if options.list:
        for one in mutants:
            print(f"{one.id:<26} {'/'.join(one.attacks):<12} {one.check}")
        return 0
    if not mutants:
        say("FAILED: no mutant is called so")
        return 1
    if not options.no_baseline and not passes_unchanged(mutants, options.jobs):
        say("FAILED: the tests do not pass with every check in place")
        return 1
    results = run(mutants, options.jobs)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps([asdict(result) for result in results], indent=1), "utf-8")
    wrong = [result for result in results if result.verdict != NOTICED]
    seconds = time.monotonic() - begun
    say(f"{len(results)} checks taken out, {len(results) - len(wrong)} noticed ({seconds:.0f} s)")
    for result in wrong:
        say(f"  {result.verdict}: {result.id} ({result.check}) {result.detail}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
