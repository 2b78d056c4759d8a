"""Everything at once: one CSV file per record type and people as cards too, in one folder.

The files can be read by any program, and read back by this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from app.crm.draft import Existing
from app.crm.errors import ExportFailed
from app.crm.exporting.cards import Version, export_cards
from app.crm.exporting.report import ExportReport
from app.crm.exporting.tables import Names, TableOptions, export_table, nameless

TYPES = ("company", "person", "deal", "product", "pipeline", "note", "task", "file")
# (record type, records of it written so far)
WorkspaceProgress = Callable[[str, int], None]


@dataclass
class WorkspaceReport:
    """What was written: one report per file, by its name."""

    files: dict[str, ExportReport] = field(default_factory=dict)

    @property
    def cancelled(self) -> bool:
        return any(report.cancelled for report in self.files.values())


def export_workspace(
    folder: Path,
    records: Callable[[str], Iterable[Existing]],
    *,
    names: Names = nameless,
    options: TableOptions | None = None,
    version: Version = "4.0",
    progress: WorkspaceProgress = lambda type, written: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> WorkspaceReport:
    """Write all records that `records(type)` gives into `folder`, which is made where it is missing.

    Files that are there are never written over: raises ExportFailed, as it does when something cannot be
    written.
    """
    report = WorkspaceReport()
    jobs: list[tuple[str, str]] = [(type, f"{type}.csv") for type in TYPES]
    jobs.append(("person", "people.vcf"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for type, name in jobs:

            def watch(written: int, type: str = type) -> None:
                progress(type, written)

            with (folder / name).open("xb") as target:
                if name.endswith(".vcf"):
                    done = export_cards(records(type), target, version, progress=watch, cancelled=cancelled)
                else:
                    done = export_table(
                        type, records(type), target, options, names=names, progress=watch, cancelled=cancelled
                    )
            report.files[name] = done
            if done.cancelled:
                break
    except FileExistsError as error:
        raise ExportFailed(f"{name} is there already. Choose an empty folder.") from error
    except OSError as error:
        raise ExportFailed(f"The folder cannot be written: {error.strerror}.") from error
    return report
