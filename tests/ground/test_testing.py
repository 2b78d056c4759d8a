"""The rounds of `dev.py test`: which marks each takes, and when the whole counts as passed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import testing
from tools.xvfb import available, xvfb


@pytest.mark.parametrize(
    ("quick", "hostile", "expression"),
    [
        (False, False, "not display"),
        (True, False, "not display and not slow"),
        (False, True, "not display and hostile"),
        (True, True, "not display and not slow and hostile"),
    ],
)
def test_marks_of_the_first_round(quick: bool, hostile: bool, expression: str) -> None:
    assert testing.marks(quick=quick, hostile=hostile, display=False) == expression


@pytest.mark.parametrize(
    ("first", "second", "checked", "code"),
    [
        (0, 0, True, 0),
        (0, 5, True, 0),
        (5, 0, True, 0),
        (5, 5, True, 1),
        (1, 0, True, 1),
        (0, 1, True, 1),
        (0, 0, False, 1),
        (2, 5, True, 1),
    ],
)
def test_what_counts_as_passed(
    first: int, second: int, checked: bool, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["test", "-k", "import"])
    monkeypatch.setattr(testing, "check", lambda: checked)
    monkeypatch.setattr(testing, "pytest", lambda *_: first)
    monkeypatch.setattr(testing, "on_display", lambda *_: second)
    assert testing.main() == code


def test_other_arguments_go_to_pytest(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def first(expression: str, arguments: list[str], environment: dict[str, str]) -> int:
        seen.append([expression, *arguments])
        return 0

    monkeypatch.setattr(sys, "argv", ["test", "--quick", "--no-check", "tests/vault", "-k", "seal"])
    monkeypatch.setattr(testing, "pytest", first)
    monkeypatch.setattr(testing, "on_display", lambda *_: 5)
    assert testing.main() == 0
    assert seen == [["not display and not slow", "-n", "2", "tests/vault", "-k", "seal"]]


@pytest.mark.skipif(not available(), reason="Xvfb is not installed")
def test_xvfb_names_its_display_and_ends() -> None:
    with xvfb() as display:
        assert display[0] == ":"
        socket = Path(f"/tmp/.X11-unix/X{display[1:]}")
        assert socket.exists()
    assert not socket.exists()
