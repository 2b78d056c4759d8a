"""The line that says how much a list is: "8,800 deals · $10,005,534 won · $3,200,000 open"."""

from __future__ import annotations

from dataclasses import replace

from app.crm.margins import listed_as
from app.crm.schema import Outcome
from app.desk import Desk
from app.desktop.viewmodels.shown import money_words, stage_keys
from vault.store import Filter, Op, Query, Sort

MOST_CURRENCIES = 3


def deal_totals(desk: Desk, query: Query) -> str:
    """The amounts of the deals in a list that are won, and of those that are open, by currency. Threads: any."""
    parts = []
    for outcome, words in ((Outcome.WON, "won"), (Outcome.OPEN, "open")):
        chosen = Filter("stage", Op.ONE_OF, stage_keys(outcome))
        narrowed = replace(query, filters=(*query.filters, chosen), sort=Sort())
        sums = [
            (group.total, str(group.value or "").upper())
            for group in desk.records.aggregate(narrowed, "currency", "amount")
            if group.total
        ]
        if sums:
            sums.sort(reverse=True)
            amounts = [money_words(total, currency) for total, currency in sums[:MOST_CURRENCIES]]
            more = f" and {len(sums) - MOST_CURRENCIES} more" if len(sums) > MOST_CURRENCIES else ""
            parts.append(f"{' + '.join(amounts)}{more} {words}")
    if desk.acts.margins.open_to_me("deal"):
        parts += _margin(desk, query)
    return " · ".join(parts)


def _margin(desk: Desk, query: Query) -> list[str]:
    """The margins of all of them together, where any are filled in."""
    plain = replace(query, sort=Sort())
    found = desk.records.aggregate(plain, "currency", listed_as("deal", "margin"))
    sums = sorted(((one.total, str(one.value or "").upper()) for one in found if one.total), reverse=True)
    words = " + ".join(money_words(total, currency) for total, currency in sums[:MOST_CURRENCIES])
    return [f"{words} margin"] if words else []
