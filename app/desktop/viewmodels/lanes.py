"""Threads for reading and writing records, apart from those for slow work: a list never waits behind a download.

Writes go through one thread, so that they are made in the order in which the user made them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from PySide6.QtCore import QObject, QThreadPool

from app.desktop.background import Handle, run
from app.desktop.context import Context

T = TypeVar("T")


@cache
def _pool(name: str, threads: int) -> QThreadPool:
    pool = QThreadPool()
    pool.setObjectName(f"tacit-{name}")
    pool.setMaxThreadCount(threads)
    pool.setExpiryTimeout(-1)  # a thread keeps its connection to the vault, which is warm
    return pool


def read(
    context: Context,
    task: Callable[[], T],
    done: Callable[[T], None],
    owner: QObject,
    failed: Callable[[Exception], None] | None = None,
) -> Handle:
    """Read from the vault off this thread."""
    return run(
        lambda progress: task(),
        done=done,
        failed=failed or context.complain,
        owner=owner,
        pool=_pool("reading", 3),
    )


def write(
    context: Context,
    task: Callable[[], T],
    owner: QObject,
    done: Callable[[T], None] | None = None,
    failed: Callable[[Exception], None] | None = None,
) -> Handle:
    """Change records off this thread, one after the other."""
    return run(
        lambda progress: task(),
        done=done or _nothing,
        failed=failed or context.complain,
        owner=owner,
        pool=_pool("writing", 1),
    )


def _nothing(result: object) -> None:
    """What was written shows by itself."""
