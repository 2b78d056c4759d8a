"""Exit codes: documented all, the same in help and manual."""

from __future__ import annotations

import pytest

from app.cli import Exit, main
from app.cli.exit_codes import MEANINGS, exit_code_table
from tools.console import ROOT


def test_every_code_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Exit)


def test_the_numbers_are_those_that_scripts_know() -> None:
    numbers = {code.name: int(code) for code in Exit}
    assert numbers == {
        "OK": 0,
        "FAULT": 1,
        "USAGE": 2,
        "SECRET": 3,
        "OFFLINE": 4,
        "REFUSED": 5,
        "TRUST": 6,
        "FILE": 7,
        "PROFILE": 8,
        "WAITING": 9,
        "CANCELLED": 130,
    }


def test_help_has_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    assert exit_code_table() in capsys.readouterr().out


def test_the_manual_has_the_table() -> None:
    manual = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for code, words in MEANINGS.items():
        assert f"| {int(code)} | {words} |" in manual
