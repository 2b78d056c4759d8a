from __future__ import annotations

from app.crm import Outcome, Value, forecast_by_month, pipeline_totals

DEALS: list[dict[str, Value]] = [
    {"stage": "won", "amount": 1_000_000, "currency": "EUR"},
    {"stage": "won", "amount": 50_000, "currency": "USD", "probability": 10},
    {"stage": "lost", "amount": 70_000, "currency": "EUR"},
    {"stage": "engaging", "amount": 100_000, "currency": "EUR", "expected_close": "2026-12-31"},
    {
        "stage": "engaging",
        "amount": 100_000,
        "currency": "EUR",
        "probability": 75,
        "expected_close": "2026-12-01",
    },
    {"stage": "prospecting", "currency": "EUR"},
    {"stage": "of another pipeline", "amount": 5, "currency": "EUR"},
    {},
]


def test_by_stage_and_currency() -> None:
    totals = pipeline_totals(DEALS)
    assert totals.deals == 8
    won = next(one for one in totals.stages if one.stage.key == "won")
    assert (won.sums["EUR"].amount, won.sums["USD"].weighted) == (1_000_000, 50_000)
    assert totals.unknown.deals == 2
    assert totals.outcome(Outcome.LOST)["EUR"].weighted == 0


def test_forecast_weighs_open_deals_only() -> None:
    totals = pipeline_totals(DEALS)
    forecast = totals.forecast["EUR"]
    assert (forecast.deals, forecast.amount, forecast.weighted) == (3, 200_000, 30_000 + 75_000)
    assert "USD" not in totals.forecast
    by_month = forecast_by_month(DEALS)
    assert list(by_month) == [("", "EUR"), ("2026-12", "EUR")]
    assert by_month[("2026-12", "EUR")].weighted == 105_000
