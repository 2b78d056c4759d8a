"""How many records there are, and what was won."""

from __future__ import annotations

from dataclasses import dataclass

from app.cli.output import Json
from app.crm import DEFAULT_STAGES, Outcome, stages_of
from app.crm.words import MONEY_UNIT, shown_money
from app.desk import Desk
from vault.store import Filter, Op, Query

_COUNTED = {
    "deals": "deal",
    "companies": "company",
    "people": "person",
    "products": "product",
    "notes": "note",
    "tasks": "task",
}


@dataclass(frozen=True)
class Figures:
    """`won_amounts`: ten-thousandths by currency ("" where none is said); those of different currencies are never
    added together."""

    counts: dict[str, int]
    won: int
    won_amounts: dict[str, int]

    @property
    def won_amount(self) -> int:
        """In whole units of the currency in which most was won, rounded half up."""
        most = max(self.won_amounts.values(), default=0)
        return (most + MONEY_UNIT // 2) // MONEY_UNIT

    def answer(self) -> dict[str, Json]:
        by_currency = {
            name: (amount + MONEY_UNIT // 2) // MONEY_UNIT for name, amount in self.won_amounts.items()
        }
        return {**self.counts, "won": self.won, "won_amount": self.won_amount, "won_amounts": by_currency}

    def rows(self) -> list[tuple[str, str]]:
        amounts = ", ".join(
            shown_money(amount, name, " ") for name, amount in self.won_amounts.items() if amount
        )
        won = f"{self.won:,}" + (f" ({amounts})" if amounts else "")
        return [*((name, f"{number:,}") for name, number in self.counts.items()), ("won", won)]


def read_figures(desk: Desk) -> Figures:
    """Counts and sums, in SQL."""
    counts = {name: desk.records.count(Query(kind)) for name, kind in _COUNTED.items()}
    won = Filter("stage", Op.ONE_OF, tuple(sorted(_won_stages(desk))))
    lines = desk.records.aggregate(Query("deal", (won,)), "currency", "amount")
    amounts: dict[str, int] = {}
    for line in lines:
        name = str(line.value or "").upper()
        amounts[name] = amounts.get(name, 0) + line.total
    return Figures(counts, sum(line.count for line in lines), amounts)


def _won_stages(desk: Desk) -> set[str]:
    """Keys of the stages that mean a deal is won, in any pipeline."""
    stages = list(DEFAULT_STAGES)
    for record in desk.records.each(Query("pipeline")):
        stages += stages_of(
            {
                name: {part: str(text) for part, text in value.items()} if isinstance(value, dict) else value
                for name, value in record.fields.items()
            }
        )
    return {stage.key for stage in stages if stage.outcome is Outcome.WON}


__all__ = ["Figures", "read_figures"]
