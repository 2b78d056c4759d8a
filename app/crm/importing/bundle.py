"""A folder that is one import: accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv together.

Companies and products come first, then the deals that name them. The people of sales_teams.csv are the team's
own: they are owners of deals, not contacts; their regional office says to which group a deal goes. A company
goes to the office that has most of its deals (the table of companies says nothing of offices), or to one
group that is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from app.crm.draft import Value, Writer
from app.crm.errors import PlanInvalid
from app.crm.importing.books import Books
from app.crm.importing.columns import profile_columns
from app.crm.importing.limits import DEFAULT_LIMITS, Limits
from app.crm.importing.mapping import suggest
from app.crm.importing.plan import ColumnMap, Placement, Plan
from app.crm.importing.report import Report
from app.crm.importing.runner import Cancelled, never, run_import
from app.crm.importing.table import Table, open_table
from app.crm.naming import name_key

ACCOUNTS, PRODUCTS, TEAMS, PIPELINE = "accounts.csv", "products.csv", "sales_teams.csv", "sales_pipeline.csv"
FILES = (ACCOUNTS, PRODUCTS, TEAMS, PIPELINE)
_HEADERS = {
    ACCOUNTS: {"account", "sector", "revenue"},
    PRODUCTS: {"product", "sales_price"},
    TEAMS: {"sales_agent", "regional_office"},
    PIPELINE: {"opportunity_id", "sales_agent", "product", "account", "deal_stage", "close_value"},
}
CURRENCY = "USD"
REVENUE_SCALE = 1_000_000  # accounts.csv gives revenue in millions of US dollars
# (the file at work, rows read, drafts made)
BundleProgress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Bundle:
    """A recognised folder: one (table, plan) per file, in the order in which they have to be imported."""

    folder: Path
    parts: tuple[tuple[Table, Plan], ...]
    offices: Mapping[str, str]  # sales agent -> regional office
    managers: Mapping[str, str]  # sales agent -> manager

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that records go to, in the order of their first mention."""
        return tuple(dict.fromkeys(self.offices.values()))

    def in_one_group(self, group: str) -> Bundle:
        """The same import with everything in one group."""
        return replace(
            self,
            parts=tuple((table, replace(plan, placement=Placement(group))) for table, plan in self.parts),
        )


def is_bundle(folder: Path) -> bool:
    """Whether the folder holds all four files."""
    return folder.is_dir() and all((folder / name).is_file() for name in FILES)


def open_bundle(folder: Path, *, catalogue_group: str = "", limits: Limits = DEFAULT_LIMITS) -> Bundle:
    """Recognise the folder and plan its import. `catalogue_group` is where products go ("": the import's own
    group).

    Raises PlanInvalid when it is no such folder, and what opening a table raises.
    """
    if not is_bundle(folder):
        raise PlanInvalid(f"{folder.name} does not hold {', '.join(FILES)}.")
    tables = {name: open_table(folder / name, limits=limits) for name in FILES}
    for name, wanted in _HEADERS.items():
        missing = wanted - set(tables[name].header)
        if missing:
            raise PlanInvalid(f"{name} has no column {', '.join(sorted(missing))}.")
    agents = _pairs(tables[TEAMS], "sales_agent", "regional_office")
    managers = _pairs(tables[TEAMS], "sales_agent", "manager")
    accounts, products, deals = tables[ACCOUNTS], tables[PRODUCTS], tables[PIPELINE]
    first = next(iter(agents.values()), "")
    offices_of = _offices_of_companies(deals, agents)
    names = accounts.header.index("account")
    by_company = {
        row.cells[names].strip(): offices_of.get(name_key(row.cells[names]), first)
        for row in accounts.rows()
        if names < len(row.cells)
    }
    constants: dict[str, Value] = {"currency": CURRENCY}
    parts = (
        (
            products,
            _plan(products, "product", constants | {"active": True}, Placement(catalogue_group or first)),
        ),
        (
            accounts,
            _plan(
                accounts,
                "company",
                constants,
                Placement(first, names, by_company),
                {"revenue": REVENUE_SCALE},
            ),
        ),
        (deals, _plan(deals, "deal", constants, Placement(first, deals.header.index("sales_agent"), agents))),
    )
    return Bundle(folder, parts, agents, managers)


def import_bundle(
    bundle: Bundle,
    writer: Writer,
    *,
    progress: BundleProgress = lambda name, rows, made: None,
    cancelled: Cancelled = never,
) -> list[Report]:
    """Import all parts; one report each. Stops after the part in which it was cancelled.

    Raises what `run_import` raises; parts that were done before stay.
    """
    books = Books(writer)
    reports: list[Report] = []
    for table, plan in bundle.parts:

        def watch(rows: int, made: int, name: str = table.name) -> None:
            progress(name, rows, made)

        report = run_import(table, plan, writer, books=books, progress=watch, cancelled=cancelled)
        if plan.type == "company" and any(one.scale == REVENUE_SCALE for one in plan.columns):
            report.notice("Revenues were read as millions of US dollars")
        if plan.type == "company" and plan.placement.lookup is not None:
            report.notice("Each company went to the office that has most of its deals")
        reports.append(report)
        if report.cancelled:
            break
    return reports


def _plan(
    table: Table,
    type: str,
    constants: Mapping[str, Value],
    placement: Placement,
    scales: Mapping[str, int] | None = None,
) -> Plan:
    suggestion = suggest(profile_columns(table), type)
    maps: list[ColumnMap] = []
    for one in suggestion.columns:
        if one.map is not None:
            maps.append(replace(one.map, scale=(scales or {}).get(one.map.target.field, 1)))
    return Plan(type, tuple(maps), constants=constants, placement=placement)


def _pairs(table: Table, key: str, value: str) -> dict[str, str]:
    """One column as a lookup into another."""
    try:
        first, second = table.header.index(key), table.header.index(value)
    except ValueError:
        return {}
    most = max(first, second)
    return {
        row.cells[first].strip(): row.cells[second].strip() for row in table.rows() if len(row.cells) > most
    }


def _offices_of_companies(deals: Table, agents: Mapping[str, str]) -> dict[str, str]:
    """For each company (by the key of its name) the office with most of its deals; the first name on a
    tie.
    """
    agent, account = deals.header.index("sales_agent"), deals.header.index("account")
    counts: dict[str, Counter[str]] = {}
    for row in deals.rows():
        if len(row.cells) > max(agent, account) and row.cells[account].strip():
            office = agents.get(row.cells[agent].strip())
            if office:
                counts.setdefault(name_key(row.cells[account]), Counter())[office] += 1
    return {name: min(offices, key=lambda one: (-offices[one], one)) for name, offices in counts.items()}
