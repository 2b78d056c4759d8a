"""audit and alarms on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from app.cli import Exit
from tests.app.cli.person import Person


def _what(answer: dict[str, object]) -> list[str]:
    lines = answer["lines"]
    assert isinstance(lines, list)
    return [f"{line['who']} {line['what']}" for line in lines]


def test_who_did_what_verified_with_the_servers_word(ann: Person) -> None:
    answer = ann.do("audit", "--limit", "0")
    assert answer["verified"]["holds"]
    assert answer["verified"]["entries"] == sum(line["source"] == "roster" for line in answer["lines"])
    assert "Ann Achterberg let Ben Brouwer in" in _what(answer)
    signed_in = [line for line in answer["lines"] if line["kind"] == "sign-ins"]
    assert signed_in
    assert {line["holds_by"] for line in signed_in} == {"server"}
    assert "Verified from the first entry on" in ann.says("audit")


def test_filters(ann: Person) -> None:
    answer = ann.do(
        "audit", "--kind", "people", "--person", "Ben Brouwer", "--text", "achterberg let in", "--offline"
    )
    assert _what(answer) == ["Ann Achterberg let Ben Brouwer in"]
    assert ann.do("audit", "--to", "2001-01-01")["found"] == 0
    assert (
        ann.do("audit", "--from", "2001-01-01", "--to", "2999-01-01", "--offline", "--limit", "1")["found"]
        > 5
    )
    ann.fails(Exit.USAGE, "audit", "--kind", "weather")
    ann.fails(Exit.USAGE, "audit", "--from", "yesterday")
    ann.fails(Exit.USAGE, "audit", "--person", "Nobody")


def test_an_export_is_in_it(ann: Person, tmp_path: Path) -> None:
    ann.do("add", "company", "--set", "name=Harbour Works")
    ann.do("export", "companies", str(tmp_path / "companies.csv"))
    answer = ann.do("audit", "--kind", "data", "--offline")
    assert "Ann Achterberg exported 1 company as CSV" in _what(answer)
    assert "Harbour" not in json.dumps(answer)


def test_files_and_their_verification(ann: Person, tmp_path: Path) -> None:
    table, lines = tmp_path / "audit.csv", tmp_path / "audit.jsonl"
    answer = ann.do("audit", "--csv", str(table), "--jsonl", str(lines))
    with table.open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == answer["found"]
    checked = ann.do("audit", "--check", str(lines))
    assert checked["roster_head"] == answer["verified"]["head"]
    ann.fails(Exit.FILE, "audit", "--csv", str(table))
    ann.fails(Exit.FILE, "audit", "--check", str(table))
    ann.fails(Exit.FILE, "audit", "--check", str(tmp_path / "none"))
    rows = lines.read_text(encoding="utf-8").splitlines()
    rows.remove(next(row for row in rows if json.loads(row).get("raw") == "roster"))
    lines.write_text("\n".join(rows), encoding="utf-8")
    assert ann.fails(Exit.TRUST, "audit", "--check", str(lines))["title"] == "The audit trail does not hold"


def test_lines_can_be_printed(ann: Person) -> None:
    printed = ann.says("audit", "--csv", "-", "--quiet")
    assert printed.startswith("time (UTC),who,what")
    ann.fails(Exit.USAGE, "audit", "--csv", "-", "--jsonl", "-")


def test_whoever_may_not_see_it_is_told_so(ben: Person) -> None:
    ben.fails(Exit.REFUSED, "audit")


def test_no_alarms(ann: Person) -> None:
    assert ann.says("alarms") == "No alarms.\n"
    assert ann.do("alarms", "--acknowledge") == {"alarms": []}
