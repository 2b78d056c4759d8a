"""`python3 dev.py bench [--deals N] [--runs N] [--json]`: import, push, first sync, search, unlock, edit.

`--roster` and `--removal` measure a large team, and the removal of a member, instead.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tools.bench import cases
from tools.bench.figures import Figure, figure, machine, table
from tools.bench.office import import_deals, open_office
from tools.bench.painting import typing
from tools.bench.removal import removal
from tools.bench.team_page import roster


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("--deals", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    alone = parser.add_mutually_exclusive_group()
    alone.add_argument("--roster", action="store_true", help="2,000 members and 200 groups, and nothing else")
    alone.add_argument("--removal", action="store_true", help="removing a member, and nothing else")
    chosen = parser.parse_args(arguments)

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory(prefix="tacit-bench-") as temporary:
        folder = Path(temporary)
        if chosen.roster:
            found = roster(folder, chosen.runs, say)
        elif chosen.removal:
            found = removal(folder, chosen.runs, say)
        else:
            found = measure(folder, chosen.deals, chosen.runs, say)
    if chosen.json:
        rows = [
            {"name": each.name, "unit": each.unit, "median": each.median, "p99": each.p99, "runs": each.runs}
            for each in found
        ]
        printed: dict[str, object] = {"machine": machine(), "figures": rows}
        if not (chosen.roster or chosen.removal):
            printed["deals"] = chosen.deals
        print(json.dumps(printed))
    else:
        print(f"{machine()}\n\n{table(found)}")
    return 0


def measure(folder: Path, deals: int, runs: int, say: Callable[[str], None]) -> list[Figure]:
    """Import and push are measured in workspaces of their own, `runs` times; the last one serves for the rest."""
    imports: list[float] = []
    pushes: list[float] = []
    found: list[Figure] = []
    for run in range(runs):
        place = folder / f"run-{run}"
        with open_office(place) as office:
            office.ann.stop_sync()
            began = time.perf_counter()
            made = import_deals(office.ann, place / "data", deals, seed=run)
            imports.append(time.perf_counter() - began)
            began = time.perf_counter()
            if not office.ann.sync_now(cases.SYNC_SECONDS):
                raise RuntimeError(f"the push did not end: {office.ann.sync_state.error}")
            pushes.append(time.perf_counter() - began)
            say(f"import of {made} records {imports[-1]:.2f} s, push {pushes[-1]:.2f} s")
            if run == runs - 1:
                say(cases.sizes(office, place / "server"))
                found += cases.first_sync(office, runs, say)
                found += cases.edits(office)
                found += cases.searching(office, say)
                found += typing(office)
                found += cases.unlocking(office, runs)
    return [
        figure(f"import of {deals:,} deals from CSV, until all are on this disk", "s", imports),
        figure(f"push of {deals:,} deals, until the server has all on its disk", "s", pushes),
        *found,
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
