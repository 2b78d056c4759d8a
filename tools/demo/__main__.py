"""`python3 dev.py demo [--data FOLDER] [--json] [--keep FOLDER]`: play the story and print its figures."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tools.demo.desks import CommandFailed
from tools.demo.generated import write_data
from tools.demo.story import Outcome, Story


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument(
        "--data", type=Path, help="folder with accounts, products, sales_teams, sales_pipeline .csv"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--keep", type=Path, help="play in this (new) folder and keep it")
    chosen = parser.parse_args(arguments)
    if chosen.keep is not None and chosen.keep.exists():
        parser.error(f"{chosen.keep} exists already")
    with tempfile.TemporaryDirectory(prefix="tacit-demo-") as temporary:
        folder: Path = chosen.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        data: Path = chosen.data.resolve() if chosen.data else write_data(folder / "data")
        say = (lambda text: None) if chosen.json else (lambda text: print(text, flush=True))
        try:
            outcome = Story(folder.resolve(), data, say).play()
        except CommandFailed as failure:
            print(failure, file=sys.stderr)
            return 1
    print(json.dumps(_printed(outcome)) if chosen.json else _words(outcome))
    return 0 if outcome.canaries_found == 0 and outcome.opened_after_removal == 0 else 1


def _printed(outcome: Outcome) -> dict[str, object]:
    return asdict(outcome)


def _words(outcome: Outcome) -> str:
    lines = ["", "desk   deals  companies    won  won amount"]
    for handle, row in outcome.desks.items():
        lines.append(f"{handle:6}{row['deals']:6}{row['companies']:11}{row['won']:7}{row['won_amount']:12}")
    lines += [
        "",
        f"canaries found: {outcome.canaries_found}"
        f" (of {outcome.canaries_looked_for}, in {outcome.bytes_searched} bytes)",
        f"opened by Dee and the operator of what was written after her removal: {outcome.opened_after_removal}"
        f" of {outcome.written_after_removal}",
        f"(and of what was written before, which shows that the attack works: {outcome.opened_before_removal})",
        *outcome.found,
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
