"""A server process and two people of one team, for the tests of a module."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pytest

from protocol.limits import VERSION
from tests.app.cli.person import Person
from tests.support.server import RunningServer, running_server


@dataclass(frozen=True)
class Team:
    server: RunningServer
    ann: Person
    ben: Person


@pytest.fixture(scope="package", autouse=True)
def cheap_derivation() -> Iterator[None]:
    """As `fast_kdf`, for all tests of the command line that run in this process."""
    derive = importlib.import_module("vault.keys.derive")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derive, "COSTS", MappingProxyType({VERSION: derive.Cost(memory=64, passes=1, lanes=1)}))
        yield


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def team(server: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Team:
    """Ann, who owns the workspace, and Ben, a Sales rep of the group Everyone."""
    folder: Path = tmp_path_factory.mktemp("people")
    mark = folder.name
    ann = Person(folder / "ann", f"ann-{mark}", "Ann Achterberg")
    ben = Person(folder / "ben", f"ben-{mark}", "Ben Brouwer")
    ann.init(server.origin)
    ben.join(ann, "Everyone=Sales rep")
    return Team(server, ann, ben)


@pytest.fixture
def ann(team: Team) -> Person:
    return team.ann


@pytest.fixture
def ben(team: Team) -> Person:
    return team.ben
