"""An import from beginning to end, without a window: sources, where records go, the run, and what came of it.

Methods marked "slow" read files or write records: never on the GUI thread.
"""

from __future__ import annotations

import enum
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.crm.errors import PlanInvalid
from app.crm.importing import (
    Books,
    Bundle,
    CardFile,
    CardPlan,
    OnMatch,
    OnMissing,
    Placement,
    Plan,
    Report,
    Table,
    import_cards,
    is_bundle,
    open_bundle,
    open_cards,
    run_import,
)
from app.desk import Desk, GroupChoice
from app.desktop.viewmodels.import_table import TableDraft
from app.desktop.viewmodels.sharing import fullest_role
from protocol.ids import GroupId, Permission

CARD_ENDINGS = (".vcf", ".vcard")
MOST_VALUES = 60
Watch = Callable[[str, int, int], None]
"""(file, rows read, records made)."""


class Where(enum.Enum):
    """Where records go."""

    ONE = "one group"
    COLUMN = "by a column"
    OFFICE = "by regional office"


@dataclass(frozen=True)
class Part:
    """One file with its plan, in the order in which they have to be imported."""

    source: Table | CardFile
    plan: Plan | CardPlan

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def type(self) -> str:
        return self.plan.type if isinstance(self.plan, Plan) else "person"


@dataclass
class Outcome:
    """What an import did. `seconds` is wall time."""

    reports: list[Report] = field(default_factory=list)
    seconds: float = 0.0
    made_groups: list[str] = field(default_factory=list)

    @property
    def created(self) -> int:
        return sum(report.created + report.also_created.total() for report in self.reports)

    @property
    def updated(self) -> int:
        return sum(report.updated for report in self.reports)

    @property
    def skipped(self) -> int:
        return sum(report.skipped for report in self.reports)

    @property
    def failed(self) -> int:
        return sum(len(report.failures) for report in self.reports)

    @property
    def cancelled(self) -> bool:
        return any(report.cancelled for report in self.reports)


@dataclass
class Placing:
    """Where records go, as chosen."""

    where: Where = Where.ONE
    group: GroupId | None = None
    column: int | None = None
    lookup: dict[str, str] = field(default_factory=dict)  # a column's value -> name of a group
    on_match: OnMatch = OnMatch.UPDATE
    on_missing: OnMissing = OnMissing.CREATE


