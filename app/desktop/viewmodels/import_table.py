"""A table about to be imported, without a window: how it is read, which column goes where, what is still asked."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from pathlib import Path

from app.crm.importing import (
    ColumnMap,
    ColumnProfile,
    ColumnSuggestion,
    DateOrder,
    Dialect,
    NumberFormat,
    OnMatch,
    OnMissing,
    Placement,
    Plan,
    Suggestion,
    Table,
    Target,
    choices_of,
    map_column,
    open_table,
    profile_columns,
    suggest,
)
from app.crm.importing.plan import field_of
from app.crm.schema import SCHEMA
from vault.schema import FieldKind

TYPES = ("person", "company", "deal", "product", "note", "task")
DATE_WORDS = {
    DateOrder.DMY: "Day first: 31.12.2026",
    DateOrder.MDY: "Month first: 12/31/2026",
    DateOrder.YMD: "Year first: 2026-12-31",
}
NUMBER_WORDS = {NumberFormat.POINT: "A point: 1,234.50", NumberFormat.COMMA: "A comma: 1.234,50"}
DELIMITER_WORDS = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar"}
_SURE = 0.9


class Mark(enum.Enum):
    """How a column stands."""

    SURE = "Recognised"
    CHECK = "Please check"
    CHOSEN = "Chosen by you"
    ASK = "A question"
    LEFT_OUT = "Left out"


@dataclass
class ColumnDraft:
    """One column: what it holds, where it goes (None: left out), and the question about it, if any."""

    profile: ColumnProfile
    map: ColumnMap | None
    confidence: float
    reason: str
    ask: str = ""
    chosen: bool = False

    @property
    def header(self) -> str:
        return self.profile.header

    @property
    def examples(self) -> str:
        """Up to three values, for showing."""
        return "  ·  ".join(one.replace("\n", " ")[:60] for one in self.profile.examples) or "Empty"

    @property
    def mark(self) -> Mark:
        if self.ask:
            return Mark.ASK
        if self.map is None:
            return Mark.LEFT_OUT
        if self.chosen:
            return Mark.CHOSEN
        return Mark.SURE if self.confidence >= _SURE else Mark.CHECK


class TableDraft:
    """Pure but for `open` and `reread`, which read the file (slow)."""

    def __init__(self, table: Table, profiles: tuple[ColumnProfile, ...], type_name: str = "") -> None:
        self.table = table
        self.profiles = profiles
        self.retype(type_name)

    @classmethod
    def open(cls, path: Path, *, encoding: str = "", dialect: Dialect | None = None) -> TableDraft:
        """Raises the errors of `open_table`."""
        table = open_table(path, encoding=encoding, dialect=dialect)
        return cls(table, profile_columns(table))

    def reread(self, *, encoding: str = "", dialect: Dialect | None = None) -> TableDraft:
        """The same file read in another way; what was chosen for its columns is suggested anew."""
        path = self.table.source.path
        assert path is not None  # drafts are made of files
        table = open_table(path, encoding=encoding or self.encoding, dialect=dialect or self.table.dialect)
        return TableDraft(table, profile_columns(table))

    # how it is read

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def encoding(self) -> str:
        return self.table.source.encoding.name

    @property
    def recognised(self) -> str:
        """What the file looks like, in one sentence."""
        system = self.suggestion.system
        plural = SCHEMA.by_name[self.type].plural.lower()
        whose = (
            f"an export of {plural} from {system}" if system and system != "Tacit" else f"a table of {plural}"
        )
        if system == "Tacit":
            whose = f"{plural} exported by Tacit"
        delimiter = DELIMITER_WORDS.get(self.table.dialect.delimiter, self.table.dialect.delimiter)
        return f"This looks like {whose}: {len(self.columns)} columns, {delimiter.lower()}-separated, {self.encoding}."

    def retype(self, type_name: str) -> None:
        """The rows are something else ("": whatever fits best); the mapping is suggested anew."""
        self.suggestion: Suggestion = suggest(self.profiles, type_name)
        self.type = self.suggestion.type
        self.columns = [_draft(self.profiles[one.column], one) for one in self.suggestion.columns]

    # columns

    def options(self, column: ColumnDraft) -> list[tuple[Target, str]]:
        """Targets to choose from; the one in force is among them."""
        found = choices_of(self.type)
        if column.map is not None and all(target != column.map.target for target, _ in found):
            found.append((column.map.target, target_words(self.type, column.map.target)))
        return found

    def choose(self, index: int, target: Target | None) -> None:
        """Another target, or none. A column that had this target before is left out."""
        column = self.columns[index]
        column.chosen, column.ask = True, ""
        if target is None:
            column.map = None
            return
        for other in self.columns:
            if other is not column and other.map is not None and str(other.map.target) == str(target):
                other.map, other.ask, other.chosen = None, "", True
        column.map = map_column(column.profile, self.type, target)
        column.ask = _question(column.profile, self.type, column.map)

    def answer_dates(self, index: int, order: DateOrder) -> None:
        """Which order a column's dates stand in; the same for all other columns that ask it."""
        for place, column in enumerate(self.columns):
            same = column.map is not None and column.map.dates is DateOrder.AMBIGUOUS
            if column.map is not None and (place == index or same):
                column.map = replace(column.map, dates=order)
                column.ask, column.chosen = "", True

    def answer_numbers(self, index: int, format: NumberFormat) -> None:
        """Which sign separates decimals in a column."""
        column = self.columns[index]
        if column.map is not None:
            column.map = replace(column.map, numbers=format)
            column.ask, column.chosen = "", True

    def asks_dates(self, column: ColumnDraft) -> bool:
        return column.map is not None and column.map.dates is DateOrder.AMBIGUOUS

    @property
    def questions(self) -> list[ColumnDraft]:
        """Columns that need an answer before the import can run."""
        return [column for column in self.columns if column.ask]

    def problem(self) -> str:
        """Why it cannot go on, in words; "" when it can."""
        if all(column.map is None for column in self.columns):
            return "Choose at least one column to import."
        if self.questions:
            return f"“{self.questions[0].header}”: {self.questions[0].ask}"
        return ""

    def warning(self) -> str:
        """What is probably missing."""
        targets = {column.map.target.field for column in self.columns if column.map is not None}
        needed = {"person": {"name", "given", "family", "emails"}, "company": {"name"}, "product": {"name"}}
        wanted = needed.get(self.type)
        if wanted and not wanted & targets:
            return "No column goes into a name: most rows will not be imported."
        return ""

    def plan(self, placement: Placement, on_match: OnMatch, on_missing: OnMissing) -> Plan:
        """The plan as it stands."""
        maps = tuple(column.map for column in self.columns if column.map is not None)
        return Plan(
            self.type,
            maps,
            placement=placement,
            on_match=on_match,
            on_missing=on_missing,
            unescape=self.suggestion.unescape,
        )


def _draft(profile: ColumnProfile, one: ColumnSuggestion) -> ColumnDraft:
    return ColumnDraft(profile, one.map, one.confidence, one.reason, one.ask)


def _question(profile: ColumnProfile, type_name: str, chosen: ColumnMap) -> str:
    field = field_of(type_name, chosen.target)
    kind = field.kind if field is not None else None
    if kind in (FieldKind.DATE, FieldKind.DATETIME) and profile.dates.order is DateOrder.AMBIGUOUS:
        return "Which comes first in these dates, the day or the month?"
    if kind is FieldKind.MONEY and profile.numbers.ambiguous:
        return f"Is “{profile.numbers.example}” a number of thousands, or does it have three decimals?"
    return ""


def target_words(type_name: str, target: Target) -> str:
    """A target in words: "Phones – mobile"."""
    field = field_of(type_name, target)
    known = SCHEMA.by_name[type_name].by_name.get(target.field)
    label = known.label if known else (field.label if field else target.field)
    return f"{label} – {target.label}" if target.label else label
