"""Random histories of two admins, five members and three groups, under a server that lies (`town_machine`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis.stateful import run_state_machine_as_test

from tests.hostile.town_machine import TownMachine
from tests.support.town import Template, make_template

pytestmark = [pytest.mark.hostile, pytest.mark.A11, pytest.mark.A29, pytest.mark.A31, pytest.mark.A33]


@pytest.fixture
def template(tmp_path: Path, fast_kdf: None) -> Iterator[Template]:
    yield make_template(tmp_path / "template")


def play(template: Template, tmp_path: Path, examples: int, steps: int) -> None:
    numbers = itertools.count()

    def place() -> Path:
        folder = tmp_path / f"town-{next(numbers)}"
        folder.mkdir()
        return folder

    run_state_machine_as_test(
        TownMachine.prepared(template, place),
        settings=hypothesis.settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            print_blob=True,
            database=None,
            report_multiple_bugs=False,
            phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],  # a story takes too long to shrink
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )


def test_A33_random_histories_under_a_lying_server(template: Template, tmp_path: Path) -> None:
    play(template, tmp_path, examples=8, steps=15)


@pytest.mark.slow
def test_A33_many_random_histories_under_a_lying_server(template: Template, tmp_path: Path) -> None:
    play(template, tmp_path, examples=60, steps=40)
