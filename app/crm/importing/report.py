"""What an import did, row by row where something was not as it should be; and the failed rows as a CSV
file.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TextIO

from app.crm.escaping import escape_cell
from app.crm.words import count

REASON_COLUMN = "Reason"
LINE_COLUMN = "Line"
_EXAMPLE_LINES = 5
_MOST_NOTICES = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """A row that was not imported: where, why in plain words, and the row itself."""

    line: int
    column: str
    reason: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"Line {self.line}, {self.column}" if self.column else f"Line {self.line}"
        return f"{where}: {self.reason}."


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something of a card that was not kept: the property, the beginning of its value, and why."""

    property: str
    value: str
    reason: str
    card: str = ""  # the name on the card
    line: int = 0

    def __str__(self) -> str:
        whose = f"{self.card}: " if self.card else ""
        return f"{whose}{self.property} “{self.value}” was not kept: {self.reason}."


@dataclass(slots=True)
class Correction:
    """A text that was replaced by a known one, or matched with a name that is written otherwise."""

    column: str
    before: str
    after: str
    times: int = 0
    lines: list[int] = field(default_factory=list)  # the first few

    def __str__(self) -> str:
        return f"{self.column}: “{self.before}” was taken as “{self.after}” ({count(self.times, 'time')})."


@dataclass
class Report:
    """The result of one table. `records` are references of what was made, so that an import can be undone."""

    table: str
    type: str
    header: tuple[str, ...] = ()
    rows: int = 0
    created: int = 0
    updated: int = 0
    skipped: int = 0
    cancelled: bool = False
    gave_up: bool = False  # too many rows failed; the rest was not tried
    failures: list[Failure] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    unlisted_notices: int = 0  # beyond the first hundreds
    dropped: list[Dropped] = field(default_factory=list)
    unlisted_dropped: int = 0
    records: list[str] = field(default_factory=list)
    also_created: Counter[str] = field(default_factory=Counter)  # per type: records made for names only
    groups: Counter[str] = field(default_factory=Counter)
    _corrections: dict[tuple[str, str, str], Correction] = field(default_factory=dict)
    _noticed: Counter[str] = field(default_factory=Counter)

    @property
    def corrections(self) -> list[Correction]:
        return list(self._corrections.values())

    def correct(self, line: int, column: str, before: str, after: str) -> None:
        """Count one correction."""
        key = (column, before, after)
        entry = self._corrections.get(key)
        if entry is None:
            entry = self._corrections[key] = Correction(*key)
        entry.times += 1
        if len(entry.lines) < _EXAMPLE_LINES:
            entry.lines.append(line)

    def notice(self, text: str, line: int = 0) -> None:
        """Something worth knowing; the same text is listed once, with its first line and how often it
        came.
        """
        if len(self.notices) >= _MOST_NOTICES and text not in self._noticed:
            self.unlisted_notices += 1
            return
        self._noticed[text] += 1
        if self._noticed[text] == 1:
            self.notices.append(f"{text} (first in line {line})" if line else text)

    def sentence(self) -> str:
        """The result in one sentence."""
        parts = [f"{count(self.created, 'record')} made"]
        if self.updated:
            parts.append(f"{self.updated:,} changed")
        if self.skipped:
            parts.append(f"{self.skipped:,} left as they were")
        if self.failures:
            parts.append(f"{count(len(self.failures), 'row')} not imported")
        if self.cancelled:
            parts.append("then stopped by you")
        if self.gave_up:
            parts.append("then given up because so many rows failed")
        return ", ".join(parts) + "."


def save_failures(report: Report, target: TextIO) -> int:
    """Write the failed rows with their original columns, plus "Line" and "Reason"; returns how many.

    The original cells are kept as they were, so that the mended file can be imported again; only cells that a
    spreadsheet would run as formulas are escaped.
    """
    writer = csv.writer(target)
    width = max([len(report.header), *(len(one.cells) for one in report.failures)])
    header = [*report.header, *[""] * (width - len(report.header))]
    writer.writerow([*map(escape_cell, header), LINE_COLUMN, REASON_COLUMN])
    for one in report.failures:
        reason = f"{one.column}: {one.reason}" if one.column else one.reason
        cells = [*one.cells, *[""] * (width - len(one.cells))]
        writer.writerow([*map(escape_cell, cells), one.line, escape_cell(reason)])
    return len(report.failures)


def totals(reports: Sequence[Report]) -> dict[str, int]:
    """Records made per type over several reports, those made for names only included."""
    made: Counter[str] = Counter()
    for report in reports:
        made[report.type] += report.created
        made.update(report.also_created)
    return dict(made)
