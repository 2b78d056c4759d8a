"""Made-up sales data in the layout of the public "CRM sales opportunities" files, for when none is given."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

DEALS = 2_000
OFFICES = ("Central", "East", "West")
_FIRST = (
    "Amara",
    "Bruno",
    "Chiara",
    "Dagny",
    "Emeka",
    "Freya",
    "Goran",
    "Hanneke",
    "Ines",
    "Jonas",
    "Keiko",
    "Lars",
)
_LAST = ("Abara", "Brandt", "Conti", "Dahl", "Eriksen", "Fontaine", "Gruber", "Hoekstra", "Ivanov", "Jansen")
_NAMES = (
    "Northwind",
    "Bluefin",
    "Cobalt",
    "Fernhill",
    "Granite",
    "Harbour",
    "Juniper",
    "Kestrel",
    "Larkspur",
    "Mistral",
)
_KINDS = ("Logistics", "Foods", "Systems", "Textiles")
_SECTORS = ("retail", "medical", "software", "finance", "telecommunications")
_PRODUCTS = (("Fathom Basic", "Fathom", 480), ("Fathom Pro", "Fathom", 4_150), ("Beacon", "Beacon", 62))


def write_data(folder: Path, seed: int = 7, deals: int = DEALS) -> Path:
    """Write accounts.csv, products.csv, sales_teams.csv and sales_pipeline.csv; the same for the same seed."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)  # noqa: S311  # data for a demonstration
    accounts = [f"{name} {kind}" for name in _NAMES for kind in _KINDS]
    agents = [f"{first} {last}" for first, last in zip(_FIRST * 3, _LAST * 4, strict=False)][:30]
    _write(
        folder / "accounts.csv",
        ("account", "sector", "year_established", "revenue", "employees", "office_location", "subsidiary_of"),
        [
            (
                name,
                chance.choice(_SECTORS),
                chance.randint(1970, 2020),
                f"{chance.uniform(5, 2000):.2f}",
                chance.randint(10, 9000),
                "Netherlands",
                "",
            )
            for name in accounts
        ],
    )
    _write(folder / "products.csv", ("product", "series", "sales_price"), _PRODUCTS)
    _write(
        folder / "sales_teams.csv",
        ("sales_agent", "manager", "regional_office"),
        [(agent, agents[index % 6], OFFICES[index % 3]) for index, agent in enumerate(agents)],
    )
    _write(
        folder / "sales_pipeline.csv",
        (
            "opportunity_id",
            "sales_agent",
            "product",
            "account",
            "deal_stage",
            "engage_date",
            "close_date",
            "close_value",
        ),
        [_deal(chance, number, accounts, agents) for number in range(deals)],
    )
    return folder


def _deal(chance: random.Random, number: int, accounts: list[str], agents: list[str]) -> tuple[object, ...]:
    product, _, price = chance.choice(_PRODUCTS)
    stage = chance.choices(("Won", "Lost", "Engaging", "Prospecting"), (48, 28, 18, 6))[0]
    engaged = date(2025, 1, 1) + timedelta(days=chance.randint(0, 300))
    closed = engaged + timedelta(days=chance.randint(5, 120))
    over = stage in ("Won", "Lost")
    value = round(price * chance.uniform(0.8, 1.2)) if stage == "Won" else 0 if stage == "Lost" else ""
    account = chance.choice(accounts) if chance.random() > 0.15 else ""
    return (
        f"G{number:07d}",
        chance.choice(agents),
        product,
        account,
        stage,
        "" if stage == "Prospecting" else f"{engaged:%m/%d/%Y}",
        f"{closed:%m/%d/%Y}" if over else "",
        value,
    )


def _write(
    path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]] | tuple[tuple[object, ...], ...]
) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)
