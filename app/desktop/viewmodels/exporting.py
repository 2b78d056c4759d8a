"""An export without a window: which records, which format and fields, and the run (slow) into a file or folder."""

from __future__ import annotations

import enum
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from app.crm.draft import Existing
from app.crm.exporting import (
    ExportReport,
    TableOptions,
    WorkspaceReport,
    export_cards,
    export_table,
    export_workspace,
)
from app.crm.margins import all_fields, commercial_fields
from app.crm.schema import SCHEMA
from app.crm.words import count
from app.desk import Desk
from app.desk.audit_events import EXPORT
from app.desk.drafts import drafted_fields
from protocol.ids import Permission
from vault.schema import FieldKind, RecordType
from vault.store import Query, Record, RecordKey


class Scope(enum.Enum):
    """Which records."""

    ALL = "all"
    FILTERED = "filtered"
    SELECTED = "selected"


class Format(enum.Enum):
    CSV = "csv"
    CARD_3 = "3.0"
    CARD_4 = "4.0"


@dataclass
class Exported:
    """What was written where. `not_allowed` counts records of groups where the user may not export."""

    path: Path
    written: int
    not_allowed: int
    cancelled: bool
    left_out: dict[str, int] = field(default_factory=dict)

    def words(self) -> str:
        """The result in one or two sentences."""
        if self.cancelled:
            return "Stopped. Nothing was left behind."
        text = f"{count(self.written, 'record')} written to {self.path.name}."
        if self.not_allowed:
            text += f" {count(self.not_allowed, 'record')} left out: your role there does not let you export."
        if self.left_out:
            names = ", ".join(sorted(self.left_out))
            text += f" The format has no place for: {names}."
        return text


class ExportDraft:
    """What the dialog has so far. `query` is the list as it is filtered now; `keys` what is selected in it."""

    def __init__(self, desk: Desk, query: Query, keys: Sequence[RecordKey] | None = None) -> None:
        self.desk = desk
        self.query = query
        self.keys = list(keys) if keys else []
        self.kind: RecordType = SCHEMA.by_name[query.type]
        self.scope = Scope.SELECTED if self.keys else Scope.FILTERED if self.is_filtered else Scope.ALL
        self.format = Format.CSV
        self.fields = [one.name for one in self.choices]
        self.readable_back = True
        self.for_excel = True

    @property
    def is_filtered(self) -> bool:
        return bool(self.query.filters or self.query.text.strip())

    @property
    def choices(self) -> list[_Choice]:
        """Fields that a table can have as columns."""
        fields = list(self.kind.fields)
        if self._commercial:
            fields += commercial_fields(self.kind.name)
        return [_Choice(one.name, one.label) for one in fields if one.kind is not FieldKind.BYTES]

    @property
    def _commercial(self) -> bool:
        return self.desk.acts.margins.open_to_me(self.kind.name)

    @property
    def formats(self) -> list[tuple[Format, str]]:
        """Cards are for people."""
        found = [(Format.CSV, "CSV: for spreadsheets and other programs")]
        if self.kind.name == "person":
            found.append((Format.CARD_4, "vCard 4.0: for phones and mail programs of today"))
            found.append((Format.CARD_3, "vCard 3.0: for older ones"))
        return found

    def count(self, scope: Scope) -> int:
        """How many records that would be (fast)."""
        if scope is Scope.SELECTED:
            return len(self.keys)
        return self.desk.records.count(self.query if scope is Scope.FILTERED else Query(self.kind.name))

    @property
    def ending(self) -> str:
        return ".csv" if self.format is Format.CSV else ".vcf"

    def file_name(self) -> str:
        """A name to begin with."""
        return f"{self.kind.plural.lower()}{self.ending}"

    def problem(self) -> str:
        """Why it cannot run, in words."""
        if self.format is Format.CSV and not self.fields:
            return "Choose at least one field."
        if not self.may_export():
            return "Your roles do not let you export. Ask your Team Admin."
        return ""

    def may_export(self) -> bool:
        return any(
            self.desk.may(Permission.EXPORT, group.id) for group in self.desk.vault.roster.groups.values()
        )

    def run(self, path: Path, progress: Callable[[int], None], cancelled: Callable[[], bool]) -> Exported:
        """Write to `path` (slow), over what is there. Raises ExportFailed, OSError.

        Beside the target first: an export that is stopped or fails leaves nothing that looks like a whole one.
        """
        rows = Rows(self.desk)
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with beside.open("xb") as stream:
                if self.format is Format.CSV:
                    whole = len(self.fields) == len(self.choices)
                    options = TableOptions(
                        () if whole else tuple(self.fields),
                        bom=self.for_excel,
                        more=self.readable_back,
                        commercial=self._commercial,
                    )
                    report = export_table(
                        self.kind.name,
                        rows.of(self._records()),
                        stream,
                        options,
                        names=rows.name,
                        progress=progress,
                        cancelled=cancelled,
                    )
                else:
                    report = export_cards(
                        rows.of(self._records()),
                        stream,
                        "4.0" if self.format is Format.CARD_4 else "3.0",
                        progress=progress,
                        cancelled=cancelled,
                    )
            if not report.cancelled:
                beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        if not report.cancelled:
            code = "csv" if self.format is Format.CSV else "vcf"
            self.desk.events.note(EXPORT, kind=self.kind.name, count=report.written, code=code)
        return Exported(path, report.written, rows.not_allowed, report.cancelled, self._labels(report))

    def _labels(self, report: ExportReport) -> dict[str, int]:
        by_name = all_fields(self.kind.name)
        return {
            by_name[name].label if name in by_name else name: times for name, times in report.left_out.items()
        }

    def _records(self) -> Iterator[Record]:
        if self.scope is Scope.SELECTED:
            for key in self.keys:
                record = self.desk.records.get(key)
                if record is not None:
                    yield record
        else:
            yield from self.desk.records.each(
                self.query if self.scope is Scope.FILTERED else Query(self.kind.name)
            )


