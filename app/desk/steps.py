"""Telling whoever waits what is being done."""

from __future__ import annotations

from collections.abc import Callable

OnStep = Callable[[str], None]
"""Told in words what is being done; may raise to stop before something is signed."""


def ignore_step(words: str) -> None:
    """For what nobody watches."""


__all__ = ["OnStep", "ignore_step"]
