"""Taking a bounded page from a cursor: stops at a number of items or bytes, always gives at least one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

ROW_BY_ROW = {"stream_results": True, "max_row_buffer": 16}
"""For a query whose rows may be more than the page can take: PostgreSQL's driver would fetch them all."""


def bounded(rows: Iterable[T], items: int, size: int, size_of: Callable[[T], int]) -> tuple[list[T], bool]:
    """The first rows that fit (at most `items`, at most `size` bytes, but one row whatever its size), and whether
    those were all. Ask for one row more than `items`."""
    page: list[T] = []
    left = size
    for row in rows:
        left -= size_of(row)
        if len(page) == items or (page and left < 0):
            return page, False
        page.append(row)
    return page, True
