"""What the CRM's tests share: a writer that keeps drafts in memory, and tables made of text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.crm.importing import Table, open_table
from tests.app.crm.memory import MemoryWriter


@pytest.fixture
def writer() -> MemoryWriter:
    return MemoryWriter()


@pytest.fixture
def table() -> Callable[[str], Table]:
    """A table made of text, as if it were a file."""
    return lambda text: open_table(text.encode(), name="list.csv")
