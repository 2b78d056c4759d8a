from __future__ import annotations

import pytest

from app.crm import DEFAULT_STAGES, Outcome, Value, pipeline_fields, stages_of
from app.crm.schema import stage_of


def test_keys_are_for_ever() -> None:
    assert [stage.key for stage in DEFAULT_STAGES] == [
        "prospecting", "engaging", "qualified", "proposal", "negotiation", "won", "lost",
    ]  # fmt: skip
    assert [stage.key for stage in DEFAULT_STAGES if stage.outcome is not Outcome.OPEN] == ["won", "lost"]
    probabilities = [stage.probability for stage in DEFAULT_STAGES]
    assert probabilities[:6] == sorted(probabilities[:6]) and probabilities[5:] == [100, 0]


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("Won", "won"), ("closedwon", "won"), ("Closed Lost", "lost"), ("Engaging", "engaging"),
        ("Proposal/Price Quote", "proposal"), (" prospecting ", "prospecting"), ("Gagné", "won"),
    ],
)  # fmt: skip
def test_words_of_other_systems(word: str, key: str) -> None:
    stage = stage_of(word)
    assert stage is not None and stage.key == key


def test_unknown_words() -> None:
    assert stage_of("whatever") is None
    assert stage_of("") is None


def test_pipeline_record_goes_round() -> None:
    back = stages_of(pipeline_fields())
    assert [(s.key, s.label, s.order, s.probability, s.outcome) for s in back] == [
        (s.key, s.label, s.order, s.probability, s.outcome) for s in DEFAULT_STAGES
    ]


def test_stages_of_newer_clients_do_no_harm() -> None:
    odd: dict[str, Value] = {
        "stages/000100-00000000": {"value": "X", "key": "x", "probability": "much", "outcome": "frozen"},
        "stages/1": 5,
    }
    [stage] = stages_of(odd)
    assert (stage.probability, stage.outcome) == (0, Outcome.OPEN)
