"""What an import did, in words: figures, corrections, failed rows, what was not kept of cards."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from app.crm.importing import Dropped, Failure, Report, save_failures, totals
from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desktop.viewmodels.import_session import Outcome


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that was not imported."""

    table: str
    failure: Failure

    @property
    def cells(self) -> str:
        return "  ·  ".join(cell for cell in self.failure.cells if cell)[:300]


def headline(outcome: Outcome) -> str:
    """ "8,800 deals, 85 companies and 7 products imported"."""
    made = totals(outcome.reports)
    parts = [
        count(number, SCHEMA.by_name[name].label.lower(), SCHEMA.by_name[name].plural.lower())
        for name, number in sorted(made.items(), key=lambda item: -item[1])
        if number
    ]
    if not parts:
        return "Nothing new was imported"
    words = parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    return f"{words} imported"


def detail(outcome: Outcome) -> str:
    """What else happened, in one or two sentences."""
    lines = []
    rows = sum(report.rows for report in outcome.reports)
    if outcome.updated:
        lines.append(f"{count(outcome.updated, 'record')} changed.")
    if outcome.skipped:
        lines.append(f"{count(outcome.skipped, 'record')} left as they were.")
    if outcome.failed:
        lines.append(f"{count(outcome.failed, 'row')} could not be imported.")
    if outcome.made_groups:
        lines.append(f"New groups: {', '.join(outcome.made_groups)}.")
    if outcome.cancelled:
        lines.append("Stopped by you; what was imported until then stays.")
    if any(report.gave_up for report in outcome.reports):
        lines.append("Given up because so many rows failed: probably a column goes to the wrong place.")
    lines.append(f"{count(rows, 'row')} in {seconds_words(outcome.seconds)}.")
    return " ".join(lines)


def seconds_words(seconds: float) -> str:
    """ "0.4 seconds", "12 seconds", "3 minutes"."""
    if seconds >= 120:
        return count(round(seconds / 60), "minute")
    if seconds < 0.1:
        return "less than 0.1 seconds"
    return f"{seconds:.1f} seconds" if seconds < 10 else f"{seconds:.0f} seconds"


def correction_lines(outcome: Outcome) -> list[str]:
    """ "“GTXPro” was taken as “GTX Pro” (product), 1,480 times", the most frequent first."""
    found = [one for report in outcome.reports for one in report.corrections]
    found.sort(key=lambda one: -one.times)
    return [f"{one.column}: “{one.before}” → “{one.after}”, {count(one.times, 'time')}" for one in found]


def notice_lines(outcome: Outcome) -> list[str]:
    """Other things worth knowing."""
    lines = [text for report in outcome.reports for text in report.notices]
    more = sum(report.unlisted_notices for report in outcome.reports)
    return [*lines, f"… and {count(more, 'more notice')}"] if more else lines


def failed_rows(outcome: Outcome) -> list[FailedRow]:
    return [FailedRow(report.table, one) for report in outcome.reports for one in report.failures]


def dropped_by_card(outcome: Outcome) -> list[tuple[str, list[Dropped]]]:
    """What was not kept of cards, card by card in their order."""
    found: dict[tuple[str, str], list[Dropped]] = {}
    for report in outcome.reports:
        for one in report.dropped:
            found.setdefault((report.table, one.card), []).append(one)
    return [(card or table, items) for (table, card), items in found.items()]


def dropped_reasons(outcome: Outcome) -> Counter[str]:
    """How often which reason."""
    return Counter(one.reason for report in outcome.reports for one in report.dropped)


def save_failed_rows(outcome: Outcome, path: Path) -> list[Path]:
    """Write failed rows as CSV with their reasons; one file for each table that has some. Raises OSError."""
    failed: list[Report] = [report for report in outcome.reports if report.failures]
    written = []
    for report in failed:
        target = (
            path
            if len(failed) == 1
            else path.with_name(f"{path.stem}-{Path(report.table).stem}{path.suffix}")
        )
        with target.open("w", encoding="utf-8-sig", newline="") as stream:
            save_failures(report, stream)
        written.append(target)
    return written
