"""The table of attacks: each row of `docs/attacks.md`, the tests that played it, and whether it held."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tools.attacks_page import Row, rows
from tools.console import say

HELD, FAILED, MISSING = "held", "FAILED", "missing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`tests`: how many ran. `failed`: node ids. A row is missing where no test of it ran to its end."""

    id: str
    attack: str
    holds: str
    verdict: str
    tests: int
    skipped: int
    names: Sequence[str]
    failed: Sequence[str]


Outcome = tuple[str, Sequence[str], str]
"""(node id, attacks, passed | failed | skipped)"""


def read(paths: Iterable[Path]) -> list[Outcome]:
    """What `tools.attack_outcomes` wrote in one or several rounds."""
    found: list[Outcome] = []
    for path in paths:
        if path.is_file():
            found += [
                (str(node), list(ids), str(how)) for node, ids, how in json.loads(path.read_text("utf-8"))
            ]
    return found


def judge(wanted: Iterable[Row], outcomes: Sequence[Outcome]) -> list[Verdict]:
    verdicts = []
    for row in wanted:
        of_row = [(node, how) for node, ids, how in outcomes if row.id in ids]
        counted = Counter(how for _, how in of_row)
        failed = [node for node, how in of_row if how == "failed"]
        verdict = FAILED if failed else HELD if counted["passed"] else MISSING
        names = sorted({node.rpartition("::")[2].partition("[")[0] for node, _ in of_row})
        ran = counted["passed"] + counted["failed"]
        verdicts.append(
            Verdict(row.id, row.attack, row.holds, verdict, ran, counted["skipped"], names, failed)
        )
    return verdicts


def table(verdicts: Iterable[Verdict]) -> str:
    lines = [f"  {'id':<4} {'attack':<78} {'tests':>5}  verdict"]
    for one in verdicts:
        lines.append(f"  {one.id:<4} {_short(one.attack, 78):<78} {one.tests:>5}  {one.verdict}")
        lines += [f"         {node}" for node in one.failed]
    return "\n".join(lines)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def report(paths: Iterable[Path], target: Path, *, whole: bool) -> list[str]:
    """Print the table, write it as JSON, and say what is wrong with it. `whole`: everything was run, so that a row
    without a test is a failure."""
    verdicts = judge(rows(), read(paths))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps([asdict(one) for one in verdicts], indent=1, ensure_ascii=False), "utf-8")
    say(table(verdicts))
    wrong = []
    failed = [one.id for one in verdicts if one.verdict == FAILED]
    missing = [one.id for one in verdicts if one.verdict == MISSING]
    if failed:
        wrong.append("attacks got through: " + ", ".join(failed))
    if missing and whole:
        wrong.append("no test played: " + ", ".join(missing))
    return wrong
