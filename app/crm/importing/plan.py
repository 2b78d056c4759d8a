"""What an import will do: which column goes into which field, what counts as the same record, where records
go.

A plan is plain data: it is suggested, shown, changed by a person, kept for the next time, and then run.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

from app.crm.draft import Value
from app.crm.errors import PlanInvalid
from app.crm.importing.dates import DateOrder
from app.crm.importing.numbers import NumberFormat
from app.crm.margins import all_fields
from app.crm.schema import SCHEMA
from vault.schema import Field, FieldKind, RecordType

_TARGET = re.compile(r"(?P<field>[a-z_]+)(?:\[(?P<slot>[^\[\]]*)\])?(?:\.(?P<part>[a-z_]+))?")
# Fields that are no fields of the record: a step of the reader makes real ones of them.
CLOSE_DATE = "close_date"  # of a deal: `closed` when it is won or lost, `expected_close` while it is open
STATUS = "status"  # of a deal: won and lost overrule the stage
RECORD = "record"  # of any type: the reference that our own export wrote, for finding the same record again
MORE = "more"  # of any type: the fields that our own export had no columns for, as JSON
VIRTUAL = {
    "deal": {CLOSE_DATE: FieldKind.DATE, STATUS: FieldKind.CHOICE},
    "": {RECORD: FieldKind.TEXT, MORE: FieldKind.LONG_TEXT},
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a column goes. Columns with one `slot` of a list field make one item together (street, city,
    ...).

    `part` is the part of the item ("value", "label", "street"); for `about`, the record type that is named.
    """

    field: str
    slot: str = ""
    part: str = "value"
    label: str = ""

    @classmethod
    def of(cls, text: str) -> Target:
        """From "phones[mobile]", "addresses[work].city", "name". A slot that is no number is the label as
        well.
        """
        found = _TARGET.fullmatch(text)
        if found is None:
            raise ValueError(f"not a target: {text}")
        slot = found["slot"] or ""
        label = "" if slot.isdigit() else slot
        return cls(found["field"], slot, found["part"] or "value", label)

    def __str__(self) -> str:
        slot = f"[{self.slot}]" if self.slot else ""
        return f"{self.field}{slot}" + (f".{self.part}" if self.part != "value" else "")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """One column's way. `choices` says which option a text means where the words alone do not."""

    column: int
    target: Target
    dates: DateOrder = DateOrder.YMD
    numbers: NumberFormat = NumberFormat.UNKNOWN
    scale: int = 1
    choices: Mapping[str, str] = field(default_factory=dict)


class OnMatch(enum.Enum):
    """What to do with a row whose record is there already."""

    UPDATE = "update"
    SKIP = "skip"
    CREATE = "create"


class OnMissing(enum.Enum):
    """What to do with a name (company, product) that nothing is called by."""

    CREATE = "create"
    LEAVE = "leave"  # the field stays empty, and the report says so
    REFUSE = "refuse"  # the row is not imported


@dataclass(frozen=True, slots=True)
class Placement:
    """Which group a row's record goes to: `group`, or what a column says, directly or through a lookup."""

    group: str = ""
    column: int | None = None
    lookup: Mapping[str, str] | None = None


DEFAULT_MATCH: Mapping[str, tuple[str, ...]] = {
    "person": (RECORD, "external_id", "emails", "name"),
    "company": (RECORD, "external_id", "name"),
    "product": (RECORD, "external_id", "name"),
    "deal": (RECORD, "external_id"),
    "note": (RECORD, "external_id"),
    "task": (RECORD, "external_id"),
}
# What makes two rows of one file the same record. Two people of one file may share a name or a mailbox.
MATCH_WITHIN: Mapping[str, tuple[str, ...]] = {
    "company": ("external_id", "name"),
    "product": ("external_id", "name"),
}


@dataclass(frozen=True)
class Plan:
    """An import of one table into one record type."""

    type: str
    columns: tuple[ColumnMap, ...]
    constants: Mapping[str, Value] = field(default_factory=dict)
    match: tuple[str, ...] | None = None
    on_match: OnMatch = OnMatch.UPDATE
    on_missing: OnMissing = OnMissing.CREATE
    placement: Placement = Placement()
    correct: bool = True  # misspelt known words (sectors) and nearly matching names
    unescape: bool = False  # cells were escaped against formulas by our own export
    zone: tzinfo = UTC  # of times that name none
    region: str = ""  # two letters: of telephone numbers without a country

    @property
    def record_type(self) -> RecordType:
        return SCHEMA.by_name[self.type]

    @property
    def matching(self) -> tuple[str, ...]:
        return DEFAULT_MATCH.get(self.type, ()) if self.match is None else self.match

    def check(self, width: int) -> None:
        """Raises PlanInvalid when the plan does not fit the schema or a table of `width` columns."""
        if self.type not in DEFAULT_MATCH:
            raise PlanInvalid("Choose what the rows are: people, companies, deals, products, notes or tasks.")
        if not self.columns:
            raise PlanInvalid("Choose at least one column to import.")
        for one in self.columns:
            if not 0 <= one.column < width:
                raise PlanInvalid(f"The table has no column {one.column + 1}.")
            if field_of(self.type, one.target) is None:
                raise PlanInvalid(f"{self.record_type.plural} have no field “{one.target}”.")
            if one.scale < 1:
                raise PlanInvalid("A factor has to be at least 1.")
        for name in self.constants:
            if name not in self.record_type.by_name:
                raise PlanInvalid(f"{self.record_type.plural} have no field “{name}”.")
        targets = [str(one.target) for one in self.columns]
        doubled = next((target for target in targets if targets.count(target) > 1), None)
        if doubled:
            raise PlanInvalid(f"Two columns go into “{doubled}”. Leave one out.")


def field_of(type: str, target: Target) -> Field | None:
    """The field a target means, virtual ones included; None when the type has no such field."""
    virtual = VIRTUAL.get(type, {}).get(target.field) or VIRTUAL[""].get(target.field)
    if virtual is not None:
        return Field(target.field, target.field, virtual)
    return all_fields(type).get(target.field)
