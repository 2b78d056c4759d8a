"""The team of a sales data folder: agents, managers and regional offices of `sales_teams.csv`, and their figures."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LEAD = "Team lead"
REP = "Sales rep"


@dataclass(frozen=True, slots=True)
class Person:
    """`manager` is empty for a manager."""

    name: str
    handle: str
    office: str
    manager: str

    @property
    def leads(self) -> bool:
        return not self.manager


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a desk has to show: counted from the files, whatever the program says."""

    deals: int
    won_amount: int


def read_people(data: Path) -> list[Person]:
    """Managers first, each in the office of his first agent; then the agents."""
    rows = _rows(data / "sales_teams.csv")
    offices: dict[str, str] = {}
    for row in rows:
        offices.setdefault(row["manager"], row["regional_office"])
    agents = {row["sales_agent"]: row for row in rows if row["sales_agent"] not in offices}
    found = [Person(name, handle_of(name), office, "") for name, office in offices.items()]
    found += [
        Person(name, handle_of(name), row["regional_office"], row["manager"]) for name, row in agents.items()
    ]
    return found


def wanted_of(data: Path, people: Iterable[Person]) -> dict[str, Wanted]:
    """By handle: an agent's own deals, a manager's own and his agents'; "" for all."""
    manager_of = {person.name: person.manager or person.name for person in people}
    handles = {person.name: person.handle for person in people}
    deals: Counter[str] = Counter()
    won: Counter[str] = Counter()
    for row in _rows(data / "sales_pipeline.csv"):
        agent = row["sales_agent"]
        value = int(row["close_value"]) if row["deal_stage"] == "Won" else 0
        for name in {"", agent, manager_of.get(agent, agent)}:
            deals[handles.get(name, "")] += 1
            won[handles.get(name, "")] += value
    return {handle: Wanted(deals[handle], won[handle]) for handle in ("", *handles.values())}


def write_list(people: Iterable[Person], file: Path) -> Path:
    """What `tacit team invite-list` reads."""
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("name", "grants", "reports_to"))
        for one in people:
            writer.writerow((one.name, f"{one.office}={LEAD if one.leads else REP}", one.manager))
    return file


def handle_of(name: str) -> str:
    """ "Mei-Mei Johns" signs in as "mei-mei.johns"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return ".".join(re.findall(r"[a-z0-9-]+", plain))


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))
