"""A pytest plugin (`-p tools.attack_outcomes`): which attacks each test plays, and how it went, as JSON.

`tests/conftest.py` gives each test its attacks as properties, which travel from worker to controller; the file that
TACIT_ATTACKS names is written there, at the end.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

VARIABLE = "TACIT_ATTACKS"
PROPERTY = "attack"


class Outcomes:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._outcomes: dict[str, str] = {}
        self._attacks: dict[str, list[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        attacks = [str(value) for name, value in report.user_properties if name == PROPERTY]
        if not attacks:
            return
        self._attacks[report.nodeid] = attacks
        known = self._outcomes.get(report.nodeid)
        if report.failed:
            self._outcomes[report.nodeid] = "failed"
        elif report.skipped and known is None:
            self._outcomes[report.nodeid] = "skipped"
        elif report.when == "call" and known is None:
            self._outcomes[report.nodeid] = "passed"

    def pytest_sessionfinish(self) -> None:
        found = [[node, self._attacks[node], outcome] for node, outcome in self._outcomes.items()]
        self._path.write_text(json.dumps(found), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    named = os.environ.get(VARIABLE)
    if named and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Outcomes(Path(named)), "tacit-attack-outcomes")
