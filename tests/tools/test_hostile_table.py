"""The table of attacks: what counts as held, and that the page names the tests that there are."""

from __future__ import annotations

import json
from pathlib import Path

from tools import attacks_page, hostile
from tools.attacks_page import Row

ROWS = [Row("A01", "One", "holds", "–"), Row("A02", "Two", "holds", "–"), Row("A03", "Three", "holds", "–")]


def test_the_page_is_true_to_the_tests() -> None:
    """Where it is not: python -m tools.attacks_page --mend."""
    text = attacks_page.PAGE.read_text("utf-8")
    assert attacks_page.mended(text, attacks_page.marked()) == text


def test_every_attack_has_a_row_and_every_row_a_test() -> None:
    ids = [row.id for row in attacks_page.rows()]
    assert ids == [f"A{number:02}" for number in range(1, 51)]
    assert set(attacks_page.marked()) == set(ids)


def test_verdicts() -> None:
    outcomes = [
        ("t.py::test_a[1]", ["A01"], "passed"),
        ("t.py::test_a[2]", ["A01", "A02"], "failed"),
        ("t.py::test_b", ["A01"], "passed"),
        ("t.py::test_c", ["A03"], "skipped"),
    ]
    first, second, third = hostile.judge(ROWS, outcomes)
    assert (first.verdict, first.tests, list(first.names)) == (hostile.FAILED, 3, ["test_a", "test_b"])
    assert (second.verdict, list(second.failed)) == (hostile.FAILED, ["t.py::test_a[2]"])
    assert (third.verdict, third.tests, third.skipped) == (hostile.MISSING, 0, 1)


def test_a_report_says_what_is_wrong(tmp_path: Path) -> None:
    rounds = [tmp_path / "1.json", tmp_path / "2.json", tmp_path / "absent.json"]
    rounds[0].write_text(json.dumps([["t.py::test_a", ["A01"], "passed"]]))
    rounds[1].write_text(json.dumps([["t.py::test_b", ["A02"], "failed"]]))
    words = hostile.report(rounds, tmp_path / "build" / "hostile.json", whole=True)
    assert len(words) == 2 and "A02" in words[0] and "A03" in words[1]
    assert len(hostile.report(rounds, tmp_path / "hostile.json", whole=False)) == 1
    written = json.loads((tmp_path / "hostile.json").read_text("utf-8"))
    assert [one["verdict"] for one in written[:3]] == ["held", "FAILED", "missing"]
