"""Listeners: added, taken out again, told on the thread on which something changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
Unsubscribe = Callable[[], None]


def listen(listeners: list[Callable[[T], None]], listener: Callable[[T], None]) -> Unsubscribe:
    """Add one; what is returned takes it out, once or several times."""
    listeners.append(listener)

    def stop() -> None:
        with suppress(ValueError):
            listeners.remove(listener)

    return stop


def tell(listeners: Iterable[Callable[[T], None]], news: T) -> None:
    """All of them, even where one takes another out meanwhile."""
    for listener in list(listeners):
        listener(news)
