"""What an import reads: CSV files, vCard files and bundle folders, in the order in which they have to be imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.cli.errors import FileProblem, UsageError
from app.cli.kinds import field_named
from app.crm import SCHEMA, PlanInvalid
from app.crm.importing import (
    Bundle,
    CardFile,
    CardPlan,
    ColumnMap,
    DateOrder,
    OnMatch,
    Plan,
    Suggestion,
    Table,
    Target,
    is_bundle,
    open_bundle,
    open_cards,
    open_table,
    profile_columns,
    suggest,
)

_ORDER = ("product", "company", "person", "deal", "task", "note")
_CARDS = (".vcf", ".vcard")
DATE_ORDERS = {"ymd": DateOrder.YMD, "dmy": DateOrder.DMY, "mdy": DateOrder.MDY}


@dataclass(frozen=True)
class Wanted:
    """What the user said about how to import. `map`: header -> target, "" to leave the column out."""

    type: str = ""
    group: str = ""
    on_match: OnMatch = OnMatch.UPDATE
    map: Mapping[str, str] | None = None
    dates: DateOrder | None = None


@dataclass(frozen=True)
class Part:
    """One table or one file of cards, with its plan."""

    source: Table | CardFile
    plan: Plan | CardPlan

    @property
    def type(self) -> str:
        return self.plan.type if isinstance(self.plan, Plan) else "person"


@dataclass(frozen=True)
class Sources:
    """`groups`: names of the groups that the parts go to, beside the import's own."""

    parts: tuple[Part, ...]
    groups: tuple[str, ...]


def open_sources(paths: Sequence[Path], wanted: Wanted) -> Sources:
    """Recognise everything before anything is imported. Raises FileProblem, UsageError, ImportRefused."""
    parts: list[Part] = []
    groups: dict[str, None] = {}
    for path in paths:
        if path.is_dir():
            if not is_bundle(path):
                raise FileProblem(
                    f"{path} is a folder, and not one of accounts.csv, products.csv, sales_teams.csv and "
                    "sales_pipeline.csv. Name the files themselves."
                )
            bundle = _placed(open_bundle(path), wanted)
            groups.update(dict.fromkeys(() if wanted.group else bundle.groups))
            parts += [Part(table, replace(plan, on_match=wanted.on_match)) for table, plan in bundle.parts]
        elif path.suffix.lower() in _CARDS:
            parts.append(Part(open_cards(path), CardPlan(on_match=wanted.on_match)))
        else:
            table = open_table(path)
            parts.append(Part(table, _plan(table, wanted)))
    parts.sort(key=lambda part: _ORDER.index(part.type) if part.type in _ORDER else len(_ORDER))
    return Sources(tuple(parts), tuple(groups))


def _placed(bundle: Bundle, wanted: Wanted) -> Bundle:
    """A group that was named takes everything: "" stands for it."""
    return bundle.in_one_group("") if wanted.group else bundle


def _plan(table: Table, wanted: Wanted) -> Plan:
    suggestion = suggest(profile_columns(table), wanted.type)
    plan = replace(suggestion.plan(), on_match=wanted.on_match)
    plan = replace(plan, columns=_mapped(table, plan, wanted.map or {}))
    if wanted.dates is not None:
        plan = replace(plan, columns=tuple(_dated(one, wanted.dates) for one in plan.columns))
    try:
        plan.check(len(table.header))
    except PlanInvalid as error:
        if not wanted.map:
            raise
        raise UsageError(f"{table.name}: {error.message}", error.title) from None
    _ask(table, suggestion, plan, wanted)
    return plan


def _mapped(table: Table, plan: Plan, typed: Mapping[str, str]) -> tuple[ColumnMap, ...]:
    """The columns of the plan, with those that the user mapped in the place of what was suggested."""
    columns = {one.column: one for one in plan.columns}
    for header, text in typed.items():
        try:
            place = next(
                place for place, name in enumerate(table.header) if name.casefold() == header.casefold()
            )
        except StopIteration:
            raise UsageError(
                f"{table.name} has no column “{header}”. It has: {', '.join(table.header)}."
            ) from None
        before = columns.pop(place, None)
        if not text:
            continue
        try:
            target = Target.of(text)
        except ValueError:
            target = Target(field_named(SCHEMA.by_name[plan.type], text).name)
        for other in [one for one in columns.values() if str(one.target) == str(target)]:
            del columns[other.column]
        columns[place] = replace(before or ColumnMap(place, target), target=target)
    return tuple(columns[place] for place in sorted(columns))


def _dated(one: ColumnMap, order: DateOrder) -> ColumnMap:
    return replace(one, dates=order) if one.dates is DateOrder.AMBIGUOUS else one


def _ask(table: Table, suggestion: Suggestion, plan: Plan, wanted: Wanted) -> None:
    """What a window would ask. Raises UsageError."""
    ways = {one.column: one for one in plan.columns}
    for question in suggestion.questions:
        way = ways.get(question.column)
        if way is None or (
            wanted.dates is not None and question.map and question.map.dates is DateOrder.AMBIGUOUS
        ):
            continue
        if way.dates is DateOrder.AMBIGUOUS:
            answer = "Say --dates dmy or --dates mdy."
        else:
            answer = f"Mend the file, or leave the column out: --map “{question.header}=-”."
        raise UsageError(f"{table.name}, {question.header}: {question.ask} {answer}", "A choice is needed")


__all__ = ["DATE_ORDERS", "Part", "Sources", "Wanted", "open_sources"]
