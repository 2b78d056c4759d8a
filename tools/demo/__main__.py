"""`python3 dev.py demo [--story removal|team] [--data FOLDER] [--json] [--keep FOLDER]`: play a story, print figures.

`removal` (the default): a workspace, an import, three who join, one who is removed. `team`: the whole sales team.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import cast

from tools.demo.desks import CommandFailed
from tools.demo.generated import write_data
from tools.demo.story import Outcome, Story
from tools.demo.team_story import TeamOutcome, TeamStory


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("--story", choices=("removal", "team"), default="removal", help="which (removal)")
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
            if chosen.story == "team":
                return _play_team(TeamStory(folder.resolve(), data, say), bool(chosen.json))
            outcome = Story(folder.resolve(), data, say).play()
        except CommandFailed as failure:
            print(failure, file=sys.stderr)
            return 1
    print(json.dumps(_printed(outcome)) if chosen.json else _words(outcome))
    return 0 if outcome.canaries_found == 0 and outcome.opened_after_removal == 0 else 1


def _play_team(story: TeamStory, as_json: bool) -> int:
    outcome = story.play()
    printed = {"colleagues_deals_opened": outcome.colleagues_deals_opened, **asdict(outcome)}
    print(json.dumps(printed) if as_json else _team_words(outcome))
    return 0 if outcome.holds else 1


def _team_words(outcome: TeamOutcome) -> str:
    lines = ["", f"{'desk':24}  deals  won amount  logs whose keys it holds"]
    for handle, row in outcome.desks.items():
        lines.append(f"{handle:24}{row['deals']:>7}{row['won_amount']:>12}{row['logs']:>6}")
        lines += [f"{'':51}{reason}" for reason in cast("list[str]", row["why"])]
    lines += ["", "what a desk's keys and the whole server folder open of own logs (sealed bodies):"]
    for one in outcome.attacks + outcome.controls:
        lines.append(
            f"{one.handle:24}{one.own_opened:>7} of its own, {one.others_opened} of the {one.others_stored} of others"
        )
    lines += ["(the last is a manager's: the attack works where keys are held)", *outcome.differences]
    lines.append(f"{outcome.seconds_in_all} s")
    return "\n".join(lines)


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
