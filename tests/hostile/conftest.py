from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.harness import HostileOffice, hostile_office
from tests.support.desks import World
from tests.support.desks import world as make_world


@pytest.fixture
def world(tmp_path: Path, fast_kdf: None) -> Iterator[World]:
    """Ann's new workspace on a relay that a test makes lie."""
    with make_world(tmp_path) as made:
        yield made


@pytest.fixture
def hostile(tmp_path: Path, fast_kdf: None) -> Iterator[HostileOffice]:
    """Three desks full of canaries on a recording relay; the first two oracles are held at the end."""
    with hostile_office(tmp_path) as made:
        yield made
