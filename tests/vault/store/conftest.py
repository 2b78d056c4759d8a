"""A vault in a temporary folder, and a colleague who writes to its logs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.vault.store.desk import KEY, SCHEMA, Desk
from vault.store import Store


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(Store.create(tmp_path / "vault.db", KEY, SCHEMA))
    yield made
    made.store.close()
