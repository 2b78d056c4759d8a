"""What an export wrote, and what the format had no place for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

# (records written)
ExportProgress = Callable[[int], None]
LOOK_EVERY = 256


@dataclass
class ExportReport:
    """`left_out` counts, per field, the values that the format cannot hold."""

    written: int = 0
    cancelled: bool = False
    left_out: Counter[str] = field(default_factory=Counter)


def unwatched(written: int) -> None:
    """For exports that nobody watches."""
