"""What a pipeline is worth: sums per stage and a forecast weighted by probability. Pure functions over
records.

Amounts are ten-thousandths of a currency's unit; sums of different currencies are never added together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.crm.draft import Value
from app.crm.schema.stages import DEFAULT_STAGES, Outcome, Stage


@dataclass
class Sum:
    """How many deals, and their amounts; `weighted` is each amount times its probability, rounded half up."""

    deals: int = 0
    amount: int = 0
    weighted: int = 0

    def add(self, amount: int, probability: int) -> None:
        self.deals += 1
        self.amount += amount
        self.weighted += (amount * probability + 50) // 100


@dataclass
class StageTotal:
    """A stage with its sums, one per currency."""

    stage: Stage
    sums: dict[str, Sum] = field(default_factory=dict)

    @property
    def deals(self) -> int:
        return sum(one.deals for one in self.sums.values())


@dataclass
class PipelineTotals:
    """All stages in order, deals in no stage that is known, and the forecast of open deals per currency."""

    stages: list[StageTotal]
    unknown: StageTotal
    forecast: dict[str, Sum] = field(default_factory=dict)

    @property
    def deals(self) -> int:
        return sum(one.deals for one in self.stages) + self.unknown.deals

    def outcome(self, outcome: Outcome) -> dict[str, Sum]:
        """The sums per currency of all stages with this outcome."""
        sums: dict[str, Sum] = {}
        for total in self.stages:
            if total.stage.outcome is outcome:
                for currency, one in total.sums.items():
                    into = sums.setdefault(currency, Sum())
                    into.deals += one.deals
                    into.amount += one.amount
                    into.weighted += one.weighted
        return sums


def pipeline_totals(
    deals: Iterable[Mapping[str, Value]], stages: tuple[Stage, ...] = DEFAULT_STAGES
) -> PipelineTotals:
    """Totals of deals (their fields). A deal's own probability goes before its stage's; won and lost have
    none.
    """
    unknown = StageTotal(Stage("", "No stage", len(stages) + 1, 0))
    totals = {stage.key: StageTotal(stage) for stage in stages}
    result = PipelineTotals(list(totals.values()), unknown)
    for deal in deals:
        amount, currency = deal.get("amount"), deal.get("currency")
        value = amount if isinstance(amount, int) else 0
        code = currency if isinstance(currency, str) else ""
        total = totals.get(str(deal.get("stage") or ""), unknown)
        probability = _probability(deal, total.stage)
        total.sums.setdefault(code, Sum()).add(value, probability)
        if total is not unknown and total.stage.outcome is Outcome.OPEN:
            result.forecast.setdefault(code, Sum()).add(value, probability)
    return result


def forecast_by_month(
    deals: Iterable[Mapping[str, Value]], stages: tuple[Stage, ...] = DEFAULT_STAGES
) -> dict[tuple[str, str], Sum]:
    """Open deals by ("YYYY-MM" of the expected close or "", currency), in the order of time."""
    by_key = {stage.key: stage for stage in stages}
    sums: dict[tuple[str, str], Sum] = {}
    for deal in deals:
        stage = by_key.get(str(deal.get("stage") or ""))
        if stage is None or stage.outcome is not Outcome.OPEN:
            continue
        amount, currency, day = deal.get("amount"), deal.get("currency"), deal.get("expected_close")
        month = day[:7] if isinstance(day, str) else ""
        key = (month, currency if isinstance(currency, str) else "")
        sums.setdefault(key, Sum()).add(amount if isinstance(amount, int) else 0, _probability(deal, stage))
    return dict(sorted(sums.items()))


def _probability(deal: Mapping[str, Value], stage: Stage) -> int:
    if stage.outcome is not Outcome.OPEN:
        return stage.probability
    own = deal.get("probability")
    return own if isinstance(own, int) and 0 <= own <= 100 else stage.probability