def export_everything(
    desk: Desk, folder: Path, progress: Callable[[str, int], None], cancelled: Callable[[], bool]
) -> tuple[WorkspaceReport, int]:
    """All records that the user may export, one file per type (slow); how many were not allowed.

    Raises ExportFailed: files that are there are never written over.
    """
    rows = Rows(desk)
    report = export_workspace(
        folder,
        lambda name: rows.of(desk.records.each(Query(name))),
        names=rows.name,
        options=TableOptions(commercial=desk.acts.margins.open_to_me("deal")),
        progress=progress,
        cancelled=cancelled,
    )
    for name, one in report.files.items():
        if one.written:
            stem, _, ending = name.rpartition(".")
            kind = stem if stem in SCHEMA.by_name else "person"
            desk.events.note(EXPORT, kind=kind, count=one.written, code=ending)
    return report, rows.not_allowed


class Rows:
    """Records as the exporters read them; those of groups where the user may not export are counted only."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._titles: dict[str, str] = {}
        self._allowed: dict[bytes, bool] = {}
        self.not_allowed = 0

    def of(self, records: Iterable[Record]) -> Iterator[Existing]:
        """The allowed ones."""
        for record in self._desk.acts.margins.each_with_fields(records):
            group = record.key.log.group
            if group not in self._allowed:
                self._allowed[group] = self._desk.may(Permission.EXPORT, group)
            if self._allowed[group]:
                yield self._row(record)
            else:
                self.not_allowed += 1

    def name(self, reference: str) -> str:
        """The title of a record."""
        if reference not in self._titles:
            self._titles.update({reference: "", **self._desk.records.titles([reference])})
        return self._titles[reference]

    def _row(self, record: Record) -> Existing:
        kind = SCHEMA.by_name[record.key.type]
        fields = drafted_fields(record.fields)
        for one in kind.fields:
            if one.kind is FieldKind.MEMBER and one.name in fields:
                fields[one.name] = self._desk.owner_text(fields[one.name])
        return Existing(record.key.ref, fields, self._desk.name("group", record.key.log.group))


@dataclass(frozen=True, slots=True)
class _Choice:
    name: str
    label: str
