from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desks import World
from tests.support.desks import world as make_world


@pytest.fixture
def world(tmp_path: Path, fast_kdf: None) -> Iterator[World]:
    """Ann's new workspace on an honest relay."""
    with make_world(tmp_path) as made:
        yield made