class ImportSession:
    """`open` first (slow); then `placing` and the tables may be changed; `run` at the end (slow)."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tables: list[TableDraft] = []
        self.cards: list[CardFile] = []
        self.bundle: Bundle | None = None
        self.bundle_sizes: dict[str, int] = {}
        self.placing = Placing()
        self.outcome = Outcome()  # of the run under way, or of the last one

    # opening

    @staticmethod
    def read(desk: Desk, paths: Sequence[Path]) -> ImportSession:
        """Look at files and folders (slow). Raises ImportRefused: a folder without anything to import too."""
        session = ImportSession(desk)
        for path in paths:
            session._add(path)
        if not (session.tables or session.cards or session.bundle):
            raise PlanInvalid("There is no CSV file and no vCard in it.")
        session._start_placing()
        return session

    def _add(self, path: Path) -> None:
        if path.is_dir() and is_bundle(path):
            self.bundle = open_bundle(path)
            for table, _ in self.bundle.parts:
                self.bundle_sizes[table.name] = sum(1 for _ in table.rows())
        elif path.is_dir():
            for inner in sorted(path.iterdir()):
                if inner.suffix.lower() in (".csv", ".tsv", *CARD_ENDINGS) and inner.is_file():
                    self._add(inner)
        elif path.suffix.lower() in CARD_ENDINGS:
            self.cards.append(open_cards(path))
        else:
            self.tables.append(TableDraft.open(path))

    def _start_placing(self) -> None:
        choices = self.group_choices()
        self.placing.group = choices[0].id if choices else None
        if self.bundle is not None and not self.office_problem():
            self.placing.where = Where.OFFICE
        if not self.tables and self.cards:
            self.placing.on_missing = OnMissing.LEAVE

    # what it is

    @property
    def is_bundle(self) -> bool:
        return self.bundle is not None

    @property
    def types(self) -> list[str]:
        """Record types that are imported, the main one last."""
        found = [plan.type for _, plan in self.bundle.parts] if self.bundle else []
        found += ["person"] if self.cards else []
        found += [table.type for table in self.tables]
        return list(dict.fromkeys(found))

    @property
    def main_type(self) -> str:
        return self.types[-1]

    def title(self) -> str:
        """What is imported, in a few words."""
        names = [table.name for table in self.tables] + [cards.name for cards in self.cards]
        if self.bundle is not None:
            names.insert(0, self.bundle.folder.name)
        return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"

    # where records go

    def group_choices(self) -> list[GroupChoice]:
        """Groups where the user may import all of these types."""
        found: list[GroupChoice] | None = None
        for name in self.types:
            allowed = [
                one for one in self.desk.group_choices(name) if self.desk.may(Permission.IMPORT, one.id)
            ]
            found = allowed if found is None else [one for one in found if one in allowed]
        return found or []

    def why_not(self) -> str:
        """Why nothing can be imported at all, in words; "" where it can."""
        if self.group_choices():
            return ""
        if self.bundle is not None and not self.office_problem():
            return ""
        return "Your roles do not let you import here. Ask your Team Admin for a role that may import."

    @property
    def missing_groups(self) -> list[str]:
        """Offices of a bundle that are no groups yet."""
        if self.bundle is None:
            return []
        known = {one.name.casefold() for one in self.group_choices()}
        return [name for name in self.bundle.groups if name.casefold() not in known]

    def office_problem(self) -> str:
        """Why records cannot go to the groups of their offices; "" where they can."""
        if self.bundle is None:
            return "These files name no offices."
        taken = {one.name.casefold() for one in self.desk.team().groups}
        closed = [name for name in self.missing_groups if name.casefold() in taken]
        if closed:
            return f"Your role does not let you import into {', '.join(closed)}."
        if self.missing_groups and not self.desk.team().i_am_admin:
            return f"The groups {', '.join(self.missing_groups)} are missing, and only admins make groups."
        return ""

    def column_choices(self) -> list[tuple[int, str]]:
        """Columns of the table whose values may say the group: with few different ones."""
        if len(self.tables) != 1 or self.bundle is not None:
            return []
        return [
            (column.profile.index, column.header)
            for column in self.tables[0].columns
            if 1 < len(column.profile.values) <= MOST_VALUES
        ]

    def place_by(self, column: int) -> None:
        """Take the group from a column; values that are names of groups find theirs."""
        names = {one.name.casefold(): one.name for one in self.group_choices()}
        fallback = next((one.name for one in self.group_choices() if one.id == self.placing.group), "")
        self.placing.where, self.placing.column = Where.COLUMN, column
        values = self.tables[0].columns[column].profile.values
        self.placing.lookup = {
            value: names.get(value.casefold(), fallback) for value in sorted(values, key=str.casefold)
        }

    def group_name(self) -> str:
        found = self.placing.group
        return self.desk.name("group", found) if found is not None else ""

    def problem(self) -> str:
        """Why it cannot run, in words; "" when it can."""
        for table in self.tables:
            if table.problem():
                return table.problem()
        if self.placing.where is Where.OFFICE:
            return self.office_problem()
        return "" if self.placing.group is not None else self.why_not()

    # doing

    def parts(self) -> list[Part]:
        """All files with their plans, in the order in which they have to be imported."""
        placing, found = self.placing, list[Part]()
        one = Placement(self.group_name())
        if self.bundle is not None:
            bundle = self.bundle if placing.where is Where.OFFICE else self.bundle.in_one_group(one.group)
            found += [Part(table, replace(plan, on_match=placing.on_match)) for table, plan in bundle.parts]
        for cards in self.cards:
            plan = CardPlan(one.group, on_match=placing.on_match, on_missing=placing.on_missing)
            found.append(Part(cards, plan))
        place = one
        if placing.where is Where.COLUMN:
            place = Placement(one.group, placing.column, dict(placing.lookup))
        order = {"company": 0, "product": 1, "person": 2, "deal": 3}
        for table in sorted(self.tables, key=lambda draft: order.get(draft.type, 4)):
            found.append(Part(table.table, table.plan(place, placing.on_match, placing.on_missing)))
        return found

    def run(self, watch: Watch, cancelled: Callable[[], bool]) -> Outcome:
        """Import everything (slow). What was written before a stop or an error stays, and is in the outcome."""
        outcome, began = Outcome(), time.monotonic()
        self.outcome = outcome
        try:
            self._make_groups(outcome, watch)
            group = self.placing.group or self.group_choices()[0].id
            writer = self.desk.writer(group)
            books = Books(writer)
            for part in self.parts():

                def progress(rows: int, made: int, name: str = part.name) -> None:
                    watch(name, rows, made)

                if isinstance(part.source, Table) and isinstance(part.plan, Plan):
                    report = run_import(
                        part.source, part.plan, writer, books=books, progress=progress, cancelled=cancelled
                    )
                else:
                    assert isinstance(part.source, CardFile)
                    assert isinstance(part.plan, CardPlan)
                    report = import_cards(
                        part.source, part.plan, writer, books=books, progress=progress, cancelled=cancelled
                    )
                outcome.reports.append(report)
                if report.cancelled:
                    break
        finally:
            outcome.seconds = time.monotonic() - began
            self.desk.events.note_import(outcome.reports, self._format())
        return outcome

    def _format(self) -> str:
        if self.is_bundle:
            return "bundle"
        return "csv" if self.tables else "vcf"

    def _make_groups(self, outcome: Outcome, watch: Watch) -> None:
        if self.placing.where is not Where.OFFICE:
            return
        role = fullest_role(self.desk.team())
        for name in self.missing_groups:
            watch(f"Making the group {name}", 0, 0)
            self.desk.actions.create_group(name, [(self.desk.me, role)] if role is not None else [])
            outcome.made_groups.append(name)
