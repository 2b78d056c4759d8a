"""The stages of a pipeline, the default pipeline, and the words by which other systems call the same stages.

A stage's key is stable for ever: a deal holds the key, the label may be changed. A pipeline record keeps its
stages as list items ("stages/<item key>") so that two desks can change two stages at once.
"""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from app.crm.draft import Value
from app.crm.items import key_at, split_item


class Outcome(enum.Enum):
    """What it means for a deal to be in a stage."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage. `probability` is a percentage, the forecast's weight where the deal has none of its own."""

    key: str
    label: str
    order: int
    probability: int
    outcome: Outcome = Outcome.OPEN
    also: tuple[str, ...] = ()  # how other systems call it, in small letters


DEFAULT_STAGES = (
    Stage(
        "prospecting",
        "Prospecting",
        1,
        10,
        also=(
            "prospect",
            "lead",
            "lead in",
            "new",
            "open",
            "appointmentscheduled",
            "appointment scheduled",
            "contact made",
        ),
    ),
    Stage(
        "engaging",
        "Engaging",
        2,
        30,
        also=(
            "engaged",
            "needs analysis",
            "value proposition",
            "id decision makers",
            "perception analysis",
            "needs defined",
            "presentationscheduled",
            "presentation scheduled",
        ),
    ),
    Stage(
        "qualified",
        "Qualified",
        3,
        45,
        also=(
            "qualification",
            "qualified to buy",
            "qualifiedtobuy",
            "demo scheduled",
            "decisionmakerboughtin",
            "decision maker bought in",
        ),
    ),
    Stage(
        "proposal",
        "Proposal",
        4,
        60,
        also=(
            "proposal made",
            "proposal price quote",
            "proposal sent",
            "quote sent",
            "contractsent",
            "contract sent",
        ),
    ),
    Stage(
        "negotiation",
        "Negotiation",
        5,
        80,
        also=("negotiations started", "negotiation review", "in negotiation"),
    ),
    Stage("won", "Won", 6, 100, Outcome.WON, also=("closed won", "closedwon", "gewonnen", "gagne", "ganado")),
    Stage(
        "lost",
        "Lost",
        7,
        0,
        Outcome.LOST,
        also=("closed lost", "closedlost", "verloren", "perdu", "perdido", "deleted"),
    ),
)

DEFAULT_PIPELINE_NAME = "Sales"


def plain(text: str) -> str:
    """Small letters and digits, one space between words, accents taken off: for comparing names of stages."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))
    return " ".join(kept.split())


def stage_of(word: str, stages: tuple[Stage, ...] = DEFAULT_STAGES) -> Stage | None:
    """The stage that a word from a file means, or None."""
    wanted = plain(word)
    for stage in stages:
        if wanted in (plain(stage.key), plain(stage.label)):
            return stage
    for stage in stages:
        if wanted in stage.also:
            return stage
    return None


def pipeline_fields(
    name: str = DEFAULT_PIPELINE_NAME, stages: tuple[Stage, ...] = DEFAULT_STAGES
) -> dict[str, Value]:
    """The fields of a pipeline record with these stages."""
    fields: dict[str, Value] = {"name": name, "active": True}
    for index, stage in enumerate(stages):
        fields[f"stages/{key_at(index, stage.key)}"] = {
            "value": stage.label,
            "key": stage.key,
            "probability": str(stage.probability),
            "outcome": stage.outcome.value,
        }
    return fields


def stages_of(fields: Mapping[str, Value]) -> tuple[Stage, ...]:
    """The stages of a pipeline record, in order; items that are not stages (of a newer client) are left
    out.
    """
    found: list[Stage] = []
    for name in sorted(fields):
        value = fields[name]
        field, key = split_item(name)
        if field != "stages" or not key or not isinstance(value, dict) or not value.get("key"):
            continue
        probability = value.get("probability", "0")
        outcome = value.get("outcome", "open")
        found.append(
            Stage(
                value["key"],
                value.get("value", value["key"]),
                len(found) + 1,
                min(100, int(probability)) if probability.isascii() and probability.isdigit() else 0,
                Outcome(outcome) if outcome in {o.value for o in Outcome} else Outcome.OPEN,
            )
        )
    return tuple(found)
