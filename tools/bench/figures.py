"""Figures: named medians with their runs, and the machine that they were measured on."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """`values` in `unit` ("s", "ms", "ratio"); the median is what counts, the range says how steady it is."""

    name: str
    unit: str
    values: tuple[float, ...]
    p99: float | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def runs(self) -> int:
        return len(self.values)


def figure(name: str, unit: str, values: Iterable[float]) -> Figure:
    return Figure(name, unit, tuple(values))


def latencies(name: str, milliseconds: Iterable[float]) -> Figure:
    """Many short times: median and 99th percentile."""
    ordered = sorted(milliseconds)
    return Figure(name, "ms", tuple(ordered), ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))])


def machine() -> str:
    """What it ran on, in one line."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        cpu = names[0] if names else cpu
    return f"{cpu}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def table(figures: Iterable[Figure]) -> str:
    """A Markdown table."""
    lines = ["| what | median | p99 | least to most | runs |", "|---|---|---|---|---|"]
    for each in figures:
        p99 = f"{each.p99:.1f} {each.unit}" if each.p99 is not None else ""
        spread = f"{min(each.values):.2f} to {max(each.values):.2f}"
        lines.append(f"| {each.name} | {each.median:.2f} {each.unit} | {p99} | {spread} | {each.runs} |")
    return "\n".join(lines)
