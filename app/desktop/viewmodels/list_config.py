"""What each list of records shows and offers: columns, first sort, quick filters, words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from app.crm.margins import commercial_fields, companion_type, listed_as
from app.crm.schema import SCHEMA, Outcome
from app.desk import Desk
from app.desktop.viewmodels.shown import stage_keys
from vault.schema import FieldKind
from vault.store import CHANGED, CREATED, TITLE, Filter, Op, Sort

NUMERIC = frozenset({FieldKind.MONEY, FieldKind.PERCENT, FieldKind.INTEGER})


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is a field's name or one of `@title`, `@created`, `@changed`; `width` in px. `currency` names
    the field with an amount's currency."""

    key: str
    title: str
    width: int = 140
    shown: bool = True
    sortable: bool = True
    numeric: bool = False
    currency: str = "currency"


@dataclass(frozen=True, slots=True)
class Quick:
    """A filter of one click. Those with the same `group` exclude each other."""

    key: str
    title: str
    filters: Callable[[str, date], tuple[Filter, ...]]
    """(my MEMBER value, today) -> conditions"""
    group: str = ""


@dataclass(frozen=True, slots=True)
class ListConfig:
    """One list. `companions` are types whose changes show here too (a company's name in a list of deals)."""

    type_name: str
    icon: str
    columns: tuple[Column, ...]
    sort: Sort
    placeholder: str
    quick: tuple[Quick, ...] = ()
    companions: tuple[str, ...] = ()
    square: bool = False
    empty_text: str = ""


def _mine(field: str) -> Quick:
    return Quick("mine", "Mine", lambda me, today: (Filter(field, Op.EQUALS, me),))


def _stages(key: str, title: str, outcome: Outcome) -> Quick:
    chosen = Filter("stage", Op.ONE_OF, stage_keys(outcome))
    return Quick(key, title, lambda me, today: (chosen,), "outcome")


def _column(type_name: str, name: str, width: int = 140, *, shown: bool = True, title: str = "") -> Column:
    field = SCHEMA.by_name[type_name].by_name[name]
    return Column(name, title or field.label, width, shown, field.column, field.kind in NUMERIC)


_CHANGED = Column(CHANGED, "Last change", 110)
_CREATED = Column(CREATED, "Made", 120, shown=False)

PEOPLE = ListConfig(
    "person",
    "people",
    (
        Column(TITLE, "Name", 230),
        _column("person", "company", 190),
        _column("person", "title", 160),
        _column("person", "emails", 210, title="E-mail"),
        _column("person", "phones", 170, title="Phone"),
        _column("person", "organisation", 160, shown=False),
        _column("person", "department", 140, shown=False),
        _column("person", "birthday", 110, shown=False),
        _column("person", "tags", 150, shown=False),
        _column("person", "owner", 150, shown=False),
        _CREATED,
        _CHANGED,
    ),
    Sort(TITLE),
    "Search name, company, e-mail, phone",
    (_mine("owner"),),
    ("company", "name"),
    empty_text="Add the people you talk to, or bring them along from another system or your phone.",
)

COMPANIES = ListConfig(
    "company",
    "company",
    (
        Column(TITLE, "Name", 240),
        _column("company", "sector", 130),
        _column("company", "location", 140),
        _column("company", "employees", 110),
        _column("company", "revenue", 140),
        _column("company", "website", 160, shown=False),
        _column("company", "founded", 110, shown=False, title="Founded"),
        _column("company", "parent", 150, shown=False),
        _column("company", "tags", 150, shown=False),
        _column("company", "owner", 150, shown=False),
        _CREATED,
        _CHANGED,
    ),
    Sort(TITLE),
    "Search name, web page, phone",
    (_mine("owner"),),
    ("company", "name"),
    square=True,
    empty_text="Add the companies you sell to, or import them with their people and deals.",
)

DEALS = ListConfig(
    "deal",
    "deal",
    (
        Column(TITLE, "Name", 230),
        _column("deal", "company", 164),
        _column("deal", "stage", 116),
        _column("deal", "amount", 104),
        _column("deal", "owner", 176),
        _column("deal", "expected_close", 120, shown=False),
        _column("deal", "closed", 112),
        _column("deal", "opened", 110, shown=False),
        _column("deal", "product", 140, shown=False),
        _column("deal", "person", 150, shown=False),
        _column("deal", "probability", 100, shown=False),
        _column("deal", "source", 120, shown=False),
        _column("deal", "tags", 150, shown=False),
        _column("deal", "external_id", 110, shown=False),
        _CREATED,
        _CHANGED,
    ),
    Sort(CHANGED, descending=True),
    "Search deals by name or id",
    (
        _stages("open", "Open", Outcome.OPEN),
        _stages("won", "Won", Outcome.WON),
        _stages("lost", "Lost", Outcome.LOST),
        _mine("owner"),
    ),
    ("company", "person", "product", "name"),
    empty_text="Add your first deal, or import the ones you have as a CSV file.",
)

PRODUCTS = ListConfig(
    "product",
    "product",
    (
        Column(TITLE, "Name", 260),
        _column("product", "series", 160),
        _column("product", "price", 130),
        _column("product", "active", 100),
        _column("product", "external_id", 140),
        _CREATED,
        _CHANGED,
    ),
    Sort(TITLE),
    "Search name, series, article number",
    (Quick("active", "Active", lambda me, today: (Filter("active", Op.EQUALS, True),)),),
    empty_text="Add what you sell; deals can then name it.",
)

TASKS = ListConfig(
    "task",
    "task",
    (
        Column("done", "Done", 76),
        Column(TITLE, "Task", 320),
        _column("task", "due", 120),
        _column("task", "about", 260),
        _column("task", "assignee", 170),
        _CREATED,
        _CHANGED,
    ),
    Sort("due"),
    "Search tasks",
    (
        Quick("todo", "To do", lambda me, today: (Filter("done", Op.NOT_EQUALS, True),), "state"),
        Quick(
            "overdue",
            "Overdue",
            lambda me, today: (
                Filter("done", Op.NOT_EQUALS, True),
                Filter("due", Op.LESS, today.isoformat()),
            ),
            "state",
        ),
        Quick("done", "Done", lambda me, today: (Filter("done", Op.EQUALS, True),), "state"),
        _mine("assignee"),
    ),
    ("person", "company", "deal", "name"),
    empty_text="A task says who calls whom, and when. Add one here, or on the page of a person or a deal.",
)


def config_for(desk: Desk, type_name: str) -> ListConfig:
    """What a list offers to this user: columns for commercial fields where there are any that he may see."""
    config, companion = LISTS[type_name], companion_type(type_name)
    if companion is None or not desk.acts.margins.open_to_me(type_name):
        return config
    more = tuple(
        Column(listed_as(type_name, one.name), one.label, 110, False, one.column, one.kind in NUMERIC)
        for one in commercial_fields(type_name)
        if one.column
    )
    columns = (*config.columns[:-2], *more, *config.columns[-2:])
    return replace(config, columns=columns, companions=(*config.companions, companion.name))


LISTS = {config.type_name: config for config in (PEOPLE, COMPANIES, DEALS, PRODUCTS, TASKS)}
